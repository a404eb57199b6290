package timetravel_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// diary is what a longCase has seen, by its own clock.
type diary struct {
	Started, Visited, Fired, Told time.Time
}

// longCase has an activity on day 10 and a deadline on day 20, and then waits for a signal, upon which it
// notes the time, waits briefly and ends.
func longCase(ctx workflow.Context, activity string) (diary, error) {
	d := diary{Started: workflow.Now(ctx)}
	if err := workflow.SetQueryHandler(ctx, "diary", func() (diary, error) { return d, nil }); err != nil {
		return d, err
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, BackoffCoefficient: 1},
	})
	if err := workflow.Sleep(ctx, 10*day); err != nil {
		return d, err
	}
	if err := workflow.ExecuteActivity(ctx, activity).Get(ctx, nil); err != nil {
		return d, err
	}
	d.Visited = workflow.Now(ctx)
	if err := workflow.Sleep(ctx, d.Started.Add(20*day).Sub(workflow.Now(ctx))); err != nil {
		return d, err
	}
	d.Fired = workflow.Now(ctx)
	workflow.GetSignalChannel(ctx, "tell").Receive(ctx, nil)
	d.Told = workflow.Now(ctx)
	return d, workflow.Sleep(ctx, brief)
}

// brief is the real time that a longCase waits at its end.
const brief = 300 * time.Millisecond

// briefCase waits for an activity at once and then for a day.
func briefCase(ctx workflow.Context, activity string) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, BackoffCoefficient: 1},
	})
	if err := workflow.ExecuteActivity(ctx, activity).Get(ctx, nil); err != nil {
		return err
	}
	return workflow.Sleep(ctx, day)
}

// acts are the activities. Each test has its own.
type acts struct {
	entered chan struct{} // one element for each call of Gate
	gate    chan struct{} // closed to let Gate return
	broken  atomic.Bool
	tries   atomic.Int64
}

func newActs() *acts {
	return &acts{entered: make(chan struct{}, 100), gate: make(chan struct{})}
}

// Quick does nothing.
func (a *acts) Quick(context.Context) error { return nil }

// Slow uses real time, as a call to another system does.
func (a *acts) Slow(ctx context.Context) error {
	select {
	case <-time.After(250 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Gate waits until the test opens it.
func (a *acts) Gate(ctx context.Context) error {
	a.entered <- struct{}{}
	select {
	case <-a.gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fragile fails while it is broken.
func (a *acts) Fragile(context.Context) error {
	a.tries.Add(1)
	if a.broken.Load() {
		return errors.New("the other system is away")
	}
	return nil
}
