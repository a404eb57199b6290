package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// InvoiceRun issues one body's invoices of one month and sends each to its centre (seed 000: invoices are sent
// in given months, when reviews are complete).
func InvoiceRun(ctx workflow.Context, in casework.InvoiceRunInput) (casework.InvoiceRunResult, error) {
	now := workflow.Now(ctx).Add(in.ClockOffset).UTC()
	issued, err := activities.IssueInvoices(ctx, casework.InvoiceIssue{Body: in.Body, Month: in.Month, At: now})
	if err != nil {
		return casework.InvoiceRunResult{}, err
	}
	for _, number := range issued.Numbers {
		if _, err := activities.DeliverInvoice(ctx, casework.InvoiceDelivery{Number: number, At: now}); err != nil {
			return issued, err
		}
	}
	return issued, nil
}
