package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/starter"
)

type casesCommand struct {
	List        caseListCommand    `cmd:"" help:"List cases, the newest request first."`
	Hold        holdCommand        `cmd:"" help:"Let one case or many wait for a cause."`
	Approvers   approversCommand   `cmd:"" help:"List who may agree to holds."`
	Resume      resumeCommand      `cmd:"" help:"End what one case or many wait for."`
	Reassign    reassignCommand    `cmd:"" help:"Give the task of one case or of many to somebody else."`
	Nudge       nudgeCommand       `cmd:"" help:"Ask one case or many to look again now, and remind the performer who holds its task."`
	Batch       batchCommand       `cmd:"" help:"Show what became of each case of a batch."`
	Recalculate recalculateCommand `cmd:"" help:"Show what another version of the rules would change in a case, and with --apply count the case by it."`
}

type recalculateCommand struct {
	Reference string   `arg:"" help:"The case."`
	Policy    string   `required:"" help:"The version by which the case is to be counted, such as cambria-2026.2."`
	Reason    string   `required:"" help:"Why, in a sentence that later readers of the case understand."`
	By        claimant `required:"" placeholder:"YOU" help:"Your identity in the audit trail; it is marked as claimed, because no token proves it."`
	Apply     bool     `help:"Do it; without this flag nothing changes."`
}

// Run shows the difference and, if asked, hands it to the case's workflow as an Update.
func (c recalculateCommand) Run(ctx context.Context, out io.Writer) error {
	reference, err := casework.ParseReference(c.Reference)
	if err != nil {
		return err
	}
	book, err := rulebook.Load()
	if err != nil {
		return err
	}
	systems, err := begin(ctx)
	if err != nil {
		return err
	}
	defer systems.Close()
	now := systems.Clock.Now()
	difference, err := c.show(ctx, out, systems.Register, reference, now, book)
	if err != nil || !c.Apply {
		return err
	}
	return c.apply(ctx, out, starter.NewDispatcher(systems.Temporal, systems.Config.TaskQueue), difference, now)
}

// foreseer says what another version would change.
type foreseer interface {
	Recalculation(ctx context.Context, reference casework.Reference, version string, at time.Time, rules ruling.Recounter) (casework.Recalculation, error)
}

func (c recalculateCommand) show(ctx context.Context, out io.Writer, register foreseer, reference casework.Reference, at time.Time, rules ruling.Recounter) (casework.Recalculation, error) {
	difference, err := register.Recalculation(ctx, reference, c.Policy, at, rules)
	if err != nil {
		return difference, err
	}
	fmt.Fprintf(out, "Case %s, from %s to %s\n", difference.Reference, difference.From, difference.Policy)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CLOCK\tDUE NOW\tDUE THEN\tSTAYS BECAUSE")
	for _, change := range difference.Changes {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", change.Clock, casework.Shown(change.Before), casework.Shown(change.After), change.Kept.Words())
	}
	return difference, table.Flush()
}

// recalculator hands a recalculation to a case.
type recalculator interface {
	Recalculate(ctx context.Context, reference casework.Reference, updateID string, request casework.RecalculateRequest) (casework.Recalculation, error)
}

// apply asks for exactly the difference that was shown.
func (c recalculateCommand) apply(ctx context.Context, out io.Writer, cases recalculator, shown casework.Recalculation, at time.Time) error {
	_, err := cases.Recalculate(ctx, shown.Reference, uuid.NewString(), casework.RecalculateRequest{
		Policy: c.Policy, Expect: shown.Digest(), ReceivedAt: at,
		Actor: casework.Actor{Subject: string(c.By), Role: casework.RoleOperator, Reason: c.Reason, Claimed: true},
	})
	return handed(out, err)
}
