package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// ActOnTask does with a case's task what somebody asks for, short of completing it. A no is a *casework.Fault and
// changes nothing.
func (s *Store) ActOnTask(ctx context.Context, in casework.TaskInput, rules ruling.Staffing) (casework.TaskDone, error) {
	in.Key = timed(in.Key)
	a := acting{at: in.Key.At, request: in.Request, rules: rules}
	return runStep(ctx, s, in.Key, in, work[actedOn, casework.TaskDone]{
		lock: func(u *unit) func() (actedOn, error) { return holdActedOn(u, in) },
		do:   a.do,
	})
}

// actedOn is a case whose task is acted on; ranks is the rank of a performer who sends it up.
type actedOn struct {
	*heldCase
	tasks []taskRow
	ranks []ranking
}

// ranking is a performer's rank in the order of their body.
type ranking struct {
	Rank  casework.Rank
	Ranks []casework.Rank
}

const rankSQL = `SELECT p.rank, b.ranks FROM performers p JOIN awarding_bodies b ON b.id = p.body WHERE p.id = $1`

func holdActedOn(u *unit, in casework.TaskInput) func() (actedOn, error) {
	take := holdCase(u, in.Key.Reference)
	tasks := lockTask(u, in.Key.Reference)
	ranks := new([]ranking)
	if in.Request.Operation == casework.OpForward {
		ranks = each[ranking](u, "read the performer's rank", rankSQL, in.Request.Performer())
	}
	return func() (actedOn, error) {
		c, err := take()
		return actedOn{heldCase: c, tasks: *tasks, ranks: *ranks}, err
	}
}

// acting is one operation on one task.
type acting struct {
	at      time.Time
	request casework.TaskRequest
	rules   ruling.Staffing
}

func (a acting) do(ctx context.Context, u *unit, c actedOn) (casework.TaskDone, error) {
	if len(c.tasks) == 0 {
		return casework.TaskDone{}, casework.NotAllocated(a.request.Task)
	}
	task := &c.tasks[0]
	standing := task.standing()
	if fault := standing.Allows(a.request); fault != nil {
		return casework.TaskDone{}, fault
	}
	to := a.receiver()
	if to != "" {
		proof, err := a.admit(ctx, u, c.heldCase, task, to)
		if err != nil {
			return casework.TaskDone{}, err
		}
		keepProof(u, c.Reference, a.at, proof)
	}
	rank, err := a.rankAbove(task, c.ranks)
	if err != nil {
		return casework.TaskDone{}, err
	}
	from := task.Assignee
	times, err := a.apply(c.heldCase, task, standing, to, rank)
	if err != nil {
		return casework.TaskDone{}, err
	}
	stage, err := a.record(u, c.heldCase, task, from, times)
	return casework.TaskDone{Reference: c.Reference, Task: task.ID, State: task.State, Assignee: task.Assignee, Stage: stage, Times: times}, err
}

// receiver is the performer whom the task is given to by name; empty if it is given to nobody so.
func (a acting) receiver() string {
	if a.request.Operation == casework.OpClaim {
		return a.request.Performer()
	}
	return a.request.To
}

// gives reports whether the operation takes the task from its holder.
func (a acting) gives() bool {
	switch a.request.Operation {
	case casework.OpRelease, casework.OpDecline, casework.OpDelegate, casework.OpForward, casework.OpReassign:
		return true
	default:
		return false
	}
}

const lockPerformersSQL = `SELECT id FROM performers WHERE id = ANY ($1) ORDER BY id FOR UPDATE`

// admit judges the performer whom the task is given to, behind the locks of everybody whose counter will change, which
// are taken in the order of ids. Only their capacity may be exceeded. What the rule found proves that it was right to give
// them the task, as the proof of a choice does.
func (a acting) admit(ctx context.Context, u *unit, c *heldCase, task *taskRow, to string) (allocation.Proof, error) {
	u.write("lock the performers", lockPerformersSQL, []string{task.Assignee, to})
	finding, err := eligibility(ctx, u, c, to, a.at, a.rules)
	if err != nil {
		return allocation.Proof{}, err
	}
	if len(finding.Excluded) > 0 {
		return allocation.Proof{}, casework.NotEligible(task.ID, to, a.request.Actor, finding.Excluded)
	}
	return allocation.Proof{Operation: a.request.Operation, Chosen: to, Findings: []allocation.Finding{finding}}, nil
}

// rankAbove is the rank from which on a task that is sent up is performed; for any other it stays.
func (a acting) rankAbove(task *taskRow, ranks []ranking) (casework.Rank, error) {
	if a.request.Operation != casework.OpForward || len(ranks) == 0 {
		return task.LeastRank, nil
	}
	own, order := ranks[0].Rank, ranks[0].Ranks
	above := max(slices.Index(order, own), slices.Index(order, task.LeastRank)-1) + 1
	if above >= len(order) {
		return "", casework.NoHigherRank(task.ID, own)
	}
	return order[above], nil
}

