package watcher

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const (
	// patience is how long a case that was asked for something and has not done it is left alone.
	patience = 10 * time.Minute
	// wokenAtOnce is how many cases one round asks at most.
	wokenAtOnce = 500
	// askWait bounds one question to a case.
	askWait = 3 * time.Second
)

// signalRegister knows which cases are to be asked for something, and who was asked already.
type signalRegister interface {
	WaitingForRoster(ctx context.Context, at time.Time, limit int) ([]casework.Reference, error)
	MalpracticeHolds(ctx context.Context) (hold, resume []docket.Suspicion, err error)
	ClaimSignals(ctx context.Context, name string, wanted []casework.Reference, at time.Time, patience time.Duration) ([]casework.Reference, error)
	ReleaseSignal(ctx context.Context, name string, reference casework.Reference) error
}

// asker is Temporal's part; client.Client has it.
type asker interface {
	SignalWorkflow(ctx context.Context, workflowID, runID, signalName string, arg any) error
	UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error)
}

// signals asks cases to do what has become possible or necessary by something outside of them.
type signals struct {
	register signalRegister
	temporal asker
	now      func() time.Time
}

// roster tells the cases that wait in the pool that somebody may be eligible now.
func (s signals) roster(ctx context.Context) error {
	waiting, err := s.register.WaitingForRoster(ctx, s.now(), wokenAtOnce)
	if err != nil {
		return err
	}
	return s.ask(ctx, casework.SignalReallocate, waiting, func(ctx context.Context, id string, _ time.Time) error {
		return s.temporal.SignalWorkflow(ctx, id, "", casework.SignalReallocate, nil)
	})
}

// malpractice holds the cases whose result has become provisional because of a suspicion, and lets those go on whose
// result no longer is.
func (s signals) malpractice(ctx context.Context) error {
	hold, resume, err := s.register.MalpracticeHolds(ctx)
	if err != nil {
		return err
	}
	actor := casework.System()
	return errors.Join(
		s.update(ctx, casework.MessageHold, hold, func(at time.Time) any {
			actor.Reason = "The result has the indicator Q: a suspicion of malpractice is being investigated."
			return casework.HoldRequest{Cause: casework.HoldMalpractice, Actor: actor, ReceivedAt: at}
		}),
		s.update(ctx, casework.MessageResume, resume, func(at time.Time) any {
			actor.Reason = "The result no longer has the indicator Q."
			return casework.ResumeRequest{Cause: casework.HoldMalpractice, Actor: actor, ReceivedAt: at}
		}),
	)
}

// update asks cases by an Update each and waits until it is accepted: without a worker it is not, and is asked again. It
// is the same Update however often it is asked for, so a case does it once, whatever answer is lost.
func (s signals) update(ctx context.Context, name string, wanted []docket.Suspicion, request func(at time.Time) any) error {
	references, ids := make([]casework.Reference, len(wanted)), map[string]string{}
	for i, one := range wanted {
		references[i] = one.Reference
		ids[casework.WorkflowID(casework.KindEnquiry, one.Reference)] = fmt.Sprintf("malpractice-%s-%d", name, one.Number)
	}
	return s.ask(ctx, name, references, func(ctx context.Context, workflow string, at time.Time) error {
		_, err := s.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID: workflow, UpdateName: name, UpdateID: ids[workflow], Args: []any{request(at)}, WaitForStage: client.WorkflowUpdateStageAccepted,
		})
		return err
	})
}

// ask asks the cases that have not been asked a moment ago. One that cannot be asked is asked again in the next round; one
// that has no workflow needs none: another round finds it.
func (s signals) ask(ctx context.Context, name string, wanted []casework.Reference, one func(ctx context.Context, workflowID string, at time.Time) error) error {
	at := s.now()
	claimed, err := s.register.ClaimSignals(ctx, name, wanted, at, patience)
	if err != nil {
		return err
	}
	var failed error
	for _, reference := range claimed {
		asking, cancel := context.WithTimeout(ctx, askWait)
		err := one(asking, casework.WorkflowID(casework.KindEnquiry, reference), at)
		cancel()
		var gone *serviceerror.NotFound
		if err == nil || errors.As(err, &gone) {
			continue
		}
		failed = errors.Join(failed, fmt.Errorf("ask case %s to %s: %w", reference, name, err),
			s.register.ReleaseSignal(context.WithoutCancel(ctx), name, reference))
	}
	return failed
}
