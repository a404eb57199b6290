package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const makeBatchSQL = `
INSERT INTO batches (id, action, command, digest, made_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING`

// Task and holder are empty where the batch is not about tasks.
const makeBatchItemsSQL = `
INSERT INTO batch_items (batch, position, reference, task, holder, state)
SELECT $1, i.position, i.reference, nullif(i.task, ''), nullif(i.holder, ''), 'waiting'
FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS i (reference, task, holder, position)`

// MakeBatch keeps a batch whose cases all wait, under an id that the caller derives from the request: a repeat is
// answered with what is there, and another batch under the id is a fault of code casework.FaultKeyReused.
func (s *Store) MakeBatch(ctx context.Context, batch docket.Batch) (docket.Batch, error) {
	err := s.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, makeBatchSQL, batch.ID, batch.Command.Action, batch.Command, batch.Digest, instant(batch.MadeAt))
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		references, tasks, holders := make([]string, len(batch.Items)), make([]string, len(batch.Items)), make([]string, len(batch.Items))
		for i, item := range batch.Items {
			references[i], tasks[i], holders[i] = string(item.Reference), string(item.Task), item.Holder
		}
		_, err = tx.Exec(ctx, makeBatchItemsSQL, batch.ID, references, tasks, holders)
		return err
	})
	if err != nil {
		return docket.Batch{}, fmt.Errorf("make batch %s: %w", batch.ID, err)
	}
	made, err := s.Batch(ctx, batch.ID)
	if err == nil && made.Digest != batch.Digest {
		err = casework.NewFault(casework.Invalid, casework.FaultKeyReused, "The Idempotency-Key was used before for another batch. Use a new key for a new request.")
	}
	return made, err
}

// batchRow is a batch with its counts.
type batchRow struct {
	ID      string
	Command casework.BatchCommand
	Digest  string
	MadeAt  time.Time
	EndedAt zeronull.Timestamptz
	Waiting int
	Done    int
	Refused int
}

func (r batchRow) batch() docket.Batch {
	return docket.Batch{
		ID: r.ID, Command: r.Command, Digest: r.Digest, MadeAt: r.MadeAt, EndedAt: timeOf(r.EndedAt), Waiting: r.Waiting, Done: r.Done, Refused: r.Refused,
	}
}

// batchesSQL reads one batch by its id, or a page of all of them: the keyset (made_at, id) runs from the newest on.
const batchesSQL = `
SELECT b.id, b.command, b.digest, b.made_at, b.ended_at, n.waiting, n.done, n.refused
FROM batches b
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE i.state = 'waiting') AS waiting, count(*) FILTER (WHERE i.state = 'done') AS done,
           count(*) FILTER (WHERE i.state = 'refused') AS refused
    FROM batch_items i
    WHERE i.batch = b.id
) n
WHERE ($1 = '' OR b.id = $1)
  AND ($2::timestamptz IS NULL OR b.made_at <= $2 AND (b.made_at < $2 OR b.id > $3))
ORDER BY b.made_at DESC, b.id
LIMIT $4`

const batchItemsSQL = `
SELECT reference, coalesce(task, '') AS task, coalesce(holder, '') AS holder, state, why, at
FROM batch_items
WHERE batch = $1 AND ($2 = 0 OR position = $2)
ORDER BY position`

// batchItemRow is one case of a batch.
type batchItemRow struct {
	Reference casework.Reference
	Task      casework.TaskID
	Holder    string
	State     casework.BatchItemState
	Why       string
	At        zeronull.Timestamptz
}

func (r batchItemRow) item() docket.BatchItem {
	return docket.BatchItem{
		BatchTarget: casework.BatchTarget{Reference: r.Reference, Task: r.Task, Holder: r.Holder}, State: r.State, Why: r.Why, At: timeOf(r.At),
	}
}

// Batch reads one batch with its cases; one that is not known is a fault of kind not-found.
func (s *Store) Batch(ctx context.Context, id string) (docket.Batch, error) {
	return s.batchAt(ctx, id, 0)
}

// BatchItem reads one case of a batch by its place, from 1, and what the batch tells it; what is not known is a fault of
// kind not-found.
func (s *Store) BatchItem(ctx context.Context, id string, position int) (casework.BatchCommand, docket.BatchItem, error) {
	batch, err := s.batchAt(ctx, id, position)
	if err != nil {
		return batch.Command, docket.BatchItem{}, err
	}
	if len(batch.Items) == 0 {
		return batch.Command, docket.BatchItem{}, unknown("batch", fmt.Sprintf("case %d in batch %s", position, id))
	}
	return batch.Command, batch.Items[0], nil
}

// batchAt reads a batch with the case at a place, or with all of them at place 0, of one state of the register.
func (s *Store) batchAt(ctx context.Context, id string, position int) (docket.Batch, error) {
	var rows *[]batchRow
	var items *[]batchItemRow
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		rows = each[batchRow](u, "read the batch", batchesSQL, id, zeronull.Timestamptz{}, "", 1)
		items = each[batchItemRow](u, "read the cases of the batch", batchItemsSQL, id, position)
		return nil
	})
	if err != nil {
		return docket.Batch{}, fmt.Errorf("read batch %s: %w", id, err)
	}
	if len(*rows) == 0 || id == "" {
		return docket.Batch{}, unknown("batch", "batch "+id)
	}
	batch := (*rows)[0].batch()
	for _, row := range *items {
		batch.Items = append(batch.Items, row.item())
	}
	return batch, nil
}

const unendedBatchesSQL = `
SELECT b.id AS batch, (SELECT count(*) FROM batch_items i WHERE i.batch = b.id)::integer AS cases
FROM batches b
WHERE b.ended_at IS NULL AND b.made_at < $1
ORDER BY b.made_at, b.id`

// UnendedBatches lists the batches that were made before an instant and have not ended, the oldest first, each as its
// workflow is started with. They are few: a batch ends as soon as its cases have answered.
func (s *Store) UnendedBatches(ctx context.Context, madeBefore time.Time) ([]casework.BatchInput, error) {
	found, err := collect[casework.BatchInput](ctx, s.pool, unendedBatchesSQL, instant(madeBefore))
	if err != nil {
		return nil, fmt.Errorf("list the batches that have not ended: %w", unavailable(err))
	}
	return found, nil
}

// Batches lists the batches without their cases, the newest first.
func (s *Store) Batches(ctx context.Context, filter docket.BatchFilter) ([]docket.Batch, error) {
	rows, err := collect[batchRow](ctx, s.pool, batchesSQL, "", zeronull.Timestamptz(filter.BeforeMade), filter.BeforeID, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the batches: %w", unavailable(err))
	}
	found := make([]docket.Batch, len(rows))
	for i, row := range rows {
		found[i] = row.batch()
	}
	return found, nil
}
