package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Allocate reserves the case's task for whom choose names, or leaves it in the pool; either way the proof is
// kept. The choice is made again once the person's row is locked, so that nobody gets more than their capacity
// and no conflict that was just declared is missed.
func (s *Store) Allocate(ctx context.Context, key casework.StepKey, choose func(allocation.Task, []allocation.Performer) allocation.Proof) (casework.Allocated, error) {
	a := allocating{key: timed(key), choose: choose}
	return runStep(ctx, s, a.key, a.key, work[waiting, casework.Allocated]{
		lock: func(u *unit) func() (waiting, error) { return holdWaiting(u, key.Reference) },
		do:   a.do,
	})
}

// waiting is a case whose task is to be allocated, with the paper and what excludes people from it.
type waiting struct {
	*heldCase
	items    []casework.SheetItem
	markedBy []string
	earlier  []string
}

func holdWaiting(u *unit, ref casework.Reference) func() (waiting, error) {
	take := holdCase(u, ref)
	items := each[casework.SheetItem](u, "read the item marks", sheetItemsSQL, ref)
	markedBy := column[string](u, "read who marked the script", markedBySQL, ref)
	earlier := column[string](u, "read who took part earlier", earlierPerformersSQL, ref)
	return func() (waiting, error) {
		c, err := take()
		return waiting{heldCase: c, items: *items, markedBy: *markedBy, earlier: *earlier}, err
	}
}

// task is what the rule of allocation sees of the case.
func (w waiting) task() allocation.Task {
	return allocation.Task{
		Reference: w.Reference, Role: w.Service.Performer(), Centre: w.Centre, Candidate: w.Candidate, Component: w.Component,
		MarkedBy: w.markedBy, EarlierStages: w.earlier,
	}
}

func (w waiting) sheet() casework.TaskSheet {
	return casework.TaskSheet{Task: casework.TaskOf(w.Reference), Service: w.Service, Rules: w.Rules, Items: w.items}
}

type allocating struct {
	key    casework.StepKey
	choose func(allocation.Task, []allocation.Performer) allocation.Proof
}

func (a allocating) do(ctx context.Context, u *unit, w waiting) (casework.Allocated, error) {
	if _, ok := casework.Next(w.Stage, casework.EventAssign); !ok {
		return casework.Allocated{}, wrongStage(w.caseRow, casework.EventAssign)
	}
	outcome := w.clock(casework.ClockOutcome)
	if outcome == nil {
		return casework.Allocated{}, unknown("clock", "outcome clock of case "+string(w.Reference))
	}
	proof, err := a.reserve(ctx, u, w.task())
	if err != nil {
		return casework.Allocated{}, err
	}
	if err := a.record(u, w, outcome.Ends.Add(-time.Second), proof); err != nil {
		return casework.Allocated{}, err
	}
	return casework.Allocated{Stage: w.Stage, Assignee: proof.Chosen, Sheet: w.sheet()}, nil
}

// rounds is how often a choice may be overtaken by other allocations before the step starts afresh.
const rounds = 50

// reserve chooses, locks the chosen person and chooses again from what is true then. If another person comes
// out, the lock is given back before theirs is taken, so that two allocations never hold two people crosswise.
// The lock of the person who is chosen is held for one round trip and the commit.
func (a allocating) reserve(ctx context.Context, u *unit, task allocation.Task) (allocation.Proof, error) {
	roster := askRoster(u, task.Role, task.Component)
	if err := u.send(ctx); err != nil {
		return allocation.Proof{}, err
	}
	proof := a.choose(task, roster())
	for range rounds {
		if proof.Chosen == "" {
			return proof, nil
		}
		again, err := a.hold(ctx, u, task, proof.Chosen)
		if err != nil || again.Chosen == proof.Chosen {
			return again, err
		}
		u.write("give the performer back", backToChoiceSQL)
		proof = again
	}
	return allocation.Proof{}, fmt.Errorf("the roster of component %s did not keep still", task.Component)
}

const beforeChoiceSQL = `SAVEPOINT choice`

const backToChoiceSQL = `ROLLBACK TO SAVEPOINT choice`

const lockPerformerSQL = `SELECT id FROM performers WHERE id = $1 FOR UPDATE`

// hold locks a person and chooses again behind the lock.
func (a allocating) hold(ctx context.Context, u *unit, task allocation.Task, performer string) (allocation.Proof, error) {
	u.write("set a savepoint", beforeChoiceSQL)
	u.write("lock performer "+performer, lockPerformerSQL, performer)
	roster := askRoster(u, task.Role, task.Component)
	if err := u.send(ctx); err != nil {
		return allocation.Proof{}, err
	}
	return a.choose(task, roster()), nil
}

const takeTaskSQL = `UPDATE performers SET open_tasks = open_tasks + 1, idle_since = $2 WHERE id = $1`

const insertAllocationSQL = `INSERT INTO allocations (reference, number, at, chosen, proof) VALUES ($1, $2, $3, $4, $5)`

// record puts the task into the pool or hands it to the chosen person, keeps the proof and moves the case.
func (a allocating) record(u *unit, w waiting, due time.Time, proof allocation.Proof) error {
	task := w.sheet()
	u.write("keep the proof", insertAllocationSQL, w.Reference, a.key.Number, a.key.At, zeronull.Text(proof.Chosen), proof)
	e := entry{at: a.key.At, actor: casework.System(), what: wroteNoPerformer, facts: []docket.Fact{
		fact("task", task.Task), fact("considered", len(proof.Findings)),
	}}
	state, reserved := casework.TaskReady, time.Time{}
	if proof.Chosen != "" {
		state, reserved = casework.TaskReserved, a.key.At
		e.what, e.facts = wroteAllocated, append(e.facts, fact("performer", proof.Chosen))
		u.write("count the task of performer "+proof.Chosen, takeTaskSQL, proof.Chosen, a.key.At)
	}
	u.write(fmt.Sprintf("make task %s", task.Task), makeTaskSQL, task.Task, w.Reference, state, w.Service.Performer(), w.Component, task, due,
		a.key.At, zeronull.Text(proof.Chosen), zeronull.Timestamptz(reserved))
	if proof.Chosen == "" {
		w.touch(u)
	} else if _, err := w.move(u, casework.EventAssign, a.key.At); err != nil {
		return err
	}
	return w.append(u, e)
}

const sheetItemsSQL = `
SELECT item, max, mark AS original
FROM item_marks
WHERE result = (SELECT result FROM cases WHERE reference = $1)
ORDER BY position`

// The task may wait in the pool already. Then its sheet is brought up to date: a linked request about the same paper
// may have corrected a mark meanwhile.
const makeTaskSQL = `
INSERT INTO tasks (id, reference, number, state, role, component, sheet, due, created_at, assignee, reserved_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO UPDATE
SET sheet = excluded.sheet, state = excluded.state, assignee = excluded.assignee, reserved_at = excluded.reserved_at`
