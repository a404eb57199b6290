package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
)

const insertAlertSQL = `
INSERT INTO clock_alerts (reference, clock, act, at, detected_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (reference, clock, act, at) DO NOTHING`

const breachClockSQL = `UPDATE clocks SET breached_at = coalesce(breached_at, $3) WHERE reference = $1 AND id = $2 AND kind = 'sla'`

const taskHolderSQL = `
SELECT coalesce(assignee, '')
FROM tasks
WHERE reference = $1 AND state IN ('reserved', 'in-progress', 'suspended')
ORDER BY number DESC
LIMIT 1`

// RecordAlert records that a deadline of a clock, or of the task that somebody holds, has passed: once per clock, act
// and instant, with its true instant beside the one at which it was noticed; whoever listens is told of a warning and a
// breach by the same transaction. If the clock was met, cancelled or stopped by that instant nothing is recorded and nobody is told. What was
// on its way as the case was held, and had passed before, is told like any other.
func (s *Store) RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error) {
	key := timed(in.Key)
	in.Deadline.At = instant(in.Deadline.At)
	return runStep(ctx, s, key, in, work[alerted, casework.Alerted]{
		lock: func(u *unit) func() (alerted, error) { return holdAlerted(u, key.Reference) },
		do: func(ctx context.Context, u *unit, a alerted) (casework.Alerted, error) {
			passed, err := a.pass(ctx, u, key, in.Deadline)
			if err != nil {
				return casework.Alerted{}, err
			}
			answer := casework.Alerted{SLAState: slaState(a.clocks), Due: passed.due, Number: passed.number, Assignee: a.holder}
			if !passed.written {
				return answer, nil
			}
			if err := queueAlert(u, key, in.Deadline); err != nil {
				return casework.Alerted{}, err
			}
			answer.SLAState = a.touch(u)
			return answer, a.append(u, alertEntry(key, in.Deadline))
		},
	})
}

// alerted is a case whose deadline has passed, with who holds its task.
type alerted struct {
	*heldCase
	holder string
}

func holdAlerted(u *unit, ref casework.Reference) func() (alerted, error) {
	take := holdCase(u, ref)
	holders := column[string](u, "read who holds the task", taskHolderSQL, ref)
	return func() (alerted, error) {
		c, err := take()
		a := alerted{heldCase: c}
		if len(*holders) > 0 {
			a.holder = (*holders)[0]
		}
		return a, err
	}
}

// pass records the passing of a deadline, of a clock or of the task.
func (a *alerted) pass(ctx context.Context, u *unit, key casework.StepKey, d casework.Deadline) (passage, error) {
	if d.Clock != casework.ClockStartBy && d.Clock != casework.ClockCompleteBy {
		return passDeadline(ctx, u, a.heldCase, key, d)
	}
	passed, holder, err := passTaskDeadline(ctx, u, a.heldCase, key, d)
	a.holder, a.TaskPlan = holder, a.TaskPlan.Without(d)
	return passed, err
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
	at := d.At
	if clock.overBefore(at) || clock.moved(d.Act, at) || clock.stoodBy(at) {
		return passage{}, nil
	}
	written := u.change(fmt.Sprintf("record the %s of clock %s", d.Act, d.Clock), insertAlertSQL, key.Reference, d.Clock, d.Act, at, key.At)
	switch d.Act {
	case casework.ActBreach:
		u.write(fmt.Sprintf("breach clock %s", d.Clock), breachClockSQL, key.Reference, d.Clock, at)
		if clock.Kind == casework.ClockSLA {
			breach(clock, at)
		}
		clock.Ended = append(clock.Ended, at)
	case casework.ActWarn, casework.ActChase:
		clock.Warned = append(clock.Warned, at)
	default:
		clock.Ended = append(clock.Ended, at)
	}
	number := column[int](u, fmt.Sprintf("count the alerts of clock %s", d.Clock), countAlertsSQL, key.Reference, d.Clock, d.Act, at)
	if err := u.send(ctx); err != nil {
		return passage{}, err
	}
	return passage{due: true, written: *written == 1, number: (*number)[0]}, nil
}

// overBefore reports whether a clock was met or cancelled before an instant. What was met later may have run out first.
func (c clockRow) overBefore(at time.Time) bool {
	return c.met() && timeOf(c.MetAt).Before(at) || !timeOf(c.CancelledAt).IsZero()
}

// stoodBy reports whether a clock that stands still did so by an instant already.
func (c clockRow) stoodBy(at time.Time) bool {
	clock := c.clock()
	return slices.ContainsFunc(clock.Pauses, func(p deadline.Pause) bool { return p.Lasts() && clock.Stops(p.Cause) && !at.Before(p.From) })
}

// moved reports whether a deadline is none of the clock's any more: the case was recalculated, or waited, while it was on
// its way.
func (c clockRow) moved(act casework.Act, at time.Time) bool {
	if act == casework.ActWarn || act == casework.ActChase {
		return !c.warnsAt(at)
	}
	return !c.Ends.Equal(at)
}

// queueAlert tells whoever listens of a warning and of a breach; the other acts are the case's own affair.
func queueAlert(u *unit, key casework.StepKey, d casework.Deadline) error {
	var event docket.EventType
	switch d.Act {
	case casework.ActWarn:
		event = docket.EventClockWarned
	case casework.ActBreach:
		event = docket.EventClockBreached
	default:
		return nil
	}
	return queueEvent(u, event, key.Reference, key.At, alertFacts(key, d)...)
}

func alertFacts(key casework.StepKey, d casework.Deadline) []docket.Fact {
	return []docket.Fact{fact("clock", d.Clock), fact("instant", d.At), fact("detected", key.At)}
}

// alertEntry is what the case's trail says. The centre reads what concerns its dates, and nothing of who was reminded.
func alertEntry(key casework.StepKey, d casework.Deadline) entry {
	e := entry{at: key.At, actor: casework.System(), facts: alertFacts(key, d)}
	switch d.Act {
	case casework.ActWarn:
		e.what = wroteWarned
	case casework.ActBreach:
		e.what, e.centre = wroteBreached, true
	case casework.ActExpire:
		e.what, e.centre = wroteExpired, true
	case casework.ActChase:
		e.what, e.centre = wroteChased, true
	case casework.ActLapse:
		e.what, e.centre = wroteLapsed, true
	case casework.ActRemind:
		e.what = wroteReminded
	default:
		e.what, e.facts = wroteEscalated, append(e.facts, fact("to", d.Act))
	}
	return e
}
