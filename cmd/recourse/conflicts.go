package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
)

type examinerDeclareCommand struct {
	ID        string   `arg:"" help:"The examiner's id."`
	Kind      string   `required:"" help:"What interest it is: ${enum}." enum:"works-at,worked-at,related-to,other"`
	Centre    string   `required:"" help:"The centre's number."`
	Candidate string   `help:"The candidate's number in the centre; left out, the interest is in the whole centre."`
	By        claimant `required:"" placeholder:"YOU" help:"Your identity in the roster's audit; it is marked as claimed, because no token proves it."`
}

// conflictBook keeps the register of conflicts.
type conflictBook interface {
	DeclareConflict(ctx context.Context, id string, conflict docket.Conflict, actor casework.Actor, at time.Time) (docket.Conflict, error)
}

// Run enters the conflict, and shows which tasks of theirs it stands against.
func (c examinerDeclareCommand) Run(ctx context.Context, out io.Writer) error {
	config, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.declare(ctx, out, register, connect.NewClock(register, config.MovableClock).Now().UTC())
}

func (c examinerDeclareCommand) declare(ctx context.Context, out io.Writer, register conflictBook, at time.Time) error {
	by := casework.Actor{Subject: string(c.By), Role: casework.RoleOperator, Claimed: true}
	declared, err := register.DeclareConflict(ctx, c.ID, docket.Conflict{Kind: c.Kind, Centre: c.Centre, Candidate: c.Candidate}, by, at)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "entered: %s, conflict %d, %s\n", c.ID, declared.ID, interest(declared))
	if len(declared.StandsAgainst) == 0 {
		_, err := fmt.Fprintf(out, "It stands against no task that %s holds.\n", c.ID)
		return err
	}
	fmt.Fprintf(out, "\n%s holds these tasks and cannot complete them any more:\n", c.ID)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TASK\tCASE")
	references := make([]string, len(declared.StandsAgainst))
	for i, task := range declared.StandsAgainst {
		references[i] = string(task.Reference())
		fmt.Fprintf(table, "%s\t%s\n", task, references[i])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "\nHave them reassigned:\n  recourse cases reassign %s --by %s --reason \"…\"\n", strings.Join(references, " "), c.By)
	return err
}

// interest is a conflict in a line.
func interest(c docket.Conflict) string {
	return strings.TrimSpace(c.Kind + " " + c.Centre + " " + c.Candidate)
}

// against says which interests stand against the completion of each task that a person holds.
func against(conflicts []docket.Conflict) map[casework.TaskID]string {
	tasks := make(map[casework.TaskID]string)
	for _, c := range conflicts {
		for _, task := range c.StandsAgainst {
			if tasks[task] != "" {
				tasks[task] += ", "
			}
			tasks[task] += interest(c)
		}
	}
	return tasks
}
