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

func TestStart_CarriesItsRule(t *testing.T) {
	t.Parallel()
	r := rule(10, deadline.WorkingDays)
	clock := start(t, r, england(t), instant(t, "2026-09-24T10:15+01:00"))
	require.Equal(t, casework.ClockOutcome, clock.ID)
	require.Equal(t, casework.ClockSLA, clock.Kind)
	require.Equal(t, policy.Span{Amount: 10, Unit: deadline.WorkingDays}, clock.Span)
	require.Equal(t, calendar.EnglandAndWales, clock.Division)
	require.Equal(t, r.Warn, clock.WarnRules)
	require.Equal(t, r.PausedBy, clock.PausedBy)
	require.Equal(t, time.UTC, clock.StartedAt.Location())
	require.Equal(t, []any{"clause 3.1", "Regulations", true}, []any{clock.Clause, clock.Source, clock.Confirmed})
	r.Warn[0].DaysBefore, r.PausedBy[0] = 9, policy.Hold
	require.Equal(t, 3, clock.WarnRules[0].DaysBefore, "a later rule never moves the clock")
	require.Equal(t, policy.WaitingForSample, clock.PausedBy[0])
}

func TestStart_WarnsThreeDaysBeforeTheDueDayAtNineInLondon(t *testing.T) {
	t.Parallel()
	summer := start(t, rule(20, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	require.Equal(t, []time.Time{instant(t, "2026-10-11T08:00Z")}, summer.Warn)
	winter := start(t, rule(35, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	require.Equal(t, []time.Time{instant(t, "2026-10-26T09:00Z")}, winter.Warn)
}

func TestStart_AWarnPointThatHasPassedIsLeftOut(t *testing.T) {
	t.Parallel()
	require.Empty(t, start(t, rule(2, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15")).Warn)
	require.Empty(t, start(t, hours(4), england(t), instant(t, "2026-09-24T10:15")).Warn, "a warning at the start itself says nothing")
	twice := hours(24)
	twice.Warn = []policy.WarnRule{{HoursBefore: 12}, {HoursBefore: 4}, {HoursBefore: 12}}
	require.Len(t, start(t, twice, england(t), instant(t, "2026-09-24T10:15")).Warn, 2, "an instant is a warn point once")
}

func TestClock_PlanOfEachKind(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	require.Equal(t, casework.Plan{
		{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: instant(t, "2026-10-01T09:00")},
		{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: instant(t, "2026-10-05T00:00")},
	}, clock.Plan(casework.ReceiptGrace), "an sla clock warns and is breached, without grace")

	met, err := clock.Meet(instant(t, "2026-09-30T12:00"))
	require.NoError(t, err)
	require.Empty(t, met.Plan(casework.ReceiptGrace), "nothing is left to do about a clock that was met")
	require.Empty(t, pause(t, clock, "2026-09-30T12:00", policy.WaitingForSample).Plan(0), "nor about one that stands still")

	clock.ID, clock.Kind, clock.Warn = casework.ClockWindow, casework.ClockRight, nil
	require.Equal(t, casework.Plan{
		{Clock: casework.ClockWindow, Act: casework.ActExpire, At: clock.Ends, Grace: casework.ReceiptGrace},
	}, clock.Plan(casework.ReceiptGrace), "a right expires silently, after the grace")

	clock.ID, clock.Kind, clock.Warn = casework.ClockSample, casework.ClockDuty, []time.Time{instant(t, "2026-09-30T09:00").UTC()}
	require.Equal(t, casework.Plan{
		{Clock: casework.ClockSample, Act: casework.ActChase, At: clock.Warn[0]},
		{Clock: casework.ClockSample, Act: casework.ActLapse, At: clock.Ends, Grace: casework.ReceiptGrace},
	}, clock.Plan(casework.ReceiptGrace), "a duty is chased and lapses, after the grace in which what was sent in time may arrive")

	clock.Kind = casework.ClockTarget
	require.Empty(t, clock.Plan(casework.ReceiptGrace), "a goal is only shown")
}

func TestClock_IsBreachedAtItsEndUnlessItWasMetInTime(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	last, end := clock.Ends.Add(-1), clock.Ends
	require.False(t, clock.Breached(last))
	require.True(t, clock.Breached(end))

	inTime, err := clock.Meet(last)
	require.NoError(t, err)
	require.False(t, inTime.Breached(end.Add(time.Hour)))
	late, err := clock.Meet(end)
	require.NoError(t, err)
	require.False(t, late.Breached(last), "not before its end")
	require.True(t, late.Breached(end.Add(time.Hour)), "done late is not done in time")

	for _, kind := range []casework.ClockKind{casework.ClockDuty, casework.ClockRight, casework.ClockTarget} {
		clock.Kind = kind
		require.False(t, clock.Breached(end), "only an sla is breached, a %s is not", kind)
		require.False(t, clock.InTime(end))
	}
}

func TestClock_IsWarnedUntilItIsMet(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	require.False(t, clock.Warned(clock.Warn[0].Add(-1)))
	require.True(t, clock.Warned(clock.Warn[0]))
	met, err := clock.Meet(clock.Warn[0].Add(-1))
	require.NoError(t, err)
	require.False(t, met.Warned(clock.Ends))
	met, err = clock.Meet(clock.Warn[0].Add(1))
	require.NoError(t, err)
	require.True(t, met.Warned(clock.Ends))
}

// domain §8.1: a clock is started, paused, resumed, met, breached or cancelled.
func TestClock_WhatIsCancelledIsOver(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	cancelled, err := clock.Cancel(instant(t, "2026-09-28T12:00"))
	require.NoError(t, err)
	require.True(t, cancelled.Over())
	require.False(t, clock.Over(), "the clock itself is plain data and stays")
	require.Empty(t, cancelled.Plan(casework.ReceiptGrace))
	require.False(t, cancelled.Breached(clock.Ends), "nobody asks for it any more")
	require.False(t, cancelled.Warned(clock.Ends))

	_, err = cancelled.Cancel(instant(t, "2026-09-29T12:00"))
	require.EqualError(t, err, "the clock outcome was cancelled already, at 2026-09-28T11:00:00Z")
	_, err = cancelled.Meet(instant(t, "2026-09-29T12:00"))
	require.ErrorContains(t, err, "cancelled already")
	_, err = clock.Cancel(instant(t, "2026-09-24T10:14"))
	require.ErrorContains(t, err, "cannot be cancelled at 2026-09-24T09:14:00Z, before it starts")
	_, err = cancelled.Pause(instant(t, "2026-09-29T12:00"), policy.WaitingForSample, "", "")
	require.ErrorContains(t, err, "it was cancelled at")
	met, err := clock.Meet(instant(t, "2026-09-28T12:00"))
	require.NoError(t, err)
	_, err = met.Cancel(instant(t, "2026-09-29T12:00"))
	require.ErrorContains(t, err, "met already", "what was done stays done")

	late, err := clock.Cancel(clock.Ends)
	require.NoError(t, err)
	require.True(t, late.Breached(clock.Ends.Add(1)), "it had run out before")
}

func TestClock_IsMetOnceAndNotBeforeItStarts(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	_, err := clock.Meet(instant(t, "2026-09-24T10:14"))
	require.ErrorContains(t, err, "before it starts")
	met, err := clock.Meet(instant(t, "2026-09-24T10:15"))
	require.NoError(t, err)
	require.True(t, clock.MetAt.IsZero(), "the clock itself is plain data and stays")
	_, err = met.Meet(instant(t, "2026-09-25T10:15"))
	require.EqualError(t, err, "the clock outcome was met already, at 2026-09-24T09:15:00Z")
}
