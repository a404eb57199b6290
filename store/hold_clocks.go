package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

const pauseClockSQL = `UPDATE clocks SET ends = $3, warn = $4, pauses = $5 WHERE reference = $1 AND id = $2`

// put writes what a pause, or its end, made of a clock.
func (w pausable) put(u *unit, row *clockRow, after deadline.Clock) {
	changed := rowOf(row.Policy, after)
	row.Ends, row.Warn, row.Pauses = changed.Ends, changed.Warn, changed.Pauses
	u.write(fmt.Sprintf("write the pauses of clock %s of case %s", row.ID, w.Reference), pauseClockSQL, w.Reference, row.ID, row.Ends, row.Warn, row.Pauses)
}

// pauseClocks records on every clock that still runs that the case waits, and says which of them stand still for it. A
// clock that has ended is as it was.
func (w pausable) pauseClocks(u *unit, request casework.HoldRequest, at time.Time) ([]docket.Fact, error) {
	var facts []docket.Fact
	for i := range w.clocks {
		row := &w.clocks[i]
		clock := row.clock()
		if clock.Over() || row.breached() || !clock.InTime(at) {
			continue
		}
		paused, err := clock.Pause(latest(at, clock.Recorded()), request.Cause, request.Actor.Reason, request.ApprovedBy)
		if err != nil {
			return nil, fmt.Errorf("hold case %s: %w", w.Reference, err)
		}
		w.put(u, row, paused)
		if paused.Standing() && row.Kind != casework.ClockTarget {
			facts = append(facts, fact(string(row.ID)+"Stands", clock.Due()))
		}
	}
	return facts, nil
}

// resumeClocks ends the pause on every clock that knows of it, and says which ends have moved.
func (w pausable) resumeClocks(u *unit, cause casework.HoldCause, at time.Time, rules ruling.Holding) ([]docket.Fact, error) {
	var facts []docket.Fact
	for i := range w.clocks {
		row := &w.clocks[i]
		clock := row.clock()
		if !clock.PausedFor(cause) {
			continue
		}
		resumed, err := rules.Resume(row.Policy, clock, cause, latest(at, clock.Recorded()))
		if err != nil {
			return nil, fmt.Errorf("let case %s go on: %w", w.Reference, err)
		}
		w.put(u, row, resumed)
		if !resumed.Ends.Equal(clock.Ends) {
			facts = append(facts, fact(string(row.ID)+"Before", clock.Due()), fact(string(row.ID)+"After", resumed.Due()))
		}
	}
	return facts, nil
}

// startDuty begins what the centre owes for the cause, if it owes anything: where the rules ask it for nothing of the kind,
// nobody would be chased, and the case cannot be held for it. A duty that the centre has had before begins again.
func (w pausable) startDuty(u *unit, cause casework.HoldCause, at time.Time, rules ruling.Holding) ([]docket.Fact, error) {
	if cause.Duty() == "" {
		return nil, nil
	}
	duty, ok, err := rules.DutyClock(w.Policy, w.Service, cause, w.nation, at)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, casework.NothingToWaitFor(w.Service, cause)
	}
	others := slices.DeleteFunc(slices.Clone(w.HeldFor), func(c casework.HoldCause) bool { return c == cause })
	if again := w.clock(duty.ID); again != nil {
		w.restart(u, again, duty)
	} else {
		w.startHeld(u, others, duty)
	}
	return []docket.Fact{fact(string(duty.ID)+"Due", duty.Due())}, nil
}

const restartClockSQL = `
UPDATE clocks
SET amount = $3, unit = $4, division = $5, started_at = $6, ends = $7, original_ends = $7, warn = $8, warn_rules = $9, pauses = $10, quiet = $11,
    policy = $12, clause = $13, source = $14, confirmed = $15, met_at = NULL, cancelled_at = NULL
WHERE reference = $1 AND id = $2`

// restart begins a duty again that the centre was asked for before: what it did then stands in the holds.
func (w pausable) restart(u *unit, row *clockRow, duty deadline.Clock) {
	fresh := rowOf(w.Policy, duty)
	fresh.Reference, fresh.Warned, fresh.Ended, fresh.DetectedAt = row.Reference, row.Warned, row.Ended, row.DetectedAt
	u.write(fmt.Sprintf("begin clock %s of case %s again", row.ID, w.Reference), restartClockSQL, w.Reference, row.ID,
		fresh.Amount, fresh.Unit, fresh.Division, fresh.StartedAt, fresh.Ends, fresh.Warn, fresh.WarnRules, fresh.Pauses, fresh.Quiet,
		fresh.Policy, fresh.Clause, fresh.Source, fresh.Confirmed)
	*row = fresh
}

// endDuty meets what the centre owed if it was delivered, and gives it up if nobody asks for it any more.
func (w pausable) endDuty(u *unit, request casework.ResumeRequest, at time.Time) {
	clock := w.clock(request.Cause.Duty())
	if clock == nil || clock.over() {
		return
	}
	if request.Delivered {
		w.meet(u, clock.ID, at)
		return
	}
	w.cancel(u, clock, at)
}

// stopTask stops the case's task for a cause. Its deadlines stand still; what of them had passed before is still told.
func (w pausable) stopTask(u *unit, cause casework.HoldCause, at time.Time, rules ruling.Holding) (casework.TaskTimes, error) {
	return w.changeTask(u, rules, func(task *taskRow) { task.stop(w.heldCase, string(cause), at) })
}

// resumeTask lets the case's task go on when nothing holds it any more. The days for whose end it was stopped do not count.
func (w pausable) resumeTask(u *unit, cause casework.HoldCause, at time.Time, rules ruling.Holding) (casework.TaskTimes, error) {
	return w.changeTask(u, rules, func(task *taskRow) { task.goOn(string(cause), at) })
}

// changeTask changes the case's latest task, if it has one that is not done, and answers with its deadlines.
func (w pausable) changeTask(u *unit, rules ruling.Holding, change func(*taskRow)) (casework.TaskTimes, error) {
	if len(*w.tasks) == 0 || (*w.tasks)[0].State.Final() {
		return casework.TaskTimes{}, nil
	}
	task := &(*w.tasks)[0]
	change(task)
	times, err := task.plan(rules, w.heldCase)
	if err != nil {
		return casework.TaskTimes{}, err
	}
	task.write(u)
	w.TaskPlan = times.Plan
	return times, nil
}
