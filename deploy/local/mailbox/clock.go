package mailbox

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Clock is the time by which mails are dated.
type Clock struct {
	// Wall is the machine's time.
	Wall func() time.Time
	// Ahead is what the stack's clock is ahead of it; nil where there is no such clock.
	Ahead func(context.Context) (time.Duration, error)
}

// stackTime is what the stack's clock shows at a wall-clock instant, zero where nobody can say: a mail is never lost
// for want of its date.
func (c Clock) stackTime(ctx context.Context, wall time.Time) time.Time {
	if c.Ahead == nil {
		return time.Time{}
	}
	ahead, err := c.Ahead(ctx)
	if err != nil {
		return time.Time{}
	}
	return wall.Add(ahead)
}

// clockWait bounds one look at the clock, because a sender waits for its answer meanwhile.
const clockWait = 500 * time.Millisecond

// RegisterClock reads the offset row of the register's database, which fast-forward moves.
func RegisterClock(register *pgxpool.Pool) func(context.Context) (time.Duration, error) {
	return func(ctx context.Context) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(ctx, clockWait)
		defer cancel()
		var ahead int64
		if err := register.QueryRow(ctx, "select coalesce(max(offset_ms), 0) from clock_offset").Scan(&ahead); err != nil {
			return 0, fmt.Errorf("read the stack's clock: %w", err)
		}
		return time.Duration(ahead) * time.Millisecond, nil
	}
}
