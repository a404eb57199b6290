package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
)

// taskRow is a case's task as a decision finds and locks it.
type taskRow struct {
	ID       casework.TaskID
	State    casework.TaskState
	Assignee zeronull.Text
	Sheet    casework.TaskSheet
}

const lockTaskSQL = `
SELECT id, state, assignee, sheet
FROM tasks
WHERE reference = $1
ORDER BY number DESC
LIMIT 1
FOR UPDATE`

func lockTask(ctx context.Context, tx pgx.Tx, ref casework.Reference) (taskRow, error) {
	row, err := collectOne[taskRow](ctx, tx, lockTaskSQL, ref)
	return row, missing(err, "task", "task of case "+string(ref))
}

// refuses says why a completion cannot be taken: the task is not the actor's, is not held by anybody, or the
// completion does not fit the sheet. An operator may act for the performer, by name and with a reason.
func (t taskRow) refuses(in casework.DecideInput) *casework.Fault {
	actor, assignee := in.Actor, string(t.Assignee)
	if t.State != casework.TaskReserved {
		return casework.NewFault(casework.Conflict, "task-not-open", fmt.Sprintf("Task %s is %s.", t.ID, t.State))
	}
	switch actor.OnBehalfOf {
	case "":
		if actor.Subject != assignee {
			return casework.NewFault(casework.Forbidden, "not-your-task", fmt.Sprintf("Task %s is another performer's.", t.ID))
		}
	case assignee:
		if actor.Subject == "" {
			return casework.NewFault(casework.Invalid, "actor-missing", "Whoever acts for a performer says who that is.")
		}
		if actor.Reason == "" {
			return casework.NewFault(casework.Invalid, "reason-missing", "Whoever acts for a performer gives a reason.")
		}
	default:
		return casework.NewFault(casework.Conflict, "not-their-task", fmt.Sprintf("Task %s is not held by %s.", t.ID, actor.OnBehalfOf))
	}
	if reasons := in.Completion.Check(t.Sheet); len(reasons) > 0 {
		return casework.NewFault(casework.Invalid, "completion-invalid", "The completion cannot be taken.", reasons...)
	}
	return nil
}
