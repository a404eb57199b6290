package worker

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
)

// messenger passes signals between cases.
type messenger struct {
	temporal client.Client
}

// AwardSettled signals an enquiry that its award review is settled. A case that has ended needs no word.
func (m messenger) AwardSettled(ctx context.Context, member casework.Reference) error {
	err := m.temporal.SignalWorkflow(ctx, casework.WorkflowID(casework.KindEnquiry, member), "", casework.SignalAwardSettled, nil)
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("tell case %s that its award is settled: %w", member, err)
	}
	return nil
}
