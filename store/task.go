package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// taskRow is a case's latest task as a step finds and locks it.
type taskRow struct {
	ID            casework.TaskID
	Number        int
	Kind          casework.TaskKind
	State         casework.TaskState
	SuspendedFrom casework.TaskState
	SuspendedBy   []string
	Assignee      string
	// Leader leads the assignee's team.
	Leader     string
	Sheet      casework.TaskSheet
	ReservedAt zeronull.Timestamptz
	StartedAt  zeronull.Timestamptz
	StartBy    zeronull.Timestamptz
	CompleteBy zeronull.Timestamptz
	// Stops are the times since ReservedAt in which nobody might work on it; the last one lasts while it is suspended.
	Stops []stopRow
	// Told holds which of its deadlines were recorded, whoever held it then.
	Told      casework.Plan
	LeastRank casework.Rank
}

// stopRow is a stop as the register keeps it; a zero until is one that lasts.
type stopRow struct {
	From        time.Time `json:"from"`
	Until       time.Time `json:"until,omitzero"`
	OutcomeEnds time.Time `json:"outcomeEnds,omitzero"`
}

const lockTaskSQL = `
SELECT t.id, t.number, t.kind, t.state, coalesce(t.suspended_from, '') AS suspended_from, t.suspended_by, coalesce(t.assignee, '') AS assignee,
       coalesce((SELECT p.leader FROM performers p WHERE p.id = t.assignee), '') AS leader,
       t.sheet, t.reserved_at, t.started_at, t.start_by, t.complete_by, t.stops, t.least_rank,
       coalesce((SELECT jsonb_agg(jsonb_build_object('clock', a.clock, 'act', a.act, 'at', a.at)) FROM task_alerts a WHERE a.task = t.id), '[]') AS told
FROM tasks t
WHERE t.reference = $1
ORDER BY t.number DESC
LIMIT 1
FOR UPDATE OF t`

// lockTask queues the lock of a case's latest task; there is none before the first allocation.
func lockTask(u *unit, ref casework.Reference) *[]taskRow {
	return each[taskRow](u, "lock the task", lockTaskSQL, ref)
}

// standing is what the rules about operations see of the task.
func (t *taskRow) standing() casework.TaskStanding {
	return casework.TaskStanding{
		Task: t.ID, State: t.State, SuspendedFrom: t.SuspendedFrom, SuspendedBy: t.SuspendedBy, Holder: t.Assignee, Leader: t.Leader,
	}
}

const writeTaskSQL = `
UPDATE tasks
SET state = $2, suspended_from = $3, suspended_by = $4, assignee = $5, reserved_at = $6, started_at = $7, start_by = $8, complete_by = $9,
    stops = $10, least_rank = $11
WHERE id = $1`

// write queues the task as it is now.
func (t *taskRow) write(u *unit) {
	if t.SuspendedBy == nil {
		t.SuspendedBy = []string{}
	}
	if t.Stops == nil {
		t.Stops = []stopRow{}
	}
	u.write(fmt.Sprintf("write task %s", t.ID), writeTaskSQL, t.ID, t.State, zeronull.Text(t.SuspendedFrom), t.SuspendedBy, zeronull.Text(t.Assignee),
		t.ReservedAt, t.StartedAt, t.StartBy, t.CompleteBy, t.Stops, t.LeastRank)
}

// stop suspends an open task for one more cause. One that is stopped for it already, or that is done, stays as it is.
func (t *taskRow) stop(c *heldCase, by string, at time.Time) {
	if t.State.Final() || slices.Contains(t.SuspendedBy, by) {
		return
	}
	if t.State != casework.TaskSuspended {
		t.State, t.SuspendedFrom = casework.TaskSuspended, t.State
		t.beginStop(c, at)
	}
	t.SuspendedBy = append(slices.Clone(t.SuspendedBy), by)
}

// goOn takes one cause away; without the last one the task goes on from where it was stopped.
func (t *taskRow) goOn(by string, at time.Time) {
	if t.State != casework.TaskSuspended || !slices.Contains(t.SuspendedBy, by) {
		return
	}
	t.SuspendedBy = slices.DeleteFunc(slices.Clone(t.SuspendedBy), func(cause string) bool { return cause == by })
	if len(t.SuspendedBy) == 0 {
		t.State, t.SuspendedFrom = t.SuspendedFrom, ""
		t.endStop(at)
	}
}

