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

const digestsDaySQL = `SELECT day FROM watches WHERE name = $1 AND day IS NOT NULL`

// DigestsDay is the last day whose digests are out; the zero date if none ever was.
func (s *Store) DigestsDay(ctx context.Context) (calendar.Date, error) {
	var day time.Time
	err := s.pool.QueryRow(ctx, digestsDaySQL, digestsDayName).Scan(&day)
	if errors.Is(err, pgx.ErrNoRows) {
		return calendar.Date{}, nil
	}
	if err != nil {
		return calendar.Date{}, fmt.Errorf("read which day's digests are out: %w", unavailable(err))
	}
	return dateFrom(&day), nil
}

const digestsOutSQL = `
INSERT INTO watches (name, at, day)
VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET at = greatest(watches.at, $2), day = greatest(watches.day, $3)`

// MarkDigests records that a day's digests are out.
func (s *Store) MarkDigests(ctx context.Context, day calendar.Date, at time.Time) error {
	if _, err := s.pool.Exec(ctx, digestsOutSQL, digestsDayName, instant(at), dateTo(day)); err != nil {
		return fmt.Errorf("record that the digests of %s are out: %w", day, unavailable(err))
	}
	return nil
}
