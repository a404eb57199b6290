package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
)

const settleBatchItemSQL = `
UPDATE batch_items
SET state = $3, why = $4, at = $5
WHERE batch = $1 AND position = $2 AND state = 'waiting'`

// SettleBatchItem records once what a case of a batch answered: the first answer stays. why is the sentence of a case
// that refused, and empty for one that did it.
func (s *Store) SettleBatchItem(ctx context.Context, id string, position int, why string, at time.Time) error {
	state := casework.ItemDone
	if why != "" {
		state = casework.ItemRefused
	}
	if _, err := s.pool.Exec(ctx, settleBatchItemSQL, id, position, state, why, instant(at)); err != nil {
		return fmt.Errorf("record the answer of case %d of batch %s: %w", position, id, unavailable(err))
	}
	return nil
}

const endBatchSQL = `
UPDATE batches
SET ended_at = $2
WHERE id = $1 AND ended_at IS NULL AND NOT EXISTS (SELECT FROM batch_items WHERE batch = $1 AND state = 'waiting')`

// EndBatch records that no case of a batch waits any more, and counts the answers. A batch with cases that wait does not
// end, and its counts do not add up to its cases.
func (s *Store) EndBatch(ctx context.Context, id string, at time.Time) (casework.BatchResult, error) {
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (casework.BatchResult, error) {
		if _, err := tx.Exec(ctx, endBatchSQL, id, instant(at)); err != nil {
			return casework.BatchResult{}, fmt.Errorf("end batch %s: %w", id, err)
		}
		row, err := collectOne[batchRow](ctx, tx, batchesSQL, id, nil, "", 1)
		if err != nil {
			return casework.BatchResult{}, missing(err, "batch", "batch "+id)
		}
		return casework.BatchResult{Done: row.Done, Refused: row.Refused}, nil
	})
}
