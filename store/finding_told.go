package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework/docket"
)

// Findings of one kind of mail that nobody was told of make one lot, unless one went out a moment ago: then they wait, so
// that an outage of everything is one mail in a while and not one for each case. Mended ones are told too if they were
// not mended before their mail was made.
const makeLotSQL = `
WITH waiting AS (
    SELECT id
    FROM findings
    WHERE lot IS NULL AND cleared_at IS NULL AND (kind = 'clock-unrecorded') = $1
      AND NOT EXISTS (SELECT FROM findings t WHERE t.told_at > $2 AND (t.kind = 'clock-unrecorded') = $1)
    ORDER BY id
    FOR UPDATE)
UPDATE findings f
SET lot = (SELECT min(id) FROM waiting)
FROM waiting
WHERE f.id = waiting.id AND f.lot IS NULL`

const untoldSQL = `
SELECT id, reference, kind, about, detail, found_at, lot, told_at, cleared_at
FROM findings
WHERE lot IS NOT NULL AND told_at IS NULL
ORDER BY lot, id`

// UntoldFindings puts new findings into lots, each of which one mail tells of, and returns every lot whose mail has not
// gone out. What a lot holds never changes, so that a repeated mail says what the first one said. quiet is how long after
// a mail the next of its kind waits.
func (s *Store) UntoldFindings(ctx context.Context, at time.Time, quiet time.Duration) ([][]docket.Finding, error) {
	rows, err := inUnit(ctx, s, func(ctx context.Context, u *unit) ([]findingRow, error) {
		for _, unrecorded := range []bool{true, false} {
			u.write("put the new findings into lots", makeLotSQL, unrecorded, instant(at.Add(-quiet)))
		}
		untold := each[findingRow](u, "list the findings that nobody was told of", untoldSQL)
		err := u.send(ctx)
		return *untold, err
	})
	if err != nil {
		return nil, err
	}
	var lots [][]docket.Finding
	for _, f := range findings(rows) {
		if last := len(lots) - 1; last >= 0 && lots[last][0].Lot == f.Lot {
			lots[last] = append(lots[last], f)
			continue
		}
		lots = append(lots, []docket.Finding{f})
	}
	return lots, nil
}

const toldSQL = `UPDATE findings SET told_at = $2 WHERE lot = $1 AND told_at IS NULL`

// MarkTold records that the mail about a lot has gone out.
func (s *Store) MarkTold(ctx context.Context, lot int64, at time.Time) error {
	if _, err := s.pool.Exec(ctx, toldSQL, lot, instant(at)); err != nil {
		return fmt.Errorf("record that findings were told: %w", unavailable(err))
	}
	return nil
}
