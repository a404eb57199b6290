package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework/docket"
)

// urgentSQL lists what the awarding body owes, the most overdue first. A clock that stands still is not owed: its end
// is not known before it runs again. due is what people are told, as Clock.Due has it.
const urgentSQL = `
SELECT c.reference, k.service, k.component, c.id AS clock, c.kind,
       CASE WHEN c.unit = 'hours' AND c.last_day IS NULL THEN c.ends ELSE c.ends - interval '1 second' END AS due,
       coalesce(t.assignee, '') AS assignee, k.waiting_on
FROM clocks c
JOIN cases k ON k.reference = c.reference
LEFT JOIN LATERAL (SELECT assignee FROM tasks WHERE reference = c.reference ORDER BY number DESC LIMIT 1) t ON true
WHERE c.kind = 'sla' AND c.met_at IS NULL AND c.cancelled_at IS NULL
  AND NOT EXISTS (SELECT FROM holds h WHERE h.reference = c.reference AND h.ended_at IS NULL AND h.cause = ANY (c.paused_by))
ORDER BY c.ends, c.reference, c.id
LIMIT $1`

// Urgent lists the running sla clocks of cases, the most overdue first: what Temporal's visibility cannot sort
// (architecture §3.11). A limit of zero or less is the longest page.
func (s *Store) Urgent(ctx context.Context, limit int) ([]docket.DigestLine, error) {
	lines, err := collect[docket.DigestLine](ctx, s.pool, urgentSQL, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list what is most urgent: %w", unavailable(err))
	}
	return lines, nil
}
