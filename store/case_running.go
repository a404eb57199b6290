package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
)

const openReferencesSQL = `SELECT reference FROM cases WHERE stage = ANY ($1) AND reference > $2 ORDER BY reference LIMIT $3`

// OpenReferences lists cases that are not at their end, by reference, from the one after the given on: each of them
// should have a workflow that runs.
func (s *Store) OpenReferences(ctx context.Context, after casework.Reference, limit int) ([]casework.Reference, error) {
	rows, err := s.pool.Query(ctx, openReferencesSQL, openStages(), after, limit)
	if err != nil {
		return nil, fmt.Errorf("list the open cases: %w", unavailable(err))
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[casework.Reference])
	if err != nil {
		return nil, fmt.Errorf("list the open cases: %w", unavailable(err))
	}
	return found, nil
}
