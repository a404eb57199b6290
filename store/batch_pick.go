package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// candidateRow is a case that a batch might be about.
type candidateRow struct {
	Reference casework.Reference
	Body      string
	Stage     casework.Stage
	HeldFor   []casework.HoldCause
	Task      casework.TaskID
	TaskState casework.TaskState
	Holder    string
}

// candidatesSQL picks named cases whatever their stage, in the order in which they were named, or open ones by their
// attributes, the oldest request first. A case's task is its last one.
const candidatesSQL = `
SELECT k.reference, coalesce(q.body, '') AS body, k.stage, k.held_for, coalesce(t.id, '') AS task, coalesce(t.state, '') AS task_state, coalesce(t.assignee, '') AS holder
FROM cases k
LEFT JOIN components c ON c.id = k.component
LEFT JOIN qualifications q ON q.id = c.qualification
LEFT JOIN LATERAL (
    SELECT id, state, assignee FROM tasks WHERE reference = k.reference ORDER BY number DESC LIMIT 1
) t ON true
WHERE CASE WHEN cardinality($1::text[]) > 0 THEN k.reference = ANY ($1) ELSE k.stage = ANY ($2) END
  AND ($3 = '' OR k.centre = $3)
  AND ($4 = '' OR k.stage = $4)
  AND ($5 = '' OR k.service = $5)
  AND ($6 = '' OR k.series = $6)
  AND ($7 = '' OR k.sla_state = $7)
  AND ($8 = '' OR k.held_for <> '{}' AND k.held_for @> ARRAY[$8::text])
  AND ($9 = '' OR k.reference IN (SELECT reference FROM tasks WHERE assignee = $9) AND t.assignee = $9)
  AND (NOT $10 OR t.state NOT IN ('completed', 'withdrawn'))
ORDER BY array_position($1::text[], k.reference), k.received_at, k.reference
LIMIT $11`

// BatchCandidates reads the open cases that a selection picks; of named ones also those at their end, so that their
// namer learns why they do not fit.
func (s *Store) BatchCandidates(ctx context.Context, pick docket.BatchSelection) ([]docket.BatchCandidate, error) {
	named := make([]string, len(pick.References))
	for i, reference := range pick.References {
		named[i] = string(reference)
	}
	var rows *[]candidateRow
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		u.write("plan for the arguments", planForArgumentsSQL)
		rows = each[candidateRow](u, "pick the cases of a batch", candidatesSQL, named, openStages(), pick.Centre, pick.Stage, pick.Service,
			pick.Series, pick.SLAState, pick.HeldFor, pick.Assignee, pick.WithTask, pick.Limit)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pick the cases of a batch: %w", err)
	}
	found := make([]docket.BatchCandidate, len(*rows))
	for i, r := range *rows {
		found[i] = docket.BatchCandidate{
			BatchTarget: casework.BatchTarget{Reference: r.Reference, Task: r.Task, Holder: r.Holder},
			Body:        r.Body, Stage: r.Stage, TaskState: r.TaskState, HeldFor: r.HeldFor,
		}
	}
	return found, nil
}
