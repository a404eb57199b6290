package api

import (
	"context"
	"strings"

	"github.com/recourse-exams/recourse/casework"
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
	if err := checkNote(*in.Body); err != nil {
		return nil, err
	}
	person := personOf(ctx)
	received, _ := s.received(ctx)
	note, err := s.notes.AddCaseNote(ctx, docket.CaseNote{
		Reference: found.Reference, Kind: string(in.Body.Kind), Author: person.Subject, At: received,
		Contact: strings.TrimSpace(in.Body.Contact), Text: in.Body.Text,
	}, keyID(person.Subject, caseNotesRoute+" "+string(found.Reference), in.Params.IdempotencyKey))
	if err != nil {
		return nil, err
	}
	return AddCaseNote201JSONResponse(caseNoteView(note)), nil
}

// checkNote says what the contract cannot: a note has text and no contact, a contact is with somebody.
func checkNote(body CaseNoteContent) error {
	contact := strings.TrimSpace(body.Contact)
	var reasons []casework.Reason
	if strings.TrimSpace(body.Text) == "" {
		reasons = append(reasons, casework.Reason{Code: "note-invalid", Pointer: "/text", Detail: "The note says nothing.", Remedy: "Write what later readers should know."})
	}
	switch {
	case body.Kind == CaseNoteKindNote && contact != "":
		reasons = append(reasons, casework.Reason{
			Code: "note-invalid", Pointer: "/contact", Detail: "A note is with nobody.", Remedy: "Leave the contact out, or say by which way you spoke to them.",
		})
	case body.Kind != CaseNoteKindNote && contact == "":
		reasons = append(reasons, casework.Reason{
			Code: "note-invalid", Pointer: "/contact", Detail: "It does not say with whom the contact was.", Remedy: "Name the person or the office.",
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return newProblem("note-invalid", reasons[0].Detail, reasons...)
}

func caseNoteView(n docket.CaseNote) CaseNote {
	return CaseNote{ID: n.ID, Kind: CaseNoteKind(n.Kind), Author: n.Author, At: n.At, Contact: n.Contact, Text: n.Text}
}
