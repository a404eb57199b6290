package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

type invoicesCommand struct {
	Run invoiceRunCommand `cmd:"" help:"Issue one consolidated invoice per centre for a month, store and mail it; repeating a month changes nothing."`
}

type invoiceRunCommand struct {
	Month string `required:"" help:"The month up to whose end lines are invoiced, such as 2026-10." placeholder:"YYYY-MM"`
	Body  string `default:"cambria" help:"The awarding body."`
}

// Run starts the month's run under its business id, or finds the one that was started before, and waits.
func (c invoiceRunCommand) Run(ctx context.Context) error {
	month, err := calendar.ParseDate(c.Month + "-01")
	if err != nil {
		return fmt.Errorf("--month is written like 2026-10; %q is not a month", c.Month)
	}
	systems, err := begin(ctx)
	if err != nil {
		return err
	}
	defer systems.Close()
	if today := calendar.DateOf(systems.Clock.Now()); today.Before(nextMonth(month)) {
		return fmt.Errorf("%s is not over yet: fees may still fall due in it; run it from %s on", c.Month, nextMonth(month))
	}
	in := casework.InvoiceRunInput{Body: c.Body, Month: month, ClockOffset: systems.Clock.Offset(ctx)}
	return c.wait(ctx, systems.Temporal, systems.Config.TaskQueue, in)
}

func nextMonth(month calendar.Date) calendar.Date {
	const moreThanAMonth = 31
	next := month.AddDays(moreThanAMonth)
	return calendar.Date{Year: next.Year, Month: next.Month, Day: 1}
}

// runWait is how long an operator is kept waiting; the run goes on without him.
const runWait = 10 * time.Minute

func (c invoiceRunCommand) wait(ctx context.Context, temporal client.Client, queue string, in casework.InvoiceRunInput) error {
	ctx, cancel := context.WithTimeout(ctx, runWait)
	defer cancel()
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       casework.InvoiceRunWorkflowID(in.Body, in.Month),
		TaskQueue:                queue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "Invoices of " + in.Body + " for " + c.Month,
	}, "InvoiceRun", in)
	if err != nil {
		return fmt.Errorf("start the invoice run of %s: %w", c.Month, err)
	}
	var result casework.InvoiceRunResult
	if err := run.Get(ctx, &result); err != nil {
		return fmt.Errorf("invoice run of %s: %w", c.Month, err)
	}
	for _, number := range result.Numbers {
		fmt.Println(number)
	}
	fmt.Printf("%d invoices for %s\n", len(result.Numbers), c.Month)
	if len(result.Failed) > 0 {
		return fmt.Errorf("these invoices are issued and could not be delivered: %s; find out why in the run's workflow, then run the command again",
			strings.Join(result.Failed, ", "))
	}
	return nil
}
