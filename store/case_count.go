package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework/docket"
)

const caseCountsSQL = `SELECT stage, sla_state, count(*) AS count FROM cases GROUP BY stage, sla_state ORDER BY stage, sla_state`

// CaseCounts counts every case by stage and sla state, for metrics.
func (s *Store) CaseCounts(ctx context.Context) ([]docket.CaseCount, error) {
	counts, err := collect[docket.CaseCount](ctx, s.pool, caseCountsSQL)
	if err != nil {
		return nil, fmt.Errorf("count the cases: %w", unavailable(err))
	}
	return counts, nil
}
