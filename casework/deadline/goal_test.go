package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

var aWeek = policy.Target{
	Clock: casework.ClockOutcome, Span: policy.Span{Amount: 1, Unit: policy.Weeks},
	Provenance: policy.Provenance{Clause: "About a week", Source: "Web page"},
}

// domain §8.1: a target is a goal such as a week or 31 August: shown, never a breach.
func TestGoal_IsAClockOfItsOwnThatNeverAlarms(t *testing.T) {
	t.Parallel()
	goal, ok, err := deadline.Goal(aWeek, aWeek.Rule(1, policy.Received), england(t), instant(t, "2026-09-24T10:15"), 2026)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, casework.ClockID("outcome-target"), goal.ID)
	require.Equal(t, casework.ClockOutcome, goal.ID.Goals())
	require.Equal(t, casework.ClockTarget, goal.Kind)
	require.Equal(t, "2026-10-01T23:59:59", local(goal.Due()))
	require.Equal(t, "About a week", goal.Clause)
	require.Empty(t, goal.Plan(casework.ReceiptGrace))
	require.False(t, goal.Breached(goal.Ends.Add(time.Hour)))
}

func TestGoal_OfADayOfTheYearIsThatOfTheResults(t *testing.T) {
	t.Parallel()
	august := aWeek
	august.Span, august.By = policy.Span{}, policy.YearDay{Month: time.August, Day: 31}
	goal, ok, err := deadline.Goal(august, august.Rule(2, policy.Received), calendar.Working{}, instant(t, "2026-08-20T10:15"), 2026)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "2026-08-31T23:59:59", local(goal.Due()))
	require.Equal(t, casework.ClockID("outcome-target-2"), goal.ID)
	require.Equal(t, casework.ClockOutcome, goal.ID.Goals())
	_, ok, err = deadline.Goal(august, august.Rule(2, policy.Received), calendar.Working{}, instant(t, "2026-09-01T00:00"), 2026)
	require.NoError(t, err)
	require.False(t, ok, "nobody can reach it any more")
}

func TestGoal_BeyondTheCalendarIsAnError(t *testing.T) {
	t.Parallel()
	far := aWeek
	far.Span = policy.Span{Amount: 4000, Unit: policy.WorkingDays}
	_, ok, err := deadline.Goal(far, far.Rule(1, policy.Received), england(t), instant(t, "2026-08-20T10:15"), 2026)
	var outside *calendar.OutsideError
	require.ErrorAs(t, err, &outside)
	require.False(t, ok)
}
