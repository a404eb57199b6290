package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/store/storetest"
)

func quoteOf(t *testing.T, w *world, requests ...string) api.Quote {
	t.Helper()
	got := w.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: basketOf(strings.Join(requests, ","), "")})
	require.Equal(t, 200, got.status, "%s", got.body)
	return read[api.Quote](t, got)
}

// Domain §1.5, AQA's linear rule, and §8.2, "Waiver": requests about one award share a waiver.
func TestCreateQuote_ABasketOfLinkedRequestsSharesOneWaiver(t *testing.T) {
	t.Parallel()
	w := live(t)
	quote := quoteOf(
		t, w, quotedRequest("4001", storetest.Maths1, "review-of-marking", `"reviewedScript":true`),
		quotedRequest("4002", storetest.Maths1, "clerical-check"), quotedRequest("4001", storetest.Maths2, "review-of-marking"),
	)
	require.Equal(t, storetest.Now, quote.ReceivedAt)
	require.Equal(t, []string{"£75.50", "£15.00", "£62.00"}, []string{quote.Requests[0].Total, quote.Requests[1].Total, quote.Requests[2].Total})
	require.Equal(t, "£152.50", quote.Total)
	require.Equal(t, "£0.00", quote.IfChanged, "every fee of a changed award is waived, the copy's too")
	require.Len(t, quote.Awards, 2)
	require.Equal(t, []int{0, 2}, quote.Awards[0].Requests)
	require.Equal(t, "£137.50", quote.Awards[0].Total)
	require.Equal(t, "ask-together", quote.Awards[0].Advice[0].Code)
	require.Contains(t, quote.Awards[0].Advice[0].Detail, "one waiver covers them, £137.50 in all")
	require.Equal(t, []int{1}, quote.Awards[1].Requests)
	require.Empty(t, quote.Awards[1].Advice)
	require.Equal(t, "2026-10-30T23:59:59Z", quote.Requests[0].Closes.UTC().Format("2006-01-02T15:04:05Z"), "winter time by then")
	require.True(t, quote.Requests[0].How.Here)
	require.NotEmpty(t, quote.Requests[0].Warnings)
}

func TestCreateQuote_StoresNothing(t *testing.T) {
	t.Parallel()
	w := live(t)
	counted := func() (rows int) {
		const everything = `SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM fee_lines) + (SELECT count(*) FROM audit_entries) + (SELECT count(*) FROM award_reviews)`
		require.NoError(t, w.store.Pool().QueryRow(t.Context(), everything).Scan(&rows))
		return rows
	}
	before := counted()
	first := quoteOf(t, w, quotedRequest("4001", storetest.Maths1, "review-of-marking"))
	require.Equal(t, first, quoteOf(t, w, quotedRequest("4001", storetest.Maths1, "review-of-marking")))
	require.Equal(t, before, counted())
	weak := reader
	weak.AMR = []string{"pwd"}
	got := w.do(t, call{method: "POST", path: "/v1/quotes", as: weak, body: basketOf(quotedRequest("4001", storetest.Maths1, "review-of-marking"), "")})
	require.Equal(t, 200, got.status, "what changes nothing needs no second factor")
}

// TestCreateQuote_TheRequestCostsWhatWasQuoted: for every service that can be asked for here.
func TestCreateQuote_TheRequestCostsWhatWasQuoted(t *testing.T) {
	t.Parallel()
	w := live(t)
	for _, service := range []string{"clerical-check", "review-of-marking"} {
		quote := quoteOf(t, w, quotedRequest("4001", storetest.Maths1, service, `"reviewedScript":true`))
		w.open(t, examsOfficer, "4001", storetest.Maths1, service)
		var pence int64
		for _, line := range get[api.FeeLineList](t, w.house, "/v1/fee-lines", examsOfficer).Items {
			pence += line.Pence
		}
		if service == "clerical-check" {
			require.Equal(t, quote.TotalPence, pence)
		} else {
			require.Equal(t, quote.TotalPence+quoteOf(t, w, quotedRequest("4002", storetest.Maths1, "clerical-check", `"reviewedScript":true`)).TotalPence, pence)
		}
	}
}

func TestCreateQuote_GivesEveryReasonOfEveryRequestWithItsPlace(t *testing.T) {
	t.Parallel()
	w := live(t)
	body := basketOf(strings.Join([]string{
		quotedRequest("4001", storetest.Maths1, "review-of-marking"),
		quotedRequest("9999", storetest.Maths1, "review-of-marking"),
		quotedRequest("4001", storetest.Geography1, "priority-review-of-marking", `"consentGivenOn":"2026-08-01"`),
		quotedRequest("4002", "X9-99", "clerical-check"),
	}, ","), "")
	got := w.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: body})
	require.Equal(t, 422, got.status)
	p := problem(t, got)
	require.Equal(t, "unknown-candidate", p.Code, "the first one's")
	places := map[string]string{}
	for _, reason := range p.Errors {
		places[reason.Pointer] = reason.Code
		require.NotEmpty(t, reason.Remedy)
	}
	require.Equal(t, "unknown-candidate", places["/requests/1/candidateNumber"])
	require.Equal(t, "consent-too-early", places["/requests/2/consentGivenOn"])
	require.Equal(t, "unknown-result", places["/requests/3/component"])
	require.NotContains(t, places, "/requests/0/component", "the good one is not blamed")
}

