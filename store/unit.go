package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// unit is one transaction in as few round trips as it can be. What is queued waits until an answer is needed, and
// then travels together in one pipeline: the beginning with the first statements, the last ones with the commit. The
// server does them in their order, and a statement that fails stops every one behind it, the commit too. So only a
// statement whose failure is the server's may be queued behind nothing but the commit; where the program has to look
// at an answer first, it sends.
type unit struct {
	conn *pgx.Conn
	// batch is what waits to be sent, names what each statement of it does.
	batch *pgx.Batch
	names map[string]string
}

const (
	beginSQL    = `BEGIN`
	snapshotSQL = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`
	commitSQL   = `COMMIT`
	rollbackSQL = `ROLLBACK`
)

// newUnit is a transaction that the statement begins, together with the first others that are sent.
func newUnit(conn *pgx.Conn, sql string) *unit {
	u := &unit{conn: conn}
	u.empty()
	u.write("begin the transaction", sql)
	return u
}

func (u *unit) empty() { u.batch, u.names = &pgx.Batch{}, map[string]string{} }

// write queues a statement of which nobody needs an answer. what names it in errors, such as "insert the case".
func (u *unit) write(what, sql string, args ...any) { u.change(what, sql, args...) }

// change queues a statement and tells, once it was sent, how many rows it changed.
func (u *unit) change(what, sql string, args ...any) (changed *int64) {
	changed = new(int64)
	u.queue(what, sql, args, func(results pgx.BatchResults) error {
		tag, err := results.Exec()
		*changed = tag.RowsAffected()
		return err
	})
	return changed
}

func (u *unit) queue(what, sql string, args []any, read func(pgx.BatchResults) error) {
	u.names[sql] = what
	u.batch.Queue(sql, args...).Fn = func(results pgx.BatchResults) error {
		if err := read(results); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	}
}

// each queues a query; its rows are there once it was sent, read into structs by column name.
func each[T any](u *unit, what, sql string, args ...any) *[]T {
	return answers(u, structs[T], what, sql, args...)
}

// column queues a query of one column; its values are there once it was sent.
func column[T any](u *unit, what, sql string, args ...any) *[]T {
	return answers(u, values[T], what, sql, args...)
}

func structs[T any](rows pgx.Rows) ([]T, error) {
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

func values[T any](rows pgx.Rows) ([]T, error) { return pgx.CollectRows(rows, pgx.RowTo[T]) }

// answers queues a query and how its rows are read, which are closed then.
func answers[T any](u *unit, read func(pgx.Rows) ([]T, error), what, sql string, args ...any) *[]T {
	found := new([]T)
	u.queue(what, sql, args, func(results pgx.BatchResults) error {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		*found, err = read(rows)
		return err
	})
	return found
}

// send sends what is queued and waits for every answer. Its error names the statement that failed.
func (u *unit) send(ctx context.Context) error {
	batch, names := u.batch, u.names
	u.empty()
	err := u.conn.SendBatch(ctx, batch).Close()
	var unsent pgx.ErrPreprocessingBatch
	if errors.As(err, &unsent) {
		return fmt.Errorf("%s: %w", names[unsent.SQL()], err)
	}
	return err
}

// commit sends what is queued and ends the transaction.
func (u *unit) commit(ctx context.Context) error {
	u.queue("commit", commitSQL, nil, func(results pgx.BatchResults) error {
		tag, err := results.Exec()
		if err == nil && tag.String() != commitSQL {
			return pgx.ErrTxCommitRollback
		}
		return err
	})
	return u.send(ctx)
}

// rollback undoes what was sent and forgets what was not. If it fails, the connection is not used again.
func (u *unit) rollback(ctx context.Context) {
	u.empty()
	if u.conn.PgConn().TxStatus() != idle {
		_, _ = u.conn.Exec(ctx, rollbackSQL)
	}
}

// idle is the status of a connection that is in no transaction (PostgreSQL documentation, §55.7, ReadyForQuery).
const idle = 'I'

// once runs work in one transaction on a connection of its own; the statement begins it.
func (s *Store) once(ctx context.Context, sql string, work func(context.Context, *unit) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release() // The pool closes a connection that is still in a transaction.
	u := newUnit(conn.Conn(), sql)
	if err := work(ctx, u); err != nil {
		u.rollback(ctx)
		return err
	}
	if err := u.commit(ctx); err != nil {
		u.rollback(ctx)
		return err
	}
	return nil
}

// inUnit runs work in one read-committed unit and commits it; collisions and outages are treated as by InTx.
func inUnit[T any](ctx context.Context, s *Store, work func(context.Context, *unit) (T, error)) (T, error) {
	var result T
	err := again(ctx, func() error {
		return s.once(ctx, beginSQL, func(ctx context.Context, u *unit) error {
			var err error
			result, err = work(ctx, u)
			return err
		})
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// inSnapshot runs several reads on one state of the register, so that a case's page never mixes two versions.
func inSnapshot(ctx context.Context, s *Store, read func(context.Context, *unit) error) error {
	return unavailable(s.once(ctx, snapshotSQL, read))
}
