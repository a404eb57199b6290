package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const lockClockSQL = `
SELECT coalesce(met_at < $3, false) AS met
FROM clocks
WHERE reference = $1 AND id = $2
FOR UPDATE`

const insertAlertSQL = `
INSERT INTO clock_alerts (reference, clock, act, at, detected_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (reference, clock, act, at) DO NOTHING`

const breachClockSQL = `UPDATE clocks SET breached_at = coalesce(breached_at, $3) WHERE reference = $1 AND id = $2 AND kind = 'sla'`

// RecordAlert records that a deadline has passed: once per clock, act and instant, with its true instant beside
// the one at which it was noticed. If the clock had been met by then nothing is recorded and nobody is told.
func (s *Store) RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error) {
	key := timed(in.Key)
	return runStep(ctx, s, key, in, work[caseRow, casework.Alerted]{
		lock: func(ctx context.Context, tx pgx.Tx) (caseRow, error) { return lockCase(ctx, tx, key.Reference) },
		do: func(ctx context.Context, tx pgx.Tx, c caseRow) (casework.Alerted, error) {
			passed, err := passDeadline(ctx, tx, key, in.Deadline)
			if err != nil {
				return casework.Alerted{}, err
			}
			if !passed.written {
				clocks, err := readClocks(ctx, tx, []casework.Reference{c.Reference})
				return casework.Alerted{SLAState: slaState(clocks), Due: passed.due}, err
			}
			state, err := c.touch(ctx, tx)
			if err != nil {
				return casework.Alerted{}, err
			}
			return casework.Alerted{SLAState: state, Due: true}, appendAudit(ctx, tx, c.Reference, alertEntry(key, in.Deadline))
		},
	})
}

// passage says whether a deadline's passing concerns anybody and whether this is the first record of it.
type passage struct{ due, written bool }

func passDeadline(ctx context.Context, tx pgx.Tx, key casework.StepKey, d casework.Deadline) (passage, error) {
	at := instant(d.At)
	var met bool
	err := tx.QueryRow(ctx, lockClockSQL, key.Reference, d.Clock, at).Scan(&met)
	if err != nil || met {
		return passage{}, missing(err, "clock", fmt.Sprintf("clock %s of case %s", d.Clock, key.Reference))
	}
	tag, err := tx.Exec(ctx, insertAlertSQL, key.Reference, d.Clock, d.Act, at, key.At)
	if err != nil {
		return passage{}, fmt.Errorf("record the %s of clock %s: %w", d.Act, d.Clock, err)
	}
	if d.Act == casework.ActBreach {
		if _, err := tx.Exec(ctx, breachClockSQL, key.Reference, d.Clock, at); err != nil {
			return passage{}, fmt.Errorf("breach clock %s: %w", d.Clock, err)
		}
	}
	return passage{due: true, written: tag.RowsAffected() == 1}, nil
}

func alertEntry(key casework.StepKey, d casework.Deadline) entry {
	e := entry{at: key.At, actor: casework.System(), facts: []docket.Fact{
		fact("clock", d.Clock), fact("instant", instant(d.At)), fact("detected", key.At),
	}}
	switch d.Act {
	case casework.ActWarn:
		e.what = wroteWarned
	case casework.ActBreach:
		e.what, e.centre = wroteBreached, true
	case casework.ActExpire:
		e.what, e.centre = wroteExpired, true
	}
	return e
}
