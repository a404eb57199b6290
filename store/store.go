// Package store is the register in PostgreSQL: what the awarding body knows, and every case with its steps,
// clocks, tasks, fees, mails and audit trail.
//
// A step is one transaction that is done once: a repeat is answered with what was stored the first time. Every
// transaction takes its locks in the same order: award review, cases by reference, task, performer, counter.
// A step's statements travel in as few round trips as what depends on what allows (unit.go).
// SQL stands beside the function that runs it, in a constant whose name ends in SQL; a test prepares each one
// against the migrated schema. Instants are given by the caller, in UTC, and kept to the microsecond.
//
// PostgreSQL 15 or newer is needed, for unique constraints in which nulls are equal.
package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgtype/zeronull"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store reads and writes the register. It is safe for use by several goroutines.
type Store struct {
	pool *pgxpool.Pool
}

// New makes a store on a pool whose connections were set up by Connected.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Open connects to the database at the URL and checks that it answers.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The parser's message may repeat the URL, which holds a password.
		return nil, fmt.Errorf("read the database URL: it is not a PostgreSQL URL")
	}
	config.AfterConnect = Connected
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", unavailable(err))
	}
	return New(pool), nil
}

// Close waits for running transactions and closes every connection.
func (s *Store) Close() { s.pool.Close() }

// Pool is the pool that the store works on, for whoever needs a connection beside it: the importer's copies
// and the test kit.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Connected sets a new connection up: instants are read in UTC, whatever zone the machine is in.
func Connected(_ context.Context, conn *pgx.Conn) error {
	instant := &pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}}
	conn.TypeMap().RegisterType(instant)
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "_timestamptz", OID: pgtype.TimestamptzArrayOID, Codec: &pgtype.ArrayCodec{ElementType: instant}})
	return nil
}

// timeOf is the instant of a column that may be null; null is the zero instant.
func timeOf(t zeronull.Timestamptz) time.Time { return time.Time(t) }

// queryer is what a statement runs on: the pool for a single read, a transaction for everything else.
type queryer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// collect reads every row of a query into structs by column name.
func collect[T any](ctx context.Context, q queryer, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// collectOne reads the only row of a query; it returns pgx.ErrNoRows if there is none.
func collectOne[T any](ctx context.Context, q queryer, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}

// names reads a query's only column, which holds texts.
func names[T ~string](ctx context.Context, q queryer, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

// texts are values of a text type as an array's argument, which is empty and not NULL where there are none.
func texts[T ~string](values []T) []string {
	plain := make([]string, len(values))
	for i, value := range values {
		plain[i] = string(value)
	}
	return plain
}
