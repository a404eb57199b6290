package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/store/storetest"
)

// suspicion is what would tell a centre that malpractice is suspected, and what was written about it.
var suspicion = regexp.MustCompile(`(?i)malpractice|suspect|seat 14|` + storetest.Approver)

const (
	suspected = `{"cause":"malpractice","reason":"Suspected copying: seat 14 and seat 15.","approvedBy":"` + storetest.Approver + `"}`
	cleared   = `{"delivered":false,"reason":"Suspected copying: no case for seat 14."}`
)

// readable is what a person reads at every address of the contract, by address, with what is asked for a service again.
func (w *world) readable(t *testing.T, reference string, as oidctest.Claims) map[string]answer {
	t.Helper()
	read := map[string]answer{}
	for path, item := range document(t).Paths.Map() {
		if item.Get == nil {
			continue
		}
		for _, clock := range []string{"outcome", "window", "script"} {
			address := strings.ReplaceAll(path, "{clock}", clock)
			address = addresses(reference).Replace(address)
			read[address] = w.do(t, call{method: http.MethodGet, path: address, as: as})
		}
	}
	again := ask(enquiry("4001", storetest.Maths1, "review-of-marking"), "again")
	again.as = as
	read["POST /v1/enquiries"] = w.do(t, again)
	return read
}

// While malpractice is suspected a centre reads that the result is pending, wherever it looks, and never what the awarding
// body has written about it. The awarding body's people read all of it.
func TestMalpractice_ACentreReadsThatTheResultIsPending(t *testing.T) {
	t.Parallel()
	w, move := later(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	page := "/v1/cases/" + reference
	rules := w.readable(t, reference, examsOfficer)
	check := func(when string) {
		t.Helper()
		for _, as := range []oidctest.Claims{examsOfficer, reader} {
			for address, got := range w.readable(t, reference, as) {
				if strings.HasPrefix(address, "/v1/") && strings.Contains(address, reference) || got.status >= 300 {
					require.NotRegexp(t, suspicion, string(got.body), "%s, at %s", when, address)
				}
				// What the rules say of malpractice in general everybody may read, held or not.
				require.Len(t, suspicion.FindAllString(string(got.body), -1), len(suspicion.FindAllString(string(rules[address].body), -1)), "%s, at %s", when, address)
			}
		}
	}

	move(24 * time.Hour)
	require.Equal(t, 200, w.do(t, act(reference, "holds", "k1", suspected)).status)
	check("held")
	view := get[api.Case](t, w.house, page, reader)
	require.Equal(t, api.Hold{Number: 1, Cause: "result-pending", Text: "the result is pending", BeganAt: view.Holds[0].BeganAt}, view.Holds[0])
	require.Equal(t, "the result is pending", clock(t, view, "outcome").Pauses[0].Text)
	require.True(t, clock(t, view, "outcome").Pauses[0].Stops)
	require.Equal(t, api.ClockStatePaused, clock(t, view, "outcome").State, "it stands still for the centre as for everybody")

	move(72 * time.Hour)
	require.Equal(t, 200, w.do(t, act(reference, "holds/malpractice/end", "k2", cleared)).status)
	check("resumed")

	inside := get[api.Case](t, w.house, page, caseworker)
	require.Equal(t, api.ToldCause("malpractice"), inside.Holds[0].Cause)
	require.Equal(t, "Suspected copying: seat 14 and seat 15.", inside.Holds[0].Reason)
	require.Equal(t, "Suspected copying: no case for seat 14.", inside.Holds[0].EndReason)
	require.Equal(t, "Suspected copying: seat 14 and seat 15.", clock(t, inside, "outcome").Pauses[0].Why)
	filtered := get[api.CaseList](t, w.house, "/v1/cases?centre=64101", caseworker)
	require.Equal(t, api.ToldCause("malpractice"), filtered.Items[0].Holds[0].Cause, "also in a list of one centre's cases")
	trail := string(w.do(t, call{method: http.MethodGet, path: page + "/timeline", as: caseworker}).body)
	require.Contains(t, trail, "malpractice")
	require.Contains(t, trail, "seat 14 and seat 15")
}

// Held cases are found by the cause as their reader is told of it; a centre finds its own, and by its own word alone.
func TestHeldFor_FindsWhatTheReaderIsToldOf(t *testing.T) {
	t.Parallel()
	w, move := later(t)
	suspectedCase := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	asked := w.open(t, examsOfficer, "4002", storetest.Maths1, "review-of-marking")
	free := w.open(t, examsOfficer, "4003", storetest.Maths1, "review-of-marking")
	elsewhere := w.open(t, bryn, "5001", storetest.Maths1, "review-of-marking")
	move(24 * time.Hour)
	for reference, body := range map[string]string{suspectedCase: suspected, asked: consentAsked, elsewhere: suspected} {
		require.Equal(t, 200, w.do(t, act(reference, "holds", reference, body)).status)
	}
	for name, row := range map[string]struct {
		as    oidctest.Claims
		query string
		want  []string
	}{
		"the body, any":              {caseworker, "heldFor=any", []string{suspectedCase, asked, elsewhere}},
		"the body, malpractice":      {caseworker, "heldFor=malpractice", []string{suspectedCase, elsewhere}},
		"the body, of one centre":    {operator, "heldFor=malpractice&centre=64101", []string{suspectedCase}},
		"the body, nothing such":     {operator, "heldFor=waiting-for-payment", nil},
		"a centre, any":              {reader, "heldFor=any", []string{suspectedCase, asked}},
		"a centre, pending":          {reader, "heldFor=result-pending", []string{suspectedCase}},
		"a centre, consent":          {examsOfficer, "heldFor=consent-inspection", []string{asked}},
		"a centre, without a filter": {examsOfficer, "limit=9", []string{suspectedCase, asked, free}},
		"another centre, any":        {bryn, "heldFor=any", []string{elsewhere}},
		"another centre, consent":    {bryn, "heldFor=consent-inspection", nil},
	} {
		for _, list := range []string{"/v1/cases?", "/v1/enquiries?"} {
			got := w.do(t, call{method: http.MethodGet, path: list + row.query, as: row.as})
			require.Equal(t, 200, got.status, "%s: %s", name, got.body)
			names, _ := caseNames(read[api.CaseList](t, got))
			require.ElementsMatch(t, row.want, names, name)
			if row.as.Centre != "" {
				require.NotRegexp(t, suspicion, string(got.body), name)
			}
		}
	}
	for name, row := range map[string]struct {
		as           oidctest.Claims
		word, remedy string
	}{
		"a centre, the body's word": {reader, "malpractice", "Send one of any, waiting-for-sample, consent-inspection, waiting-for-payment, result-pending, hold."},
		"the body, a centre's word": {caseworker, "result-pending", "Send one of any, waiting-for-sample, consent-inspection, waiting-for-payment, malpractice, hold."},
		"nobody's word":             {caseworker, "lunch", ""},
	} {
		p := problem(t, w.do(t, call{method: http.MethodGet, path: "/v1/cases?heldFor=" + row.word, as: row.as}))
		require.Equal(t, 400, p.Status, name)
		require.Equal(t, "invalid-parameter", p.Code, name)
		require.Equal(t, "heldFor", p.Errors[0].Parameter, name)
		require.Contains(t, p.Errors[0].Remedy, row.remedy, name)
		require.NotRegexp(t, suspicion, p.Detail, name)
	}
}
