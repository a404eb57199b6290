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
	// TimesFrom is the instant from which the deadlines count where it is another than ReservedAt.
	TimesFrom zeronull.Timestamptz
	LeastRank casework.Rank
}

const lockTaskSQL = `
SELECT t.id, t.number, t.kind, t.state, coalesce(t.suspended_from, '') AS suspended_from, t.suspended_by, coalesce(t.assignee, '') AS assignee,
       coalesce((SELECT p.leader FROM performers p WHERE p.id = t.assignee), '') AS leader,
       t.sheet, t.reserved_at, t.started_at, t.start_by, t.complete_by, t.times_from, t.least_rank
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
    times_from = $10, least_rank = $11
WHERE id = $1`

// write queues the task as it is now.
func (t *taskRow) write(u *unit) {
	if t.SuspendedBy == nil {
		t.SuspendedBy = []string{}
	}
	u.write(fmt.Sprintf("write task %s", t.ID), writeTaskSQL, t.ID, t.State, zeronull.Text(t.SuspendedFrom), t.SuspendedBy, zeronull.Text(t.Assignee),
		t.ReservedAt, t.StartedAt, t.StartBy, t.CompleteBy, t.TimesFrom, t.LeastRank)
}

// stop suspends an open task for one more cause; its deadlines stand still. One that is stopped for it already, or that
// is done, stays as it is.
func (t *taskRow) stop(u *unit, by string) {
	if t.State.Final() || slices.Contains(t.SuspendedBy, by) {
		return
	}
	if t.State != casework.TaskSuspended {
		t.State, t.SuspendedFrom = casework.TaskSuspended, t.State
	}
	t.SuspendedBy = append(slices.Clone(t.SuspendedBy), by)
	t.keep(casework.TaskTimes{})
	t.write(u)
}

// goOn takes one cause away; without the last one the task goes on from where it was stopped, by deadlines that count
// from then.
func (t *taskRow) goOn(u *unit, by string, at time.Time, times casework.TaskTimes) {
	if t.State != casework.TaskSuspended || !slices.Contains(t.SuspendedBy, by) {
		return
	}
	t.SuspendedBy = slices.DeleteFunc(slices.Clone(t.SuspendedBy), func(cause string) bool { return cause == by })
	if len(t.SuspendedBy) == 0 {
		t.State, t.SuspendedFrom, t.TimesFrom = t.SuspendedFrom, "", zeronull.Timestamptz(at)
		t.keep(times)
	}
	t.write(u)
}

// keep makes deadlines the task's own.
func (t *taskRow) keep(times casework.TaskTimes) {
	t.StartBy, t.CompleteBy = zeronull.Timestamptz(instant(times.StartBy)), zeronull.Timestamptz(instant(times.CompleteBy))
	if times.StartBy.IsZero() {
		t.StartBy = zeronull.Timestamptz{}
	}
	if times.CompleteBy.IsZero() {
		t.CompleteBy = zeronull.Timestamptz{}
	}
}

// times are the deadlines of the task in the hands of its holder, counted from an instant.
func (t *taskRow) times(rules ruling.Staffing, c *heldCase, from time.Time) (casework.TaskTimes, error) {
	outcome := c.clock(casework.ClockOutcome)
	if outcome == nil {
		return casework.TaskTimes{}, unknown("clock", "outcome clock of case "+string(c.Reference))
	}
	times, err := rules.TaskTimes(c.Policy, c.Service, t.Kind, from, !timeOf(t.StartedAt).IsZero(), outcome.Ends)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("compute the deadlines of task %s: %w", t.ID, err)
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
