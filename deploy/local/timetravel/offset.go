package timetravel

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrUnfinished means that an earlier fast-forward by another amount was interrupted.
var ErrUnfinished = errors.New("an earlier fast-forward was interrupted")

// ErrBusy means that another fast-forward is under way.
var ErrBusy = errors.New("another fast-forward is under way")

// lockKey is the advisory lock of fast-forwards in the register's database.
const lockKey = 0x7265636f75727365

// intention is what the row clock_offset says is to be done. It is written before the first workflow
// moves, so that an interrupted move can be finished: workflows that have moved already carry its id.
type intention struct {
	id     string
	amount time.Duration
	before time.Duration // the offset that the move starts from
}

// after is the offset when the move is done.
func (i intention) after() time.Duration { return i.before + i.amount }

// exclusive takes the lock and returns how to give it back. The end of the connection gives it back too.
func exclusive(ctx context.Context, register *pgx.Conn) (release func() error, err error) {
	var taken bool
	if err := register.QueryRow(ctx, "select pg_try_advisory_lock($1)", int64(lockKey)).Scan(&taken); err != nil {
		return nil, fmt.Errorf("lock the clock: %w", err)
	}
	if !taken {
		return nil, ErrBusy
	}
	return func() error {
		if register.IsClosed() {
			return nil
		}
		if _, err := register.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", int64(lockKey)); err != nil {
			return fmt.Errorf("unlock the clock: %w", err)
		}
		return nil
	}, nil
}

// begin writes the intention to move by amount, or finds the same one unfinished.
func begin(ctx context.Context, register *pgx.Conn, amount time.Duration) (intention, error) {
	_, err := register.Exec(ctx, "insert into clock_offset (id, offset_ms) values (true, 0) on conflict (id) do nothing")
	if err != nil {
		return intention{}, fmt.Errorf("make the row of the clock: %w", err)
	}
	var offset, pending int64
	var id *string
	err = register.QueryRow(ctx, "select offset_ms, pending_ms, pending_id from clock_offset").Scan(&offset, &pending, &id)
	if err != nil {
		return intention{}, fmt.Errorf("read the clock: %w", err)
	}
	before := time.Duration(offset) * time.Millisecond
	if id != nil {
		unfinished := time.Duration(pending) * time.Millisecond
		if unfinished != amount {
			return intention{}, fmt.Errorf("%w: finish it first with the same duration, %s", ErrUnfinished, unfinished)
		}
		return intention{id: *id, amount: amount, before: before}, nil
	}
	made := intention{id: "fast-forward-" + rand.Text(), amount: amount, before: before}
	_, err = register.Exec(ctx, "update clock_offset set pending_ms = $1, pending_id = $2", amount.Milliseconds(), made.id)
	if err != nil {
		return intention{}, fmt.Errorf("write the intention to move the clock: %w", err)
	}
	return made, nil
}

// finish moves the offset itself.
func (i intention) finish(ctx context.Context, register *pgx.Conn) error {
	done, err := register.Exec(ctx, `update clock_offset
		set offset_ms = offset_ms + pending_ms, pending_ms = 0, pending_id = null
		where pending_id = $1`, i.id)
	if err != nil {
		return fmt.Errorf("move the offset: %w", err)
	}
	if done.RowsAffected() != 1 {
		return fmt.Errorf("move the offset: the intention %s is gone", i.id)
	}
	return nil
}
