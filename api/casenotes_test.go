package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/store/storetest"
)

// Issue C, point 6: notes and the log of contacts are the awarding body's own; a centre and a performer never see them,
// nor that there are any.
func TestCaseNotes_NeverReachACentreOrAPerformer(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	page := "/v1/cases/" + reference
	everything := func() string {
		var all strings.Builder
		for path, as := range map[string]struct{ subject bool }{
			page: {}, page + "/timeline": {}, "/v1/cases": {}, page + "/clocks/outcome/worksheet": {}, "/v1/fee-lines": {}, taskPath(reference): {true}, "/v1/tasks": {true},
		} {
			person := examsOfficer
			if as.subject {
				person = holder
			}
			got := w.do(t, call{method: "GET", path: path, as: person})
			require.Equal(t, 200, got.status, path)
			all.Write(got.body)
			all.WriteString(got.header.Get("ETag"))
		}
		return all.String()
	}
	before := everything()
	for i, body := range []string{`{"kind":"note","text":"Looks odd."}`, `{"kind":"telephone","contact":"The head of 64101","text":"Called about the sample."}`} {
		got := w.do(t, act(reference, "notes", string(rune('a'+i)), body))
		require.Equal(t, 201, got.status, "%s", got.body)
	}
	require.Len(t, everything(), len(before), "not even a number has changed")
	require.NotContains(t, everything(), "Looks odd")

	notes := get[api.CaseNoteList](t, w.house, page+"/notes", caseworker).Items
	require.Len(t, notes, 2)
	require.Equal(t, api.CaseNote{ID: notes[0].ID, Kind: "note", Author: "op-1", At: storetest.Now, Text: "Looks odd."}, notes[0])
	require.Equal(t, "The head of 64101", notes[1].Contact)
}

func TestCaseNotes_ARepeatMakesNoSecondNote(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	note := act(reference, "notes", "k", `{"kind":"note","text":"Looks odd."}`)
	first := w.do(t, note)
	require.Equal(t, first.body, w.do(t, note).body)
	note.body = `{"kind":"note","text":"Looks even."}`
	require.Equal(t, "idempotency-key-reused", problem(t, w.do(t, note)).Code)
	note.as, note.body = caseworker, `{"kind":"note","text":"Looks odd."}`
	require.Equal(t, 201, w.do(t, note).status, "somebody else's key is another")
	require.Len(t, get[api.CaseNoteList](t, w.house, "/v1/cases/"+reference+"/notes", operator).Items, 2)
}

func TestCaseNotes_SayWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for body, want := range map[string][]string{
		`{"kind":"note","text":" "}`:                            {"/text"},
		`{"kind":"note","contact":"The head","text":"Called."}`: {"/contact"},
		`{"kind":"e-mail","text":"Wrote."}`:                     {"/contact"},
		`{"kind":"meeting","contact":" ","text":"\n"}`:          {"/text", "/contact"},
	} {
		p := problem(t, w.do(t, act(reference, "notes", "k", body)))
		require.Equal(t, "note-invalid", p.Code, body)
		require.Equal(t, want, pointers(p), body)
	}
	require.Empty(t, get[api.CaseNoteList](t, w.house, "/v1/cases/"+reference+"/notes", operator).Items)
}
