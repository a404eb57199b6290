package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
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
	return runStep(ctx, s, a.key, a.key, work[caseRow, casework.Allocated]{
		lock: func(ctx context.Context, tx pgx.Tx) (caseRow, error) { return lockCase(ctx, tx, key.Reference) },
		do:   a.do,
	})
}

type allocating struct {
	key    casework.StepKey
	choose func(allocation.Task, []allocation.Performer) allocation.Proof
}

func (a allocating) do(ctx context.Context, tx pgx.Tx, c caseRow) (casework.Allocated, error) {
	if _, ok := casework.Next(c.Stage, casework.EventAssign); !ok {
		return casework.Allocated{}, wrongStage(c, casework.EventAssign)
	}
	sheet, err := makeTask(ctx, tx, c, a.key.At)
	if err != nil {
		return casework.Allocated{}, err
	}
	task, err := describeTask(ctx, tx, c)
	if err != nil {
		return casework.Allocated{}, err
	}
	proof, err := a.reserve(ctx, tx, task)
	if err != nil {
		return casework.Allocated{}, err
	}
	if err := a.record(ctx, tx, &c, sheet.Task, proof); err != nil {
		return casework.Allocated{}, err
	}
	return casework.Allocated{Stage: c.Stage, Assignee: proof.Chosen, Sheet: sheet}, nil
}

// rounds is how often a choice may be overtaken by other allocations before the step starts afresh.
const rounds = 50

// reserve chooses, locks the chosen person and chooses again from what is true then. If another person comes
// out, the lock is given back before theirs is taken, so that two allocations never hold two people crosswise.
func (a allocating) reserve(ctx context.Context, tx pgx.Tx, task allocation.Task) (allocation.Proof, error) {
	roster, err := readRoster(ctx, tx, task.Role, task.Component)
	if err != nil {
		return allocation.Proof{}, err
	}
	proof := a.choose(task, roster)
	for range rounds {
		if proof.Chosen == "" {
			return proof, nil
		}
		again, err := a.hold(ctx, tx, task, proof.Chosen)
		if err != nil || again.Chosen == proof.Chosen {
			return again, err
		}
		proof = again
	}
	return allocation.Proof{}, fmt.Errorf("the roster of component %s did not keep still", task.Component)
}

const lockPerformerSQL = `SELECT id FROM performers WHERE id = $1 FOR UPDATE`

const takeTaskSQL = `UPDATE performers SET open_tasks = open_tasks + 1, idle_since = $2 WHERE id = $1`

// hold locks a person, chooses again and, if the choice stands, counts the task; otherwise the lock is gone
// when it returns.
func (a allocating) hold(ctx context.Context, tx pgx.Tx, task allocation.Task, performer string) (allocation.Proof, error) {
	savepoint, err := tx.Begin(ctx)
	if err != nil {
		return allocation.Proof{}, fmt.Errorf("set a savepoint: %w", err)
	}
	if _, err := savepoint.Exec(ctx, lockPerformerSQL, performer); err != nil {
		return allocation.Proof{}, fmt.Errorf("lock performer %s: %w", performer, err)
	}
	roster, err := readRoster(ctx, savepoint, task.Role, task.Component)
	if err != nil {
		return allocation.Proof{}, err
	}
	proof := a.choose(task, roster)
	if proof.Chosen != performer {
		return proof, savepoint.Rollback(ctx)
	}
	if _, err := savepoint.Exec(ctx, takeTaskSQL, performer, a.key.At); err != nil {
		return proof, fmt.Errorf("count the task of performer %s: %w", performer, err)
	}
	return proof, savepoint.Commit(ctx)
}

const insertAllocationSQL = `INSERT INTO allocations (reference, number, at, chosen, proof) VALUES ($1, $2, $3, $4, $5)`

const reserveTaskSQL = `UPDATE tasks SET state = $2, assignee = $3, reserved_at = $4 WHERE id = $1`

// record keeps the proof, hands the task to the chosen person and moves the case.
func (a allocating) record(ctx context.Context, tx pgx.Tx, c *caseRow, task casework.TaskID, proof allocation.Proof) error {
	if _, err := tx.Exec(ctx, insertAllocationSQL, c.Reference, a.key.Number, a.key.At, zeronull.Text(proof.Chosen), proof); err != nil {
		return fmt.Errorf("keep the proof: %w", err)
	}
	e := entry{at: a.key.At, actor: casework.System(), what: wroteNoPerformer, facts: []docket.Fact{
		fact("task", task), fact("considered", len(proof.Findings)),
	}}
	if proof.Chosen == "" {
		if _, err := c.touch(ctx, tx); err != nil {
			return err
		}
		return appendAudit(ctx, tx, c.Reference, e)
	}
	if _, err := tx.Exec(ctx, reserveTaskSQL, task, casework.TaskReserved, proof.Chosen, a.key.At); err != nil {
		return fmt.Errorf("reserve task %s: %w", task, err)
	}
	if _, err := c.move(ctx, tx, casework.EventAssign, a.key.At); err != nil {
		return err
	}
	e.what = wroteAllocated
	e.facts = append(e.facts, fact("performer", proof.Chosen))
	return appendAudit(ctx, tx, c.Reference, e)
}

const sheetItemsSQL = `SELECT item, max, mark AS original FROM item_marks WHERE result = $1 ORDER BY position`

const outcomeEndsSQL = `SELECT ends FROM clocks WHERE reference = $1 AND id = $2`

const makeTaskSQL = `
INSERT INTO tasks (id, reference, number, state, role, component, sheet, due, created_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET sheet = excluded.sheet`

// makeTask puts the case's task into the pool, or brings its sheet up to date if it waits there already: a
// linked request about the same paper may have corrected a mark meanwhile.
func makeTask(ctx context.Context, tx pgx.Tx, c caseRow, at time.Time) (casework.TaskSheet, error) {
	sheet := casework.TaskSheet{Task: casework.TaskID(c.Reference) + "/1", Service: c.Service, Rules: c.Rules}
	var err error
	if sheet.Items, err = collect[casework.SheetItem](ctx, tx, sheetItemsSQL, c.Result); err != nil {
		return sheet, fmt.Errorf("read the item marks: %w", err)
	}
	var ends time.Time
	if err := tx.QueryRow(ctx, outcomeEndsSQL, c.Reference, casework.ClockOutcome).Scan(&ends); err != nil {
		return sheet, missing(err, "clock", "outcome clock of case "+string(c.Reference))
	}
	due := ends.Add(-time.Second)
	if _, err := tx.Exec(ctx, makeTaskSQL, sheet.Task, c.Reference, casework.TaskReady, c.Service.Performer(), c.Component, sheet, due, at); err != nil {
		return sheet, fmt.Errorf("make task %s: %w", sheet.Task, err)
	}
	return sheet, nil
}
