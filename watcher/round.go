package watcher

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// look is what a round does each time. It returns nil if everything that it had to look at was looked at.
type look func(ctx context.Context) error

// round is one thing that the watcher looks for, on its own: a round that fails or hangs stops no other.
type round struct {
	name string
	// every is the pause between two looks, most how long one may take; a look without one leaves work behind that goes on
	// until the watcher stops, and bounds itself.
	every, most time.Duration
	look        look
}

// longestWait is the longest pause after looks that failed, so that a part that comes back is noticed within a minute.
const longestWait = 30 * time.Second

// noter keeps when a round last ended well.
type noter interface {
	Watched(ctx context.Context, round string, at time.Time) error
}

// rounds run beside each other until ctx ends.
type rounds struct {
	all   []round
	noter noter
	now   func() time.Time
	// after is time.After, in a test another.
	after func(time.Duration) <-chan time.Time
	// rest returns when what looks have left behind has ended.
	rest func()
}

// run returns when every round has ended its last look, and what they left behind has ended too.
func (r rounds) run(ctx context.Context) {
	var group sync.WaitGroup
	for _, one := range r.all {
		group.Go(func() { r.repeat(ctx, one) })
	}
	group.Wait()
	r.rest()
}

// repeat makes one round again and again.
func (r rounds) repeat(ctx context.Context, one round) {
	wait := one.every
	for {
		if err := r.once(ctx, one); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "a round of the watcher failed and is made again", "round", one.name, "error", err)
			wait = max(one.every, min(2*wait, longestWait))
		} else {
			wait = one.every
		}
		select {
		case <-ctx.Done():
			return
		case <-r.after(wait):
		}
	}
}

func (r rounds) once(ctx context.Context, one round) error {
	if err := one.once(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, shortLook)
	defer cancel()
	return r.noter.Watched(ctx, one.name, r.now())
}

// once makes one look, which takes no longer than it may.
func (o round) once(ctx context.Context) error {
	if o.most == 0 {
		return o.look(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, o.most)
	defer cancel()
	return o.look(ctx)
}

// names lists the rounds.
func (r rounds) names() []string {
	var names []string
	for _, one := range r.all {
		names = append(names, one.name)
	}
	return names
}
