package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Codes of the roster's audit. They are stable, as those of a case's trail are.
const (
	wroteChanged       = "changed"
	wroteImported      = "imported"
	wroteAbsence       = "absence-added"
	wroteAbsenceEnded  = "absence-ended"
	wroteConflict      = "conflict-declared"
	wroteConflictUndue = "conflict-taken-back"
)

// rosterChange is one line of the roster's audit before it is written.
type rosterChange struct {
	performer string
	what      string
	facts     []docket.Fact
}

const insertRosterChangeSQL = `INSERT INTO roster_changes (performer, at, actor, what, facts) VALUES ($1, $2, $3, $4, $5)`

// noteRosterChange queues a line of the roster's audit.
func noteRosterChange(u *unit, performer string, at time.Time, actor casework.Actor, what string, facts ...docket.Fact) {
	u.write("note the change of performer "+performer, insertRosterChangeSQL, performer, instant(at), actor, what, facts)
}

// Everybody who may have become eligible raises one row, so it is written last in its transaction.
const raiseRosterSQL = `UPDATE roster_version SET version = version + 1`

// raiseRoster queues that somebody may have become eligible: every case in the pool is to look again.
func raiseRoster(u *unit) { u.write("raise the roster's version", raiseRosterSQL) }

// noteChange writes a line of the roster's audit and, if somebody may have become eligible by it, raises the roster's
// version.
func noteChange(ctx context.Context, tx pgx.Tx, change rosterChange, at time.Time, actor casework.Actor, eligible bool) error {
	if _, err := tx.Exec(ctx, insertRosterChangeSQL, change.performer, instant(at), actor, change.what, change.facts); err != nil {
		return fmt.Errorf("note the change of performer %s: %w", change.performer, err)
	}
	if !eligible {
		return nil
	}
	if _, err := tx.Exec(ctx, raiseRosterSQL); err != nil {
		return fmt.Errorf("raise the roster's version: %w", err)
	}
	return nil
}

// touchPerformerSQL counts a change that stands beside the person's row. It waits for an allocation that holds the row.
const touchPerformerSQL = `UPDATE performers SET version = version + 1 WHERE id = $1`

// changeBeside changes something that stands beside a performer's row, such as an absence, under the row's lock: the
// change is counted in the person's version and noted. work says what changed; the zero change changes nothing. eligible
// is true if it may make the person eligible, so that cases in the pool look again.
func changeBeside[T any](ctx context.Context, s *Store, id string, actor casework.Actor, at time.Time, eligible bool,
	work func(context.Context, pgx.Tx) (T, rosterChange, error),
) (T, error) {
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (T, error) {
		var none T
		if _, err := lockExaminer(ctx, tx, id); err != nil {
			return none, err
		}
		result, change, err := work(ctx, tx)
		if err != nil || change.what == "" {
			return result, err
		}
		if _, err := tx.Exec(ctx, touchPerformerSQL, id); err != nil {
			return none, fmt.Errorf("count the change: %w", err)
		}
		return result, noteChange(ctx, tx, change, at, actor, eligible)
	})
}

const rosterChangesSQL = `
SELECT id, at, actor, what, facts
FROM roster_changes
WHERE performer = $1 AND ($2 = 0 OR id < $2)
ORDER BY id DESC
LIMIT $3`

// RosterChanges lists what was changed about a performer, the latest first. beforeID is the last id of the page before,
// 0 for the first. Somebody who is not on the roster has an empty list.
func (s *Store) RosterChanges(ctx context.Context, id string, beforeID int64, limit int) ([]docket.RosterChange, error) {
	changes, err := collect[docket.RosterChange](ctx, s.pool, rosterChangesSQL, id, beforeID, limit)
	if err != nil {
		return nil, fmt.Errorf("list the changes of performer %s: %w", id, unavailable(err))
	}
	return changes, nil
}
