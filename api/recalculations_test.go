package api_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store/storetest"
)

var operator = oidctest.Claims{Subject: "op-1", Roles: []string{"operator"}, AMR: []string{"pwd", "otp"}}

func recalculation(reference, key, body string) call {
	return call{
		method: "POST", path: "/v1/cases/" + reference + "/recalculations", as: operator, body: body, header: map[string]string{"Idempotency-Key": key},
	}
}

// revised is the rulebook with a second version of the demo body's rules, by which a review takes 25 days; the shipped
// data has one version.
func revised(t *testing.T) *rulebook.Book {
	t.Helper()
	rules, err := loadRules()
	require.NoError(t, err)
	first, err := rules.Policy("cambria-2026.1")
	require.NoError(t, err)
	second := first
	second.Version, second.ValidFrom = "cambria-2026.2", calendar.Date{Year: 2026, Month: time.November, Day: 1}
	first.ValidUntil = second.ValidFrom.AddDays(-1)
	second.Services = slices.Clone(second.Services)
	for i := range second.Services {
		s := &second.Services[i]
		s.Clocks = slices.Clone(s.Clocks)
		for j := range s.Clocks {
			if s.Service == casework.ReviewOfMarking && s.Clocks[j].ID == casework.ClockOutcome {
				s.Clocks[j].Amount = 25
			}
		}
	}
	unfit := second
	unfit.Version, unfit.ValidFrom = "cambria-2026.3", calendar.Date{Year: 2026, Month: time.December, Day: 1}
	second.ValidUntil = unfit.ValidFrom.AddDays(-1)
	unfit.Services = slices.DeleteFunc(slices.Clone(second.Services), func(s policy.Service) bool { return s.Service == casework.Appeal })
	other, err := rules.Policy("aqa-2026.1")
	require.NoError(t, err)
	book, err := rulebook.New(first, second, unfit, other)
	require.NoError(t, err)
	return book
}

// ruled is a live service with two versions of the rules.
func ruled(t *testing.T) *world {
	t.Helper()
	book := revised(t)
	return live(t, func(c *api.Config) {
		passing := c.Dispatcher.(steps)
		passing.rules = book
		c.Rules, c.Dispatcher = book, passing
	})
}

