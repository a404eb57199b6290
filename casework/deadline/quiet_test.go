package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// night is what most offices keep.
var night = policy.Quiet{From: calendar.TimeOfDay{Hour: 20}, Until: calendar.TimeOfDay{Hour: 7, Minute: 30}}

// warnedAt is a clock of ten days in its quiet hours, with one warning at an instant.
func warnedAt(t require.TestingT, at string) deadline.Clock {
	clock := start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-10-20T10:15"))
	clock.Quiet, clock.Warn = night, []time.Time{instant(t, at).UTC()}
	return clock
}

// The instant stays true, across both clock changes: London's clocks go back on 25 October 2026.
func TestQuiet_AWarningWaitsForTheMorning(t *testing.T) {
	t.Parallel()
	for at, fires := range map[string]string{
		"2026-10-23T19:59:59": "2026-10-23T19:59:59",
		"2026-10-23T20:00":    "2026-10-24T07:30:00",
		"2026-10-24T23:30":    "2026-10-25T07:30:00",
		"2026-10-25T00:30":    "2026-10-25T07:30:00",
		"2026-10-25T07:29:59": "2026-10-25T07:30:00",
		"2026-10-25T07:30":    "2026-10-25T07:30:00",
	} {
		warn := warnedAt(t, at).Plan(0)[0]
		require.Equal(t, casework.ActWarn, warn.Act)
		require.True(t, warn.At.Equal(instant(t, at)), "the true instant")
		require.Equal(t, fires, local(warn.Fires()), at)
	}
	require.Equal(t, 9*time.Hour, warnedAt(t, "2026-10-24T23:30").Plan(0)[0].Grace, "the night has an hour more")
}

func TestQuiet_ABreachNeverWaits(t *testing.T) {
	t.Parallel()
	clock := warnedAt(t, "2026-10-24T23:30")
	breach := clock.Plan(0)[1]
	require.Equal(t, casework.ActBreach, breach.Act)
	require.Equal(t, "2026-10-31T00:00:00", local(breach.Fires()))
}

// Issue C, point 5: clocks of 48 hours or less do not wait.
func TestQuiet_AClockOfTwoDaysOrLessDoesNotWait(t *testing.T) {
	t.Parallel()
	for amount, waits := range map[int]bool{24: false, 48: false, 49: true} {
		clock := start(t, hours(amount), calendar.Working{}, instant(t, "2026-09-01T22:00"))
		clock.Quiet, clock.Warn = night, []time.Time{instant(t, "2026-09-01T23:00").UTC()}
		require.Equal(t, waits, clock.Plan(0)[0].Grace > 0, "%d hours", amount)
	}
	clock := start(t, hours(24), calendar.Working{}, instant(t, "2026-09-01T09:00"))
	clock.Quiet, clock.PausedBy = night, []policy.Pause{policy.WaitingForSample}
	clock = resume(t, pause(t, clock, "2026-09-01T10:00", policy.WaitingForSample), calendar.Working{}, "2026-09-09T18:00", policy.WaitingForSample)
	clock.Warn = []time.Time{instant(t, "2026-09-09T22:00").UTC()}
	require.Zero(t, clock.Plan(0)[0].Grace, "a pause makes no long clock of a short one")
}

func TestQuiet_AWarningThatWouldComeTooLateDoesNotWait(t *testing.T) {
	t.Parallel()
	clock := warnedAt(t, "2026-10-30T22:00")
	require.Equal(t, "2026-10-31T00:00:00", local(clock.Ends))
	require.Zero(t, clock.Plan(0)[0].Grace)
}

func TestQuiet_AChaseWaitsToo(t *testing.T) {
	t.Parallel()
	clock := warnedAt(t, "2026-10-24T23:30")
	clock.Kind = casework.ClockDuty
	require.Equal(t, casework.ActChase, clock.Plan(0)[0].Act)
	require.Equal(t, "2026-10-25T07:30:00", local(clock.Plan(0)[0].Fires()))
}

// Whatever the hours and the instant, nobody is told within them, nobody a day later, and nothing loses its instant.
func TestQuiet_NobodyIsToldWithinThem(t *testing.T) {
	t.Parallel()
	face := func(t *rapid.T, label string) calendar.TimeOfDay {
		hour := rapid.IntRange(0, 23).Filter(func(h int) bool { return h != 1 }).Draw(t, label)
		return calendar.TimeOfDay{Hour: hour, Minute: rapid.SampledFrom([]int{0, 15, 30, 59}).Draw(t, label+" minute")}
	}
	rapid.Check(t, func(t *rapid.T) {
		quiet := policy.Quiet{From: face(t, "from"), Until: face(t, "until")}
		if quiet.Check() != nil {
			t.Skip("no hours at all")
		}
		at := drawInstant(t)
		if rapid.Bool().Draw(t, "near a clock change") {
			change := rapid.SampledFrom([]string{"2026-03-29T00:00", "2026-10-25T00:00"}).Draw(t, "change")
			at = instant(t, change).Add(time.Duration(rapid.Int64Range(-int64(30*time.Hour), int64(30*time.Hour)).Draw(t, "away")))
		}
		wait := quiet.Wait(at)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		require.LessOrEqual(t, wait, 25*time.Hour)
		told := at.Add(wait)
		require.Zero(t, quiet.Wait(told), "told outside them")
		if wait > 0 {
			require.Equal(t, quiet.Until.String(), told.In(calendar.London()).Format("15:04"), "as soon as they end")
			require.Zero(t, told.Second())
		}
	})
}

func TestPlan_EveryDeadlineHasTheInstantOfItsClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := start(t, drawRule(t), drawWorking(t), drawInstant(t))
		clock.Quiet = night
		clock.Kind = rapid.SampledFrom([]casework.ClockKind{casework.ClockSLA, casework.ClockDuty}).Draw(t, "kind")
		for _, d := range clock.Plan(casework.ReceiptGrace) {
			switch d.Act {
			case casework.ActWarn, casework.ActChase:
				require.Contains(t, clock.Warn, d.At)
				require.True(t, d.Fires().Before(clock.Ends), "a warning comes before the end")
			default:
				require.Equal(t, clock.Ends, d.At)
			}
		}
	})
}
