package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework/register"
)

const registerEmptySQL = `SELECT NOT EXISTS (SELECT FROM centres)`

// RegisterEmpty reports whether no centre was ever imported.
func (s *Store) RegisterEmpty(ctx context.Context) (bool, error) {
	var empty bool
	if err := s.pool.QueryRow(ctx, registerEmptySQL).Scan(&empty); err != nil {
		return false, fmt.Errorf("look for centres: %w", unavailable(err))
	}
	return empty, nil
}

// importLockSQL lets one import run at a time; the number names the lock and means nothing else.
const importLockSQL = `SELECT pg_advisory_xact_lock(7301)`

// ImportRegister stores a set that register.Check accepted and whose files are stored, in one transaction. Rows are
// found by their natural keys: new ones are added, others are made equal to the set, and the same set again changes
// nothing. Rows that the set leaves out stay, except the parts of a whole that it names: a centre's contacts, a
// series' key dates, a ladder of boundaries, a result's items, a performer's components, a body's approvers unless the set
// says nothing about them. Conflicts and absences are only added. What changed in the roster and among the
// approvers stands in their audits with at, the instant of the import in UTC.
//
// A series on which a case rests keeps its dates unless dates is register.MoveDates; those that differ are returned.
// A case that opens at the same moment is judged by the dates before.
//
// A result on which a case rests keeps its first mark, items, markers and script, and so does its award: if the set
// has others, nothing is stored and the error is a *register.TouchedError. A mark that a case changed is no
// difference, because the first mark is compared.
func (s *Store) ImportRegister(ctx context.Context, set register.Set, dates register.Dates, at time.Time) ([]register.KeptDate, error) {
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (kept []register.KeptDate, err error) {
		if _, err := tx.Exec(ctx, importLockSQL); err != nil {
			return nil, fmt.Errorf("wait for another import: %w", err)
		}
		for _, table := range stagingTables(set) {
			if err := table.fill(ctx, tx); err != nil {
				return nil, err
			}
		}
		if dates == register.KeepDates {
			if kept, err = keepDates(ctx, tx); err != nil {
				return nil, err
			}
		}
		return kept, mergeAll(ctx, tx, set, at)
	})
}

// mergeAll brings what is staged into the register. If anything is another afterwards, somebody may be eligible who was
// not: a rank, a tier, a marker or a moderator decides that as much as a performer's own row.
func mergeAll(ctx context.Context, tx pgx.Tx, set register.Set, at time.Time) error {
	catalogue, err := execute(ctx, tx, mergeCatalogue)
	if err != nil {
		return err
	}
	if set.Approvers != nil {
		if _, err := tx.Exec(ctx, mergeApproversSQL, instant(at)); err != nil {
			return fmt.Errorf("import approvers: %w", err)
		}
	}
	roster, err := importRoster(ctx, tx, set, at)
	if err != nil {
		return err
	}
	if _, err := execute(ctx, tx, mergeResults); err != nil {
		return err
	}
	touched, err := touchedResults(ctx, tx)
	if err != nil {
		return err
	}
	if len(touched) > 0 {
		return &register.TouchedError{Results: touched}
	}
	marks, err := execute(ctx, tx, mergeMarks)
	if err != nil || catalogue+roster+marks == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, raiseRosterSQL); err != nil {
		return fmt.Errorf("raise the roster's version: %w", err)
	}
	return nil
}

// merge is one statement of an import, from staging tables into the register.
type merge struct {
	what string
	sql  string
}

// execute runs merges and counts the rows that they wrote.
func execute(ctx context.Context, tx pgx.Tx, merges []merge) (written int64, err error) {
	for _, m := range merges {
		tag, err := tx.Exec(ctx, m.sql)
		if err != nil {
			return 0, fmt.Errorf("import %s: %w", m.what, err)
		}
		written += tag.RowsAffected()
	}
	return written, nil
}

// touchedResults finds the results under enquiry that the set would change, and locks every result that it would
// change: an enquiry that opens at the same moment waits, and then finds the new marks.
func touchedResults(ctx context.Context, tx pgx.Tx) ([]register.ResultKey, error) {
	if _, err := tx.Exec(ctx, lockChanged); err != nil {
		return nil, fmt.Errorf("lock the results that change: %w", err)
	}
	rows, err := tx.Query(ctx, selectTouched)
	if err != nil {
		return nil, fmt.Errorf("look for cases on results that change: %w", err)
	}
	touched, err := pgx.CollectRows(rows, pgx.RowToStructByName[register.ResultKey])
	if err != nil {
		return nil, fmt.Errorf("look for cases on results that change: %w", err)
	}
	return touched, nil
}
