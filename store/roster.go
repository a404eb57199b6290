package store

import (
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
)

// The conflicts come with the person, so that both are of one moment.
const rosterSQL = `
SELECT p.id, p.role, p.capacity, p.open_tasks, p.idle_since,
       ARRAY(SELECT q.component FROM performer_components q WHERE q.performer = p.id ORDER BY q.component) AS components,
       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', c.kind, 'centre', c.centre, 'candidate', coalesce(c.candidate, ''))
                                  ORDER BY c.kind, c.centre, c.candidate)
                 FROM conflicts c WHERE c.performer = p.id), '[]') AS conflicts
FROM performers p
JOIN performer_components own ON own.performer = p.id AND own.component = $2
WHERE p.role = $1 AND p.active
ORDER BY p.id`

// askRoster queues the question for everybody who performs the service in the component, with load and declared
// conflicts.
func askRoster(u *unit, role casework.Role, component string) func() []allocation.Performer {
	type performerRow struct {
		ID         string
		Role       casework.Role
		Capacity   int
		OpenTasks  int
		IdleSince  zeronull.Timestamptz
		Components []string
		Conflicts  []allocation.Conflict
	}
	rows := each[performerRow](u, "read the roster of component "+component, rosterSQL, role, component)
	return func() []allocation.Performer {
		roster := make([]allocation.Performer, len(*rows))
		for i, row := range *rows {
			roster[i] = allocation.Performer{
				ID: row.ID, Role: row.Role, Components: row.Components, Capacity: row.Capacity, OpenTasks: row.OpenTasks,
				IdleSince: timeOf(row.IdleSince), Conflicts: row.Conflicts,
			}
		}
		return roster
	}
}

const markedBySQL = `
SELECT marker FROM item_marks WHERE result = (SELECT result FROM cases WHERE reference = $1)
UNION
SELECT checker FROM item_checks WHERE result = (SELECT result FROM cases WHERE reference = $1)
ORDER BY 1`

const earlierPerformersSQL = `
SELECT t.assignee
FROM tasks t
JOIN cases c ON c.reference = t.reference
WHERE c.result = (SELECT result FROM cases WHERE reference = $1) AND c.reference <> $1 AND t.assignee IS NOT NULL
UNION
SELECT d.performer
FROM decisions d
JOIN cases c ON c.reference = d.reference
WHERE c.result = (SELECT result FROM cases WHERE reference = $1) AND c.reference <> $1
ORDER BY 1`
