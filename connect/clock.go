package connect

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// Offsets reads how far the local stack's clock is ahead of the machine's.
type Offsets interface {
	ClockOffset(ctx context.Context) (time.Duration, error)
}

// offsetWait bounds one reading of the offset, so that a database that is away never stops the clock.
const offsetWait = time.Second

// Clock is the processes' one clock (architecture §9): the machine's time, plus the local stack's offset where
// the clock is movable.
type Clock struct {
	offsets Offsets
	movable bool
	last    atomic.Int64
}

// NewClock makes the clock. Without movable it is the machine's clock and reads nothing.
func NewClock(offsets Offsets, movable bool) *Clock {
	return &Clock{offsets: offsets, movable: movable}
}

// Offset is what the clock is ahead of the machine's, zero in production. While the database is away it is the
// offset that was last read.
func (c *Clock) Offset(ctx context.Context) time.Duration {
	if !c.movable {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, offsetWait)
	defer cancel()
	offset, err := c.offsets.ClockOffset(ctx)
	if err != nil {
		slog.WarnContext(ctx, "the clock's offset cannot be read; the last one stands", "error", err)
		return time.Duration(c.last.Load())
	}
	c.last.Store(int64(offset))
	return offset
}

// Now is the instant in UTC.
func (c *Clock) Now() time.Time {
	return time.Now().Add(c.Offset(context.Background())).UTC()
}
