package watcher

import (
	"context"
	"sync"
	"time"
)

// overdueRegister finds what the workers should have done by now, in the register alone.
type overdueRegister interface {
	FindUnrecorded(ctx context.Context, at time.Time, grace time.Duration) (news int, err error)
	FindNoProgress(ctx context.Context, at time.Time, grace time.Duration) (news int, err error)
}

// clock is the one clock of the processes.
type clock interface {
	Now() time.Time
	// Offset is what the clock is ahead of the machine's; it moves only in a demonstration.
	Offset(ctx context.Context) time.Duration
}

// overdue looks for what was due and is not on record, whatever is the matter with the workers: it needs nothing of them.
type overdue struct {
	register overdueRegister
	clock    clock
	steady   *steady
	// unrecordedAfter and stuckAfter are how long after it was due something counts.
	unrecordedAfter, stuckAfter time.Duration
}

// unrecorded looks for sla clocks that ended without anybody recording it.
func (o overdue) unrecorded(ctx context.Context) error {
	return o.find(ctx, o.unrecordedAfter, o.register.FindUnrecorded)
}

// stuck looks for cases in which something was due by itself and did not happen.
func (o overdue) stuck(ctx context.Context) error {
	return o.find(ctx, o.stuckAfter, o.register.FindNoProgress)
}

func (o overdue) find(ctx context.Context, grace time.Duration, find func(context.Context, time.Time, time.Duration) (int, error)) error {
	if !o.steady.since(o.clock.Offset(ctx), grace) {
		return nil
	}
	_, err := find(ctx, o.clock.Now(), grace)
	return err
}

// steady knows since when the clock has not been moved. Where it can be moved, everything that is due in the days between
// becomes due at once, and the workers are given as long for it as they are given otherwise.
type steady struct {
	machine func() time.Time

	mu     sync.Mutex
	known  bool
	offset time.Duration
	moved  time.Time
}

// since reports whether the clock has had this offset for so long.
func (s *steady) since(offset, long time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known && offset != s.offset {
		s.moved = s.machine()
	}
	s.known, s.offset = true, offset
	return s.moved.IsZero() || !s.machine().Before(s.moved.Add(long))
}
