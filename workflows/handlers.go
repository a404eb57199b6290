package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// register sets up every message before the first wait, so that none is missed.
func (e *enquiry) register(ctx workflow.Context) error {
	err := workflow.SetUpdateHandlerWithOptions(ctx, casework.UpdateOpen, e.answerOpen, workflow.UpdateHandlerOptions{
		Description: "Waits until the case is opened or refused; takes no argument.",
	})
	if err != nil {
		return fmt.Errorf("register update %s: %w", casework.UpdateOpen, err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, casework.MessageComplete, e.complete, workflow.UpdateHandlerOptions{
		Validator:   e.mayComplete,
		Description: "Hands in the performer's completion of the task.",
	})
	if err != nil {
		return fmt.Errorf("register update %s: %w", casework.MessageComplete, err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, casework.MessageRecalculate, e.recalculate, workflow.UpdateHandlerOptions{
		Validator:   e.mayRecalculate,
		Description: "Counts the running clocks by another version of the rules.",
	})
	if err != nil {
		return fmt.Errorf("register update %s: %w", casework.MessageRecalculate, err)
	}
	workflow.Go(ctx, e.receiveCompletions)
	workflow.Go(ctx, e.receiveRecalculations)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, casework.SignalReallocate).Receive(ctx, nil) {
			e.roster = true
		}
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, casework.SignalAwardSettled).Receive(ctx, nil) {
			e.awardSettled = true
		}
	})
	return nil
}

// answerOpen answers the Update that came with the start.
func (e *enquiry) answerOpen(ctx workflow.Context) (casework.Opened, error) {
	if err := workflow.Await(ctx, func() bool { return e.opened != nil }); err != nil {
		return casework.Opened{}, err
	}
	return *e.opened, nil
}

// submission is a completion that waits to be taken.
type submission struct {
	request casework.CompleteRequest
	cause   string
	// signal is true if nobody waits for the answer.
	signal bool
	// answered is set with either completed or refusal.
	answered  bool
	completed casework.Completed
	refusal   *casework.Fault
}

func (s *submission) refuse(fault *casework.Fault) { s.answered, s.refusal = true, fault }

// mayComplete is the validator: what it refuses leaves no trace in history. It is not replayed.
func (e *enquiry) mayComplete(request casework.CompleteRequest) error {
	if fault := e.completionFault(request); fault != nil {
		return activities.Failure(fault)
	}
	return nil
}

func (e *enquiry) completionFault(request casework.CompleteRequest) *casework.Fault {
	// The same body is the same Update, which the server answers without asking here.
	if request.Key != "" && e.keys[request.Key] {
		return casework.NewFault(casework.Invalid, casework.FaultKeyReused, "The Idempotency-Key was used before for another completion of this task.")
	}
	if fault := e.notNow(); fault != nil {
		return fault
	}
	if request.Actor.Subject != e.task.Assignee && request.Actor.OnBehalfOf != e.task.Assignee {
		return casework.NotThePerformer(e.task.Sheet.Task)
	}
	if reasons := request.Completion.Check(e.task.Sheet); len(reasons) > 0 {
		return casework.NewFault(casework.Invalid, "completion-invalid", "The completion cannot be taken.", reasons...)
	}
	return nil
}

// notNow says why no completion can be taken at this moment, whatever is in it.
func (e *enquiry) notNow() *casework.Fault {
	switch {
	case e.decided != nil:
		return casework.AlreadyCompleted(e.task.Sheet.Task)
	case e.stage != casework.StageAssigned:
		return casework.NotAllocated(e.task.Sheet.Task)
	case len(e.inbox) > 0:
		return casework.BeingCompleted(e.task.Sheet.Task)
	}
	return nil
}

// complete hands a completion to the main line and waits for the answer.
func (e *enquiry) complete(ctx workflow.Context, request casework.CompleteRequest) (casework.Completed, error) {
	request.ReceivedAt = receipt(request.ReceivedAt, e.agenda.now(ctx))
	s := &submission{request: request, cause: workflow.GetCurrentUpdateInfo(ctx).ID}
	e.keys[request.Key] = true
	e.inbox = append(e.inbox, s)
	if err := workflow.Await(ctx, func() bool { return s.answered }); err != nil {
		return casework.Completed{}, err
	}
	if s.refusal != nil {
		return casework.Completed{}, activities.Failure(s.refusal)
	}
	return s.completed, nil
}

