package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Issue C, point 4: several clocks of all four kinds stand on a case, each with its state, whoever reads it.
func TestClocks_OfFourKindsStandOnTheCaseWithTheirState(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	began := now.AddDate(0, 0, -10)
	of := func(id casework.ClockID, kind casework.ClockKind, ends time.Time, change func(*docket.Clock)) docket.Clock {
		clock := docket.Clock{Policy: "cambria-2026.1", Clock: deadline.Clock{
			ID: id, Kind: kind, Span: policy.Span{Amount: 5, Unit: policy.CalendarDays}, StartedAt: began, Ends: ends, OriginalEnds: ends,
			PausedBy: []policy.Pause{casework.HoldConsent}, Clause: "c", Source: "s",
		}}
		if change != nil {
			change(&clock)
		}
		return clock
	}
	soon, past := now.Add(time.Hour), now.Add(-time.Hour)
	h.register.cases[0].Clocks = []docket.Clock{
		of("outcome", casework.ClockSLA, soon, nil),
		of("acknowledgement", casework.ClockSLA, past, func(c *docket.Clock) { c.MetAt = began }),
		of("script", casework.ClockSLA, past, nil),
		of("consent-inspection", casework.ClockDuty, past, nil),
		of("sample", casework.ClockDuty, past, func(c *docket.Clock) { c.CancelledAt = began }),
		of("window", casework.ClockRight, past, nil),
		of("evidence", casework.ClockSLA, past, func(c *docket.Clock) {
			c.Pauses = []deadline.Pause{{Cause: casework.HoldConsent, Why: "We asked.", ApprovedBy: "cw-2", From: began}}
		}),
		of("outcome-target", casework.ClockTarget, soon, func(c *docket.Clock) {
			c.Span, c.LastDay = policy.Span{}, calendar.Date{Year: 2026, Month: time.August, Day: 31}
		}),
	}
	got := h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: reader})
	require.NotContains(t, string(got.body), "cw-2", "who agreed to a pause is not shown")
	states := map[api.ClockID]api.ClockState{}
	view := read[api.Case](t, got)
	for _, c := range view.Clocks {
		states[c.ID] = c.State
	}
	require.Equal(t, map[api.ClockID]api.ClockState{
		"outcome": "running", "acknowledgement": "met", "script": "breached", "consent-inspection": "lapsed", "sample": "cancelled",
		"window": "expired", "evidence": "paused", "outcome-target": "running",
	}, states)
	goal := clock(t, view, "outcome-target")
	require.Equal(t, calendar.Date{Year: 2026, Month: time.August, Day: 31}, goal.LastDay)
	require.Empty(t, goal.Unit)
	sheet := get[api.Worksheet](t, h, goal.Worksheet, reader)
	require.Equal(t, "by Monday 31 August 2026", sheet.Rule)
	require.Equal(t, api.ClockKind("target"), sheet.Kind)
	require.Equal(t, api.ClockState("running"), sheet.State)
}
