package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
)

const rosterSQL = `
SELECT p.id, p.role, p.capacity, p.open_tasks, p.idle_since,
       ARRAY(SELECT q.component FROM performer_components q WHERE q.performer = p.id ORDER BY q.component) AS components
FROM performers p
JOIN performer_components own ON own.performer = p.id AND own.component = $2
WHERE p.role = $1 AND p.active
ORDER BY p.id`

const conflictsSQL = `
SELECT c.performer, c.kind, c.centre, c.candidate
FROM conflicts c
WHERE c.performer = ANY ($1)
ORDER BY c.performer, c.kind, c.centre, c.candidate`

// readRoster lists everybody who performs the service in the component, with load and declared conflicts.
func readRoster(ctx context.Context, q queryer, role casework.Role, component string) ([]allocation.Performer, error) {
	type performerRow struct {
		ID         string
		Role       casework.Role
		Capacity   int
		OpenTasks  int
		IdleSince  zeronull.Timestamptz
		Components []string
	}
	rows, err := collect[performerRow](ctx, q, rosterSQL, role, component)
	if err != nil {
		return nil, fmt.Errorf("read the roster of component %s: %w", component, err)
	}
	ids := make([]string, len(rows))
	roster := make([]allocation.Performer, len(rows))
	at := make(map[string]int, len(rows))
	for i, row := range rows {
		ids[i], at[row.ID] = row.ID, i
		roster[i] = allocation.Performer{
			ID: row.ID, Role: row.Role, Components: row.Components, Capacity: row.Capacity, OpenTasks: row.OpenTasks, IdleSince: timeOf(row.IdleSince),
		}
	}
	type conflictRow struct {
		Performer string
		Kind      string
		Centre    string
		Candidate zeronull.Text
	}
	conflicts, err := collect[conflictRow](ctx, q, conflictsSQL, ids)
	if err != nil {
		return nil, fmt.Errorf("read the conflicts of the roster of component %s: %w", component, err)
	}
	for _, c := range conflicts {
		p := &roster[at[c.Performer]]
		p.Conflicts = append(p.Conflicts, allocation.Conflict{Kind: c.Kind, Centre: c.Centre, Candidate: string(c.Candidate)})
	}
	return roster, nil
}

const markedBySQL = `
SELECT marker FROM item_marks WHERE result = $1
UNION
SELECT checker FROM item_checks WHERE result = $1
ORDER BY 1`

const earlierPerformersSQL = `
SELECT t.assignee
FROM tasks t
JOIN cases c ON c.reference = t.reference
WHERE c.result = $1 AND c.reference <> $2 AND t.assignee IS NOT NULL
UNION
SELECT d.performer
FROM decisions d
JOIN cases c ON c.reference = d.reference
WHERE c.result = $1 AND c.reference <> $2
ORDER BY 1`

// describeTask gathers what excludes people from a case's task.
func describeTask(ctx context.Context, q queryer, c caseRow) (allocation.Task, error) {
	task := allocation.Task{
		Reference: c.Reference, Role: c.Service.Performer(), Centre: c.Centre, Candidate: c.Candidate, Component: c.Component,
	}
	var err error
	if task.MarkedBy, err = names(ctx, q, markedBySQL, c.Result); err != nil {
		return task, fmt.Errorf("read who marked the script: %w", err)
	}
	if task.EarlierStages, err = names(ctx, q, earlierPerformersSQL, c.Result, c.Reference); err != nil {
		return task, fmt.Errorf("read who took part earlier: %w", err)
	}
	return task, nil
}