// receiveCompletions takes the Signal of the same name: an operator hands in a completion on behalf of the
// performer, whoever the payload says that it is, and must say why. It waits for the opening, because a refusal is
// written into a case.
func (e *enquiry) receiveCompletions(ctx workflow.Context) {
	if workflow.Await(ctx, func() bool { return e.opened != nil }) != nil {
		return
	}
	channel := workflow.GetSignalChannel(ctx, casework.MessageComplete)
	for {
		var signalled activities.Signalled[casework.CompleteRequest]
		if !channel.Receive(ctx, &signalled) {
			return
		}
		request, fault := signalled.Message, signalled.Fault
		request.Actor.Role = casework.RoleOperator
		request.Actor.OnBehalfOf = e.task.Assignee
		request.Actor.Claimed = true
		request.ReceivedAt = e.agenda.now(ctx)
		s := &submission{request: request, cause: casework.MessageComplete + "-signal-" + signalled.Digest, signal: true}
		if fault == nil {
			fault = e.notNow()
		}
		if fault != nil {
			s.refuse(fault)
			e.errand(ctx, func(ctx workflow.Context) error { return e.rememberRefusal(ctx, s) })
			continue
		}
		e.inbox = append(e.inbox, s)
	}
}

// take lets the deciding step judge a completion and answers whoever waits for it.
func (e *enquiry) take(ctx workflow.Context, s *submission) error {
	if err := e.clocks.Lock(ctx); err != nil {
		return err
	}
	defer e.clocks.Unlock()
	decided, err := activities.RecordDecision(ctx, casework.DecideInput{
		Key:        e.key(ctx, casework.StepDecide, 1, s.cause),
		Completion: s.request.Completion,
		Actor:      s.request.Actor,
		ReceivedAt: s.request.ReceivedAt,
	})
	if fault, ok := activities.Fault(err); ok {
		decided.Refusal = fault
	} else if err != nil {
		return err
	}
	if decided.Refusal != nil {
		s.refuse(decided.Refusal)
		return e.rememberRefusal(ctx, s)
	}
	e.decided, e.stage = &decided, decided.Stage
	e.agenda.meet(casework.ClockOutcome, decided.PublishedAt)
	e.agenda.plan = append(e.agenda.plan, decided.Plan...)
	e.sla = decided.SLAState
	if decided.Cause != s.cause {
		// A step that an earlier attempt recorded for somebody else's completion is the truth.
		s.refuse(casework.AlreadyCompleted(s.request.Completion.Task))
		return e.rememberRefusal(ctx, s)
	}
	s.completed = casework.Completed{
		Reference: e.in.Reference, Task: s.request.Completion.Task, Stage: decided.Stage, PublishedAt: decided.PublishedAt,
	}
	s.answered = true
	return nil
}

// rememberRefusal writes down why a signalled completion was not taken; an Update's sender got the answer.
func (e *enquiry) rememberRefusal(ctx workflow.Context, s *submission) error {
	if !s.signal {
		return nil
	}
	return e.refuse(ctx, casework.MessageComplete, s.cause, s.request.Actor, s.refusal)
}

// refuse writes down why a signal was not taken, because nobody got the answer.
func (e *enquiry) refuse(ctx workflow.Context, signal, cause string, by casework.Actor, fault *casework.Fault) error {
	about := cause + "/" + fault.Code
	e.refusals[about]++
	e.lastRefusal = fault.Error()
	key := e.key(ctx, casework.StepRefusal, e.refusals[about], cause)
	key.About = about
	if err := activities.RecordRefusal(ctx, casework.RefusedInput{Key: key, Actor: by, Name: signal, Fault: fault}); err != nil {
		return err
	}
	return e.show(ctx)
}
