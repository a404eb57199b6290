package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework/calendar"
)

const watchedSQL = `
INSERT INTO watches (name, at)
VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET at = greatest(watches.at, $2)`

// Watched records that a round of a watcher ended well at an instant.
func (s *Store) Watched(ctx context.Context, round string, at time.Time) error {
	if _, err := s.pool.Exec(ctx, watchedSQL, round, instant(at)); err != nil {
		return fmt.Errorf("record the round %s: %w", round, unavailable(err))
	}
	return nil
}

// The row of the day's digests is not the round's, which looks more often than it sends.
const digestsDayName = "digests-out"

// DigestsDay is the last day whose digests are out; the zero date if none ever was.
func (s *Store) DigestsDay(ctx context.Context) (calendar.Date, error) {
	return s.lastDay(ctx, digestsDayName)
}

// MarkDigests records that a day's digests are out.
func (s *Store) MarkDigests(ctx context.Context, day calendar.Date, at time.Time) error {
	return s.markDay(ctx, digestsDayName, day, at)
}

const lastDaySQL = `SELECT day FROM watches WHERE name = $1 AND day IS NOT NULL`

// lastDay is the last day for which something that is done once a day was done.
func (s *Store) lastDay(ctx context.Context, name string) (calendar.Date, error) {
	var day time.Time
	err := s.pool.QueryRow(ctx, lastDaySQL, name).Scan(&day)
	if errors.Is(err, pgx.ErrNoRows) {
		return calendar.Date{}, nil
	}
	if err != nil {
		return calendar.Date{}, fmt.Errorf("read the last day of %s: %w", name, unavailable(err))
	}
	return dateFrom(&day), nil
}

const markDaySQL = `
INSERT INTO watches (name, at, day)
VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET at = greatest(watches.at, $2), day = greatest(watches.day, $3)`

func (s *Store) markDay(ctx context.Context, name string, day calendar.Date, at time.Time) error {
	if _, err := s.pool.Exec(ctx, markDaySQL, name, instant(at), dateTo(day)); err != nil {
		return fmt.Errorf("record %s as the last day of %s: %w", day, name, unavailable(err))
	}
	return nil
}
