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

func replan(t require.TestingT, c deadline.Clock, r policy.ClockRule, w calendar.Working) deadline.Clock {
	after, err := c.Replan(r, w)
	require.NoError(t, err)
	return after
}

// TestReplan_CountsFromTheClocksOwnStart and keeps what was first promised (domain §8.1).
func TestReplan_CountsFromTheClocksOwnStart(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	for _, row := range []struct {
		name string
		rule policy.ClockRule
		due  string
		warn string
	}{
		{"longer", rule(25, deadline.CalendarDays), "2026-10-19T23:59:59", "2026-10-16T09:00:00"},
		{"shorter", rule(10, deadline.CalendarDays), "2026-10-04T23:59:59", "2026-10-01T09:00:00"},
		{"another unit", rule(10, deadline.WorkingDays), "2026-10-08T23:59:59", "2026-10-05T09:00:00"},
		{"hours", hours(48), "2026-09-26T10:15:00", "2026-09-26T06:15:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			after := replan(t, clock, row.rule, w)
			require.Equal(t, row.due, local(after.Due()))
			require.Equal(t, []string{row.warn}, []string{local(after.Warn[0])})
			require.Equal(t, clock.StartedAt, after.StartedAt)
			require.Equal(t, clock.OriginalEnds, after.OriginalEnds)
		})
	}
}

// TestReplan_GoesThroughThePausesAgain: the days for which the clock stood do not count by the new rule either.
func TestReplan_GoesThroughThePausesAgain(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	clock = resume(t, pause(t, clock, "2026-09-28T09:00", policy.WaitingForSample), w, "2026-10-05T09:00", policy.WaitingForSample)
	require.Equal(t, "2026-10-21T23:59:59", local(clock.Due()))

	longer := replan(t, clock, rule(25, deadline.CalendarDays), w)
	require.Equal(t, "2026-10-26T23:59:59", local(longer.Due()))
	require.Equal(t, clock.Pauses, longer.Pauses)

	never := rule(25, deadline.CalendarDays)
	never.PausedBy = nil
	require.Equal(t, "2026-10-19T23:59:59", local(replan(t, clock, never, w).Due()), "a rule that nothing pauses")

	ended := replan(t, clock, rule(2, deadline.CalendarDays), w)
	require.Equal(t, "2026-09-26T23:59:59", local(ended.Due()))
	require.Empty(t, ended.Pauses, "it had run out before anybody waited")
	require.True(t, ended.Breached(instant(t, "2026-09-27T00:00")))

	standing := pause(t, clock, "2026-10-12T09:00", policy.ConsentInspection)
	require.True(t, replan(t, standing, rule(25, deadline.CalendarDays), w).Standing(), "a pause that lasts goes on")
}

// TestReplan_TwoCausesAtATimeAreReplayedInTheirOrder, also where one begins as the other ends.
func TestReplan_TwoCausesAtATimeAreReplayedInTheirOrder(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := pause(t, start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15")), "2026-09-28T09:00", policy.WaitingForSample)
	clock = pause(t, clock, "2026-09-29T09:00", policy.ConsentInspection)
	clock = resume(t, clock, w, "2026-09-30T09:00", policy.WaitingForSample)
	clock = resume(t, clock, w, "2026-10-02T09:00", policy.ConsentInspection)
	require.Equal(t, "2026-10-18T23:59:59", local(clock.Due()))
	require.Equal(t, "2026-10-23T23:59:59", local(replan(t, clock, rule(25, deadline.CalendarDays), w).Due()))
}

// TestReplan_BySameRuleChangesNothing, whatever the clock has been through; and back again gives the clock of before.
func TestReplan_BySameRuleChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, w := drawRule(t), drawWorking(t)
		clock := start(t, r, w, drawInstant(t))
		for range rapid.IntRange(0, 3).Draw(t, "pauses") {
			from := clock.StartedAt
			if n := len(clock.Pauses); n > 0 {
				from = clock.Pauses[n-1].Until
			}
			from = from.Add(time.Duration(rapid.IntRange(0, 72).Draw(t, "hours until the pause")) * time.Hour)
			if !clock.InTime(from) {
				break
			}
			paused, err := clock.Pause(from, policy.WaitingForSample, "The sample is missing.", "cw-2")
			require.NoError(t, err)
			until := from.Add(time.Duration(rapid.IntRange(0, 72).Draw(t, "hours of the pause")) * time.Hour)
			clock, err = paused.Resume(w, policy.WaitingForSample, until)
			require.NoError(t, err)
		}
		require.Equal(t, clock, replan(t, clock, r, w))
		longer := r
		longer.Amount++
		require.Equal(t, clock, replan(t, replan(t, clock, longer, w), r, w))
	})
}

func TestReplan_BeyondTheCalendarIsAnErrorByName(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.WorkingDays), w, instant(t, "2026-09-24T10:15"))
	same, err := clock.Replan(rule(5000, deadline.WorkingDays), w)
	var outside *calendar.OutsideError
	require.ErrorAs(t, err, &outside)
	require.Equal(t, clock, same, "the clock stays as it was")
}
