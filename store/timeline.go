package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const timelineSQL = `
SELECT number, at, actor, what, facts, centre, hash
FROM audit_entries
WHERE reference = $1 AND (centre OR NOT $2)
ORDER BY number`

// Timeline reads a case's audit trail, oldest first; with centreOnly, what its centre may see of it. An unknown
// case has an empty timeline.
func (s *Store) Timeline(ctx context.Context, ref casework.Reference, centreOnly bool) ([]docket.Entry, error) {
	entries, err := collect[docket.Entry](ctx, s.pool, timelineSQL, ref, centreOnly)
	if err != nil {
		return nil, fmt.Errorf("read the timeline of case %s: %w", ref, unavailable(err))
	}
	return entries, nil
}
