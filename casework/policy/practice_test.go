package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// domain §8.3, reading 4: a threshold by marks, in either direction, and never by a grade.
func TestSecondLookRule_CountsMarksInEitherDirection(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		rule                   policy.SecondLookRule
		before, after, maximum int
		want                   bool
	}{
		{policy.SecondLookRule{Marks: 8}, 40, 47, 80, false},
		{policy.SecondLookRule{Marks: 8}, 40, 48, 80, true},
		{policy.SecondLookRule{Marks: 8}, 48, 40, 80, true},
		{policy.SecondLookRule{Percent: 10}, 40, 47, 80, false},
		{policy.SecondLookRule{Percent: 10}, 40, 48, 80, true},
		{policy.SecondLookRule{Percent: 10}, 4, 3, 9, true},
		{policy.SecondLookRule{Marks: 20, Percent: 10}, 40, 48, 80, true},
		{policy.SecondLookRule{Marks: 5, Percent: 90}, 40, 45, 80, true},
		{policy.SecondLookRule{}, 0, 80, 80, false},
	} {
		require.Equal(t, row.want, row.rule.Reaches(row.before, row.after, row.maximum), "%+v", row)
	}
}

func TestSecondLookRule_NoChangeNeverReachesIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := policy.SecondLookRule{Marks: rapid.IntRange(0, 50).Draw(t, "marks"), Percent: rapid.IntRange(0, 100).Draw(t, "percent")}
		maximum := rapid.IntRange(1, 400).Draw(t, "maximum")
		mark := rapid.IntRange(0, maximum).Draw(t, "mark")
		require.False(t, rule.Reaches(mark, mark, maximum))
		other := rapid.IntRange(0, maximum).Draw(t, "other")
		require.Equal(t, rule.Reaches(mark, other, maximum), rule.Reaches(other, mark, maximum), "up or down")
	})
}

func TestPractice_FindsItsPartsByKindAndUnit(t *testing.T) {
	t.Parallel()
	nine := policy.WarnRule{DaysBefore: 1, At: calendar.TimeOfDay{Hour: 9}}
	p := policy.Practice{
		Tasks: []policy.TaskPractice{{Kind: casework.TaskReview, Ahead: 2}},
		Chase: []policy.WarnRule{nine, {HoursBefore: 12}, {HoursBefore: 4}},
	}
	task, ok := p.Task(casework.TaskReview)
	require.True(t, ok)
	require.Equal(t, 2, task.Ahead)
	_, ok = p.Task(casework.TaskSecondLook)
	require.False(t, ok)
	require.Equal(t, []policy.WarnRule{{HoursBefore: 12}, {HoursBefore: 4}}, p.ChasesOf(policy.Hours))
	require.Equal(t, []policy.WarnRule{nine}, p.ChasesOf(policy.WorkingDays))
}

func TestQuiet_IsWrittenAsOneText(t *testing.T) {
	t.Parallel()
	quiet := policy.Quiet{From: calendar.TimeOfDay{Hour: 20}, Until: calendar.TimeOfDay{Hour: 7, Minute: 30}}
	for text, want := range map[string]policy.Quiet{"20:00-07:30": quiet, "": {}} {
		got, err := policy.ParseQuiet(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for _, wrong := range []string{"20:00", "20:00–07:30", "20:00-25:00", "8:00-07:30 ", "20:00/07:30"} {
		_, err := policy.ParseQuiet(wrong)
		require.Error(t, err, wrong)
	}
}

func TestQuiet_ChecksItself(t *testing.T) {
	t.Parallel()
	at := func(hour int) calendar.TimeOfDay { return calendar.TimeOfDay{Hour: hour} }
	require.NoError(t, policy.Quiet{}.Check())
	require.NoError(t, policy.Quiet{From: at(20), Until: at(7)}.Check())
	require.ErrorContains(t, policy.Quiet{From: at(20), Until: at(20)}.Check(), "none; leave them out")
	require.ErrorContains(t, policy.Quiet{From: at(1), Until: at(7)}.Check(), "skip or repeat the hour")
	require.ErrorContains(t, policy.Quiet{From: at(20), Until: at(1)}.Check(), "skip or repeat the hour")
	require.Zero(t, policy.Quiet{}.Wait(time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC)), "no hours, no wait")
	daytime := policy.Quiet{From: at(12), Until: at(14)}
	require.Equal(t, time.Hour, daytime.Wait(time.Date(2026, 12, 1, 13, 0, 0, 0, time.UTC)), "they may lie within one day")
	require.Zero(t, daytime.Wait(time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC)))
	require.Zero(t, daytime.Wait(time.Date(2026, 12, 1, 11, 59, 0, 0, time.UTC)))
}

func TestCaseClock_KnowsTheGoalsBesideAPromise(t *testing.T) {
	t.Parallel()
	promise := policy.ClockRule{ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received, Span: policy.Span{Amount: 20, Unit: policy.CalendarDays}}
	p := policy.Policy{Services: []policy.Service{{
		Service: casework.ReviewOfMarking, Clocks: []policy.ClockRule{promise},
		Targets: []policy.Target{
			{Clock: casework.ClockOutcome, By: policy.YearDay{Month: time.August, Day: 31}},
			{Clock: casework.ClockOutcome, Span: policy.Span{Amount: 1, Unit: policy.Weeks}},
		},
	}}}
	rule, ok := p.CaseClock(casework.ReviewOfMarking, casework.TargetOf(casework.ClockOutcome, 2))
	require.True(t, ok)
	require.Equal(t, casework.ClockTarget, rule.Kind)
	require.Equal(t, policy.Received, rule.Starts)
	require.NoError(t, rule.Check())
	_, ok = p.CaseClock(casework.ReviewOfMarking, casework.TargetOf(casework.ClockOutcome, 1))
	require.False(t, ok, "a day of the year is no span from the start")
	_, ok = p.CaseClock(casework.ReviewOfMarking, casework.TargetOf(casework.ClockScript, 1))
	require.False(t, ok)
	_, ok = p.CaseClock(casework.ClericalCheck, casework.TargetOf(casework.ClockOutcome, 1))
	require.False(t, ok)
}
