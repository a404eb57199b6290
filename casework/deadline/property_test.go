package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

func TestStart_IsMonotoneInStartAndAmount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, w, early := drawRule(t), drawWorking(t), drawInstant(t)
		late := early.Add(time.Duration(rapid.Int64Range(0, int64(1000*time.Hour)).Draw(t, "later")))
		first, second := start(t, r, w, early), start(t, r, w, late)
		require.False(t, second.Ends.Before(first.Ends), "a later start never ends earlier")
		longer := r
		longer.Amount++
		third := start(t, longer, w, early)
		require.False(t, third.Ends.Before(first.Ends), "a greater amount never ends earlier")
		require.True(t, r.RollForward || third.Ends.After(first.Ends), "and ends later unless both roll to one day")
		require.True(t, first.Ends.After(early))
		for _, warn := range first.Warn {
			require.True(t, warn.After(early) && warn.Before(first.Ends))
		}
	})
}

// TestStart_DaysEndAtLondonsMidnightOrTheCutOff, whatever clock changes lie on the way.
func TestStart_DaysEndAtLondonsMidnightOrTheCutOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, w, at := drawRule(t), drawWorking(t), drawInstant(t)
		clock := start(t, r, w, at)
		ends := clock.Ends.In(calendar.London())
		switch {
		case r.Unit == deadline.Hours:
			require.Equal(t, time.Duration(r.Amount)*time.Hour, clock.Ends.Sub(at))
		case r.Cutoff != nil:
			require.Equal(t, r.Cutoff.String()+":00", ends.Format(time.TimeOnly))
		default:
			require.Equal(t, "00:00:00", ends.Format(time.TimeOnly))
			require.Equal(t, "23:59:59", clock.Due().In(calendar.London()).Format(time.TimeOnly))
		}
		if r.Unit == deadline.WorkingDays || r.RollForward {
			works, err := w.Works(calendar.DateOf(clock.Due()))
			require.NoError(t, err)
			require.True(t, works, "it ends on a working day")
		}
	})
}

func TestStart_AddingAHolidayNeverBringsADateForward(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, at, closures := drawRule(t), drawInstant(t), drawClosures(t)
		division := rapid.SampledFrom(calendar.Divisions()).Draw(t, "division")
		extra := calendar.DateOf(at).AddDays(rapid.IntRange(-5, 150).Draw(t, "extra"))
		fewer := start(t, r, working(t, division, closures...), at)
		more := start(t, r, working(t, division, append(closures, calendar.Closure{From: extra, To: extra, Why: "Proclaimed."})...), at)
		require.False(t, more.Ends.Before(fewer.Ends))
		if r.Unit != deadline.WorkingDays && !r.RollForward {
			require.Equal(t, fewer.Ends, more.Ends, "what does not ask the calendar is not moved by it")
		}
	})
}

// drawPauses draws pauses of a clock, some of causes that leave it running, some overlapping, and returns the clock
// as it runs after all of them.
func drawPauses(t *rapid.T, c deadline.Clock, w calendar.Working) deadline.Clock {
	at := c.StartedAt
	var lasting []policy.Pause
	later := func(label string) time.Time {
		return at.Add(time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, label)))
	}
	for range rapid.IntRange(1, 5).Draw(t, "pauses") {
		cause := rapid.SampledFrom(policy.Pauses()).Draw(t, "cause")
		if paused, err := c.Pause(later("pause"), cause, "", ""); err == nil {
			c, lasting = paused, append(lasting, cause)
			at = paused.Pauses[len(paused.Pauses)-1].From
		}
		if len(lasting) > 0 && rapid.Bool().Draw(t, "resume") {
			at = later("resume")
			c, lasting = mustResume(t, c, w, lasting[0], at), lasting[1:]
		}
	}
	for _, cause := range lasting {
		at = later("end")
		c = mustResume(t, c, w, cause, at)
	}
	return c
}

func mustResume(t *rapid.T, c deadline.Clock, w calendar.Working, cause policy.Pause, at time.Time) deadline.Clock {
	resumed, err := c.Resume(w, cause, at)
	require.NoError(t, err)
	return resumed
}

