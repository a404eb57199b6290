package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const tasksInsideSQL = `
SELECT t.id, t.kind, t.state, t.suspended_by, t.assignee, p.name AS assignee_name, p.leader,
       t.reserved_at, t.started_at, t.start_by, t.complete_by, t.completed_at, t.due, t.least_rank,
       CASE WHEN t.state = 'suspended' THEN (t.stops -> -1 ->> 'from')::timestamptz END AS stopped_at
FROM tasks t
LEFT JOIN performers p ON p.id = t.assignee
WHERE t.reference = $1
ORDER BY t.number`

const findingsInsideSQL = `
SELECT id, kind, about, detail, found_at, told_at
FROM findings
WHERE reference = $1 AND cleared_at IS NULL
ORDER BY found_at, id`

// taskInsideRow is a task with the name of who holds it.
type taskInsideRow struct {
	ID           casework.TaskID
	Kind         casework.TaskKind
	State        casework.TaskState
	SuspendedBy  []string
	Assignee     zeronull.Text
	AssigneeName zeronull.Text
	Leader       zeronull.Text
	ReservedAt   zeronull.Timestamptz
	StartedAt    zeronull.Timestamptz
	StartBy      zeronull.Timestamptz
	CompleteBy   zeronull.Timestamptz
	CompletedAt  zeronull.Timestamptz
	Due          time.Time
	LeastRank    casework.Rank
	StoppedAt    zeronull.Timestamptz
}

// findingInsideRow is an open finding.
type findingInsideRow struct {
	ID      int64
	Kind    docket.FindingKind
	About   string
	Detail  string
	FoundAt time.Time
	ToldAt  zeronull.Timestamptz
}

// Inside reads what only people of the awarding body see of a case, in one round trip. A case that does not exist has
// neither tasks nor findings.
func (s *Store) Inside(ctx context.Context, ref casework.Reference) (docket.Inside, error) {
	var tasks *[]taskInsideRow
	var findings *[]findingInsideRow
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		tasks = each[taskInsideRow](u, "read the case's tasks", tasksInsideSQL, ref)
		findings = each[findingInsideRow](u, "read the case's open findings", findingsInsideSQL, ref)
		return nil
	})
	if err != nil {
		return docket.Inside{}, fmt.Errorf("read the inside of case %s: %w", ref, err)
	}
	var inside docket.Inside
	for _, row := range *tasks {
		inside.Tasks = append(inside.Tasks, row.task())
	}
	for _, row := range *findings {
		inside.Findings = append(inside.Findings, docket.Finding{
			ID: row.ID, Reference: ref, Kind: row.Kind, About: row.About, Detail: row.Detail, FoundAt: row.FoundAt, ToldAt: timeOf(row.ToldAt),
		})
	}
	return inside, nil
}

func (r taskInsideRow) task() docket.DeskTask {
	return docket.DeskTask{
		ID: r.ID, Kind: r.Kind, State: r.State, SuspendedBy: r.SuspendedBy,
		Assignee: string(r.Assignee), AssigneeName: string(r.AssigneeName), Leader: string(r.Leader),
		ReservedAt: timeOf(r.ReservedAt), StartedAt: timeOf(r.StartedAt), StartBy: timeOf(r.StartBy), CompleteBy: timeOf(r.CompleteBy),
		CompletedAt: timeOf(r.CompletedAt), Due: r.Due, LeastRank: r.LeastRank, StoppedAt: timeOf(r.StoppedAt),
	}
}
