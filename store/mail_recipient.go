package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const centreRecipientsSQL = `
SELECT c.name, c.email AS address
FROM cases k
JOIN contacts c ON c.centre = k.centre AND (c.exams_officer OR c.subject = k.requester)
WHERE k.reference = $1
ORDER BY c.exams_officer DESC, c.subject`

// Whom the task was given to, also if it is done by the time the mail goes out.
const performerRecipientSQL = `
SELECT p.name, p.email AS address
FROM tasks t
JOIN performers p ON p.id = t.assignee
WHERE t.reference = $1
ORDER BY t.number DESC
LIMIT 1`

const holderRecipientSQL = `
SELECT p.name, p.email AS address
FROM tasks t
JOIN performers p ON p.id = t.assignee
WHERE t.reference = $1 AND t.state IN ('reserved', 'in-progress', 'suspended')
ORDER BY t.number DESC
LIMIT 1`

const leaderRecipientSQL = `
SELECT l.name, l.email AS address
FROM tasks t
JOIN performers p ON p.id = t.assignee
JOIN performers l ON l.id = p.leader
WHERE t.reference = $1 AND l.active
ORDER BY t.number DESC
LIMIT 1`

// The chiefs of a component have the highest rank of the body and perform the component, or its subject, in the task's
// role. Who holds the task is not told of themselves.
const chiefRecipientsSQL = `
SELECT p.name, p.email AS address
FROM cases k
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN awarding_bodies b ON b.id = q.body
JOIN performers p ON p.body = b.id AND p.rank = b.ranks[cardinality(b.ranks)] AND p.active
JOIN LATERAL (SELECT t.role, t.assignee FROM tasks t WHERE t.reference = k.reference ORDER BY t.number DESC LIMIT 1) held
  ON held.role = ANY (p.roles) AND held.assignee IS DISTINCT FROM p.id
WHERE k.reference = $1
  AND (q.subject = ANY (p.subjects) OR EXISTS (SELECT FROM performer_components o WHERE o.performer = p.id AND o.component = c.id))
ORDER BY p.id`

const questionRecipientSQL = `
SELECT p.name, p.email AS address
FROM task_questions q
JOIN tasks t ON t.id = q.task
JOIN performers p ON p.id = q.leader
WHERE t.reference = $1 AND q.id::text = $2`

const answerRecipientSQL = `
SELECT p.name, p.email AS address
FROM task_questions q
JOIN tasks t ON t.id = q.task
JOIN performers p ON p.id = q.asked_by
WHERE t.reference = $1 AND q.id::text = $2`

// Whoever agreed is told also if they are no approver any more: their name stands under the hold.
const approverRecipientSQL = `
SELECT a.name, a.email AS address
FROM holds h
JOIN cases k ON k.reference = h.reference
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN approvers a ON a.body = q.body AND a.id = h.approved_by
WHERE h.reference = $1 AND h.number = $2`

// Recipients lists whom a case's mail goes to, each address once: the performer who holds the task, their leader or the
// chiefs of the component, who agreed to a hold, the centre's exams officers before the requester. Who leads nobody has no leader: then the
// chiefs are told, and without one it is nobody here. Operations and invoices have recipients of their own.
func (s *Store) Recipients(ctx context.Context, in casework.MailInput) ([]docket.Recipient, error) {
	for _, sql := range recipientsOf(in) {
		args := []any{in.Reference}
		if sql == questionRecipientSQL || sql == answerRecipientSQL {
			args = append(args, in.About)
		}
		if sql == approverRecipientSQL {
			args = append(args, in.Number)
		}
		to, err := collect[docket.Recipient](ctx, s.pool, sql, args...)
		if err != nil {
			return nil, fmt.Errorf("read the recipients of the %s mail of case %s: %w", in.Kind, in.Reference, unavailable(err))
		}
		if len(to) > 0 {
			return onceEach(to), nil
		}
	}
	return nil, nil
}

// recipientsOf are the questions whom a mail goes to: the first with an answer decides.
func recipientsOf(in casework.MailInput) []string {
	switch in.Kind {
	case casework.MailTask:
		return []string{performerRecipientSQL}
	case casework.MailReminder, casework.MailNudge:
		return []string{holderRecipientSQL}
	case casework.MailWarning, casework.MailBreach:
		if in.About == casework.AboutHolder {
			return []string{holderRecipientSQL}
		}
		return nil
	case casework.MailEscalation:
		switch casework.Act(in.About) {
		case casework.ActEscalateLead:
			return []string{leaderRecipientSQL, chiefRecipientsSQL}
		case casework.ActEscalateChief:
			return []string{chiefRecipientsSQL}
		default:
			return nil
		}
	case casework.MailQuestion:
		return []string{questionRecipientSQL}
	case casework.MailAnswer:
		return []string{answerRecipientSQL}
	case casework.MailInvoice:
		return nil
	default:
		if in.Kind == casework.MailHeld && in.About == casework.AboutApprover {
			return []string{approverRecipientSQL}
		}
		if in.Kind.ToCentre() && in.About == "" {
			return []string{centreRecipientsSQL}
		}
		return nil
	}
}

// onceEach keeps the first recipient of each address.
func onceEach(to []docket.Recipient) []docket.Recipient {
	var once []docket.Recipient
	seen := make(map[string]bool, len(to))
	for _, r := range to {
		if !seen[r.Address] {
			seen[r.Address] = true
			once = append(once, r)
		}
	}
	return once
}
