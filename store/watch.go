package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// A promise whose end has passed, which nobody has met and nobody recorded. A clock that stands still has no end.
const findUnrecordedSQL = `
INSERT INTO findings (reference, kind, about, detail, found_at)
SELECT c.reference, 'clock-unrecorded', c.id,
       'The ' || c.id || ' clock ended at ' || to_char(c.ends AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC and no worker has recorded it.', $1
FROM counting_clocks c
JOIN cases k ON k.reference = c.reference AND k.stage = ANY ($3)
WHERE c.kind = 'sla' AND c.breached_at IS NULL AND c.ends < $2
ON CONFLICT (reference, kind, about) WHERE cleared_at IS NULL DO NOTHING
RETURNING id, reference, kind, about, detail, found_at, lot, told_at, cleared_at`

const clearUnrecordedSQL = `
UPDATE findings f
SET cleared_at = $1
WHERE f.kind = 'clock-unrecorded' AND f.cleared_at IS NULL
  AND NOT EXISTS (SELECT FROM counting_clocks c JOIN cases k ON k.reference = c.reference
                  WHERE c.reference = f.reference AND c.id = f.about AND k.stage = ANY ($3) AND c.breached_at IS NULL AND c.ends < $2)`

// FindUnrecorded notes, at an instant, the sla clocks of open cases whose end has passed by more than a grace and which
// nobody recorded, tells the webhooks, and clears what was recorded meanwhile. It returns how many are new.
func (s *Store) FindUnrecorded(ctx context.Context, at time.Time, grace time.Duration) (news int, err error) {
	return s.look(ctx, "unrecorded clocks", clearUnrecordedSQL, findUnrecordedSQL, instant(at), instant(at.Add(-grace)), openStages())
}

// What is due by itself has a worker to do it. A clock that is known as unrecorded says the same and more. A case that is
// held is not closed, however long its window is over: that is what it was held for.
const findNoProgressSQL = `
INSERT INTO findings (reference, kind, about, detail, found_at)
SELECT k.reference, 'no-progress', to_char(k.next_action_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       'Something was due at ' || to_char(k.next_action_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC by itself and has not happened.', $1
FROM cases k
WHERE k.stage = ANY ($3) AND k.next_action_at < $2 AND NOT (k.stage = 'appeal-window' AND k.held_for <> '{}')
  AND NOT EXISTS (SELECT FROM findings f WHERE f.reference = k.reference AND f.kind = 'clock-unrecorded' AND f.cleared_at IS NULL)
ON CONFLICT (reference, kind, about) WHERE cleared_at IS NULL DO NOTHING
RETURNING id, reference, kind, about, detail, found_at, lot, told_at, cleared_at`

const clearNoProgressSQL = `
UPDATE findings f
SET cleared_at = $1
WHERE f.kind = 'no-progress' AND f.cleared_at IS NULL
  AND NOT EXISTS (SELECT FROM cases k
                  WHERE k.reference = f.reference AND k.stage = ANY ($3) AND k.next_action_at < $2
                    AND NOT (k.stage = 'appeal-window' AND k.held_for <> '{}')
                    AND to_char(k.next_action_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') = f.about)`

// FindNoProgress notes, at an instant, the open cases for which something was due by itself more than a grace ago and
// nothing was recorded, tells the webhooks, and clears what has happened meanwhile. It returns how many are new.
func (s *Store) FindNoProgress(ctx context.Context, at time.Time, grace time.Duration) (news int, err error) {
	return s.look(ctx, "cases without progress", clearNoProgressSQL, findNoProgressSQL, instant(at), instant(at.Add(-grace)), openStages())
}

// look clears what is mended, then finds what is new.
func (s *Store) look(ctx context.Context, what, clearSQL, findSQL string, args ...any) (news int, err error) {
	return inUnit(ctx, s, func(ctx context.Context, u *unit) (int, error) {
		u.write("clear findings of "+what, clearSQL, args...)
		made := each[findingRow](u, "look for "+what, findSQL, args...)
		if err := u.send(ctx); err != nil {
			return 0, err
		}
		return len(*made), queueFindings(u, *made)
	})
}

// openStages are those of a case that is not at its end.
func openStages() []casework.Stage {
	var open []casework.Stage
	for _, stage := range casework.Stages() {
		if !stage.Final() {
			open = append(open, stage)
		}
	}
	return open
}

// What is not wanted any more was done, or is not needed; what was asked for long ago is asked again. A case that has looked
// for somebody since it was told to, and is wanted still, has the roster moved on meanwhile: it is told at once.
const claimSignalsSQL = `
WITH done AS (
    DELETE FROM signals WHERE name = $1 AND reference <> ALL ($2::text[]))
INSERT INTO signals (name, reference, at)
SELECT $1, k.reference, $3
FROM cases k
WHERE k.reference = ANY ($2::text[])
ON CONFLICT (name, reference) DO UPDATE SET at = $3
WHERE signals.at < $4 OR $1 = 'reallocate' AND EXISTS (SELECT FROM allocations a WHERE a.reference = signals.reference AND a.at >= signals.at)
RETURNING reference`

// ClaimSignals takes from the cases that are to be sent a signal, at an instant, those that were not sent it within a
// patience: a case that has not done what it was asked for is not asked again at every look. wanted is the whole list:
// a case that is not on it has done it. Of several who ask at once each case is given to one.
func (s *Store) ClaimSignals(ctx context.Context, name string, wanted []casework.Reference, at time.Time, patience time.Duration) ([]casework.Reference, error) {
	if wanted == nil {
		wanted = []casework.Reference{}
	}
	claimed, err := names[casework.Reference](ctx, s.pool, claimSignalsSQL, name, wanted, instant(at), instant(at.Add(-patience)))
	if err != nil {
		return nil, fmt.Errorf("claim the %s signals: %w", name, unavailable(err))
	}
	return claimed, nil
}

const releaseSignalSQL = `DELETE FROM signals WHERE name = $1 AND reference = $2`

// ReleaseSignal gives a claimed signal back that could not be sent.
func (s *Store) ReleaseSignal(ctx context.Context, name string, ref casework.Reference) error {
	if _, err := s.pool.Exec(ctx, releaseSignalSQL, name, ref); err != nil {
		return fmt.Errorf("release the %s signal of case %s: %w", name, ref, unavailable(err))
	}
	return nil
}
