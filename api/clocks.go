package api

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
)

// clockView shows how a clock stands at an instant. It names nobody.
func clockView(reference casework.Reference, c docket.Clock, at time.Time) Clock {
	return Clock{
		ID: ClockID(c.ID), Kind: ClockKind(c.Kind), State: ClockState(c.State(at)), Amount: c.Amount, Unit: ClockUnit(c.Unit), LastDay: c.LastDay,
		StartedAt: c.StartedAt,
		Due:       c.Due(), Ends: c.Ends, OriginalDue: promised(c), WarnAt: append([]time.Time{}, c.Warn...), Pauses: pauseViews(c.Clock),
		MetAt: c.MetAt, BreachedAt: c.BreachedAt, DetectedAt: c.DetectedAt, CancelledAt: c.CancelledAt,
		Clause: c.Clause, Source: c.Source, Confirmed: c.Confirmed,
		Worksheet: caseHref(reference) + "/clocks/" + string(c.ID) + "/worksheet",
	}
}

// promised is what people were told when the clock began.
func promised(c docket.Clock) time.Time {
	original := c.Clock
	original.Ends = c.OriginalEnds
	return original.Due()
}

// pauseViews shows for what the case waited while a clock was there. Who agreed to it is no part of what is shown.
func pauseViews(c deadline.Clock) []ClockPause {
	views := make([]ClockPause, len(c.Pauses))
	for i, p := range c.Pauses {
		views[i] = ClockPause{Cause: ToldCause(p.Cause), Text: p.Cause.Words(), Why: p.Why, From: p.From, Until: p.Until, Stops: c.Stops(p.Cause)}
	}
	return views
}
