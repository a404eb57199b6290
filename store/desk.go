package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// deskRow is a task as people see it who perform tasks.
type deskRow struct {
	ID              casework.TaskID
	Reference       casework.Reference
	State           casework.TaskState
	Assignee        zeronull.Text
	Component       string
	Title           string
	Sheet           casework.TaskSheet
	Due             zeronull.Timestamptz
	StartBy         zeronull.Timestamptz
	CompleteBy      zeronull.Timestamptz
	StartedAt       zeronull.Timestamptz
	CompletedAt     zeronull.Timestamptz
	Held            []casework.HoldCause
	Script          *casework.FileRef
	Scheme          *casework.FileRef
	Paper           *casework.FileRef
	DraftVersion    zeronull.Int8
	DraftSavedAt    zeronull.Timestamptz
	DraftCompletion *casework.Completion
}

const ownTasksSQL = `
SELECT d.id, d.reference, d.state, d.assignee, d.component, d.title, d.sheet, d.due, d.start_by, d.complete_by, d.started_at, d.completed_at, d.held,
       d.script, d.scheme, d.paper, d.draft_version, d.draft_saved_at, d.draft_completion
FROM desk d
WHERE d.assignee = $1 AND ($2 = '' OR d.state = $2) AND ($3::timestamptz IS NULL OR (d.due, d.id) > ($3, $4))
ORDER BY d.due, d.id
LIMIT $5`

// A page of the team's reads as many tasks as a page has for each person who is led, in the order of an index; what the
// tasks are like is read for those of the page alone: the array keeps the planner from reading all of them.
const teamTasksSQL = `
SELECT d.id, d.reference, d.state, d.assignee, d.component, d.title, d.sheet, d.due, d.start_by, d.complete_by, d.started_at, d.completed_at, d.held,
       d.script, d.scheme, d.paper, d.draft_version, d.draft_saved_at, d.draft_completion
FROM desk d
WHERE d.id = ANY (ARRAY(
    SELECT t.id
    FROM performers p
    CROSS JOIN LATERAL (
        SELECT o.id, o.due
        FROM tasks o
        WHERE o.assignee = p.id AND o.state IN ('reserved', 'in-progress', 'suspended') AND ($2 = '' OR o.state = $2)
          AND ($3::timestamptz IS NULL OR (o.due, o.id) > ($3, $4))
        ORDER BY o.due, o.id
        LIMIT $5) t
    WHERE p.leader = $1
    ORDER BY t.due, t.id
    LIMIT $5))
ORDER BY d.due, d.id`

// A page of the pool goes through the tasks of the person's components by due instant, and looks whether they may claim one
// only until the page is full: that is the dear part.
const poolTasksSQL = `
SELECT d.id, d.reference, d.state, d.assignee, d.component, d.title, d.sheet, d.due, d.start_by, d.complete_by, d.started_at, d.completed_at, d.held,
       d.script, d.scheme, d.paper, d.draft_version, d.draft_saved_at, d.draft_completion
FROM desk d
WHERE d.id = ANY (ARRAY(
    SELECT o.id
    FROM (SELECT t.id, t.due
          FROM (SELECT o.component FROM performer_components o WHERE o.performer = $1
                UNION
                SELECT c.id
                FROM performers p
                JOIN qualifications q ON q.subject = ANY (p.subjects) AND q.body = p.body
                JOIN components c ON c.qualification = q.id
                WHERE p.id = $1) own
          CROSS JOIN LATERAL (
              SELECT w.id, w.due
              FROM tasks w
              WHERE w.component = own.component AND w.state = 'ready' AND ($2 = '' OR $2 = 'ready')
                AND ($3::timestamptz IS NULL OR (w.due, w.id) > ($3, $4))
              ORDER BY w.due, w.id) t
          ORDER BY t.due, t.id) o
    WHERE (SELECT count(*) FROM claimable($6) v WHERE v.task = o.id AND v.performer = $1) > 0
    ORDER BY o.due, o.id
    LIMIT $5))
ORDER BY d.due, d.id`

// Tasks lists tasks by their due instant, the most urgent first: those of a performer, those that their team holds, or
// those of the pool that they may claim.
func (s *Store) Tasks(ctx context.Context, filter docket.TaskFilter) ([]docket.Task, error) {
	args := []any{filter.Assignee, filter.State, zeronull.Timestamptz(filter.AfterDue), filter.AfterID, pageSize(filter.Limit)}
	var rows []deskRow
	var err error
	switch {
	case filter.Pool:
		rows, err = collect[deskRow](ctx, s.pool, poolTasksSQL, append(args, dateTo(calendar.DateOf(filter.At)))...)
	case filter.Team:
		rows, err = collect[deskRow](ctx, s.pool, teamTasksSQL, args...)
	default:
		rows, err = collect[deskRow](ctx, s.pool, ownTasksSQL, args...)
	}
	if err != nil {
		return nil, fmt.Errorf("list the tasks of performer %s: %w", filter.Assignee, unavailable(err))
	}
	return tasksOf(rows), nil
}

const readTaskSQL = `
SELECT d.id, d.reference, d.state, d.assignee, d.component, d.title, d.sheet, d.due, d.start_by, d.complete_by, d.started_at, d.completed_at, d.held,
       d.script, d.scheme, d.paper, d.draft_version, d.draft_saved_at, d.draft_completion
FROM desk d
JOIN performers p ON p.id = d.assignee
WHERE d.id = $1 AND $2 IN (p.id, p.leader)`

// Task reads one task for its performer or for who leads them; for anybody else it does not exist.
func (s *Store) Task(ctx context.Context, id casework.TaskID, reader string) (docket.Task, error) {
	rows, err := collect[deskRow](ctx, s.pool, readTaskSQL, id, reader)
	if err != nil {
		return docket.Task{}, fmt.Errorf("read task %s: %w", id, unavailable(err))
	}
	if len(rows) == 0 {
		return docket.Task{}, unknownTask(id)
	}
	return tasksOf(rows)[0], nil
}

func unknownTask(id casework.TaskID) *casework.Fault {
	return casework.NewFault(casework.NotFound, "unknown-task", fmt.Sprintf("There is no task %s.", id))
}

func tasksOf(rows []deskRow) []docket.Task {
	tasks := make([]docket.Task, len(rows))
	for i, r := range rows {
		tasks[i] = docket.Task{
			ID: r.ID, Reference: r.Reference, State: r.State, Assignee: string(r.Assignee), Component: r.Component, Title: r.Title, Sheet: r.Sheet,
			Due: timeOf(r.Due), StartBy: timeOf(r.StartBy), CompleteBy: timeOf(r.CompleteBy), StartedAt: timeOf(r.StartedAt), Held: r.Held,
			Script: deref(r.Script), Scheme: deref(r.Scheme), Paper: deref(r.Paper), CompletedAt: timeOf(r.CompletedAt),
		}
		if len(r.Held) == 0 {
			tasks[i].Held = nil
		}
		if r.DraftCompletion != nil {
			tasks[i].Draft = &docket.Draft{Version: int64(r.DraftVersion), SavedAt: timeOf(r.DraftSavedAt), Completion: *r.DraftCompletion}
		}
	}
	return tasks
}
