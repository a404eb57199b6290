package store

import (
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

// refuses says why a completion cannot be taken: the task is not the actor's, is not held by anybody, or the
// completion does not fit the sheet. An operator may act for the performer, by name and with a reason.
func (t taskRow) refuses(in casework.DecideInput) *casework.Fault {
	if fault := t.notOpen(); fault != nil {
		return fault
	}
	actor, assignee := in.Actor, string(t.Assignee)
	switch actor.OnBehalfOf {
	case "":
		if actor.Subject != assignee {
			return casework.NotThePerformer(t.ID)
		}
	case assignee:
		if fault := standsIn(actor); fault != nil {
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

// notOpen says why a task takes nothing from anybody at this moment; nil if somebody holds it.
func (t taskRow) notOpen() *casework.Fault {
	switch t.State {
	case casework.TaskReady:
		return casework.NotAllocated(t.ID)
	case casework.TaskCompleted:
		return casework.AlreadyCompleted(t.ID)
	case casework.TaskReserved:
		return nil
	}
	return nil
}

// standsIn says why somebody cannot act for the performer whom they name: they must be known, another person, and
// give a reason. A performer hands in under their own token, which alone proves that it was them.
func standsIn(actor casework.Actor) *casework.Fault {
	switch {
	case actor.Subject == "":
		return casework.NewFault(casework.Invalid, "actor-missing", "Whoever acts for a performer says who that is.")
	case actor.Subject == actor.OnBehalfOf:
		return casework.NewFault(casework.Forbidden, "actor-is-performer",
			"A performer does not act on behalf of themselves. Hand the completion in over the REST service, or name the operator who acts.")
	case actor.Reason == "":
		return casework.NewFault(casework.Invalid, "reason-missing", "Whoever acts for a performer gives a reason.")
	}
	return nil
}
