package docket_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

// waiting is a case that waited for a sample, and waits because of a suspicion.
func waiting() docket.Case {
	day := func(n int) time.Time { return time.Date(2026, 9, n, 9, 0, 0, 0, time.UTC) }
	return docket.Case{
		Holds: []docket.Hold{
			{
				Number: 1, Cause: casework.HoldSample, Reason: "We asked for the sample.", AskedBy: "cw-1", ApprovedBy: "cw-2", ApproverName: "Dilys Rowe",
				BeganAt: day(2), EndedAt: day(3), EndedBy: "cw-1", EndReason: "It came.", Delivered: true,
			},
			{Number: 2, Cause: casework.HoldMalpractice, Reason: "Malpractice: seat 14.", AskedBy: "recourse", BeganAt: day(4), EndReason: "Malpractice: no case."},
		},
		Clocks: []docket.Clock{{Clock: deadline.Clock{
			ID: casework.ClockOutcome, Kind: casework.ClockSLA, Span: policy.Span{Amount: 10, Unit: policy.CalendarDays}, StartedAt: day(1), Ends: day(20), OriginalEnds: day(20),
			PausedBy: []policy.Pause{casework.HoldSample, casework.HoldMalpractice},
			Pauses: []deadline.Pause{
				{Cause: casework.HoldSample, Why: "We asked for the sample.", ApprovedBy: "cw-2", From: day(2), Until: day(3)},
				{Cause: casework.HoldMalpractice, Why: "Malpractice: seat 14.", ApprovedBy: "cw-2", From: day(4)},
			},
		}}},
	}
}

func TestForCentre_NamesNobodyAndNoSuspicion(t *testing.T) {
	t.Parallel()
	told := waiting().ForCentre()
	require.NotRegexp(t, `(?i)malpractice|seat 14|cw-1|cw-2|Dilys`, fmt.Sprintf("%+v", told))
	require.Equal(t, "We asked for the sample.", told.Holds[0].Reason, "why a sample is asked for the centre reads")
	require.Equal(t, "It came.", told.Holds[0].EndReason)
	require.Equal(t, casework.HoldPending, told.Holds[1].Cause)
	require.Equal(t, "We asked for the sample.", told.Clocks[0].Pauses[0].Why)
}

// The clock counts for the centre as it counts for everybody, and its worksheet has no other words either.
func TestForCentre_TheClockStandsStillAllTheSame(t *testing.T) {
	t.Parallel()
	whole := waiting()
	told := whole.ForCentre()
	require.True(t, told.Clocks[0].Standing())
	require.Equal(t, whole.Clocks[0].State(whole.Clocks[0].Ends), told.Clocks[0].State(whole.Clocks[0].Ends))
	working, err := calendar.NewWorking(calendar.EnglandAndWales)
	require.NoError(t, err)
	inside, err := whole.Clocks[0].Worksheet(working)
	require.NoError(t, err)
	days, err := told.Clocks[0].Worksheet(working)
	require.NoError(t, err)
	require.Len(t, days, len(inside))
	for i, day := range days {
		require.Equal(t, inside[i].Counts, day.Counts)
		require.NotRegexp(t, `(?i)malpractice|seat 14`, day.Why)
	}
	require.Contains(t, days[3].Why, "the result is pending, the clock stands still.")
}

func TestForCentre_LeavesTheCaseAsItIs(t *testing.T) {
	t.Parallel()
	whole := waiting()
	require.NotEqual(t, whole, whole.ForCentre())
	require.Equal(t, waiting(), whole)
	require.Equal(t, whole.ForCentre(), whole.ForCentre().ForCentre())
	require.Equal(t, docket.Case{}, docket.Case{}.ForCentre())
}
