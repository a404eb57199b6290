package activities_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// letters is the desk of the letters at an instant; it is asked to store one as soon as the award is settled.
func (o office) letters(at time.Time) *activities.Letters {
	return &activities.Letters{Documents: o.Store, Printer: o.printer, Files: o.shelf, Now: func() time.Time { return at }}
}

// document finds the one document of a kind.
func (o office) document(ref casework.Reference, kind string) docket.Document {
	o.t.Helper()
	var found []docket.Document
	for _, d := range o.page(ref).Documents {
		if d.Kind == kind {
			found = append(found, d)
		}
	}
	require.Len(o.t, found, 1, kind)
	return found[0]
}

func TestStoreOutcomeLetter_IsAPageAndAPDFForTheCentre(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(map[string]int{"Q1": 11})
	_, err := o.letters(decidedAt).StoreOutcomeLetter(t.Context(), casework.CaseInput{Reference: ref, At: decidedAt})
	require.NoError(t, err)

	for kind, want := range map[string]struct{ mediaType, extension, begins string }{
		docket.OutcomeLetterHTML: {activities.HTML, ".html", "<!doctype html>"},
		docket.OutcomeLetterPDF:  {activities.PDF, ".pdf", "%PDF-"},
	} {
		d := o.document(ref, kind)
		require.Equal(t, want.mediaType, d.MediaType)
		require.Equal(t, decidedAt, d.AvailableAt)
		require.Equal(t, "cases/"+string(ref)+"/"+kind+"-"+d.File.SHA256+want.extension, d.File.Key)
		body := string(o.shelf.bodies[d.File.Key])
		require.True(t, strings.HasPrefix(strings.ToLower(body), strings.ToLower(want.begins)), kind)
		require.Len(t, body, int(d.File.Size))
	}
	require.Equal(t, 2, count(o.trail(ref), "document-stored"))
}

// A retry may come long after the first attempt stored the letter: whatever happened to the case meanwhile, it
// prints the same bytes, so that the centre finds one letter.
func TestStoreOutcomeLetter_RepeatStoresNothingNew(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, of("4002", storetest.Maths1))
	at := decidedAt
	store := func() {
		t.Helper()
		at = at.Add(time.Hour)
		_, err := o.letters(at).StoreOutcomeLetter(t.Context(), casework.CaseInput{Reference: ref, At: decidedAt})
		require.NoError(t, err)
	}
	store()
	before := o.page(ref).Documents
	for _, meanwhile := range []struct {
		what string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"the script is released", func() error {
			_, err := o.release(ref, decidedAt.Add(time.Second))
			return err
		}},
		{"the fees are invoiced", func() error {
			_, err := o.IssueInvoices(t.Context(), storetest.Body, calendar.Date{Year: 2026, Month: time.September, Day: 1}, decidedAt.AddDate(0, 1, 0))
			return err
		}},
		{"the case is closed", func() error {
			_, err := o.caseFile().CloseCase(t.Context(), key(ref, casework.StepClose, decidedAt.AddDate(0, 0, 15)))
			return err
		}},
	} {
		require.NoError(t, meanwhile.do(), meanwhile.what)
		store()
		for _, d := range before {
			require.Equal(t, d, o.document(ref, d.Kind), meanwhile.what)
		}
	}
	keys := map[string]bool{}
	for _, key := range o.shelf.puts {
		keys[key] = true
	}
	require.Len(t, o.shelf.puts, 11, "an annotated script, and five times two letters")
	require.Len(t, keys, 3, "each under the same key every time")
	require.Equal(t, 2, count(o.trail(ref), "document-stored"))
}

func TestStoreOutcomeLetter_OutageIsTriedAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil)
	o.shelf.away = 1
	_, err := o.letters(decidedAt).StoreOutcomeLetter(t.Context(), casework.CaseInput{Reference: ref, At: decidedAt})
	require.ErrorIs(t, err, errShelfAway)
	again(t, err)
	require.Empty(t, o.page(ref).Documents)
	restored := decidedAt.Add(30 * time.Hour)
	_, err = o.letters(restored).StoreOutcomeLetter(t.Context(), casework.CaseInput{Reference: ref, At: decidedAt})
	require.NoError(t, err)
	require.Equal(t, restored, o.document(ref, docket.OutcomeLetterHTML).AvailableAt, "the centre has it since the outage ended")
	require.Equal(t, restored, o.document(ref, docket.OutcomeLetterPDF).AvailableAt)
}

func TestStoreOutcomeLetter_NothingBeforePublication(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	_, err := o.letters(decidedAt).StoreOutcomeLetter(t.Context(), casework.CaseInput{Reference: ref, At: decidedAt})
	require.ErrorContains(t, err, "no outcome is published")
	require.Empty(t, o.shelf.puts)
	_, err = o.letters(decidedAt).StoreOutcomeLetter(t.Context(), casework.CaseInput{Reference: "R-7K4F-M2QX-9TBD-H", At: decidedAt})
	final(t, err, casework.NotFound, "unknown-case")
}