// beginStop notes from when nobody may work on the task, and where the promise ended that bounds its deadlines. In the pool
// it has none.
func (t *taskRow) beginStop(c *heldCase, at time.Time) {
	if t.Assignee == "" {
		return
	}
	stop := stopRow{From: latest(at, timeOf(t.ReservedAt))}
	if n := len(t.Stops); n > 0 {
		stop.From = latest(stop.From, t.Stops[n-1].Until)
	}
	if outcome := c.clock(casework.ClockOutcome); outcome != nil {
		stop.OutcomeEnds = outcome.Ends
	}
	t.Stops = append(slices.Clone(t.Stops), stop)
}

// endStop notes until when nobody might.
func (t *taskRow) endStop(at time.Time) {
	n := len(t.Stops)
	if n == 0 || !t.Stops[n-1].Until.IsZero() {
		return
	}
	t.Stops = slices.Clone(t.Stops)
	t.Stops[n-1].Until = latest(at, t.Stops[n-1].From)
}

// plan counts the deadlines of the task in the hands of its holder and makes them its own; in the pool it has none. What of
// them was recorded is not told again. A task that is done keeps nothing.
func (t *taskRow) plan(rules ruling.Staffing, c *heldCase) (times casework.TaskTimes, err error) {
	if t.Assignee != "" && !t.State.Final() {
		if times, err = t.count(rules, c); err != nil {
			return times, err
		}
	}
	t.StartBy, t.CompleteBy = zeronull.Timestamptz(times.StartBy), zeronull.Timestamptz(times.CompleteBy)
	return times, nil
}

// count asks the rules for the deadlines of a task that somebody holds.
func (t *taskRow) count(rules ruling.Staffing, c *heldCase) (casework.TaskTimes, error) {
	outcome := c.clock(casework.ClockOutcome)
	if outcome == nil {
		return casework.TaskTimes{}, unknown("clock", "outcome clock of case "+string(c.Reference))
	}
	task := ruling.Assignment{
		Version: c.Policy, Service: c.Service, Kind: t.Kind, GivenAt: timeOf(t.ReservedAt), Started: !timeOf(t.StartedAt).IsZero(),
		OutcomeEnds: outcome.Ends,
	}
	for _, stop := range t.Stops {
		task.Stops = append(task.Stops, ruling.Stop(stop))
	}
	times, err := rules.TaskTimes(task)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("compute the deadlines of task %s: %w", t.ID, err)
	}
	for _, told := range t.Told {
		times.Plan = times.Plan.Without(told)
	}
	return times, nil
}

const freePerformerSQL = `UPDATE performers SET open_tasks = open_tasks - 1, idle_since = $2 WHERE id = $1`

// freePerformer queues that a performer holds one task less.
func freePerformer(u *unit, performer string, at time.Time) {
	u.write("free performer "+performer, freePerformerSQL, performer, at)
}

const deleteDraftSQL = `DELETE FROM drafts WHERE task = $1`

// notOpen says why a task takes nothing from anybody at this moment; nil if somebody holds it.
func (t *taskRow) notOpen() *casework.Fault {
	switch t.State {
	case casework.TaskReady:
		return casework.NotAllocated(t.ID)
	case casework.TaskCompleted:
		return casework.AlreadyCompleted(t.ID)
	case casework.TaskWithdrawn:
		return casework.TaskIsWithdrawn(t.ID)
	case casework.TaskReserved, casework.TaskInProgress, casework.TaskSuspended:
	}
	return nil
}

// refuses says why a completion cannot be taken: the task is not the actor's, is not held by anybody, or the
// completion does not fit the sheet. An operator may act for the performer, by name and with a reason.
func (t *taskRow) refuses(in casework.DecideInput) *casework.Fault {
	if fault := t.notOpen(); fault != nil {
		return fault
	}
	actor := in.Actor
	switch actor.OnBehalfOf {
	case "":
		if actor.Subject != t.Assignee {
			return casework.NotThePerformer(t.ID)
		}
	case t.Assignee:
		if fault := casework.StandsIn(actor); fault != nil {
			return fault
		}
	default:
		return casework.NotThePerformer(t.ID)
	}
	if reasons := in.Completion.Check(t.Sheet); len(reasons) > 0 {
		return casework.NewFault(casework.Invalid, "completion-invalid", "The completion cannot be taken.", reasons...)
	}
	return nil
}
