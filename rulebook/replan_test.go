package rulebook_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
	"github.com/recourse-exams/recourse/rulebook"
)

const revised = "cambria-2026.2"

// twoVersions is the demo body's set with a second version, changed as the test wants, which follows the first.
func twoVersions(t *testing.T, change func(*policy.Policy)) *rulebook.Book {
	t.Helper()
	first, err := load(t).Policy(cambria)
	require.NoError(t, err)
	second := first
	second.Version, second.ValidFrom = revised, date(t, "2026-11-01")
	first.ValidUntil = date(t, "2026-10-31")
	second.Services = slices.Clone(second.Services)
	for i := range second.Services {
		second.Services[i].Clocks = slices.Clone(second.Services[i].Clocks)
	}
	change(&second)
	other, err := load(t).Policy("aqa-2026.1")
	require.NoError(t, err)
	book, err := rulebook.New(first, second, other)
	require.NoError(t, err)
	return book
}

// alter changes a clock's rule, or takes it out of its service.
func alter(p *policy.Policy, service casework.Service, id casework.ClockID, change func(*policy.ClockRule)) {
	for i := range p.Services {
		if p.Services[i].Service != service {
			continue
		}
		clocks := p.Services[i].Clocks
		j := slices.IndexFunc(clocks, func(r policy.ClockRule) bool { return r.ID == id })
		if change == nil {
			p.Services[i].Clocks = slices.Delete(clocks, j, j+1)
			continue
		}
		change(&clocks[j])
	}
}

func amount(n int) func(*policy.ClockRule) { return func(r *policy.ClockRule) { r.Amount = n } }

// running is a case with an outcome clock that was started by the first version.
func running(t *testing.T, book *rulebook.Book) ruling.Replan {
	t.Helper()
	p, err := book.Policy(cambria)
	require.NoError(t, err)
	rule, ok := p.Clock(s2, casework.ClockOutcome)
	require.True(t, ok)
	working, err := p.Working(rule, p.Division)
	require.NoError(t, err)
	clock, err := deadline.Start(rule, working, instant(t, "2026-09-24T09:15:00Z"))
	require.NoError(t, err)
	return ruling.Replan{
		Reference: "R-7K4F-M2QX-9TBD-H", From: cambria, To: revised, Service: s2, Nation: "england",
		At: instant(t, "2026-10-01T09:00:00Z"), Clocks: []deadline.Clock{clock},
	}
}

func TestReplan_CountsARunningClockByTheOtherVersion(t *testing.T) {
	t.Parallel()
	book := twoVersions(t, func(p *policy.Policy) { alter(p, s2, casework.ClockOutcome, amount(25)) })
	ask := running(t, book)
	answer, err := book.Replan(ask)
	require.NoError(t, err)
	require.Equal(t, casework.Recalculation{
		Reference: ask.Reference, From: cambria, Policy: revised,
		Changes: []casework.ClockChange{{
			Clock: casework.ClockOutcome, Before: instant(t, "2026-10-14T22:59:59Z"), After: instant(t, "2026-10-19T22:59:59Z"),
		}},
	}, ask.Difference(answer))
	require.Equal(t, ask.Clocks[0].OriginalEnds, answer[0].After.OriginalEnds)
	require.Equal(t, ask.Clocks[0], answer[0].Before)
}

// TestReplan_NamesWhyAClockStays: what was done or has run out is never counted again.
func TestReplan_NamesWhyAClockStays(t *testing.T) {
	t.Parallel()
	for why, row := range map[casework.Kept]struct {
		policy func(*policy.Policy)
		ask    func(*ruling.Replan)
	}{
		casework.KeptMet:   {ask: func(r *ruling.Replan) { r.Clocks[0].MetAt = r.At.Add(-time.Hour) }},
		casework.KeptEnded: {ask: func(r *ruling.Replan) { r.At = r.Clocks[0].Ends }},
		casework.KeptKeyDate: {ask: func(r *ruling.Replan) {
			r.Clocks[0].LastDay = calendar.Date{Year: 2026, Month: time.October, Day: 14}
		}},
		casework.KeptNoRule: {policy: func(p *policy.Policy) { alter(p, s2, casework.ClockOutcome, nil) }},
		casework.KeptOtherStart: {policy: func(p *policy.Policy) {
			alter(p, s2, casework.ClockOutcome, func(r *policy.ClockRule) { r.Starts = policy.Accepted })
		}},
	} {
		book := twoVersions(t, func(p *policy.Policy) {
			alter(p, s2, casework.ClockOutcome, amount(25))
			if row.policy != nil {
				row.policy(p)
			}
		})
		ask := running(t, book)
		if row.ask != nil {
			row.ask(&ask)
		}
		answer, err := book.Replan(ask)
		require.NoError(t, err)
		require.Equal(t, ruling.Replanned{Before: ask.Clocks[0], After: ask.Clocks[0], Kept: why}, answer[0])
		require.NotEmpty(t, why.Words())
	}
	require.Empty(t, casework.Kept("").Words())
}

// TestReplan_RefusesAVersionThatCannotTakeTheCaseOver, in a sentence that names it.
func TestReplan_RefusesAVersionThatCannotTakeTheCaseOver(t *testing.T) {
	t.Parallel()
	unchanged := func(*policy.Policy) {}
	for name, row := range map[string]struct {
		policy func(*policy.Policy)
		to     string
		code   string
		says   string
	}{
		"nobody knows it":     {unchanged, "cambria-2031.1", casework.FaultUnknownPolicy, `There is no version "cambria-2031.1" of the rules.`},
		"the case's own":      {unchanged, cambria, casework.FaultSamePolicy, "counts by cambria-2026.1 already"},
		"another body's":      {unchanged, "aqa-2026.1", casework.FaultOtherSet, "a version of the set aqa"},
		"without the service": {func(p *policy.Policy) { p.Services = drop(p.Services, s2) }, revised, casework.FaultPolicyUnfit, "does not know the service review-of-marking"},
		"without the appeal window": {
			func(p *policy.Policy) { p.Services = drop(p.Services, casework.Appeal) }, revised, casework.FaultPolicyUnfit, "has no clock window",
		},
		"beyond the calendar": {
			func(p *policy.Policy) {
				alter(p, s2, casework.ClockOutcome, func(r *policy.ClockRule) { r.Amount, r.Unit = 4000, policy.WorkingDays })
			}, revised, casework.FaultPolicyUnfit, "The clock outcome cannot be counted by it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := twoVersions(t, row.policy)
			ask := running(t, book)
			ask.To = row.to
			_, err := book.Replan(ask)
			var fault *casework.Fault
			require.ErrorAs(t, err, &fault)
			require.Equal(t, row.code, fault.Code)
			require.Contains(t, fault.Detail, row.says)
			require.Equal(t, "/policy", fault.Reasons[0].Pointer)
		})
	}
	book := twoVersions(t, unchanged)
	ask := running(t, book)
	ask.From = "cambria-1999.1"
	_, err := book.Replan(ask)
	require.ErrorContains(t, err, "no policy", "a case that is pinned to rules that are gone is a fault of ours")
}

func drop(services []policy.Service, gone casework.Service) []policy.Service {
	return slices.DeleteFunc(slices.Clone(services), func(s policy.Service) bool { return s.Service == gone })
}
