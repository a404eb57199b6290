package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// deliveries is how many invoices of a run are on their way to their centres at once: what one worker process takes
// on at a time, so that a large run leaves room for the errands of cases.
const deliveries = 8

// InvoiceRun issues one body's invoices of one month and sends each to its centre (seed 000: invoices are sent
// in given months, when reviews are complete). One that waits or fails holds up no other centre's; the run ends when
// each is delivered or can never be, and names the latter.
func InvoiceRun(ctx workflow.Context, in casework.InvoiceRunInput) (casework.InvoiceRunResult, error) {
	now := workflow.Now(ctx).Add(in.ClockOffset).UTC()
	run, err := activities.IssueInvoices(ctx, casework.InvoiceIssue{Body: in.Body, Month: in.Month, At: now})
	if err != nil {
		return run, err
	}
	room, all := workflow.NewSemaphore(ctx, deliveries), workflow.NewWaitGroup(ctx)
	for _, number := range run.Numbers {
		if err := room.Acquire(ctx, 1); err != nil {
			return run, err
		}
		all.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer all.Done()
			defer room.Release(1)
			if _, err := activities.DeliverInvoice(ctx, casework.InvoiceDelivery{Number: number, At: now}); err != nil {
				run.Failed = append(run.Failed, number)
			}
		})
	}
	all.Wait(ctx)
	slices.Sort(run.Failed)
	return run, nil
}