// Issue B, point 9: first the difference, which changes nothing; then the same with its digest, and the case shows the
// new date with the first promise beside it.
func TestRecalculate_ShowsTheDifferenceFirst(t *testing.T) {
	t.Parallel()
	w := ruled(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	before := get[api.Case](t, w.house, "/v1/cases/"+reference, reader)
	shown := read[api.Recalculation](t, w.do(t, recalculation(reference, "k1", `{"policy":"cambria-2026.2","reason":"2026.1 was wrong."}`)))
	require.False(t, shown.Applied)
	require.Equal(t, before, get[api.Case](t, w.house, "/v1/cases/"+reference, reader))
	promised := before.Clocks[0].Due
	require.Equal(t, []api.ClockChange{{Clock: "outcome", Before: promised, After: promised.AddDate(0, 0, 5)}}, shown.Changes)

	apply := fmt.Sprintf(`{"policy":"cambria-2026.2","reason":"2026.1 was wrong.","apply":true,"expect":%q}`, shown.Digest)
	got := w.do(t, recalculation(reference, "k2", apply))
	require.Equal(t, 200, got.status, "%s", got.body)
	done := read[api.Recalculation](t, got)
	require.True(t, done.Applied)
	require.Equal(t, shown.Changes, done.Changes)
	require.Equal(t, got.body, w.do(t, recalculation(reference, "k2", apply)).body, "the same request has the same answer")

	after := get[api.Case](t, w.house, "/v1/cases/"+reference, reader)
	require.Equal(t, "cambria-2026.2", after.Policy)
	require.Equal(t, promised.AddDate(0, 0, 5), after.Clocks[0].Due)
	require.Equal(t, promised, after.Clocks[0].OriginalDue)
	sheet := get[api.Worksheet](t, w.house, after.Clocks[0].Worksheet, reader)
	require.Equal(t, after.Clocks[0].Due, sheet.Due)
	require.Equal(t, promised, sheet.OriginalDue)
	require.Equal(t, "25 calendar days from receipt of the request", sheet.Rule)
	require.Equal(t, "cambria-2026.2", sheet.Policy)

	for as, sees := range map[string]string{operator.Subject: "op-1", reader.Subject: ""} {
		person := map[string]oidctest.Claims{operator.Subject: operator, reader.Subject: reader}[as]
		timeline := get[api.Timeline](t, w.house, "/v1/cases/"+reference+"/timeline", person)
		last := timeline.Items[len(timeline.Items)-1]
		require.Equal(t, "recalculated", last.What)
		require.Equal(t, sees, last.Actor.Subject, "a centre learns that the awarding body did it")
	}
}

// What was met counted by the version of then, and is explained by it for ever.
func TestRecalculate_AMetClockIsExplainedByItsOwnVersion(t *testing.T) {
	t.Parallel()
	w := ruled(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	w.decide(t, reference, 1)
	shown := read[api.Recalculation](t, w.do(t, recalculation(reference, "k1", `{"policy":"cambria-2026.2","reason":"2026.1 was wrong."}`)))
	kept := map[api.ClockID]api.ClockChangeKept{}
	for _, change := range shown.Changes {
		kept[change.Clock] = change.Kept
	}
	require.Equal(t, map[api.ClockID]api.ClockChangeKept{"outcome": "met", "script": "", "window": ""}, kept)
	body := fmt.Sprintf(`{"policy":"cambria-2026.2","reason":"2026.1 was wrong.","apply":true,"expect":%q}`, shown.Digest)
	require.Equal(t, 200, w.do(t, recalculation(reference, "k2", body)).status)
	sheet := get[api.Worksheet](t, w.house, "/v1/cases/"+reference+"/clocks/outcome/worksheet", reader)
	require.Equal(t, "cambria-2026.1", sheet.Policy)
	require.Equal(t, "20 calendar days from receipt of the request", sheet.Rule)
}

// The case is told who asks, in which role and why, and the key is good for one body.
func TestRecalculate_PassesOnWhoAndWhy(t *testing.T) {
	t.Parallel()
	h := setup(t)
	opened := h.register.opened(casework.EnquiryInput{Reference: someReference(), Request: casework.EnquiryRequest{CentreNumber: "64101"}, ReceivedAt: now})
	h.register.add(opened)
	for i, body := range []string{
		`{"policy":"cambria-2026.2","reason":"2026.1 was wrong.","apply":true,"expect":"00ff"}`,
		`{"policy":"cambria-2026.2","reason":"2026.1 was wrong.","apply":true,"expect":"00ff"}`,
		`{"policy":"cambria-2026.3","reason":"2026.1 was wrong.","apply":true,"expect":"00ff"}`,
	} {
		require.Equal(t, 200, h.do(t, recalculation(string(opened.Reference), "k", body)).status, i)
	}
	sent := h.dispatcher.recalculated
	require.Equal(t, casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "2026.1 was wrong."}, sent[0].Actor)
	require.Equal(t, now, sent[0].ReceivedAt)
	require.Equal(t, "00ff", sent[0].Expect)
	require.Equal(t, sent[0].Key, sent[2].Key)
	ids := h.dispatcher.updateIDs
	require.Equal(t, ids[0], ids[1])
	require.NotEqual(t, ids[0], ids[2])

	h.dispatcher.recalculate = func(casework.RecalculateRequest) (casework.Recalculation, error) {
		return casework.Recalculation{}, api.ErrPending
	}
	got := h.do(t, recalculation(string(opened.Reference), "k", `{"policy":"cambria-2026.2","reason":"It was.","apply":true,"expect":"00ff"}`))
	require.Equal(t, 202, got.status)
	require.Equal(t, "/v1/cases/"+string(opened.Reference), got.header.Get("Location"))
}

// recount makes the problems of counting a case by other rules.
func (s *scene) recount(t *testing.T) map[string]answer {
	t.Helper()
	book := revised(t)
	by := func(reference, version, rest string) answer {
		return s.when(t, recalculation(reference, "k", fmt.Sprintf(`{"policy":%q,"reason":"It was wrong."%s}`, version, rest)), func() { s.rules = book })
	}
	agreed := recalculation(s.open, "k", `{"policy":"cambria-2026.2","reason":"It was.","apply":true,"expect":"00"}`)
	return map[string]answer{
		"unknown-policy":        by(s.open, "cambria-2031.1", ""),
		"policy-pinned-already": by(s.open, "cambria-2026.1", ""),
		"policy-of-another-set": by(s.open, "aqa-2026.1", ""),
		"policy-unfit":          by(s.open, "cambria-2026.3", ""),
		"recalculation-invalid": by(s.open, "cambria-2026.2", `,"apply":true`),
		"case-not-open":         s.when(t, agreed, s.says(casework.Conflict, casework.FaultNotOpen)),
		"difference-changed":    s.when(t, agreed, s.says(casework.Conflict, casework.FaultDifferenceChanged)),
	}
}
