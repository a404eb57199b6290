package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
)

const insertTaskAlertSQL = `
INSERT INTO task_alerts (task, clock, act, at, detected_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (task, clock, act, at) DO NOTHING`

// Counted within the case, because its mails are told apart by that number, whichever of its tasks they are about.
const countTaskAlertsSQL = `
SELECT count(*)
FROM task_alerts a
JOIN tasks t ON t.id = a.task
WHERE t.reference = $1 AND a.clock = $2 AND a.act = $3
  AND (a.detected_at, a.at, a.task) <= (SELECT detected_at, at, task FROM task_alerts WHERE task = $4 AND clock = $2 AND act = $3 AND at = $5)`

// passTaskDeadline records once that a reminder's or an escalation's instant has passed, with the true instant beside
// the one at which it was noticed, and names who holds the task. It concerns nobody any more if the task was completed,
// stopped or given to somebody else meanwhile, so that the deadline is none of the case's plan. The trail is the caller's.
func passTaskDeadline(ctx context.Context, u *unit, c *heldCase, key casework.StepKey, d casework.Deadline) (passage, string, error) {
	at := instant(d.At)
	if !slices.ContainsFunc(c.TaskPlan, func(p casework.Deadline) bool {
		return p.Clock == d.Clock && p.Act == d.Act && instant(p.At).Equal(at)
	}) {
		return passage{}, "", nil
	}
	tasks := lockTask(u, key.Reference)
	if err := u.send(ctx); err != nil {
		return passage{}, "", err
	}
	if len(*tasks) == 0 || (*tasks)[0].Assignee == "" {
		return passage{}, "", nil
	}
	task := (*tasks)[0]
	written := u.change(fmt.Sprintf("record the %s of task %s", d.Act, task.ID), insertTaskAlertSQL, task.ID, d.Clock, d.Act, at, key.At)
	number := column[int](u, "count the alerts of the task", countTaskAlertsSQL, key.Reference, d.Clock, d.Act, task.ID, at)
	if err := u.send(ctx); err != nil {
		return passage{}, "", err
	}
	return passage{due: true, written: *written == 1, number: (*number)[0]}, task.Assignee, nil
}
