package api_test

import (
	"testing"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/store/storetest"
)

// published makes the problems of what everybody may read.
func (s *scene) published(t *testing.T) map[string]answer {
	t.Helper()
	get := func(path string) answer { return s.do(t, call{method: "GET", path: path}) }
	return map[string]answer{
		"unknown-family":  get("/v1/roadmaps/nothing"),
		"unknown-rules":   get("/v1/fees?rules=nothing"),
		"unknown-series":  get("/v1/key-dates?series=nothing"),
		"not-acceptable":  s.do(t, call{method: "GET", path: "/v1/fees", header: map[string]string{"Accept": "image/png"}}),
		"unknown-clock":   s.do(t, call{method: "GET", path: "/v1/cases/" + s.open + "/clocks/hearing/worksheet", as: examsOfficer}),
		"invalid-request": s.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: `{"requests":[{"service":"x","series":"s","component":"c"}]}`}),
	}
}

// basket makes the problems that the rules cause for a request which is only priced.
func (s *scene) basket(t *testing.T) map[string]answer {
	t.Helper()
	price := func(service string, change func(*offer.Facts), more ...string) answer {
		return s.when(t, call{
			method: "POST", path: "/v1/quotes", as: reader, body: basketOf(quotedRequest("4003", storetest.Maths1, service, more...), ""),
		}, func() { s.facts = change })
	}
	moderated := func(change func(*offer.Facts)) func(*offer.Facts) {
		return func(f *offer.Facts) {
			f.CentreMarked, f.MarksChanged, f.SampleHeld, f.Cohort = true, true, true, 6
			change(f)
		}
	}
	ruledBy := func(set string) func(*offer.Facts) { return func(f *offer.Facts) { f.Rules = set } }
	earlier := func(set string, service casework.Service, at time.Time) func(*offer.Facts) {
		return func(f *offer.Facts) {
			f.Rules = set
			f.Earlier = []offer.Earlier{{Reference: someReference(), Service: service, OutcomeAt: at}}
		}
	}
	twice := quotedRequest("4003", storetest.Maths1, "review-of-marking")
	return map[string]answer{
		"asked-twice":            s.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: basketOf(twice+","+twice, "")}),
		"contained-in-basket":    s.do(t, call{method: "POST", path: "/v1/quotes", as: reader, body: basketOf(twice+","+quotedRequest("4003", storetest.Maths1, "clerical-check"), "")}),
		"unknown-cohort":         price("review-of-moderation", func(f *offer.Facts) { f.KnownCandidate, f.KnownResult = false, false }),
		"nothing-to-follow":      price("appeal", nil),
		"no-outcome-yet":         price("appeal", earlier("cambria", casework.ReviewOfMarking, time.Time{})),
		"too-late-after-outcome": price("review-of-marking", earlier("ncfe-tlevel", casework.ClericalCheck, storetest.Now.AddDate(0, -1, 0))),
		"wrong-level":            price("priority-review-of-marking", nil),
		"wrong-series":           price("priority-review-of-marking", func(f *offer.Facts) { f.Level, f.SeriesMonth = 3, 11 }),
		"centre-marked":          price("review-of-marking", func(f *offer.Facts) { f.CentreMarked = true }),
		"not-moderated":          price("review-of-moderation", func(f *offer.Facts) { f.Cohort = 6 }),
		"marks-accepted":         price("review-of-moderation", moderated(func(f *offer.Facts) { f.MarksChanged = false })),
		"no-sample":              price("review-of-moderation", moderated(func(f *offer.Facts) { f.SampleHeld = false })),
		"result-pending":         price("review-of-marking", func(f *offer.Facts) { f.Indicator = "Q" }),
		"no-reviewed-copy":       price("review-of-marking", ruledBy("ncfe-web"), `"reviewedScript":true`),
		"calendar-ends":          price("expedited-review-of-moderation", moderated(func(f *offer.Facts) { f.CandidateRelease = storetest.Now.AddDate(40, 0, 0) })),
		"fee-not-published":      price("review-of-marking", ruledBy("ncfe-vcert")),
	}
}
