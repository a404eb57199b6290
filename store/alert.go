package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const insertAlertSQL = `
INSERT INTO clock_alerts (reference, clock, act, at, detected_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (reference, clock, act, at) DO NOTHING`

const breachClockSQL = `UPDATE clocks SET breached_at = coalesce(breached_at, $3) WHERE reference = $1 AND id = $2 AND kind = 'sla'`

// RecordAlert records that a deadline has passed: once per clock, act and instant, with its true instant beside
// the one at which it was noticed. If the clock had been met by then nothing is recorded and nobody is told.
func (s *Store) RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error) {
	key := timed(in.Key)
	return runStep(ctx, s, key, in, work[*heldCase, casework.Alerted]{
		lock: holding(key.Reference),
		do: func(ctx context.Context, u *unit, c *heldCase) (casework.Alerted, error) {
			passed, err := passDeadline(ctx, u, c, key, in.Deadline)
			if err != nil {
				return casework.Alerted{}, err
			}
			answer := casework.Alerted{SLAState: slaState(c.clocks), Due: passed.due, Number: passed.number}
			if !passed.written {
				return answer, nil
			}
			answer.SLAState = c.touch(u)
			return answer, c.append(u, alertEntry(key, in.Deadline))
		},
	})
}

const countAlertsSQL = `
SELECT count(*)
FROM clock_alerts
WHERE reference = $1 AND clock = $2 AND act = $3
  AND (detected_at, at) <= (SELECT detected_at, at FROM clock_alerts WHERE reference = $1 AND clock = $2 AND act = $3 AND at = $4)`

// passage says whether a deadline's passing concerns anybody, whether this is the first record of it, and which of
// the clock's alerts of that act it is.
type passage struct {
	due, written bool
	number       int
}

func passDeadline(ctx context.Context, u *unit, c *heldCase, key casework.StepKey, d casework.Deadline) (passage, error) {
	clock := c.clock(d.Clock)
	if clock == nil {
		return passage{}, unknown("clock", fmt.Sprintf("clock %s of case %s", d.Clock, key.Reference))
	}
	at := instant(d.At)
	if clock.met() && timeOf(clock.MetAt).Before(at) || clock.moved(d.Act, at) {
		return passage{}, nil
	}
	written := u.change(fmt.Sprintf("record the %s of clock %s", d.Act, d.Clock), insertAlertSQL, key.Reference, d.Clock, d.Act, at, key.At)
	switch d.Act {
	case casework.ActBreach:
		u.write(fmt.Sprintf("breach clock %s", d.Clock), breachClockSQL, key.Reference, d.Clock, at)
		if clock.Kind == casework.ClockSLA {
			breach(clock, at)
		}
	case casework.ActWarn:
		clock.Warned = append(clock.Warned, at)
	case casework.ActExpire:
	}
	number := column[int](u, fmt.Sprintf("count the alerts of clock %s", d.Clock), countAlertsSQL, key.Reference, d.Clock, d.Act, at)
	if err := u.send(ctx); err != nil {
		return passage{}, err
	}
	return passage{due: true, written: *written == 1, number: (*number)[0]}, nil
}

// moved reports whether a deadline is none of the clock's any more: the case was recalculated while it was on its way.
func (c clockRow) moved(act casework.Act, at time.Time) bool {
	if act == casework.ActWarn {
		return !c.warnsAt(at)
	}
	return !c.Ends.Equal(at)
}

func alertEntry(key casework.StepKey, d casework.Deadline) entry {
	e := entry{at: key.At, actor: casework.System(), facts: []docket.Fact{
		fact("clock", d.Clock), fact("instant", instant(d.At)), fact("detected", key.At),
	}}
	switch d.Act {
	case casework.ActWarn:
		e.what = wroteWarned
	case casework.ActBreach:
		e.what, e.centre = wroteBreached, true
	case casework.ActExpire:
		e.what, e.centre = wroteExpired, true
	}
	return e
}
