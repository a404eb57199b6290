package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const approversSQL = `SELECT id, body, name FROM approvers WHERE active ORDER BY body, name, id`

// Approvers lists everybody who may agree that a case waits, by awarding body and name.
func (s *Store) Approvers(ctx context.Context) ([]docket.Approver, error) {
	found, err := collect[docket.Approver](ctx, s.pool, approversSQL)
	if err != nil {
		return nil, fmt.Errorf("list the approvers: %w", unavailable(err))
	}
	return found, nil
}

const approverChangesSQL = `
SELECT at, approver AS id, body, name, email, active
FROM approver_changes
ORDER BY at, body, approver, id`

// ApproverChanges lists what imports changed about approvers, the earliest first: who could agree on a day is who was
// active by the last change before it.
func (s *Store) ApproverChanges(ctx context.Context) ([]docket.ApproverChange, error) {
	found, err := collect[docket.ApproverChange](ctx, s.pool, approverChangesSQL)
	if err != nil {
		return nil, fmt.Errorf("list the changes of approvers: %w", unavailable(err))
	}
	return found, nil
}

// caseApproversSQL has one row without an id where the case's body has no approver.
const caseApproversSQL = `
SELECT coalesce(a.id, '') AS id, q.body, coalesce(a.name, '') AS name
FROM cases k
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
LEFT JOIN approvers a ON a.body = q.body AND a.active
WHERE k.reference = $1
ORDER BY a.name, a.id`

// CaseApprovers lists who may agree that a case waits, by name.
func (s *Store) CaseApprovers(ctx context.Context, ref casework.Reference) ([]docket.Approver, error) {
	found, err := collect[docket.Approver](ctx, s.pool, caseApproversSQL, ref)
	if err != nil {
		return nil, fmt.Errorf("list the approvers of case %s: %w", ref, unavailable(err))
	}
	if len(found) == 1 && found[0].ID == "" {
		return nil, nil
	}
	return found, nil
}

func askCaseApprovers(u *unit, ref casework.Reference) *[]docket.Approver {
	return each[docket.Approver](u, "read who may agree to a hold", caseApproversSQL, ref)
}

// agreed finds who agreed to a request among the approvers of its case's body; nobody has to where the system asks.
func agreed(request casework.HoldRequest, approvers []docket.Approver) (docket.Approver, *casework.Fault) {
	if request.Actor.Role == casework.RoleSystem {
		return docket.Approver{}, nil
	}
	var body string
	var anybody bool
	for _, a := range approvers {
		if a.ID == request.ApprovedBy && a.ID != "" {
			return a, nil
		}
		body, anybody = a.Body, anybody || a.ID != ""
	}
	return docket.Approver{}, casework.UnknownApprover(request.ApprovedBy, body, anybody)
}
