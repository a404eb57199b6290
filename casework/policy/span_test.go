package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

func TestSpan_CheckRefusesWhatCannotBeCounted(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) *calendar.TimeOfDay { return &calendar.TimeOfDay{Hour: hour, Minute: minute} }
	for _, row := range []struct {
		span policy.Span
		want string
	}{
		{policy.Span{Amount: 20, Unit: policy.CalendarDays}, ""},
		{policy.Span{Amount: 20, Unit: policy.WorkingDays, RollForward: true, Cutoff: at(17, 0)}, ""},
		{policy.Span{Amount: 5000, Unit: policy.Hours}, ""},
		{policy.Span{Amount: 1, Unit: policy.Weeks, Cutoff: at(0, 1)}, ""},
		{policy.Span{Amount: 20}, `nothing is counted in ""; the units are [calendar-days working-days weeks months hours]`},
		{policy.Span{Amount: 20, Unit: "days"}, `nothing is counted in "days"`},
		{policy.Span{Amount: 0, Unit: policy.Months}, "the amount is 1 to 5000; 0 is not"},
		{policy.Span{Amount: -1, Unit: policy.Months}, "-1 is not"},
		{policy.Span{Amount: 5001, Unit: policy.Hours}, "5001 is not"},
		{policy.Span{Amount: 24, Unit: policy.Hours, RollForward: true}, "hours end at an instant"},
		{policy.Span{Amount: 24, Unit: policy.Hours, Cutoff: at(17, 0)}, "hours end at an instant"},
		{policy.Span{Amount: 20, Unit: policy.CalendarDays, Cutoff: at(0, 0)}, "a cut-off of 00:00 leaves nothing of the last day"},
		{policy.Span{Amount: 20, Unit: policy.CalendarDays, Cutoff: at(1, 30)}, "cut off at another time than 01:30"},
	} {
		err := row.span.Check()
		if row.want == "" {
			require.NoError(t, err, "%+v", row.span)
			continue
		}
		require.ErrorContains(t, err, row.want)
	}
}

func TestSpan_WordsAreForPeople(t *testing.T) {
	t.Parallel()
	for want, span := range map[string]policy.Span{
		"20 calendar days": {Amount: 20, Unit: policy.CalendarDays},
		"1 calendar day":   {Amount: 1, Unit: policy.CalendarDays},
		"25 working days":  {Amount: 25, Unit: policy.WorkingDays},
		"5 weeks":          {Amount: 5, Unit: policy.Weeks},
		"6 months":         {Amount: 6, Unit: policy.Months},
		"1 month":          {Amount: 1, Unit: policy.Months},
		"24 hours":         {Amount: 24, Unit: policy.Hours},
	} {
		require.Equal(t, want, span.Words())
	}
}

func TestSpan_FullWordsSayWhatElseDecidesTheEnd(t *testing.T) {
	t.Parallel()
	five := calendar.TimeOfDay{Hour: 17}
	span := policy.Span{Amount: 5, Unit: policy.Weeks}
	require.Equal(t, "5 weeks", span.FullWords())
	span.RollForward, span.Cutoff = true, &five
	require.Equal(t, "5 weeks (an end that is no working day moves to the next) (on the last day before 17:00)", span.FullWords())
}

// TestSpan_EveryUnitThatThereIsCanBeCountedAndNamed: no unit is forgotten when one is added.
func TestSpan_EveryUnitThatThereIsCanBeCountedAndNamed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SampledFrom(policy.Units()).Draw(t, "unit")
		other := rapid.SampledFrom(policy.Units()).Draw(t, "other")
		amount := rapid.IntRange(1, 5000).Draw(t, "amount")
		span := policy.Span{Amount: amount, Unit: one}
		require.NoError(t, span.Check())
		require.Equal(t, one == other, span.Words() == policy.Span{Amount: amount, Unit: other}.Words())
	})
}
