package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// attempts is how often a transaction is tried before a collision counts as an outage.
	attempts = 12
	// pause is the mean wait after the first collision; it doubles until longest.
	pause   = 2 * time.Millisecond
	longest = 100 * time.Millisecond
)

// InTx runs work in one read-committed transaction and commits it, for work whose every answer decides what comes
// next; a unit needs fewer round trips. When the server undoes the transaction because it collided with another one
// (a deadlock, a serialization failure, the same step written twice at the same moment), it is run again from the
// start, so work must not change anything outside the transaction. Faults pass through unchanged; an outage is
// wrapped so that it carries a fault of kind unavailable.
func (s *Store) InTx(ctx context.Context, work func(context.Context, pgx.Tx) error) error {
	return again(ctx, func() error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return work(ctx, tx) })
	})
}

// again runs a transaction until it does not collide any more.
func again(ctx context.Context, transaction func() error) error {
	wait := pause
	for attempt := 1; ; attempt++ {
		err := transaction()
		if err == nil {
			return nil
		}
		if !collided(err) {
			return unavailable(err)
		}
		if attempt == attempts {
			return fmt.Errorf("give up after %d collisions: %w", attempts, err)
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(wait/2 + rand.N(wait)): // Spread, so that two that collided do not meet again.
		}
		wait = min(2*wait, longest)
	}
}

// inTx is InTx for work with a result.
func inTx[T any](ctx context.Context, s *Store, work func(context.Context, pgx.Tx) (T, error)) (T, error) {
	var result T
	err := s.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		result, err = work(ctx, tx)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}
