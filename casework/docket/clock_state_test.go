package docket_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

// TestClockState_OfEachKind is the table of domain §8.1: what becomes of a clock of each kind, in a word.
func TestClockState_OfEachKind(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 9, n, 12, 0, 0, 0, time.UTC) }
	of := func(kind casework.ClockKind, change func(*docket.Clock)) docket.Clock {
		c := docket.Clock{Clock: deadline.Clock{
			ID: casework.ClockOutcome, Kind: kind, StartedAt: day(1), Ends: day(20), OriginalEnds: day(20), PausedBy: []policy.Pause{casework.HoldSample},
		}}
		if change != nil {
			change(&c)
		}
		return c
	}
	ranOut := map[casework.ClockKind]docket.ClockState{
		casework.ClockSLA: docket.ClockBreached, casework.ClockDuty: docket.ClockLapsed,
		casework.ClockRight: docket.ClockExpired, casework.ClockTarget: docket.ClockExpired,
	}
	reached := map[docket.ClockState]bool{}
	for kind, late := range ranOut {
		for name, row := range map[string]struct {
			change func(*docket.Clock)
			at     time.Time
			want   docket.ClockState
		}{
			"before its end":                {nil, day(19), docket.ClockRunning},
			"at its end":                    {nil, day(20), late},
			"after it":                      {nil, day(25), late},
			"done in time":                  {func(c *docket.Clock) { c.MetAt = day(19) }, day(25), docket.ClockMet},
			"done late":                     {func(c *docket.Clock) { c.MetAt = day(21) }, day(25), late},
			"given up in time":              {func(c *docket.Clock) { c.CancelledAt = day(19) }, day(25), docket.ClockCancelled},
			"given up too late":             {func(c *docket.Clock) { c.CancelledAt = day(21) }, day(25), late},
			"standing still":                {func(c *docket.Clock) { c.Pauses = []deadline.Pause{{Cause: casework.HoldSample, From: day(2)}} }, day(25), docket.ClockPaused},
			"a cause that does not stop it": {func(c *docket.Clock) { c.Pauses = []deadline.Pause{{Cause: casework.HoldOther, From: day(2)}} }, day(25), late},
			"going on again": {func(c *docket.Clock) {
				c.Pauses = []deadline.Pause{{Cause: casework.HoldSample, From: day(2), Until: day(3)}}
			}, day(4), docket.ClockRunning},
		} {
			require.Equal(t, row.want, of(kind, row.change).State(row.at), "%s %s", kind, name)
			reached[row.want] = true
		}
	}
	require.ElementsMatch(t, docket.ClockStates(), slices.Collect(maps.Keys(reached)))
	recorded := of(casework.ClockSLA, func(c *docket.Clock) { c.BreachedAt = day(10) })
	require.Equal(t, docket.ClockBreached, recorded.State(day(11)), "a breach that was recorded stays one")
}
