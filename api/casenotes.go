package api

import (
	"context"
	"strings"

	"github.com/recourse-exams/recourse/casework/docket"
)

// caseNotesRoute is the part of a note's key that says at which door it came in.
const caseNotesRoute = "POST /v1/cases/notes"

// ListCaseNotes shows the notes and contacts of a case to people of the awarding body, and to nobody else.
func (s *Server) ListCaseNotes(ctx context.Context, in ListCaseNotesRequestObject) (ListCaseNotesResponseObject, error) {
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	notes, err := s.notes.CaseNotes(ctx, found.Reference)
	if err != nil {
		return nil, err
	}
	page := CaseNoteList{Items: make([]CaseNote, len(notes))}
	for i, note := range notes {
		page.Items[i] = caseNoteView(note)
	}
	return ListCaseNotes200JSONResponse(page), nil
}

// AddCaseNote keeps a note or a contact.
func (s *Server) AddCaseNote(ctx context.Context, in AddCaseNoteRequestObject) (AddCaseNoteResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	person := personOf(ctx)
	received, _ := s.received(ctx)
	note := docket.CaseNote{
		Reference: found.Reference, Kind: docket.CaseNoteKind(in.Body.Kind), Author: person.Subject, At: received,
		Contact: strings.TrimSpace(in.Body.Contact), Text: in.Body.Text,
	}
	if fault := note.Check(); fault != nil {
		return nil, fault
	}
	note, err = s.notes.AddCaseNote(ctx, note, keyID(person.Subject, caseNotesRoute+" "+string(found.Reference), in.Params.IdempotencyKey))
	if err != nil {
		return nil, err
	}
	return AddCaseNote201JSONResponse(caseNoteView(note)), nil
}

func caseNoteView(n docket.CaseNote) CaseNote {
	return CaseNote{ID: n.ID, Kind: CaseNoteKind(n.Kind), Author: n.Author, At: n.At, Contact: n.Contact, Text: n.Text}
}