func TestCreateQuote_RefusesWhatIsNoBasket(t *testing.T) {
	t.Parallel()
	w := live(t)
	one := quotedRequest("4001", storetest.Maths1, "review-of-marking")
	for body, want := range map[string]struct{ code, pointer string }{
		`{}`:                      {"missing-field", "/requests"},
		`{"requests":[]}`:         {"value-not-allowed", "/requests"},
		`{"requests":[{}]}`:       {"missing-field", "/requests/0/service"},
		basketOf(one+","+one, ""): {"asked-twice", "/requests/1"},
		basketOf(one, "71203"):    {"another-centre", "/centreNumber"},
		`{"requests":[` + strings.Repeat(one+",", 40) + one + `]}`:                         {"value-not-allowed", "/requests"},
		basketOf(quotedRequest("4001", storetest.Maths1, "telepathy"), ""):                 {"value-not-allowed", "/requests/0/service"},
		basketOf(quotedRequest("4001", storetest.Maths1, "appeal", `"placeAtRisk":1`), ""): {"unknown-field", "/requests/0/placeAtRisk"},
	} {
		got := w.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: body})
		p := problem(t, got)
		require.Equal(t, want.code, p.Code, "%s", body)
		require.Equal(t, want.pointer, p.Errors[0].Pointer, "%s", body)
	}
	got := w.do(t, call{method: "POST", path: "/v1/quotes", as: caseworker, body: basketOf(one, "")})
	require.Equal(t, []string{"/centreNumber"}, pointers(problem(t, got)), "the body's staff say which centre")
	got = w.do(t, call{method: "POST", path: "/v1/quotes", as: vocational, body: basketOf(one, "")})
	require.Equal(t, "family-missing", problem(t, got).Code)
	got = w.do(t, call{method: "POST", path: "/v1/quotes", as: examiner, body: basketOf(one, "")})
	require.Equal(t, "role-missing", problem(t, got).Code)
	got = w.do(t, call{method: "GET", path: "/v1/quotes", as: reader})
	require.Equal(t, 405, got.status)
}

// TestCreateQuote_ARequestThatAnotherContainsIsRefusedWithItsRule: nobody is advised to ask together for a review and
// for the check that it contains (domain §6, row 11); of two papers both may be asked for.
func TestCreateQuote_ARequestThatAnotherContainsIsRefusedWithItsRule(t *testing.T) {
	t.Parallel()
	w := live(t)
	review, check := quotedRequest("4001", storetest.Maths1, "review-of-marking"), quotedRequest("4001", storetest.Maths1, "clerical-check")
	for pointer, basket := range map[string]string{"/requests/1": review + "," + check, "/requests/0": check + "," + review} {
		got := w.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: basketOf(basket, "")})
		require.Equal(t, 409, got.status, "%s", got.body)
		p := problem(t, got)
		require.Equal(t, "contained-in-basket", p.Code)
		require.Len(t, p.Errors, 1)
		require.Equal(t, pointer, p.Errors[0].Pointer)
		require.Equal(t, "clause 2.6", p.Errors[0].Clause)
		require.Contains(t, p.Errors[0].Detail, "(Service 2: review of marking) contains request")
	}
	quoteOf(t, w, review, quotedRequest("4001", storetest.Maths2, "clerical-check"), quotedRequest("4002", storetest.Maths1, "clerical-check"))
}

// TestCreateQuote_ACohortsReviewIsPricedOnce: it is about all of the cohort, whichever candidate is named (domain §1.1,
// S3), and its fee is no part of a candidate's award (domain §8.3, reading 1).
func TestCreateQuote_ACohortsReviewIsPricedOnce(t *testing.T) {
	t.Parallel()
	s := stage(t)
	priced := func(requests ...string) answer {
		return s.when(t, call{method: "POST", path: "/v1/quotes", as: reader, body: basketOf(strings.Join(requests, ","), "")}, func() {
			s.facts = func(f *offer.Facts) {
				if f.Component == storetest.Maths2 {
					f.CentreMarked, f.MarksChanged, f.SampleHeld, f.Cohort = true, true, true, 5
				}
			}
		})
	}
	cohort := quotedRequest("4003", storetest.Maths2, "review-of-moderation")
	got := priced(cohort, quotedRequest("4001", storetest.Maths2, "review-of-moderation"))
	require.Equal(t, "asked-twice", problem(t, got).Code)
	require.Equal(t, []string{"/requests/1"}, pointers(problem(t, got)))

	got = priced(cohort, quotedRequest("4003", storetest.Maths1, "review-of-marking"))
	require.Equal(t, 200, got.status, "%s", got.body)
	quote := read[api.Quote](t, got)
	require.Equal(t, []string{"£122.50", "£62.00"}, []string{quote.Requests[0].Total, quote.Requests[1].Total}, "half for five or fewer")
	require.Equal(t, "£122.50", quote.IfChanged)
	require.Len(t, quote.Awards, 2)

	got = priced(strings.Replace(cohort, "{", `{"reviewedScript":true,`, 1))
	require.Equal(t, "no-reviewed-copy", problem(t, got).Code, "no script is reviewed")
}
