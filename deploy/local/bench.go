package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/bench"
)

type benchCommand struct {
	Seconds  int    `help:"How long each round of a measure takes." default:"8" placeholder:"N"`
	Only     string `help:"Measure one part: opening, throughput, startup or deadlines." enum:",opening,throughput,startup,deadlines" default:"" placeholder:"PART"`
	State    string `help:"Folder of the benchmark's own stacks; what is in it is forgotten first." default:".local/bench" type:"path" placeholder:"DIR"`
	Product  string `help:"The product's program (default: recourse beside this program)." type:"path" placeholder:"FILE"`
	DemoData string `help:"Folder that is imported." default:"deploy/demo/cambria" type:"path" placeholder:"DIR"`
}

// Run measures and prints the table. A missed budget is printed, not an error: a busy machine misses it too.
func (c *benchCommand) Run(ctx context.Context) error {
	product, err := (&upCommand{Product: c.Product}).product()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.DemoData); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing: start from the repository's root, or name --demo-data", c.DemoData)
	}
	if err := os.MkdirAll(c.State, 0o700); err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	return bench.Run(ctx, bench.Options{
		State: c.State, Product: product, Data: c.DemoData, Length: time.Duration(c.Seconds) * time.Second, Only: c.Only,
		Out: os.Stdout, Progress: os.Stderr,
	})
}

// bareCommand is a child process of the benchmark.
type bareCommand struct {
	Role string `arg:"" enum:"starter,worker" help:"Which of the bare workflow's processes."`
}

// Run is the child until it is told to stop.
func (c *bareCommand) Run(ctx context.Context) error { return bench.RunChild(ctx, c.Role) }
