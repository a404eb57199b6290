package docket_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// A note has text and no contact; a contact says by which way and with whom. Every door to the notes asks the same.
func TestCaseNote_SaysWhatIsWrongByField(t *testing.T) {
	t.Parallel()
	most, mostContact := strings.Repeat("é", docket.MostNoteText), strings.Repeat("é", docket.MostNoteContact)
	for name, row := range map[string]struct {
		note docket.CaseNote
		want []string
	}{
		"a note":              {docket.CaseNote{Kind: docket.NotePlain, Text: "Looks odd."}, nil},
		"a long note":         {docket.CaseNote{Kind: docket.NotePlain, Text: most}, nil},
		"a contact":           {docket.CaseNote{Kind: docket.NoteTelephone, Contact: mostContact, Text: "Called."}, nil},
		"nothing":             {docket.CaseNote{}, []string{"/kind", "/text", "/contact"}},
		"spaces":              {docket.CaseNote{Kind: docket.NoteLetter, Contact: " ", Text: "\n"}, []string{"/text", "/contact"}},
		"a note with someone": {docket.CaseNote{Kind: docket.NotePlain, Contact: "The head", Text: "Called."}, []string{"/contact"}},
		"too long":            {docket.CaseNote{Kind: docket.NotePlain, Text: most + "."}, []string{"/text"}},
		"too long a contact":  {docket.CaseNote{Kind: docket.NoteEMail, Contact: mostContact + ".", Text: "Wrote."}, []string{"/contact"}},
		"a kind to come":      {docket.CaseNote{Kind: "fax", Contact: "The head", Text: "Sent."}, []string{"/kind"}},
	} {
		fault := row.note.Check()
		if row.want == nil {
			require.Nil(t, fault, name)
			continue
		}
		require.Equal(t, casework.Invalid, fault.Kind, name)
		require.Equal(t, docket.FaultNoteInvalid, fault.Code)
		var pointers []string
		for _, reason := range fault.Reasons {
			require.NotEmpty(t, reason.Remedy, name)
			pointers = append(pointers, reason.Pointer)
		}
		require.Equal(t, row.want, pointers, name)
	}
}

func TestCaseNote_EveryKindButTheFirstIsAContact(t *testing.T) {
	t.Parallel()
	for i, kind := range docket.CaseNoteKinds() {
		alone := docket.CaseNote{Kind: kind, Text: "So."}
		require.Equal(t, i == 0, alone.Check() == nil, kind)
		alone.Contact = "The exams officer"
		require.Equal(t, i == 0, alone.Check() != nil, kind)
	}
}
