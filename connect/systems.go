package connect

import (
	"context"

	"go.temporal.io/sdk/client"
)

// Systems are what every process works with: the register, Temporal, the one clock, and the figures that it shows.
type Systems[R Register] struct {
	Config   Config
	Register R
	Temporal client.Client
	Clock    *Clock
	Metrics  Metrics
}

// Register is what the processes share of a register, whichever adapter's it is.
type Register interface {
	Offsets
	Close()
}

// Begin opens what every process works with, the register with its adapter's own function. Only the register must be
// there at once; Temporal is found when it is needed. The caller closes what was opened.
func Begin[R Register](ctx context.Context, config Config, open func(ctx context.Context, url string) (R, error)) (*Systems[R], error) {
	metrics, err := NewMetrics()
	if err != nil {
		return nil, err
	}
	temporal, err := Temporal(config, metrics.Meter)
	if err != nil {
		return nil, err
	}
	register, err := open(ctx, config.DatabaseURL)
	if err != nil {
		temporal.Close()
		return nil, err
	}
	clock := NewClock(register, config.MovableClock)
	return &Systems[R]{Config: config, Register: register, Temporal: temporal, Clock: clock, Metrics: metrics}, nil
}

// Close closes what Begin opened.
func (s *Systems[R]) Close() {
	s.Register.Close()
	s.Temporal.Close()
}
