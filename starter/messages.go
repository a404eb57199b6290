package starter

import (
	"context"
	"errors"
	"fmt"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
)

// tell hands a message to its case and waits as long as a client is kept waiting. What is accepted without an answer is
// pending: it stands in the case's history and will be done.
func tell[Answer any](ctx context.Context, d *Dispatcher, m activities.Message) (Answer, error) {
	waiting, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	answer, err := activities.Tell[Answer](waiting, d.temporal, m)
	if errors.Is(err, activities.ErrAccepted) {
		return answer, fmt.Errorf("%w: %w", api.ErrPending, err)
	}
	return answer, err
}

// Complete hands a performer's completion to the case and waits for the recorded decision.
func (d *Dispatcher) Complete(ctx context.Context, reference casework.Reference, updateID string, request casework.CompleteRequest) (casework.Completed, error) {
	return tell[casework.Completed](ctx, d, activities.Message{
		Reference: reference, Name: casework.MessageComplete, ID: updateID, Request: request, Ended: casework.AlreadyCompleted(request.Completion.Task),
	})
}

// Recalculate hands a recalculation to the case and waits until it is done.
func (d *Dispatcher) Recalculate(ctx context.Context, reference casework.Reference, updateID string, request casework.RecalculateRequest) (casework.Recalculation, error) {
	return tell[casework.Recalculation](ctx, d, activities.Message{
		Reference: reference, Name: casework.MessageRecalculate, ID: updateID, Request: request, Ended: ended(reference),
	})
}

// Act hands something to be done with the case's task to the case and waits until it is done. A reassignment goes under
// the name that operators look for.
func (d *Dispatcher) Act(ctx context.Context, reference casework.Reference, updateID string, request casework.TaskRequest) (casework.TaskDone, error) {
	name := casework.MessageTask
	if request.Operation == casework.OpReassign {
		name = casework.MessageReassign
	}
	return tell[casework.TaskDone](ctx, d, activities.Message{
		Reference: reference, Name: name, ID: updateID, Request: request, Ended: casework.AlreadyCompleted(request.Task),
	})
}

// Hold asks the case to wait for a cause.
func (d *Dispatcher) Hold(ctx context.Context, reference casework.Reference, updateID string, request casework.HoldRequest) (casework.Held, error) {
	return tell[casework.Held](ctx, d, activities.Message{
		Reference: reference, Name: casework.MessageHold, ID: updateID, Request: request, Ended: ended(reference),
	})
}

// Resume ends what the case waits for.
func (d *Dispatcher) Resume(ctx context.Context, reference casework.Reference, updateID string, request casework.ResumeRequest) (casework.Held, error) {
	return tell[casework.Held](ctx, d, activities.Message{
		Reference: reference, Name: casework.MessageResume, ID: updateID, Request: request, Ended: ended(reference),
	})
}

// Nudge asks the case to look again.
func (d *Dispatcher) Nudge(ctx context.Context, reference casework.Reference, updateID string, request casework.NudgeRequest) (casework.Nudged, error) {
	return tell[casework.Nudged](ctx, d, activities.Message{
		Reference: reference, Name: casework.MessageNudge, ID: updateID, Request: request, Ended: ended(reference),
	})
}

// ended is the fault of a case whose workflow has ended: it is at its end.
func ended(reference casework.Reference) *casework.Fault {
	return casework.NotOpen(reference, casework.StageClosed)
}
