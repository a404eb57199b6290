package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
)

// work is one step of one kind: lock takes the rows that the step depends on, do changes them and answers.
type work[L, R any] struct {
	lock func(context.Context, pgx.Tx) (L, error)
	do   func(context.Context, pgx.Tx, L) (R, error)
	// keep says whether the answer is to be kept; nil keeps every one. An answer that is not kept changed nothing
	// and leaves the step's number free.
	keep func(R) bool
}

// runStep does a step once. The look for a stored result comes after the locks, so that of two attempts at the
// same moment the second finds what the first one stored.
func runStep[L, R any](ctx context.Context, s *Store, key casework.StepKey, input any, w work[L, R]) (R, error) {
	result, err := inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (R, error) {
		var result R
		locked, err := w.lock(ctx, tx)
		if err != nil {
			return result, err
		}
		stored, err := storedResult[R](ctx, tx, key)
		if err != nil || stored != nil {
			return deref(stored), err
		}
		if result, err = w.do(ctx, tx, locked); err != nil {
			return result, err
		}
		if w.keep != nil && !w.keep(result) {
			return result, nil
		}
		return result, storeResult(ctx, tx, key, input, result)
	})
	if err != nil {
		return result, fmt.Errorf("step %s %d of case %s: %w", key.Step, key.Number, key.Reference, err)
	}
	return result, nil
}

func deref[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

const storedResultSQL = `SELECT result FROM steps WHERE reference = $1 AND step = $2 AND number = $3`

func storedResult[R any](ctx context.Context, q queryer, key casework.StepKey) (*R, error) {
	var result R
	err := q.QueryRow(ctx, storedResultSQL, key.Reference, key.Step, key.Number).Scan(&result)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look for an earlier attempt: %w", err)
	}
	return &result, nil
}

const storeResultSQL = `
INSERT INTO steps (reference, step, number, cause, at, input_sha256, result)
VALUES ($1, $2, $3, $4, $5, $6, $7)`

func storeResult(ctx context.Context, q queryer, key casework.StepKey, input, result any) error {
	hash, err := inputHash(input)
	if err != nil {
		return err
	}
	if _, err := q.Exec(ctx, storeResultSQL, key.Reference, key.Step, key.Number, key.Cause, key.At, hash, result); err != nil {
		return fmt.Errorf("record the step: %w", err)
	}
	return nil
}

// inputHash is the hex SHA-256 of the input's JSON, whose field order is that of the Go type.
func inputHash(input any) (string, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return "", fmt.Errorf("hash the step's input: %w", err)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// instant is the precision in which the register keeps instants, so that what a step answers is what a later
// read finds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// timed returns the key with its instant in the register's precision.
func timed(key casework.StepKey) casework.StepKey {
	key.At = instant(key.At)
	return key
}
