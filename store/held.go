package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework/docket"
)

const heldSQL = `
SELECT h.reference, k.service, k.component, h.cause, h.began_at, h.asked_by, h.approved_by, h.approver_name
FROM holds h
JOIN cases k ON k.reference = h.reference
WHERE h.ended_at IS NULL
ORDER BY h.began_at, h.reference, h.number
LIMIT $1`

// Held lists the holds that last, the longest first, so that none is forgotten. A limit of zero or less is the longest
// page.
func (s *Store) Held(ctx context.Context, limit int) ([]docket.HeldLine, error) {
	lines, err := collect[docket.HeldLine](ctx, s.pool, heldSQL, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list what is on hold: %w", unavailable(err))
	}
	return lines, nil
}
