package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Allocate reserves the case's task for whom the rules choose, or leaves it in the pool; either way the proof is
// kept. The choice is made again once the person's row is locked, so that nobody gets more than their capacity
// and no conflict that was just declared is missed. A case that is held for something is left alone: then nobody is
// named, and nothing is written but the step.
func (s *Store) Allocate(ctx context.Context, key casework.StepKey, rules ruling.Staffing) (casework.Allocated, error) {
	a := allocating{key: timed(key), rules: rules}
	return runStep(ctx, s, a.key, a.key, work[allocatable, casework.Allocated]{lock: a.lock, do: a.do})
}

// allocatable is a waiting case with the roster as it was before anybody was locked.
type allocatable struct {
	waiting
	roster []allocation.Performer
}

type allocating struct {
	key   casework.StepKey
	rules ruling.Staffing
}

func (a allocating) lock(u *unit) func() (allocatable, error) {
	take := holdWaiting(u, a.key.Reference)
	roster := askRoster(u, a.key.Reference, a.key.At)
	return func() (allocatable, error) {
		w, err := take()
		return allocatable{waiting: w, roster: *roster}, err
	}
}

func (a allocating) do(ctx context.Context, u *unit, w allocatable) (casework.Allocated, error) {
	if _, ok := casework.Next(w.Stage, casework.EventAssign); !ok {
		return casework.Allocated{}, wrongStage(w.caseRow, casework.EventAssign)
	}
	if len(w.staffing.HeldFor) > 0 || w.task().State != casework.TaskReady {
		return casework.Allocated{Stage: w.Stage, Sheet: w.sheet()}, nil
	}
	outcome := w.clock(casework.ClockOutcome)
	if outcome == nil {
		return casework.Allocated{}, unknown("clock", "outcome clock of case "+string(w.Reference))
	}
	task, err := w.asks(a.rules, a.key.At)
	if err != nil {
		return casework.Allocated{}, err
	}
	search := &reserving{allocating: a, task: task, roster: w.roster}
	proof, err := search.reserve(ctx, u)
	if err != nil {
		return casework.Allocated{}, err
	}
	allocated := casework.Allocated{Assignee: proof.Chosen, Sheet: w.sheet()}
	if proof.Chosen != "" {
		given := ruling.Assignment{Version: w.Policy, Service: w.Service, Kind: w.task().Kind, GivenAt: a.key.At, OutcomeEnds: outcome.Ends}
		if allocated.Times, err = a.rules.TaskTimes(given); err != nil {
			return casework.Allocated{}, fmt.Errorf("plan the task of case %s: %w", w.Reference, err)
		}
	}
	if err := a.record(u, w.waiting, allocated, task.LeastRank, outcome.Ends.Add(-time.Second), proof); err != nil {
		return casework.Allocated{}, err
	}
	allocated.Stage = w.Stage
	return allocated, nil
}

// Rounds are counted behind the case's lock: a step's own number counts within what put the task into the pool.
const insertAllocationSQL = `
INSERT INTO allocations (reference, number, at, chosen, proof)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4 FROM allocations WHERE reference = $1`

// keepProof queues the proof of one round, whether the rule chose or a person was named.
func keepProof(u *unit, ref casework.Reference, at time.Time, proof allocation.Proof) {
	u.write("keep the proof of case "+string(ref), insertAllocationSQL, ref, at, zeronull.Text(proof.Chosen), proof)
}

// record puts the task into the pool or hands it to the chosen person, keeps the proof and moves the case.
func (a allocating) record(u *unit, w waiting, allocated casework.Allocated, least casework.Rank, due time.Time, proof allocation.Proof) error {
	task, times := allocated.Sheet, allocated.Times
	keepProof(u, w.Reference, a.key.At, proof)
	e := entry{at: a.key.At, actor: casework.System(), what: wroteNoPerformer, facts: []docket.Fact{
		fact("task", task.Task), fact("considered", len(proof.Findings)),
	}}
	state, reserved := casework.TaskReady, time.Time{}
	if proof.Chosen != "" {
		state, reserved = casework.TaskReserved, a.key.At
		e.what, e.facts = wroteAllocated, append(e.facts, fact("performer", proof.Chosen))
		countTask(u, proof.Chosen, a.key.At)
	}
	u.write(fmt.Sprintf("make task %s", task.Task), makeTaskSQL, task.Task, w.Reference, w.task().Number, task.Kind, state, w.Service.Performer(),
		w.Component, w.Centre, task, due, a.key.At, zeronull.Text(proof.Chosen), zeronull.Timestamptz(reserved), zeronull.Timestamptz(times.StartBy),
		zeronull.Timestamptz(times.CompleteBy), least, w.staffing.Roster)
	w.TaskPlan = times.Plan
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
INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at, assignee, reserved_at, start_by,
                   complete_by, least_rank, roster)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (id) DO UPDATE
SET sheet = excluded.sheet, state = excluded.state, assignee = excluded.assignee, reserved_at = excluded.reserved_at, started_at = NULL,
    stops = '[]', start_by = excluded.start_by, complete_by = excluded.complete_by, least_rank = excluded.least_rank, roster = excluded.roster,
    due = excluded.due`
