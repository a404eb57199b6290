package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

func outcome() policy.ClockRule {
	return policy.ClockRule{
		ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received,
		Span:     policy.Span{Amount: 20, Unit: policy.CalendarDays},
		PausedBy: []policy.Pause{policy.WaitingForSample},
		Warn:     []policy.WarnRule{{DaysBefore: 3, At: calendar.TimeOfDay{Hour: 9}}},
	}
}

func TestClockRule_CheckNamesTheClockAndTheMistake(t *testing.T) {
	t.Parallel()
	require.NoError(t, outcome().Check())
	for _, row := range []struct {
		spoil func(*policy.ClockRule)
		want  string
	}{
		{func(r *policy.ClockRule) { r.ID = "egg" }, `there is no clock "egg"`},
		{func(r *policy.ClockRule) { r.Kind = "egg" }, `the clock outcome is of no kind that there is: "egg"`},
		{func(r *policy.ClockRule) { r.Unit = "eggs" }, `the clock outcome: nothing is counted in "eggs"`},
		{func(r *policy.ClockRule) { r.Kind = casework.ClockRight }, "the clock outcome is a right and has nobody to warn"},
		{func(r *policy.ClockRule) { r.Warn[0].HoursBefore = 4 }, "the clock outcome: a warn point is given either in days or in hours"},
		{func(r *policy.ClockRule) { r.PausedBy[0] = "egg" }, `the clock outcome cannot be paused by "egg"`},
	} {
		r := outcome()
		row.spoil(&r)
		require.ErrorContains(t, r.Check(), row.want)
	}
}

func TestClockRule_EveryClockOfEveryKindCanBeWritten(t *testing.T) {
	t.Parallel()
	for _, id := range casework.ClockIDs() {
		for _, kind := range casework.ClockKinds() {
			r := outcome()
			r.ID, r.Kind = id, kind
			if kind != casework.ClockSLA {
				r.Warn = nil
			}
			require.NoError(t, r.Check(), "%s of kind %s", id, kind)
		}
	}
}

func TestPause_EveryCauseHasWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, cause := range policy.Pauses() {
		require.False(t, seen[cause.Words()], "%s", cause)
		require.Contains(t, cause.Words(), " ", "%s is an id, not words", cause)
		seen[cause.Words()] = true
	}
	require.Equal(t, "egg", policy.Pause("egg").Words())
}
