package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func noteOf(ref casework.Reference, text string) docket.CaseNote {
	return docket.CaseNote{Reference: ref, Kind: "telephone", Author: "cw-1", At: storetest.Now, Contact: "The head", Text: text}
}

func TestCaseNotes_AreKeptInTheOrderInWhichTheyCame(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref, other := o.open(), o.open(of("4002", storetest.Maths1))
	var want []docket.CaseNote
	for i, text := range []string{"Called.", "Called again.", "Called."} {
		note := noteOf(ref, text)
		note.At = storetest.Now.Add(-time.Duration(i) * time.Hour)
		kept, err := o.AddCaseNote(t.Context(), note, text+string(rune('a'+i)))
		require.NoError(t, err)
		note.ID = kept.ID
		require.Equal(t, note, kept)
		want = append(want, note)
	}
	got, err := o.CaseNotes(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, want, got)
	got, err = o.CaseNotes(t.Context(), other)
	require.NoError(t, err)
	require.Empty(t, got)
}

// A note is no fact of the case: its page and its trail are what they were, to the last number.
func TestCaseNotes_LeaveTheCaseAsItWas(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	page, trail := o.page(ref), o.trail(ref)
	_, err := o.AddCaseNote(t.Context(), noteOf(ref, "Called."), "k")
	require.NoError(t, err)
	require.Equal(t, page, o.page(ref))
	require.Equal(t, trail, o.trail(ref))
}

func TestCaseNotes_AKeyIsGoodForOneNote(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	first, err := o.AddCaseNote(t.Context(), noteOf(ref, "Called."), "k")
	require.NoError(t, err)
	late := noteOf(ref, "Called.")
	late.At = storetest.Now.Add(time.Hour)
	again, err := o.AddCaseNote(t.Context(), late, "k")
	require.NoError(t, err)
	require.Equal(t, first, again, "a repeat is answered with what is there, with its instant")
	for _, change := range []func(*docket.CaseNote){
		func(n *docket.CaseNote) { n.Text = "Wrote." },
		func(n *docket.CaseNote) { n.Kind = "e-mail" },
		func(n *docket.CaseNote) { n.Contact = "The office" },
		func(n *docket.CaseNote) { n.Author = "cw-2" },
	} {
		another := noteOf(ref, "Called.")
		change(&another)
		_, err = o.AddCaseNote(t.Context(), another, "k")
		fault(t, err, casework.Invalid, casework.FaultKeyReused)
	}
	notes, err := o.CaseNotes(t.Context(), ref)
	require.NoError(t, err)
	require.Len(t, notes, 1)
}
