package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// openCase opens the exams officer's case and returns its reference.
func (h *house) openCase(t *testing.T) string {
	t.Helper()
	got := h.do(t, ask(goodEnquiry, "open-case"))
	require.Equal(t, 201, got.status, "%s", got.body)
	return read[api.EnquiryOpened](t, got).Reference
}

func someReference() casework.Reference {
	return casework.NewReference([]byte("sixteen bytes or more"))
}

func TestGetCase_ShowsWhatTheCentreNeeds(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	c := &h.register.cases[0]
	c.Stage, c.Version, c.AppealUntil = casework.StageAppealWindow, 7, now.Add(14*24*time.Hour)
	c.Outcome = &docket.Outcome{
		PublishedAt: now, MarkBefore: 40, MarkAfter: 43, ComponentMax: 80, Settled: true, GradeBefore: "4", GradeAfter: "5",
		Items: []docket.OutcomeItem{{Item: "1", Max: 6, Before: 1, After: 4, Reason: "totalling-error"}},
	}
	c.Linked = []docket.Linked{{Reference: someReference(), Component: "MA1-2H", Stage: casework.StageAssigned}}
	got := h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: examsOfficer})
	require.Equal(t, 200, got.status, "%s", got.body)
	require.Regexp(t, `^"7-[0-9a-f]{16}"$`, got.header.Get("ETag"))
	view := read[api.Case](t, got)
	require.Equal(t, api.StageAppealWindow, view.Stage)
	require.Equal(t, "Kim Doyle", view.Candidate.Name)
	require.Equal(t, now.Add(14*24*time.Hour-time.Second), view.AppealUntil, "the last second, not the first that is too late")
	require.Equal(t, api.OutcomeItem{Item: "1", Max: 6, Before: 1, After: 4, Reason: "totalling-error"}, view.Outcome.Items[0])
	require.Equal(t, "5", view.Outcome.GradeAfter)
	require.Equal(t, view.Clocks[0].Ends.Add(-time.Second), view.Clocks[0].Due)
	require.Equal(t, "£62.00", view.Fees[0].Amount)
	require.Len(t, view.Linked, 1)
}

func TestGetCase_GradesAreHiddenUntilTheAwardIsSettled(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	h.register.cases[0].Outcome = &docket.Outcome{PublishedAt: now, GradeBefore: "4", GradeAfter: "5", UnitGradeAfter: "a"}
	got := h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: examsOfficer})
	require.NotContains(t, string(got.body), "grade")
}

func TestGetCase_AReferenceIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	typed := "r" + reference[2:6] + reference[7:11] + reference[12:16] + reference[17:]
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/v1/cases/" + typed, as: examsOfficer}).status)
}

func TestGetCase_AnUnchangedCaseIsNotSentAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := "/v1/cases/" + h.openCase(t)
	tag := h.do(t, call{method: "GET", path: path, as: examsOfficer}).header.Get("ETag")
	for header, status := range map[string]int{
		tag: 304, "W/" + tag: 304, `"9", ` + tag: 304, `*`: 304, `"1"`: 200, strings.Trim(tag, `"`): 200, strings.ToUpper(tag): 200, ``: 200,
	} {
		got := h.do(t, call{method: "GET", path: path, as: examsOfficer, header: map[string]string{"If-None-Match": header}})
		require.Equal(t, status, got.status, "If-None-Match: %s", header)
		require.Equal(t, tag, got.header.Get("ETag"))
	}
}

func TestListCases_PagesHoldEveryCaseOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for i := range 7 {
		in := casework.EnquiryInput{
			Reference: casework.NewReference(fmt.Appendf(nil, "%016d", i)), ReceivedAt: now.Add(time.Duration(i/2) * time.Minute),
			Request: casework.EnquiryRequest{Service: casework.ClericalCheck, CentreNumber: "64101", Reason: casework.ReasonOther},
		}
		h.register.add(h.register.opened(in))
	}
	var seen []string
	path := "/v1/cases?limit=3"
	for pages := 1; ; pages++ {
		page := read[api.CaseList](t, h.do(t, call{method: "GET", path: path, as: examsOfficer}))
		for i, c := range page.Items {
			require.NotContains(t, seen, c.Reference)
			require.False(t, i > 0 && c.ReceivedAt.After(page.Items[i-1].ReceivedAt), "newest first")
			seen = append(seen, c.Reference)
		}
		if page.Next == "" {
			require.Equal(t, 3, pages)
			break
		}
		path = "/v1/cases?limit=3&cursor=" + page.Next
	}
	require.Len(t, seen, 7)
	filtered := read[api.CaseList](t, h.do(t, call{method: "GET", path: "/v1/enquiries?service=review-of-marking", as: examsOfficer}))
	require.Empty(t, filtered.Items)
	require.NotNil(t, filtered.Items, "an empty list is [], not null")
}

func TestTimeline_ACentreSeesNoPerformer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	h.register.timeline = []docket.Entry{
		{Number: 1, At: now, What: "opened", Centre: true, Actor: casework.Actor{Subject: "eo-64101", Role: casework.RolePostResults}, Facts: []docket.Fact{{Name: "service", Value: "review-of-marking"}}, Hash: "aa"},
		{Number: 2, At: now, What: "allocated", Actor: casework.System(), Hash: "bb"},
		{Number: 3, At: now, What: "outcome-published", Centre: true, Actor: casework.Actor{Subject: "ex-1001", Role: casework.RoleExaminer, Reason: "I was asked to."}, Hash: "cc"},
	}
	path := "/v1/cases/" + reference + "/timeline"
	seen := h.do(t, call{method: "GET", path: path, as: examsOfficer})
	require.NotContains(t, string(seen.body), "ex-1001")
	require.NotContains(t, string(seen.body), "I was asked to", "what the body's people write is for the body's people")
	entries := read[api.Timeline](t, seen).Items
	require.Len(t, entries, 2)
	require.Equal(t, "eo-64101", entries[0].Actor.Subject, "its own people have names")
	require.Equal(t, "examiner", entries[1].Actor.Role)
	require.Empty(t, entries[0].Hash+entries[1].Hash, "the chain would prove a guess at what stands between")

	all := read[api.Timeline](t, h.do(t, call{method: "GET", path: path, as: caseworker})).Items
	require.Len(t, all, 3)
	require.Equal(t, "ex-1001", all[2].Actor.Subject)
	require.Equal(t, "I was asked to.", all[2].Actor.Reason, "a reason is written for later readers of the case")
	require.Equal(t, "bb", all[1].Hash)
}

func TestGetDocument_OpensByALinkOfShortLife(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	h.register.cases[0].Documents = []docket.Document{{ID: 5, Kind: docket.OutcomeLetterPDF, MediaType: "application/pdf", AvailableAt: now, File: casework.FileRef{Key: "cases/letter.pdf", Size: 10}}}
	path := "/v1/cases/" + reference + "/documents/"
	got := h.do(t, call{method: "GET", path: path + "5", as: examsOfficer})
	require.Equal(t, 302, got.status)
	require.Contains(t, got.header.Get("Location"), "cases/letter.pdf")
	require.Contains(t, got.header.Get("Location"), reference+"-outcome-letter-pdf.pdf", "saved under a name that says what it is")

	link := read[api.Link](t, h.do(t, call{method: "GET", path: path + "5?link=true", as: examsOfficer}))
	require.Equal(t, now.Add(10*time.Minute), link.ExpiresAt)
	require.Equal(t, 404, h.do(t, call{method: "GET", path: path + "6", as: examsOfficer}).status)
	require.Equal(t, 404, h.do(t, call{method: "GET", path: path + "5", as: otherCentre}).status)
}
