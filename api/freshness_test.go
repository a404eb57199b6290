package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestGetCase_ATagIsNeverKeptWhenWhatIsShownHasChanged walks two linked cases to their invoices. What is shown of the
// first changes by its own steps, by those of the other and by the month's invoices: no 304 may hide any of it.
func TestGetCase_ATagIsNeverKeptWhenWhatIsShownHasChanged(t *testing.T) {
	t.Parallel()
	w := live(t)
	first := w.open(t, examsOfficer, "4002", storetest.Maths1, "review-of-marking")
	path := "/v1/cases/" + first
	known := w.do(t, call{method: "GET", path: path, as: examsOfficer})
	var second string
	for _, change := range []struct {
		name string
		do   func()
	}{
		{"a linked case opens", func() { second = w.open(t, examsOfficer, "4002", storetest.Maths2, "review-of-marking") }},
		{"its outcome is published", func() { w.decide(t, first, 0) }},
		{"the linked case settles the award", func() { w.decide(t, second, 0) }},
		{"it learns of the settlement", func() {
			_, err := w.store.SettleMember(t.Context(), w.steps.key(casework.Reference(first), casework.StepSettle, storetest.Now), w.steps.rules)
			require.NoError(t, err)
		}},
		{"its letter is written", func() {
			file := casework.FileRef{Key: "k", Version: "v", SHA256: strings.Repeat("ab", 32), Size: 1}
			require.NoError(t, w.store.AddDocument(t.Context(), casework.Reference(first), "outcome-letter-pdf", file, "application/pdf", storetest.Now))
		}},
		{"its fees are invoiced", func() {
			invoices, err := w.store.IssueInvoices(t.Context(), storetest.Body, calendar.DateOf(storetest.Now), storetest.Now.AddDate(0, 1, 0))
			require.NoError(t, err)
			require.NotEmpty(t, invoices)
		}},
	} {
		change.do()
		got := w.do(t, call{method: "GET", path: path, as: examsOfficer, header: map[string]string{"If-None-Match": known.header.Get("ETag")}})
		require.Equal(t, 200, got.status, "%s, and the tag %s still holds", change.name, known.header.Get("ETag"))
		require.NotEqual(t, string(known.body), string(got.body), "%s shows", change.name)
		again := w.do(t, call{method: "GET", path: path, as: examsOfficer, header: map[string]string{"If-None-Match": got.header.Get("ETag")}})
		require.Equal(t, 304, again.status, "nothing happened since %s", change.name)
		require.Empty(t, again.body)
		known = got
	}
	view := read[api.Case](t, known)
	require.Equal(t, api.StageAppealWindow, view.Stage)
	require.Equal(t, api.FeeStateInvoiced, view.Fees[0].State)
	require.Equal(t, storetest.Now.Add(14*24*time.Hour).Truncate(24*time.Hour).Add(23*time.Hour-time.Second), view.AppealUntil, "14 days, to the end of the day in London (domain §8.2)")
}

// TestSubmitEnquiry_ItsTagIsThatOfTheCase: the receipt's tag can be used on the address in Location.
func TestSubmitEnquiry_ItsTagIsThatOfTheCase(t *testing.T) {
	t.Parallel()
	w := live(t)
	opened := w.do(t, ask(enquiry("4001", storetest.Maths1, "clerical-check"), "key-1"))
	require.Equal(t, 201, opened.status, "%s", opened.body)
	got := w.do(t, call{
		method: "GET", path: opened.header.Get("Location"), as: examsOfficer,
		header: map[string]string{"If-None-Match": opened.header.Get("ETag")},
	})
	require.Equal(t, 304, got.status)
}
