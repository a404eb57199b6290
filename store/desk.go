package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// deskRow is a task as its performer sees it.
type deskRow struct {
	ID              casework.TaskID
	Reference       casework.Reference
	State           casework.TaskState
	Assignee        string
	Component       string
	Title           string
	Sheet           casework.TaskSheet
	Due             zeronull.Timestamptz
	CompletedAt     zeronull.Timestamptz
	Script          *casework.FileRef
	Scheme          *casework.FileRef
	Paper           *casework.FileRef
	DraftVersion    zeronull.Int8
	DraftSavedAt    zeronull.Timestamptz
	DraftCompletion *casework.Completion
}

const selectDeskSQL = `
SELECT t.id, t.reference, t.state, t.assignee, t.component, c.title, t.sheet, t.due, t.completed_at,
       CASE WHEN s.result IS NOT NULL THEN jsonb_build_object(
           'key', s.anonymised_key, 'version', s.anonymised_version, 'sha256', s.anonymised_sha256, 'size', s.anonymised_size) END AS script,
       (SELECT jsonb_build_object('key', f.key, 'version', f.version, 'sha256', f.sha256, 'size', f.size)
        FROM component_files f WHERE f.series = k.series AND f.component = k.component AND f.kind = 'scheme') AS scheme,
       (SELECT jsonb_build_object('key', f.key, 'version', f.version, 'sha256', f.sha256, 'size', f.size)
        FROM component_files f WHERE f.series = k.series AND f.component = k.component AND f.kind = 'paper') AS paper,
       d.version AS draft_version, d.saved_at AS draft_saved_at, d.completion AS draft_completion
FROM tasks t
JOIN cases k ON k.reference = t.reference
JOIN components c ON c.id = t.component
LEFT JOIN scripts s ON s.result = k.result
LEFT JOIN drafts d ON d.task = t.id
WHERE t.assignee = $1
  AND ($2 = '' OR t.id = $2)
  AND ($3 = '' OR t.state = $3)
  AND ($4::timestamptz IS NULL OR (t.due, t.id) > ($4, $5))
ORDER BY t.due, t.id
LIMIT $6`

// Tasks lists a performer's tasks by their due instant, the most urgent first.
func (s *Store) Tasks(ctx context.Context, filter docket.TaskFilter) ([]docket.Task, error) {
	return s.desk(ctx, filter, "")
}

// Task reads one task of a performer; anybody else's does not exist.
func (s *Store) Task(ctx context.Context, id casework.TaskID, assignee string) (docket.Task, error) {
	tasks, err := s.desk(ctx, docket.TaskFilter{Assignee: assignee, Limit: 1}, id)
	if err != nil {
		return docket.Task{}, err
	}
	if len(tasks) == 0 {
		return docket.Task{}, unknownTask(id)
	}
	return tasks[0], nil
}

func unknownTask(id casework.TaskID) *casework.Fault {
	return casework.NewFault(casework.NotFound, "unknown-task", fmt.Sprintf("There is no task %s.", id))
}

func (s *Store) desk(ctx context.Context, filter docket.TaskFilter, id casework.TaskID) ([]docket.Task, error) {
	rows, err := collect[deskRow](ctx, s.pool, selectDeskSQL, filter.Assignee, id, filter.State,
		zeronull.Timestamptz(filter.AfterDue), filter.AfterID, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the tasks of performer %s: %w", filter.Assignee, unavailable(err))
	}
	tasks := make([]docket.Task, len(rows))
	for i, r := range rows {
		tasks[i] = docket.Task{
			ID: r.ID, Reference: r.Reference, State: r.State, Assignee: r.Assignee, Component: r.Component, Title: r.Title, Sheet: r.Sheet,
			Due: timeOf(r.Due), Script: deref(r.Script), Scheme: deref(r.Scheme), Paper: deref(r.Paper), CompletedAt: timeOf(r.CompletedAt),
		}
		if r.DraftCompletion != nil {
			tasks[i].Draft = &docket.Draft{Version: int64(r.DraftVersion), SavedAt: timeOf(r.DraftSavedAt), Completion: *r.DraftCompletion}
		}
	}
	return tasks, nil
}
