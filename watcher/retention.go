package watcher

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

const (
	// sweepsAtOnce is how many sweeps one look makes at most; what is left then waits for the next.
	sweepsAtOnce = 20
	// leastKept is the least number of days for which rows are kept: longer than a delivery is tried, and than anybody
	// repeats a request.
	leastKept = 7
)

// sweptFrom is the London time from which a day's sweep is made: in the night, behind the hour that a change of the clocks
// skips or repeats.
func sweptFrom() calendar.TimeOfDay { return calendar.TimeOfDay{Hour: 3} }

// sweptRegister deletes what ended long ago.
type sweptRegister interface {
	Sweep(ctx context.Context, before time.Time) ([]docket.Swept, error)
	SweptDay(ctx context.Context) (calendar.Date, error)
	MarkSwept(ctx context.Context, day calendar.Date, at time.Time) error
}

// retention deletes, once a night, what has ended and is no record of a case once it is old enough. A watcher that comes
// late on the day does it late.
type retention struct {
	register sweptRegister
	now      func() time.Time
	keepDays int
	rows     *prometheus.CounterVec
}

// newRetention refuses to keep rows for less than somebody may still need them.
func newRetention(register sweptRegister, now func() time.Time, keepDays int, registry prometheus.Registerer) (retention, error) {
	if keepDays < leastKept {
		return retention{}, fmt.Errorf("RECOURSE_WATCH_KEEP_DAYS is %d and must be %d at least", keepDays, leastKept)
	}
	rows := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "recourse_watch_swept_rows_total", Help: "Rows that were deleted because what they tell of ended long ago.",
	}, []string{"table"})
	if err := registry.Register(rows); err != nil {
		return retention{}, fmt.Errorf("show how many rows were swept: %w", err)
	}
	return retention{register: register, now: now, keepDays: keepDays, rows: rows}, nil
}

// sweep makes the day's sweep, some rows at a time.
func (r retention) sweep(ctx context.Context) error {
	at := r.now()
	day := calendar.DateOf(at)
	begins, err := day.At(sweptFrom())
	if err != nil || at.Before(begins) {
		return err
	}
	last, err := r.register.SweptDay(ctx)
	if err != nil || !last.Before(day) {
		return err
	}
	before := at.AddDate(0, 0, -r.keepDays)
	for range sweepsAtOnce {
		some, err := r.some(ctx, before)
		if err != nil {
			return err
		}
		if !some {
			return r.register.MarkSwept(ctx, day, at)
		}
	}
	return nil
}

// some sweeps some rows, and reports whether there were any.
func (r retention) some(ctx context.Context, before time.Time) (bool, error) {
	swept, err := r.register.Sweep(ctx, before)
	some := false
	for _, one := range swept {
		r.rows.WithLabelValues(one.Table).Add(float64(one.Rows))
		if one.Rows > 0 {
			some = true
			slog.InfoContext(ctx, "rows were deleted because what they tell of ended long ago", "table", one.Table, "rows", one.Rows, "before", before)
		}
	}
	return some, err
}
