// Package timetravel moves the local stack's one clock: every open workflow and the offset that new ones
// start with, by the same amount, so that weeks of a case can be watched in a minute.
//
// The engine skips time per workflow. Within the window, timers fire in order and their activities run;
// at its end each workflow goes on in real time. A request that is being served at the very moment when
// the offset moves may still open a case by the old clock: move the clock while nobody is asking.
package timetravel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"
)

// ErrFailing means that an activity is being tried again: skipping would skip its waits too, and the
// cases would diverge. Mend the cause first.
var ErrFailing = errors.New("an activity is failing")

// Traveller moves the clock of one stack. All fields are required.
type Traveller struct {
	Client    client.Client
	Namespace string
	Register  *pgx.Conn // the product's database, with table clock_offset
	Engine    *pgx.Conn // the Temporal server's own database
	// Concurrency is how many workflows move at once.
	Concurrency int
	// Patience is how long one workflow may stand still, for example because no worker runs.
	Patience time.Duration
}

// Report says what was done.
type Report struct {
	Moved   int           // workflows that moved and are open still
	Closed  int           // workflows that came to their end within the window
	Offset  time.Duration // the clock's offset from wall time now
	Elapsed time.Duration // how long it took
}

// least is the shortest move. The engine fast-forwards to an instant; one that has passed when it is asked for, as an
// instant a millisecond ahead may have, bounds nothing, and the workflow skips to its next timer.
const least = time.Second

// Move moves everything forward by amount, which must be a whole number of milliseconds and at least a second.
//
// After an interruption at any point the same call finishes the move. It fails with ErrFailing before
// anything moved, or on the way, with ErrUnfinished where another amount was interrupted, and with
// ErrBusy where another call is under way.
func (t *Traveller) Move(ctx context.Context, amount time.Duration) (report Report, err error) {
	if amount < least || amount%time.Millisecond != 0 {
		return Report{}, fmt.Errorf("move the clock by %s: only forward, by at least %s and in whole milliseconds", amount, least)
	}
	began := time.Now()
	release, err := exclusive(ctx, t.Register)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := t.refuseFailing(ctx); err != nil {
		return Report{}, err
	}
	i, err := begin(ctx, t.Register, amount)
	if err != nil {
		return Report{}, err
	}
	moved := make(map[string]bool)
	report.Offset = i.after()
	always := func(run) bool { return true }
	for {
		some, err := t.moveAll(ctx, i, moved, always, &report)
		if err != nil {
			return report, err
		}
		if !some {
			break
		}
	}
	if err := i.finish(ctx, t.Register); err != nil {
		return report, err
	}
	// A case may have been opened by the old clock between the last look and the move of the offset.
	committed := time.Now()
	byOldClock := func(r run) bool { return r.started.Before(committed) }
	if _, err := t.moveAll(ctx, i, moved, byOldClock, &report); err != nil {
		return report, err
	}
	report.Elapsed = time.Since(began)
	return report, nil
}

// moveAll moves the open workflows that have not moved yet and reports whether there were any.
func (t *Traveller) moveAll(ctx context.Context, i intention, moved map[string]bool, due func(run) bool,
	report *Report,
) (bool, error) {
	runs, err := t.openRuns(ctx)
	if err != nil {
		return false, err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(t.Concurrency)
	var todo []run
	for _, r := range runs {
		if !moved[r.workflowID] && due(r) {
			todo = append(todo, r)
		}
	}
	closed := make([]bool, len(todo))
	for n, r := range todo {
		group.Go(func() error {
			var err error
			closed[n], err = t.move(groupCtx, i, r)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return false, err
	}
	for n, r := range todo {
		moved[r.workflowID] = true
		if closed[n] {
			report.Closed++
		} else {
			report.Moved++
		}
	}
	return len(todo) > 0, nil
}

// refuseFailing looks at every open workflow for an activity that is being tried again.
func (t *Traveller) refuseFailing(ctx context.Context) error {
	runs, err := t.openRuns(ctx)
	if err != nil {
		return err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(t.Concurrency)
	for _, r := range runs {
		group.Go(func() error {
			found, err := t.describe(groupCtx, r)
			if closed, err := endedOr(err); closed || err != nil {
				return err
			}
			if found.failing != "" {
				return fmt.Errorf("%w: %s", ErrFailing, found.failing)
			}
			return nil
		})
	}
	return group.Wait()
}
