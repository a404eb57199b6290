package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const allocationsSQL = `SELECT number, at, proof FROM allocations WHERE reference = $1 ORDER BY number`

// Allocations lists every allocation of a case with its proof, the first one first. A case that has none yet, or
// that does not exist, has an empty list.
func (s *Store) Allocations(ctx context.Context, ref casework.Reference) ([]docket.Allocation, error) {
	allocations, err := collect[docket.Allocation](ctx, s.pool, allocationsSQL, ref)
	if err != nil {
		return nil, fmt.Errorf("list the allocations of case %s: %w", ref, unavailable(err))
	}
	return allocations, nil
}
