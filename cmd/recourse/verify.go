package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"golang.org/x/time/rate"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/watcher/rollcall"
)

type verifyCommand struct {
	Reference string `arg:"" optional:"" help:"One case; without it, every case."`
	Running   bool   `help:"Find open cases that no workflow works on, instead of checking audit chains; exit 3 if there are any."`
}

// Run recomputes audit chains, or calls the roll.
func (c verifyCommand) Run(ctx context.Context) error {
	if c.Running && c.Reference != "" {
		return fmt.Errorf("--running asks after every open case; look at one in the Temporal Web UI as %s", casework.WorkflowID(casework.KindEnquiry, casework.Reference(c.Reference)))
	}
	systems, err := begin(ctx)
	if err != nil {
		return err
	}
	defer systems.Close()
	register := systems.Register
	if c.Running {
		return callRoll(ctx, rollcall.Roll{Cases: register, Workflows: systems.Temporal, Pace: rate.NewLimiter(questionsPerSecond, 1)})
	}
	references, err := c.references(ctx, register)
	if err != nil {
		return err
	}
	for _, reference := range references {
		if err := register.VerifyAudit(ctx, reference); err != nil {
			return err
		}
	}
	_, err = fmt.Printf("%d audit chains are whole\n", len(references))
	return err
}

func (c verifyCommand) references(ctx context.Context, register *store.Store) ([]casework.Reference, error) {
	if c.Reference == "" {
		return register.References(ctx)
	}
	reference, err := casework.ParseReference(c.Reference)
	return []casework.Reference{reference}, err
}

// questionsPerSecond bounds what a roll call asks of Temporal, whose lists serve operators at the same time.
const questionsPerSecond = 10

// absentError ends a roll call that found open cases without a workflow.
type absentError struct{ absent, open int }

func (e absentError) Error() string {
	return fmt.Sprintf("%d of %d open cases have no workflow that runs: docs/runbooks/case-without-workflow.md says what to do", e.absent, e.open)
}

// ExitCode tells a roll call that found something from one that could not be made.
func (absentError) ExitCode() int { return 3 }

// callRoll prints the open cases that no workflow works on.
func callRoll(ctx context.Context, roll rollcall.Roll) error {
	open, absent, err := roll.Call(ctx)
	if err != nil {
		return err
	}
	if len(absent) == 0 {
		_, err = fmt.Printf("%d open cases, each with its workflow\n", open)
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CASE\tSTAGE\tWORKFLOW")
	for _, a := range absent {
		fmt.Fprintf(table, "%s\t%s\t%s\n", a.Reference, a.Stage, a.Workflow)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return absentError{absent: len(absent), open: open}
}
