package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// worded holds that every value has words of its own and that one that nobody knows is shown as it is.
func worded[T ~string](t *testing.T, words func(T) string, values ...T) {
	t.Helper()
	seen := map[string]bool{}
	for _, v := range values {
		require.NotEqual(t, string(v), words(v), "%q", v)
		require.False(t, seen[words(v)], "%q reads like another", v)
		seen[words(v)] = true
	}
	require.Equal(t, "new-value", words("new-value"))
}

func TestWords_EveryValueOfARuleFileHasItsOwn(t *testing.T) {
	t.Parallel()
	worded(t, policy.Anchor.Words, policy.Anchors()...)
	worded(t, policy.Event.Words, policy.Events()...)
	worded(t, policy.Requester.Words, policy.Requesters()...)
	worded(t, policy.ConsentNeed.Words, policy.ConsentNeeds()...)
	worded(t, policy.CancelUntil.Words, policy.CancelUntils()...)
	worded(t, policy.FeeFor.Words, policy.FeeFors()...)
	worded(t, func(id casework.ClockID) string { return policy.ClockRule{ID: id}.Title() }, casework.ClockIDs()...)
}

// Domain §1.1 and §5.5: amount, unit, start, and what else moves the end.
func TestWords_ARuleIsASentencePart(t *testing.T) {
	t.Parallel()
	noon := calendar.TimeOfDay{Hour: 12}
	days := func(n int, unit policy.Unit) policy.Span { return policy.Span{Amount: n, Unit: unit} }
	for want, rule := range map[string]policy.ClockRule{
		"20 calendar days from receipt of the request":                               {Span: days(20, policy.CalendarDays), Starts: policy.Received},
		"25 working days from acceptance of the request":                             {Span: days(25, policy.WorkingDays), Starts: policy.Accepted},
		"1 week (on the last day before 12:00) from publication of the results":      {Span: policy.Span{Amount: 1, Unit: policy.Weeks, Cutoff: &noon}, Starts: policy.ResultsPublished},
		"3 months (an end that is no working day moves to the next) from moderation": {Span: policy.Span{Amount: 3, Unit: policy.Months, RollForward: true}, Starts: policy.Moderated},
		"24 hours from publication of the outcome":                                   {Span: days(24, policy.Hours), Starts: policy.OutcomePublished},
	} {
		require.Equal(t, want, rule.Words())
	}
	for want, rule := range map[string]policy.WindowRule{
		"35 calendar days from GCSE results day":          {Anchor: policy.AnchorGCSERelease, Span: days(35, policy.CalendarDays)},
		"14 calendar days from the outcome":               {Anchor: policy.AnchorOutcome, Span: days(14, policy.CalendarDays)},
		"no last day":                                     {Anchor: policy.AnchorNone},
		"a last day that only the series' key dates give": {Anchor: policy.AnchorKeyDate},
	} {
		require.Equal(t, want, rule.Words())
	}
}
