package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const clockOffsetSQL = `SELECT offset_ms FROM clock_offset`

// ClockOffset is how far a demonstration's clock is ahead of the wall clock; zero where time was never moved.
func (s *Store) ClockOffset(ctx context.Context) (time.Duration, error) {
	var milliseconds int64
	err := s.pool.QueryRow(ctx, clockOffsetSQL).Scan(&milliseconds)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("read the clock's offset: %w", unavailable(err))
	}
	return time.Duration(milliseconds) * time.Millisecond, nil
}