func TestResume_APauseNeverBringsADateForwardAndMovesDaysByWholeDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, w := drawRule(t), drawWorking(t)
		running := start(t, r, w, drawInstant(t))
		clock := drawPauses(t, running, w)
		require.False(t, clock.Standing())
		require.False(t, clock.Ends.Before(running.Ends))
		require.Equal(t, running.Ends, clock.OriginalEnds)
		for _, p := range clock.Pauses {
			if clock.Stops(p.Cause) && p.From.Before(p.Until) {
				require.False(t, p.From.Before(clock.Ends) && clock.Ends.Before(p.Until), "it never ends while it stands")
			}
		}
		if r.Unit == deadline.Hours {
			ran := time.Duration(0)
			for _, day := range sheet(t, clock, w) {
				ran += day.Elapsed
			}
			require.Equal(t, time.Duration(r.Amount)*time.Hour, ran, "what was left is left")
			return
		}
		before, after := running.Ends.In(calendar.London()), clock.Ends.In(calendar.London())
		require.Equal(t, before.Format(time.TimeOnly), after.Format(time.TimeOnly), "whole days")
	})
}

func TestResume_APauseOfNoLengthChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, w := drawRule(t), drawWorking(t)
		clock := start(t, r, w, drawInstant(t))
		if rapid.Bool().Draw(t, "paused before") {
			clock = drawPauses(t, clock, w)
		}
		at := clock.StartedAt
		for _, p := range clock.Pauses {
			if p.Until.After(at) {
				at = p.Until
			}
		}
		at = at.Add(time.Duration(rapid.Int64Range(0, int64(300*time.Hour)).Draw(t, "at")))
		cause := rapid.SampledFrom(policy.Pauses()).Draw(t, "cause")
		paused, err := clock.Pause(at, cause, "", "")
		if err != nil {
			require.False(t, clock.InTime(at), "%v", err)
			return
		}
		resumed := mustResume(t, paused, w, cause, at)
		require.Len(t, resumed.Pauses, len(clock.Pauses)+1)
		resumed.Pauses = clock.Pauses
		require.Equal(t, clock, resumed)
	})
}

func TestWorksheet_AddsUpToTheAmountAndEndsWithTheClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, w := drawRule(t), drawWorking(t)
		clock := start(t, r, w, drawInstant(t))
		if rapid.Bool().Draw(t, "pauses") {
			clock = drawPauses(t, clock, w)
		}
		days := sheet(t, clock, w)
		counted, sum := 0, time.Duration(0)
		for i, day := range days {
			require.NotEmpty(t, day.Why)
			if i > 0 {
				require.Equal(t, days[i-1].Date.AddDays(1), day.Date, "no date is left out")
			}
			if day.Counts {
				counted++
				require.True(t, r.Unit == deadline.Hours || day.Number == counted)
			}
			sum += day.Elapsed
		}
		first := calendar.DateOf(clock.StartedAt)
		require.Equal(t, first, days[0].Date)
		require.Equal(t, calendar.DateOf(clock.Ends.Add(-1)), days[len(days)-1].Date)
		switch r.Unit {
		case deadline.CalendarDays, deadline.WorkingDays:
			require.Equal(t, r.Amount, counted)
		case deadline.Weeks:
			require.Equal(t, 7*r.Amount, counted)
		case deadline.Months:
			require.Equal(t, first.AddMonths(r.Amount).DaysSince(first), counted, "every day up to the end")
		case deadline.Hours:
			require.Equal(t, time.Duration(r.Amount)*time.Hour, sum)
		}
	})
}

// TestClock_WhatIsStoredIsEnoughToResumeIt: only exported fields decide.
func TestClock_WhatIsStoredIsEnoughToResumeIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorking(t)
		clock := start(t, drawRule(t), w, drawInstant(t))
		paused, err := clock.Pause(clock.StartedAt.Add(time.Minute), policy.WaitingForSample, "The centre was told.", "cw-2")
		require.NoError(t, err)
		stored := deadline.Clock{
			ID: paused.ID, Kind: paused.Kind, Span: paused.Span, LastDay: paused.LastDay, Division: paused.Division, StartedAt: paused.StartedAt,
			Ends: paused.Ends, OriginalEnds: paused.OriginalEnds, Warn: paused.Warn, WarnRules: paused.WarnRules, PausedBy: paused.PausedBy,
			Pauses: paused.Pauses, Quiet: paused.Quiet, MetAt: paused.MetAt, CancelledAt: paused.CancelledAt, Clause: paused.Clause, Source: paused.Source, Confirmed: paused.Confirmed,
		}
		at := clock.StartedAt.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour)
		require.Equal(t, mustResume(t, paused, w, policy.WaitingForSample, at), mustResume(t, stored, w, policy.WaitingForSample, at))
	})
}
