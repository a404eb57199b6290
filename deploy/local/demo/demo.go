// Package demo plays enquiries from the request to the invoice on a stack of its own, in front of whoever looks on,
// and compares everything that came of them with what should have come.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// Options say what is played.
type Options struct {
	// State is the folder of the demonstration's stack; what is in it is forgotten first.
	State string
	// Product is the path of the recourse program.
	Product string
	// Data is the folder that is imported, Enquiries the file of requests.
	Data, Enquiries string
	// Keep leaves the stack up until the context ends, so that links can be opened.
	Keep bool
	// Out gets the report, Progress the steps as they happen.
	Out, Progress io.Writer
	// Colour is true if Out is a terminal.
	Colour bool
}

// ErrDiffers means that the demonstration ended otherwise than it should have; the report lists how.
var ErrDiffers = errors.New("the demonstration differs from what it should be")

// Run plays the demonstration. It returns ErrDiffers if anything is not as it should be.
func Run(ctx context.Context, o Options) error {
	began := time.Now()
	requests, err := ReadRequests(o.Enquiries)
	if err != nil {
		return err
	}
	people, err := ReadDirectory(o.Data)
	if err != nil {
		return err
	}
	if err := stack.Forget(o.State); err != nil && !errors.Is(err, stack.ErrNoState) {
		return err
	}
	say := func(format string, a ...any) {
		fmt.Fprintf(o.Progress, "%6.2fs  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, a...))
	}
	s, err := stack.Start(ctx, stack.Options{
		State: o.State, AutoPorts: true, Product: o.Product, Demo: o.Data,
		Progress: func(step string, _ time.Duration) { say("%s", step) },
	})
	if err != nil {
		return err
	}
	verdict, err := played(ctx, s, o, requests, people, say)
	if err == nil && o.Keep {
		err = keep(ctx, s, o.Out)
	}
	if err := errors.Join(err, s.Stop()); err != nil {
		return err
	}
	if len(verdict.Differences) > 0 {
		return fmt.Errorf("%w in %d points", ErrDiffers, len(verdict.Differences))
	}
	return nil
}

// played acts, looks and reports.
func played(ctx context.Context, s *stack.Stack, o Options, requests []Request, people Directory,
	say func(string, ...any),
) (Verdict, error) {
	began := time.Now()
	p, err := newPlay(ctx, s, o, requests, people, say)
	if err != nil {
		return Verdict{}, err
	}
	defer p.end()
	if err := p.run(ctx); err != nil {
		return Verdict{}, err
	}
	facts, err := p.observe(ctx)
	if err != nil {
		return Verdict{}, err
	}
	verdict := Check(requests, people, facts)
	say("played and checked in %.1f s", time.Since(began).Seconds())
	r := report{
		ink: ink(o.Colour), requests: requests, people: people, facts: facts, verdict: verdict, keep: o.Keep,
		state: o.State, endpoints: s.Endpoints,
	}
	return verdict, r.write(o.Out)
}

// keep waits until somebody has seen enough.
func keep(ctx context.Context, s *stack.Stack, out io.Writer) error {
	fmt.Fprintln(out, "The stack stays up so that the links can be opened. Ctrl-C stops it.")
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.Failed():
		return err
	}
}
