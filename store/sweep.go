package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// What is still tried stays, whatever its age. A delivery that is sent again is pending again, and starts afresh. Nothing
// asks a deleted one whether its event was queued: the step or the finding behind the event is on record and queues it
// once, and the key of a test is the sender's, who is told that keys are forgotten.
const sweepDeliveriesSQL = `
DELETE FROM webhook_deliveries
WHERE id = ANY (ARRAY(
    SELECT id
    FROM webhook_deliveries
    WHERE state <> 'pending' AND coalesce(delivered_at, next_at) < $1
    ORDER BY coalesce(delivered_at, next_at)
    LIMIT $2
    FOR UPDATE SKIP LOCKED))`

// What a mail is still to be sent about stays, and the first of a lot stays as long as any other of its lot. Only findings
// that are not mended stand in the way of the same finding once more.
const sweepFindingsSQL = `
DELETE FROM findings
WHERE id = ANY (ARRAY(
    SELECT f.id
    FROM findings f
    WHERE f.cleared_at < $1 AND (f.lot IS NULL OR f.told_at IS NOT NULL)
      AND NOT EXISTS (SELECT FROM findings o WHERE o.lot = f.id AND o.id <> f.id)
    ORDER BY f.cleared_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED))`

// What each case did is in its own trail. Whoever repeats a batch's request after that finds its cases changed, or is
// answered by the cases themselves, which remember the batch's Updates as long as they are open.
const sweepBatchesSQL = `
WITH over AS (
    SELECT id
    FROM batches
    WHERE ended_at < $1
    ORDER BY ended_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
), items AS (
    DELETE FROM batch_items WHERE batch IN (SELECT id FROM over))
DELETE FROM batches WHERE id IN (SELECT id FROM over)`

// A claim is good for seconds; who has the task stands in the task.
const sweepClaimsSQL = `
DELETE FROM task_claims
WHERE task = ANY (ARRAY(
    SELECT task
    FROM task_claims
    WHERE until < $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED))`

const (
	// sweptRows is how many rows of a table go in one transaction: few enough that nobody waits for them.
	sweptRows = 500
	// sweptBatches is how many batches do, each with a row for each of its cases.
	sweptBatches = 5
)

// Sweep deletes some of what ended before an instant and is no record of a case: deliveries of webhooks that were taken or
// given up, findings that were mended and told, batches whose cases have all answered, and claims. Nothing goes that is
// open, waits for somebody or ended later, and no case, trail, mail or step ever does. It returns how many of each have
// gone, zeros too; whoever is told of nothing but zeros has swept everything. What another sweep is at is passed over.
func (s *Store) Sweep(ctx context.Context, before time.Time) ([]docket.Swept, error) {
	all := []struct {
		docket.Swept
		sql  string
		most int
	}{
		{docket.Swept{Table: "webhook_deliveries"}, sweepDeliveriesSQL, sweptRows},
		{docket.Swept{Table: "findings"}, sweepFindingsSQL, sweptRows},
		{docket.Swept{Table: "batches"}, sweepBatchesSQL, sweptBatches},
		{docket.Swept{Table: "task_claims"}, sweepClaimsSQL, sweptRows},
	}
	var swept []docket.Swept
	for _, one := range all {
		tag, err := s.pool.Exec(ctx, one.sql, instant(before), one.most)
		if err != nil {
			return swept, fmt.Errorf("sweep %s: %w", one.Table, unavailable(err))
		}
		one.Rows = int(tag.RowsAffected())
		swept = append(swept, one.Swept)
	}
	return swept, nil
}

// The row of the last day that was swept is not the round's, which looks more often than it sweeps.
const sweptDayName = "swept"

// SweptDay is the last day on which everything was swept; the zero date if there is none.
func (s *Store) SweptDay(ctx context.Context) (calendar.Date, error) {
	return s.lastDay(ctx, sweptDayName)
}

// MarkSwept records that a day's sweep is done.
func (s *Store) MarkSwept(ctx context.Context, day calendar.Date, at time.Time) error {
	return s.markDay(ctx, sweptDayName, day, at)
}
