package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/recourse-exams/recourse/deploy/local/stack"
	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

type fastForwardCommand struct {
	place
	Duration string        `arg:"" help:"How far, for example 20d, 36h or 1d12h."`
	Patience time.Duration `help:"How long one case may stand still." default:"1m"`
}

// Run moves the clock of the stack that runs in the state folder.
func (c *fastForwardCommand) Run(ctx context.Context) error {
	amount, err := timetravel.ParseDuration(c.Duration)
	if err != nil {
		return err
	}
	v, err := stack.Look(c.State)
	if err != nil {
		return err
	}
	if !v.Running {
		return errors.New("no stack runs here")
	}
	engine, err := client.DialContext(ctx, client.Options{
		HostPort: v.Endpoints.TemporalAddress, Namespace: stack.Namespace,
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer engine.Close()
	traveller, done, err := timetravel.Connect(ctx, engine, stack.Namespace, v.Endpoints.DatabaseURL, v.Endpoints.EngineURL)
	if err != nil {
		return err
	}
	defer done()
	traveller.Patience = c.Patience
	report, err := traveller.Move(ctx, amount)
	if err != nil {
		return err
	}
	fmt.Printf("moved by %s in %.2f s: %d open cases, %d closed on the way; it is now %s\n", c.Duration,
		report.Elapsed.Seconds(), report.Moved, report.Closed,
		time.Now().Add(report.Offset).UTC().Format("Monday 2 January 2006 15:04 MST"))
	return nil
}
