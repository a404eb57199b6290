package rules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

// said finds what show says under a rule's name; the policy has only one service, or none.
func said(t *testing.T, p policy.Policy, rule string) string {
	t.Helper()
	for _, line := range rules.Shown(p) {
		if words, ok := strings.CutPrefix(line, rule+": "); ok {
			return words
		}
	}
	require.Fail(t, "nothing is said about "+rule, "%q", rules.Shown(p))
	return ""
}

func one(s policy.Service) policy.Policy { return policy.Policy{Services: []policy.Service{s}} }

// Every test that a rule file may name reads as a sentence of its own.
func TestStatement_EachConditionInWords(t *testing.T) {
	t.Parallel()
	five := policy.Span{Amount: 5, Unit: policy.WorkingDays}
	for _, row := range []struct {
		condition policy.Condition
		words     string
	}{
		{policy.Condition{Test: policy.LevelWithin, FromLevel: 3, ToLevel: 3}, "the qualification is of level 3"},
		{policy.Condition{Test: policy.LevelWithin, FromLevel: 1, ToLevel: 2}, "the qualification is of levels 1 to 2"},
		{policy.Condition{Test: policy.ExternallyMarked}, "the awarding body marks the component"},
		{policy.Condition{Test: policy.CentreMarked}, "the centre marks the component and the awarding body moderates"},
		{policy.Condition{Test: policy.NotObjective}, "the component is no objective test"},
		{policy.Condition{Test: policy.ScriptHeld}, "the awarding body holds the script"},
		{policy.Condition{Test: policy.MarksChanged}, "moderation changed the centre's marks"},
		{policy.Condition{Test: policy.SampleHeld}, "the original sample is held and was not given back"},
		{policy.Condition{Test: policy.PlaceAtRisk}, "the centre declares that a place in higher education depends on the outcome"},
		{policy.Condition{Test: policy.OncePerResult}, "the service was not asked for this result before"},
		{policy.Condition{Test: policy.NotAfter, Services: []casework.Service{"review-of-marking", "appeal"}}, "not after review-of-marking or appeal"},
		{policy.Condition{Test: policy.OnlyAfter, Services: []casework.Service{"clerical-check"}}, "only after the outcome of clerical-check"},
		{policy.Condition{Test: policy.WithinAfter, Services: []casework.Service{"clerical-check"}, Within: five}, "within 5 working days of the outcome of clerical-check, if there is one"},
		{policy.Condition{Test: policy.SeriesMonth, Months: []int{6, 11}}, "the series is held in June and November"},
		{policy.Condition{Test: policy.NotPending}, "the result is not pending"},
		{policy.Condition{Test: "full-moon"}, "full-moon"},
	} {
		p := one(policy.Service{Service: "appeal", Eligible: []policy.Condition{row.condition}})
		require.Equal(t, row.words, said(t, p, "appeal, condition "+string(row.condition.Test)))
	}
	for _, test := range policy.Tests() {
		p := one(policy.Service{Service: "appeal", Eligible: []policy.Condition{{Test: test}}})
		require.NotEqual(t, string(test), said(t, p, "appeal, condition "+string(test)), "a test of rule files without words")
	}
}

func TestStatement_EachScopeInWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, scope := range policy.Scopes() {
		words := said(t, one(policy.Service{Service: "appeal", Scope: scope}), "appeal, scope")
		require.NotEqual(t, "one request is about "+string(scope), words, "a scope of rule files without words")
		require.False(t, seen[words], words)
		seen[words] = true
	}
}

// When a service opens depends on what it is asked about (domain §8.1, "published").
func TestStatement_FromWhenAServiceMayBeAskedFor(t *testing.T) {
	t.Parallel()
	for words, service := range map[string]policy.Service{
		"from when candidates have their results": {Window: policy.WindowRule{Anchor: policy.AnchorGCSERelease}},
		"from the publication of the outcome":     {Window: policy.WindowRule{Anchor: policy.AnchorOutcome}},
		"from the day of moderation":              {Window: policy.WindowRule{Anchor: policy.AnchorModeration}},
		"from receipt of the result":              {Window: policy.WindowRule{Anchor: policy.AnchorResult}},
		"at any time":                             {Window: policy.WindowRule{Anchor: policy.AnchorNone}, Scope: policy.WholeClaim},
	} {
		service.Service = "appeal"
		require.Equal(t, words, said(t, one(service), "appeal, opening"))
	}
	copied := policy.Service{Service: "appeal", Window: policy.WindowRule{Anchor: policy.AnchorNone}, Eligible: []policy.Condition{{Test: policy.OnlyAfter}}}
	require.Equal(t, "from the publication of the outcome", said(t, one(copied), "appeal, opening"), "a late copy without a last day")
}

