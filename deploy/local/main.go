// Command stack runs Recourse with everything that it needs on one machine, without containers.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

type commands struct {
	Up          upCommand          `cmd:"" help:"Start everything, print where it is, and run until Ctrl-C."`
	Status      statusCommand      `cmd:"" help:"Say what runs and where."`
	Env         envCommand         `cmd:"" help:"Print the product's environment as export lines."`
	FastForward fastForwardCommand `cmd:"" help:"Move the clock of every open case and of the product, for example by 20d or 36h."`
	Demo        demoCommand        `cmd:"" help:"Play the enquiries of the demonstration from request to invoice on a stack of its own, and check every result."`
	Bench       benchCommand       `cmd:"" help:"Measure start-up, opening and throughput beside a bare workflow."`
	Bare        bareCommand        `cmd:"" hidden:"" help:"A child process of the benchmark."`
	Clean       cleanCommand       `cmd:"" help:"Forget the state: cases, files, mails, keys."`
}

// place is the option that every command has.
type place struct {
	State string `help:"Folder that keeps everything." default:".local" type:"path" placeholder:"DIR"`
}

func main() {
	stack.MaybeChild()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	os.Exit(run(ctx))
}

func run(ctx context.Context) int {
	var chosen commands
	parsed := kong.Parse(&chosen, kong.Name("stack"), kong.UsageOnError(),
		kong.Description("Recourse and everything it needs, on this machine."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	switch err := parsed.Run(); {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "stopped")
		return 130 // what a shell answers for an interrupted command
	default:
		fmt.Fprintln(os.Stderr, "stack:", err)
		return 1
	}
}