// apply works the operation into the task and answers with its deadlines from now on.
func (a acting) apply(c *heldCase, task *taskRow, standing casework.TaskStanding, to string, rank casework.Rank) (casework.TaskTimes, error) {
	after := standing.After(a.request)
	switch a.request.Operation {
	case casework.OpSuspend:
		task.stop(c, casework.SuspendedByPerson, a.at)
	case casework.OpResume:
		task.goOn(casework.SuspendedByPerson, a.at)
	case casework.OpStart:
		task.StartedAt = zeronull.Timestamptz(a.at)
	default:
		task.passOn(c, to, a.at, after)
	}
	task.State, task.LeastRank = after, rank
	return task.plan(a.rules, c)
}

// passOn gives the task to a performer, who has not started it and whose time begins now, or to nobody. One that is
// suspended stays so.
func (t *taskRow) passOn(c *heldCase, to string, at time.Time, after casework.TaskState) {
	t.Assignee, t.StartedAt, t.ReservedAt, t.Stops = to, zeronull.Timestamptz{}, zeronull.Timestamptz{}, nil
	if to != "" {
		t.ReservedAt = zeronull.Timestamptz(at)
	}
	if after != casework.TaskSuspended {
		return
	}
	t.SuspendedFrom = casework.TaskReady
	if to != "" {
		t.SuspendedFrom = casework.TaskReserved
	}
	t.beginStop(c, at)
}

const insertLeavingSQL = `
INSERT INTO task_leavings (task, performer, at, operation, why, reason)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (task, performer, at) DO NOTHING`

// A task that is back in the pool can be claimed by anybody at once.
const dropClaimSQL = `DELETE FROM task_claims WHERE task = $1`

// record writes the task, who left it, the trail and the case. The rows of performers come last but one, because many
// cases want them, and the roster's version last.
func (a acting) record(u *unit, c *heldCase, task *taskRow, from string, times casework.TaskTimes) (casework.Stage, error) {
	task.write(u)
	if from != "" && a.gives() {
		u.write(fmt.Sprintf("note who left task %s", task.ID), insertLeavingSQL, task.ID, from, a.at, a.request.Operation, a.request.Why, a.request.Actor.Reason)
		u.write(fmt.Sprintf("delete the draft of task %s", task.ID), deleteDraftSQL, task.ID)
		u.write(fmt.Sprintf("drop the claim of task %s", task.ID), dropClaimSQL, task.ID)
	}
	c.TaskPlan = times.Plan
	if err := a.moveCase(u, c, task); err != nil {
		return "", err
	}
	if err := c.append(u, a.entry(task, from)); err != nil {
		return "", err
	}
	if from != "" && a.gives() {
		freePerformer(u, from, a.at)
	}
	if to := a.receiver(); to != "" {
		countTask(u, to, a.at)
	}
	if a.request.Why == casework.DeclineConflict {
		a.declare(u, c, from)
	}
	return c.Stage, nil
}

// moveCase brings the case to the stage that fits its task: unassigned while nobody has it.
func (a acting) moveCase(u *unit, c *heldCase, task *taskRow) error {
	event := casework.EventAssign
	if task.Assignee == "" {
		event = casework.EventGiveBack
	}
	if _, ok := casework.Next(c.Stage, event); !ok {
		c.touch(u)
		return nil
	}
	_, err := c.move(u, event, a.at)
	return err
}

const declareConflictSQL = `
INSERT INTO conflicts (performer, kind, centre, candidate)
VALUES ($1, 'other', $2, $3)
ON CONFLICT (performer, kind, centre, candidate) DO NOTHING`

// declare enters the interest for which a performer gave the task back into the register.
func (a acting) declare(u *unit, c *heldCase, performer string) {
	u.write("declare the conflict of performer "+performer, declareConflictSQL, performer, c.Centre, c.Candidate)
	noteRosterChange(u, performer, a.at, a.request.Actor, "conflict-declared",
		fact("kind", "other"), fact("centre", c.Centre), fact("candidate", c.Candidate), fact("task", a.request.Task))
	raiseRoster(u)
}

// wroteOperation are the codes of the trail, by operation.
func wroteOperation(operation casework.Operation) string {
	switch operation {
	case casework.OpClaim:
		return "task-claimed"
	case casework.OpStart:
		return "task-started"
	case casework.OpRelease:
		return "task-released"
	case casework.OpDecline:
		return "task-declined"
	case casework.OpDelegate:
		return "task-delegated"
	case casework.OpForward:
		return "task-forwarded"
	case casework.OpSuspend:
		return "task-suspended"
	case casework.OpResume:
		return "task-resumed"
	default:
		return "task-reassigned"
	}
}

// entry says what was done with the task; a centre never sees it.
func (a acting) entry(task *taskRow, from string) entry {
	facts := []docket.Fact{fact("task", task.ID), fact("state", task.State)}
	if from != "" {
		facts = append(facts, fact("performer", from))
	}
	if to := a.receiver(); to != "" {
		facts = append(facts, fact("to", to))
	}
	if a.request.Why != "" {
		facts = append(facts, fact("why", a.request.Why))
	}
	if a.request.Operation == casework.OpForward {
		facts = append(facts, fact("leastRank", task.LeastRank))
	}
	return entry{at: a.at, actor: a.request.Actor, what: wroteOperation(a.request.Operation), facts: facts}
}
