package docket

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/recourse-exams/recourse/casework"
)

// CaseNote is what people of the awarding body noted about a case, or a contact that they had; a centre never sees it.
type CaseNote struct {
	ID        int64
	Reference casework.Reference
	Kind      CaseNoteKind
	Author    string
	At        time.Time
	// Contact is whom the author spoke to or wrote to; empty for a note.
	Contact string
	Text    string
}

// CaseNoteKind says whether something is a note, or by which way somebody was spoken to.
type CaseNoteKind string

// The kinds of a case's notes. All but the first are contacts.
const (
	NotePlain     CaseNoteKind = "note"
	NoteTelephone CaseNoteKind = "telephone"
	NoteEMail     CaseNoteKind = "e-mail"
	NoteLetter    CaseNoteKind = "letter"
	NoteMeeting   CaseNoteKind = "meeting"
)

// CaseNoteKinds lists every kind; the contract and the database's CHECK are compared with it.
func CaseNoteKinds() []CaseNoteKind {
	return []CaseNoteKind{NotePlain, NoteTelephone, NoteEMail, NoteLetter, NoteMeeting}
}

const (
	// FaultNoteInvalid is the code of a note that cannot be kept as it is.
	FaultNoteInvalid = "note-invalid"
	// MostNoteText is how many characters a note's text has at most.
	MostNoteText = 4000
	// MostNoteContact is how many characters its contact has at most.
	MostNoteContact = 200
)

// Check says what is wrong with a note, whatever case it is about, by field; nil if nothing is. A note has text and no
// contact, a contact is with somebody.
func (n CaseNote) Check() *casework.Fault {
	var reasons []casework.Reason
	wrong := func(pointer, detail, remedy string) {
		reasons = append(reasons, casework.Reason{Code: FaultNoteInvalid, Pointer: pointer, Detail: detail, Remedy: remedy})
	}
	if !slices.Contains(CaseNoteKinds(), n.Kind) {
		wrong("/kind", "It is neither a note nor a kind of contact.", "Choose one of them.")
	}
	switch text := utf8.RuneCountInString(n.Text); {
	case strings.TrimSpace(n.Text) == "":
		wrong("/text", "The note says nothing.", "Write what later readers should know.")
	case text > MostNoteText:
		wrong("/text", fmt.Sprintf("The note has %d characters.", text), fmt.Sprintf("Say it in at most %d, or in two notes.", MostNoteText))
	}
	switch contact := strings.TrimSpace(n.Contact); {
	case n.Kind == NotePlain && contact != "":
		wrong("/contact", "A note is with nobody.", "Leave the contact out, or say by which way you spoke to them.")
	case n.Kind != NotePlain && contact == "":
		wrong("/contact", "It does not say with whom the contact was.", "Name the person or the office.")
	case utf8.RuneCountInString(contact) > MostNoteContact:
		wrong("/contact", "The contact is too long.", fmt.Sprintf("Name the person or the office in at most %d characters.", MostNoteContact))
	}
	if len(reasons) == 0 {
		return nil
	}
	return casework.NewFault(casework.Invalid, FaultNoteInvalid, reasons[0].Detail, reasons...)
}