func TestStatement_WhatAnOutcomeMayDo(t *testing.T) {
	t.Parallel()
	for words, effect := range map[string]policy.EffectRule{
		"marks and grades may rise and fall":                                                                                            {},
		"marks may rise and fall, the published grade does not fall in this series":                                                     {Protected: true},
		"marks and grades may rise and fall; a mark that fell counts when it is carried forward":                                        {CarryForward: true},
		"marks may rise and fall, the published grade does not fall in this series; a mark that fell counts when it is carried forward": {Protected: true, CarryForward: true},
	} {
		require.Equal(t, words, said(t, one(policy.Service{Service: "appeal", Effect: effect}), "appeal, effect"))
	}
}

// A clock is shown with everything that moves its end: the roll-forward, the cut-off, the pauses and the warnings.
func TestStatement_AClockWithAllThatMovesIt(t *testing.T) {
	t.Parallel()
	p := one(policy.Service{Service: "appeal", Clocks: []policy.ClockRule{{
		ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received,
		Span:     policy.Span{Amount: 1, Unit: policy.Months, RollForward: true, Cutoff: &calendar.TimeOfDay{Hour: 17}},
		PausedBy: []policy.Pause{policy.WaitingForSample, policy.Hold},
		Warn:     []policy.WarnRule{{DaysBefore: 3, At: calendar.TimeOfDay{Hour: 9}}, {HoursBefore: 4}},
	}}})
	require.Equal(t, "1 month (an end that is no working day moves to the next) (on the last day before 17:00) from receipt of the request (sla: the awarding body owes it; late is a breach)", said(t, p, "appeal, clock outcome"))
	require.Equal(t, "stands still for: waiting for the sample; on hold", said(t, p, "appeal, pauses of clock outcome"))
	require.Equal(t, "3 days before its last day, at 09:00", said(t, p, "appeal, warning of clock outcome"))
	require.Equal(t, "4 hours before its end", said(t, p, "appeal, warning of clock outcome 2"))
}

func TestStatement_FeesWithTheirExceptions(t *testing.T) {
	t.Parallel()
	p := one(policy.Service{Service: "appeal", Fees: []policy.FeeRule{{
		Code: "review", For: policy.ForRequest, Waiver: fee.Waiver{Strategy: fee.LinkedAwardGrade}, Unitised: &fee.Waiver{Strategy: fee.UnitGrade},
		Small: &policy.SmallCohort{UpTo: 5, Percent: 50}, InAdvance: []policy.Requester{policy.PrivateCandidate},
	}}})
	require.Equal(t, "for the request; "+fee.LinkedAwardGrade.Words(), said(t, p, "appeal, fee review"))
	require.Equal(t, fee.UnitGrade.Words(), said(t, p, "appeal, fee review of a unitised qualification"))
	require.Equal(t, "50 per cent of it for 5 candidates or fewer", said(t, p, "appeal, fee review for a small cohort"))
	require.Equal(t, "paid before the case begins: private-candidate", said(t, p, "appeal, fee review in advance"))
}

func TestStatement_TheRestOfAService(t *testing.T) {
	t.Parallel()
	p := one(policy.Service{
		Service: "appeal", Rank: "senior", Panel: &policy.PanelRule{Members: 3, Independent: 1},
		Decisions: []policy.DecisionWindow{{Of: []policy.Decision{policy.MalpracticeDecision, policy.AccessDecision}, Span: policy.Span{Amount: 14, Unit: policy.CalendarDays}}},
		Targets:   []policy.Target{{Clock: "outcome", By: policy.YearDay{Month: time.August, Day: 31}}, {Clock: "result", Span: policy.Span{Amount: 1, Unit: policy.Weeks}}},
		Script:    &policy.ScriptRule{HideDuringReview: true, IncludedCopy: true},
	})
	for rule, words := range map[string]string{
		"rank": "senior or above", "panel": "at least 3 people, 1 of them independent",
		"window against malpractice, access-arrangements": "14 calendar days from the decision",
		"goal of outcome": "by 31 August", "goal of result": "about 1 week", "documents": "none", "mails": "none",
		"script": "the original cannot be read during a review; the reviewed copy comes with the outcome",
	} {
		require.Equal(t, words, said(t, p, "appeal, "+rule))
	}
}

func TestStatement_WhatHoldsForAllServices(t *testing.T) {
	t.Parallel()
	p := policy.Policy{
		BodyName: "Cambria Awards", Body: "cambria", Fictional: true, Division: calendar.NorthernIreland,
		Closures: []policy.Closure{{From: calendar.Date{Year: 2026, Month: time.December, Day: 24}, To: calendar.Date{Year: 2027, Month: time.January, Day: 1}, Why: "Christmas"}},
		Series:   []policy.Series{{ID: "2026-11", Title: "November 2026"}},
	}
	require.Equal(t, "Cambria Awards (cambria), which does not exist: its figures are a demonstration's", said(t, p, "awarding body"))
	require.Equal(t, "Northern Ireland", said(t, p, "calendar"))
	require.Equal(t, "to 2027-01-01: Christmas", said(t, p, "closed from 2026-12-24"))
	require.Equal(t, "November 2026", said(t, p, "series 2026-11"), "a series whose dates nobody published")
	require.Equal(t, "in no month that is published", said(t, p, "invoices"))
}
