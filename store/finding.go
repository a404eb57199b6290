package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// findingRow is a finding as the register keeps it.
type findingRow struct {
	ID        int64
	Reference casework.Reference
	Kind      docket.FindingKind
	About     string
	Detail    string
	FoundAt   time.Time
	Lot       zeronull.Int8
	ToldAt    zeronull.Timestamptz
	ClearedAt zeronull.Timestamptz
}

func (r findingRow) finding() docket.Finding {
	return docket.Finding{
		ID: r.ID, Reference: r.Reference, Kind: r.Kind, About: r.About, Detail: r.Detail, FoundAt: r.FoundAt,
		Lot: int64(r.Lot), ToldAt: timeOf(r.ToldAt), ClearedAt: timeOf(r.ClearedAt),
	}
}

func findings(rows []findingRow) []docket.Finding {
	found := make([]docket.Finding, len(rows))
	for i, row := range rows {
		found[i] = row.finding()
	}
	return found
}

// A case that the register does not know has no finding: its workflow may be another's.
const recordFindingSQL = `
INSERT INTO findings (reference, kind, about, detail, found_at)
SELECT reference, $2, $3, $4, $5
FROM cases
WHERE reference = $1
ON CONFLICT (reference, kind, about) WHERE cleared_at IS NULL DO NOTHING
RETURNING id, reference, kind, about, detail, found_at, lot, told_at, cleared_at`

// RecordFinding notes that something is wrong with a case, once while it lasts, and tells every webhook that wants to
// know. It returns whether this is news.
func (s *Store) RecordFinding(ctx context.Context, f docket.Finding) (news bool, err error) {
	return inUnit(ctx, s, func(ctx context.Context, u *unit) (bool, error) {
		made := each[findingRow](u, fmt.Sprintf("record the finding %s of case %s", f.Kind, f.Reference), recordFindingSQL,
			f.Reference, f.Kind, f.About, f.Detail, instant(f.FoundAt))
		if err := u.send(ctx); err != nil {
			return false, err
		}
		return len(*made) > 0, queueFindings(u, *made)
	})
}

// queueFindings queues an event for each new finding. Whom one is about stays inside.
func queueFindings(u *unit, made []findingRow) error {
	for _, f := range made {
		facts := []docket.Fact{fact("finding", f.ID), fact("kind", f.Kind)}
		if f.Kind != docket.FindingConflicted {
			facts = append(facts, fact("about", f.About))
		}
		facts = append(facts, fact("found", f.FoundAt))
		if err := queueEvent(u, f.Kind.Event(), f.Reference, f.FoundAt, facts...); err != nil {
			return err
		}
	}
	return nil
}

const clearFindingSQL = `
UPDATE findings
SET cleared_at = $4
WHERE reference = $1 AND kind = $2 AND about = $3 AND cleared_at IS NULL`

// ClearFinding notes that a finding is mended; one that was never made needs nothing.
func (s *Store) ClearFinding(ctx context.Context, ref casework.Reference, kind docket.FindingKind, about string, at time.Time) error {
	if _, err := s.pool.Exec(ctx, clearFindingSQL, ref, kind, about, instant(at)); err != nil {
		return fmt.Errorf("clear the finding %s of case %s: %w", kind, ref, unavailable(err))
	}
	return nil
}

const clearOthersSQL = `
UPDATE findings
SET cleared_at = $3
WHERE kind = $1 AND cleared_at IS NULL AND found_at < $3 AND reference <> ALL ($2::text[])`

// ClearOtherFindings notes that the findings of a kind are mended, but for those of the cases that a complete look, made
// at an instant, has just found again.
func (s *Store) ClearOtherFindings(ctx context.Context, kind docket.FindingKind, still []casework.Reference, at time.Time) error {
	if still == nil {
		still = []casework.Reference{}
	}
	if _, err := s.pool.Exec(ctx, clearOthersSQL, kind, still, instant(at)); err != nil {
		return fmt.Errorf("clear the findings of kind %s: %w", kind, unavailable(err))
	}
	return nil
}

const openFindingsSQL = `
SELECT id, reference, kind, about, detail, found_at, lot, told_at, cleared_at
FROM findings
WHERE cleared_at IS NULL AND ($1 = '' OR kind = $1)
ORDER BY id DESC
LIMIT $2`

// OpenFindings lists what is not mended, the latest first; an empty kind means every kind.
func (s *Store) OpenFindings(ctx context.Context, kind docket.FindingKind, limit int) ([]docket.Finding, error) {
	rows, err := collect[findingRow](ctx, s.pool, openFindingsSQL, kind, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list the open findings: %w", unavailable(err))
	}
	return findings(rows), nil
}
