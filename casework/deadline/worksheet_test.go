package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
)

func TestWorksheet_CountsEveryCalendarDayFromTheDayAfterTheStart(t *testing.T) {
	t.Parallel()
	sheet := deadline.Start(days(10), instant(t, "2026-09-24T10:15:00Z")).Worksheet()
	require.Len(t, sheet, 11)
	require.Equal(t, "2026-09-24", sheet[0].Date.String())
	require.False(t, sheet[0].Counts)
	require.Equal(t, "2026-09-25", sheet[1].Date.String())
	require.Equal(t, 1, sheet[1].Number)
	require.Equal(t, "2026-10-04", sheet[10].Date.String())
	require.Equal(t, 10, sheet[10].Number)
	require.Contains(t, sheet[10].Why, "23:59:59")
}

func TestWorksheet_ShowsTheHourThatAClockChangeTakesOrGives(t *testing.T) {
	t.Parallel()
	autumn := deadline.Start(hours(48), instant(t, "2026-10-24T12:00:00Z")).Worksheet()
	require.Equal(t, []time.Duration{11 * time.Hour, 25 * time.Hour, 12 * time.Hour}, elapsed(autumn))
	spring := deadline.Start(hours(48), instant(t, "2026-03-28T12:00:00Z")).Worksheet()
	require.Equal(t, []time.Duration{12 * time.Hour, 23 * time.Hour, 13 * time.Hour}, elapsed(spring))
}

func elapsed(sheet []deadline.Day) []time.Duration {
	var sums []time.Duration
	for _, day := range sheet {
		sums = append(sums, day.Elapsed)
	}
	return sums
}

func TestWorksheet_AddsUpToTheAmountAndEndsWithTheClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := deadline.Start(drawRule(t), drawInstant(t))
		sheet := clock.Worksheet()
		counted, sum := 0, time.Duration(0)
		for i, day := range sheet {
			require.NotEmpty(t, day.Why)
			if i > 0 {
				require.Equal(t, sheet[i-1].Date.AddDays(1), day.Date, "no date is left out")
			}
			if day.Counts && clock.Unit == deadline.CalendarDays {
				counted++
				require.Equal(t, counted, day.Number)
			}
			sum += day.Elapsed
		}
		require.Equal(t, calendar.DateOf(clock.StartedAt), sheet[0].Date)
		require.Equal(t, calendar.DateOf(clock.Ends.Add(-1)), sheet[len(sheet)-1].Date)
		if clock.Unit == deadline.CalendarDays {
			require.Equal(t, clock.Amount, counted)
			require.Zero(t, sum)
		} else {
			require.Equal(t, time.Duration(clock.Amount)*time.Hour, sum)
		}
	})
}

func TestClock_PlanOfEachKind(t *testing.T) {
	t.Parallel()
	clock := deadline.Start(days(10), instant(t, "2026-09-24T10:15:00Z"))
	require.Equal(t, casework.Plan{
		{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: instant(t, "2026-10-01T08:00:00Z")},
		{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: instant(t, "2026-10-04T23:00:00Z")},
	}, clock.Plan(casework.ReceiptGrace), "an sla clock warns and is breached, without grace")

	clock.ID, clock.Kind, clock.Warn = casework.ClockWindow, casework.ClockRight, nil
	require.Equal(t, casework.Plan{
		{Clock: casework.ClockWindow, Act: casework.ActExpire, At: clock.Ends, Grace: casework.ReceiptGrace},
	}, clock.Plan(casework.ReceiptGrace), "a right expires silently, after the grace")

	for _, kind := range []casework.ClockKind{casework.ClockDuty, casework.ClockTarget} {
		clock.Kind = kind
		require.Empty(t, clock.Plan(casework.ReceiptGrace), "nothing happens by itself")
	}
}
