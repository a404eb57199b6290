package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// work is one step of one kind: lock queues the locks of the rows that the step depends on, and whatever else can be
// asked for behind them without knowing more; what it returns is called once they were sent. do changes the rows and
// answers.
type work[L, R any] struct {
	lock func(*unit) func() (L, error)
	do   func(context.Context, *unit, L) (R, error)
	// keep says whether the answer is to be kept; nil keeps every one. An answer that is not kept changed nothing
	// and leaves the step's number free.
	keep func(R) bool
}

// runStep does a step once. The look for a stored result comes after the locks, so that of two attempts at the
// same moment the second finds what the first one stored.
func runStep[L, R any](ctx context.Context, s *Store, key casework.StepKey, input any, w work[L, R]) (R, error) {
	result, err := inUnit(ctx, s, func(ctx context.Context, u *unit) (R, error) {
		var result R
		take := w.lock(u)
		stored := askResult[R](u, key)
		if err := u.send(ctx); err != nil {
			return result, err
		}
		locked, err := take()
		if err != nil {
			return result, err
		}
		if len(*stored) > 0 {
			return (*stored)[0], nil
		}
		if result, err = w.do(ctx, u, locked); err != nil {
			return result, err
		}
		if w.keep != nil && !w.keep(result) {
			return result, nil
		}
		return result, storeResult(u, key, input, result)
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

const storedResultSQL = `SELECT result FROM steps WHERE reference = $1 AND step = $2 AND about = $3 AND number = $4`

func askResult[R any](u *unit, key casework.StepKey) *[]R {
	return column[R](u, "look for an earlier attempt", storedResultSQL, key.Reference, key.Step, key.About, key.Number)
}

const storeResultSQL = `
INSERT INTO steps (reference, step, about, number, cause, at, input_sha256, result)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func storeResult(u *unit, key casework.StepKey, input, result any) error {
	hash, err := inputHash(input)
	if err != nil {
		return err
	}
	u.write("record the step", storeResultSQL, key.Reference, key.Step, key.About, key.Number, key.Cause, key.At, hash, result)
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
