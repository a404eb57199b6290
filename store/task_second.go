package store

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

const (
	wroteSecondLook = "second-look-asked"
	wroteSampled    = "drawn-for-monitoring"
)

// standingStillSQL reads for what a case waits. A result or an award with the indicator Q is not final because of a
// suspected malpractice: it stops the case whether or not anybody has held it yet.
const standingStillSQL = `
SELECT unnest(k.held_for) AS cause FROM cases k WHERE k.reference = $1
UNION
SELECT 'malpractice'
FROM cases k
LEFT JOIN component_results r ON r.id = k.result
LEFT JOIN award_reviews v ON v.id = k.award_review
LEFT JOIN awards a ON a.id = v.award
WHERE k.reference = $1 AND (r.indicator = 'Q' OR a.indicator = 'Q')
ORDER BY 1`

// askStanding queues the question for what a case waits.
func askStanding(u *unit, ref casework.Reference) *[]string {
	return column[string](u, "read for what the case waits", standingStillSQL, ref)
}

// waits says why nobody may go on with the task: its case is on hold, or somebody stopped it.
func (t *taskRow) waits(ref casework.Reference, causes []string) *casework.Fault {
	switch {
	case len(causes) > 0:
		return casework.OnHold(ref, causes)
	case t.State == casework.TaskSuspended:
		return casework.TaskIsSuspended(t.ID, t.SuspendedBy)
	}
	return nil
}

// looksAgain asks the policy whether another performer looks before the outcome is published; a second look is the
// last.
func (d deciding) looksAgain(own *heldCase, task *taskRow, o outcome) (bool, error) {
	if task.Kind != casework.TaskReview {
		return false, nil
	}
	again, err := d.scrutiny.SecondLook(own.Policy, own.Service, ruling.Change{Before: o.before, After: o.after, Max: o.max, Items: o.changed()})
	if err != nil {
		return false, fmt.Errorf("ask whether case %s needs a second look: %w", own.Reference, err)
	}
	return again, nil
}

const keepCompletionSQL = `
INSERT INTO task_completions (task, performer, actor, received_at, at, completion)
VALUES ($1, $2, $3, $4, $5, $6)`

const makeSecondLookSQL = `
INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at)
SELECT $1, reference, $2, $3, 'ready', role, component, centre, $4, due, $5
FROM tasks
WHERE id = $6`

// passOn keeps the completion and makes the task of a second look; nothing is published and no promise is met.
func (d deciding) passOn(u *unit, own *heldCase, task *taskRow, o outcome) (casework.Decided, error) {
	at := d.in.Key.At
	d.finish(u, own, task, o)
	u.write(fmt.Sprintf("keep the completion of task %s", task.ID), keepCompletionSQL,
		task.ID, task.Assignee, d.in.Actor, d.in.ReceivedAt, at, d.in.Completion)
	sheet := secondSheet(own.Reference, task, d.in.Completion)
	u.write(fmt.Sprintf("make task %s", sheet.Task), makeSecondLookSQL, sheet.Task, task.Number+1, sheet.Kind, sheet, at, task.ID)
	state, err := own.move(u, casework.EventSecondLook, at)
	if err != nil {
		return casework.Decided{}, err
	}
	asked := entry{at: at, actor: casework.System(), what: wroteSecondLook, facts: []docket.Fact{
		fact("task", sheet.Task), fact("markBefore", o.before), fact("markAfter", o.after), fact("changedItems", o.changed()),
	}}
	answer := casework.Decided{Cause: d.in.Key.Cause, Subject: d.in.Actor.Subject, Stage: own.Stage, SLAState: state}
	return answer, own.append(u, d.done(task), asked)
}

// secondSheet is what the second performer starts from: the same marks, and the corrections of the first.
func secondSheet(ref casework.Reference, task *taskRow, first casework.Completion) casework.TaskSheet {
	sheet := task.Sheet
	sheet.Task, sheet.Kind, sheet.Corrected = casework.TaskOf(ref, task.Number+1), casework.TaskSecondLook, nil
	for _, given := range first.Items {
		if given.Mark != original(task.Sheet, given.Item) {
			sheet.Corrected = append(sheet.Corrected, given)
		}
	}
	return sheet
}

// done is the entry of a completion that was taken.
func (d deciding) done(task *taskRow) entry {
	return entry{at: d.in.Key.At, actor: d.in.Actor, what: wroteTaskDone, facts: []docket.Fact{
		fact("task", task.ID), fact("performer", task.Assignee), fact("received", d.in.ReceivedAt),
	}}
}

const finishTaskSQL = `
UPDATE tasks SET state = 'completed', completed_at = $2, start_by = NULL, complete_by = NULL WHERE id = $1`

const logWorkSQL = `
INSERT INTO work_log (task, performer, kind, service, component, reserved_at, started_at, completed_at, items, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

// finish ends the task and writes the work down from which the performer's fee is counted.
func (d deciding) finish(u *unit, own *heldCase, task *taskRow, o outcome) {
	at := d.in.Key.At
	u.write(fmt.Sprintf("complete task %s", task.ID), finishTaskSQL, task.ID, at)
	u.write(fmt.Sprintf("delete the draft of task %s", task.ID), deleteDraftSQL, task.ID)
	u.write(fmt.Sprintf("log the work on task %s", task.ID), logWorkSQL, task.ID, task.Assignee, task.Kind, own.Service, own.Component,
		givenAt(task, at), task.StartedAt, at, len(o.items), o.changed())
}

// givenAt is when the task was given to its performer.
func givenAt(task *taskRow, at time.Time) time.Time {
	if given := timeOf(task.ReservedAt); !given.IsZero() {
		return given
	}
	return at
}

const drawForMonitoringSQL = `INSERT INTO monitoring (task, drawn_at, performer) VALUES ($1, $2, $3)`

// sample draws an unchanged outcome for a lead to look at afterwards, if the policy says so.
func (d deciding) sample(u *unit, own *heldCase, task *taskRow, o outcome) error {
	if o.changed() > 0 {
		return nil
	}
	drawn, err := d.scrutiny.Sampled(own.Policy, own.Service, own.Reference)
	if err != nil {
		return fmt.Errorf("ask whether case %s is monitored: %w", own.Reference, err)
	}
	if !drawn {
		return nil
	}
	u.write(fmt.Sprintf("draw task %s for monitoring", task.ID), drawForMonitoringSQL, task.ID, d.in.Key.At, task.Assignee)
	return own.append(u, entry{at: d.in.Key.At, actor: casework.System(), what: wroteSampled, facts: []docket.Fact{fact("task", task.ID)}})
}
