package bench

import (
	"context"
	"time"

	"go.temporal.io/sdk/workflow"
)

// BareWorkflow runs the bare workflow as a test's environment wants it.
func BareWorkflow(ctx workflow.Context, id string, alike bool) error {
	return bare(ctx, bareInput{ID: id, Alike: alike})
}

// Side is a subject made of functions.
type Side struct {
	OpenCase     func(context.Context) (string, error)
	CompleteCase func(context.Context, string) error
	LeftOver     func(completed bool) int
}

func (s Side) open(ctx context.Context) (string, error)      { return s.OpenCase(ctx) }
func (s Side) complete(ctx context.Context, id string) error { return s.CompleteCase(ctx, id) }

func (s Side) left(_ context.Context, completed bool) (int, error) { return s.LeftOver(completed), nil }

// CasesPerSecond is the measure of throughput.
func CasesPerSecond(ctx context.Context, s Side, clients, limit int, length time.Duration) (float64, error) {
	return throughput(ctx, s, clients, limit, length)
}

// BareRow is what the bare workflow's activity writes.
type BareRow = bareRow

// Papers is how many papers a run may use up.
func Papers(o Options) int { return o.papers() }

// ErrBusy and Persist are how requests are sent again.
var ErrBusy = errBusy

// Persist sends until the side is not too busy.
func Persist(ctx context.Context, send func() error) error { return persist(ctx, send) }
