package activities

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
)

// ErrAccepted says that a message stands in its case's history and that no answer came in time: the case will act on it.
var ErrAccepted = errors.New("accepted, and not yet done")

// Updater hands Updates to workflows; a client.Client is one.
type Updater interface {
	UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error)
}

// Message is an Update on its way to an enquiry's case.
type Message struct {
	Reference casework.Reference
	// Name is the Update's name, such as "hold".
	Name string
	// ID names the attempt: handing the same one on again is safe, it is not done twice.
	ID      string
	Request any
	// Ended is what a case answers whose workflow has ended; nil for an error that is no fault.
	Ended *casework.Fault
}

// Tell hands a message to its case and waits for the answer until ctx ends. The error is a *casework.Fault if the case
// refuses, wraps ErrAccepted if it has accepted without an answer yet, and is anything else if nobody knows whether the
// message got there.
func Tell[Answer any](ctx context.Context, temporal Updater, m Message) (Answer, error) {
	var answer, none Answer
	handle, err := temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: casework.WorkflowID(casework.KindEnquiry, m.Reference), UpdateID: m.ID, UpdateName: m.Name, Args: []any{m.Request},
		WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	if err != nil {
		return none, m.notAccepted(err)
	}
	if err = handle.Get(ctx, &answer); err == nil {
		return answer, nil
	}
	if fault, ok := Fault(err); ok {
		return none, fault
	}
	return none, fmt.Errorf("%s %s: %w: %w", m.Name, m.Reference, ErrAccepted, err)
}

// notAccepted explains why a message is not in its case's history.
func (m Message) notAccepted(err error) error {
	if fault, ok := Fault(err); ok {
		return fault
	}
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) && m.Ended != nil {
		return m.Ended
	}
	return fmt.Errorf("%s %s: %w", m.Name, m.Reference, err)
}
