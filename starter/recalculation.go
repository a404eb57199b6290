package starter

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
)

// Recalculate hands a recalculation to the case and waits until it is done.
func (d *Dispatcher) Recalculate(ctx context.Context, reference casework.Reference, updateID string, request casework.RecalculateRequest) (casework.Recalculation, error) {
	waiting, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	handle, err := d.temporal.UpdateWorkflow(waiting, client.UpdateWorkflowOptions{
		WorkflowID: casework.WorkflowID(casework.KindEnquiry, reference), UpdateID: updateID,
		UpdateName: casework.MessageRecalculate, Args: []any{request}, WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	if err != nil {
		return casework.Recalculation{}, recalculationNotAccepted(reference, err)
	}
	var done casework.Recalculation
	err = handle.Get(waiting, &done)
	if err == nil {
		return done, nil
	}
	if fault, ok := activities.Fault(err); ok {
		return casework.Recalculation{}, fault
	}
	// Accepted is durable: the request stands in the case's history and will be done.
	return casework.Recalculation{}, fmt.Errorf("recalculate %s: %w: %w", reference, api.ErrPending, err)
}

// recalculationNotAccepted explains why a recalculation is not in the case's history. A workflow that has ended is that
// of a case at its end.
func recalculationNotAccepted(reference casework.Reference, err error) error {
	if fault, ok := activities.Fault(err); ok {
		return fault
	}
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return casework.NotOpen(reference, casework.StageClosed)
	}
	return fmt.Errorf("recalculate %s: %w", reference, err)
}
