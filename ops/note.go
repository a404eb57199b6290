package ops

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// noteForm is a note as somebody fills it in, on the case's page or on one of its own if something is wrong with it.
type noteForm struct {
	docket.CaseNote
	Kinds []docket.CaseNoteKind
	// Key keeps the note once, however often the form is sent.
	Key string
	// Faults say by field what is wrong; Refused says what else is, and Unknown is true if nobody knows whether the note
	// was kept.
	Faults  map[string]string
	Refused string
	Unknown bool
}

func newNoteForm() noteForm {
	return noteForm{CaseNote: docket.CaseNote{Kind: docket.NotePlain}, Kinds: docket.CaseNoteKinds(), Key: secret()}
}

// addNote keeps a note or a contact, and leads back to the case's page.
func (s *site) addNote(w http.ResponseWriter, r *http.Request, v visit) error {
	if err := v.readForm(r); err != nil {
		return err
	}
	page, err := s.casePage(r, v)
	if err != nil {
		return err
	}
	form := noteForm{Kinds: docket.CaseNoteKinds(), Key: typed(r, "key"), CaseNote: docket.CaseNote{
		Reference: page.Reference, Kind: docket.CaseNoteKind(typed(r, "kind")), Author: v.Person.Subject, At: received(page.At),
		Contact: typed(r, "contact"), Text: typed(r, "text"),
	}}
	if form.Key == "" {
		return forged()
	}
	status := s.keep(r, &form)
	if status == http.StatusSeeOther {
		http.Redirect(w, r, v.Root()+"/cases/"+string(page.Reference)+"?said="+actNote+"#notes", status)
		return nil
	}
	page.Note, page.Title = form, "A note about "+string(page.Reference)
	s.write(w, r, status, "note.html", page)
	return nil
}

// keep keeps the note of a form, or puts into the form why it is not kept, and says with which status to answer.
func (s *site) keep(r *http.Request, form *noteForm) int {
	if wrong := form.Check(); wrong != nil {
		form.Faults = map[string]string{}
		for _, reason := range wrong.Reasons {
			form.Faults[strings.TrimPrefix(reason.Pointer, "/")] = reason.Detail + " " + reason.Remedy
		}
		return api.StatusOf(wrong.Kind)
	}
	key, err := digest("operators' page "+actNote, form.Author, form.Reference, form.Key)
	if err == nil {
		_, err = s.Cases.AddCaseNote(r.Context(), form.CaseNote, key)
	}
	var fault *casework.Fault
	switch {
	case err == nil:
		return http.StatusSeeOther
	case errors.As(err, &fault) && fault.Code == casework.FaultKeyReused:
		form.Key, form.Refused = secret(), "This form was sent before with another text, which is kept. Send it once more to keep this text too."
		return http.StatusConflict
	case errors.As(err, &fault) && fault.Kind != casework.Unavailable:
		form.Refused = fault.Detail
		return api.StatusOf(fault.Kind)
	}
	s.Log.LogAttrs(r.Context(), slog.LevelError, "nobody knows whether a note was kept",
		slog.String("case", string(form.Reference)), slog.String("cause", err.Error()))
	form.Unknown = true
	return http.StatusServiceUnavailable
}
