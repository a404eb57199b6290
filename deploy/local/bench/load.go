package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// answerWait bounds one request, drainWait what the requests leave behind.
	answerWait = 30 * time.Second
	drainWait  = 2 * time.Minute
	// look is the pause between two looks at what is left.
	look = 50 * time.Millisecond
)

// subject is a side of the comparison: the product or the bare workflow. Both are reached over HTTP.
type subject interface {
	// open starts a case and returns when it is answered; complete ends its task.
	open(ctx context.Context) (id string, err error)
	complete(ctx context.Context, id string) error
	// left counts the opened cases that still have something to do by themselves: after open alone, or after
	// complete if completed is true.
	left(ctx context.Context, completed bool) (int, error)
}

// OpenLoop calls do at a steady rate, whether or not earlier calls have returned, and returns the time that each
// took from the instant at which it should have begun: a slow answer cannot hide the wait of those behind it. A
// call that is not answered in half a minute counts as that long. The number of calls is fixed, so it ends.
func OpenLoop(ctx context.Context, perSecond int, length time.Duration, do func(context.Context) error) ([]time.Duration, error) {
	calls := int(length.Seconds() * float64(perSecond))
	interval := time.Second / time.Duration(perSecond)
	took := make([]time.Duration, calls)
	group, calling := errgroup.WithContext(ctx)
	began := time.Now()
	for n := range calls {
		due := began.Add(time.Duration(n) * interval)
		if err := until(calling, due); err != nil {
			break // a call has failed, and Wait says which; or ctx has ended
		}
		group.Go(func() error {
			ctx, cancel := context.WithTimeout(calling, answerWait)
			defer cancel()
			err := do(ctx)
			took[n] = time.Since(due)
			if errors.Is(err, context.DeadlineExceeded) && calling.Err() == nil {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return took, ctx.Err()
}

func until(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// throughput lets clients open and complete cases one after the other for a length of time, at most limit cases,
// and returns cases per second from the first request until everything that they caused is done.
func throughput(ctx context.Context, s subject, clients, limit int, length time.Duration) (float64, error) {
	var mu sync.Mutex
	done := 0
	next := func() bool {
		mu.Lock()
		defer mu.Unlock()
		done++
		return done <= limit
	}
	group, working := errgroup.WithContext(ctx)
	began := time.Now()
	for range clients {
		group.Go(func() error {
			for time.Since(began) < length && next() {
				if err := whole(working, s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	if err := drain(ctx, s, true); err != nil {
		return 0, err
	}
	return float64(min(done, limit)) / time.Since(began).Seconds(), nil
}

// whole is one case from the request to the answer to its performer.
func whole(ctx context.Context, s subject) error {
	ctx, cancel := context.WithTimeout(ctx, 2*answerWait)
	defer cancel()
	id, err := s.open(ctx)
	if err != nil {
		return err
	}
	return s.complete(ctx, id)
}

// errBusy means that nothing was taken because a part of the side is too busy: the request may be sent again.
var errBusy = errors.New("too busy")

// persist sends a request again while the side is too busy to take it; the wait counts.
func persist(ctx context.Context, send func() error) error {
	for {
		err := send()
		if !errors.Is(err, errBusy) {
			return err
		}
		if ended := until(ctx, time.Now().Add(look)); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

// drain waits until nothing is left to do, so that one measure does not weigh on the next.
func drain(ctx context.Context, s subject, completed bool) error {
	ctx, cancel := context.WithTimeout(ctx, drainWait)
	defer cancel()
	for {
		left, err := s.left(ctx, completed)
		if err != nil {
			return err
		}
		if left <= 0 { // a request that gave up waiting may have begun a case all the same
			return nil
		}
		if err := until(ctx, time.Now().Add(look)); err != nil {
			return fmt.Errorf("%d cases are not done: %w", left, err)
		}
	}
}
