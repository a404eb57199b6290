package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// completions are how a performer hands in the task, or an operator on their behalf.
func (e *enquiry) completions() message[casework.CompleteRequest, casework.Completed] {
	return message[casework.CompleteRequest, casework.Completed]{
		name:        casework.MessageComplete,
		description: "Hands in the performer's completion of the task.",
		from:        func(r *casework.CompleteRequest) sender { return sender{&r.Actor, &r.Key, &r.ReceivedAt} },
		now:         e.cannotComplete,
		deny:        e.denyCompletion,
		onBehalf:    func(*casework.CompleteRequest) string { return e.task.Assignee },
		step:        casework.StepDecide,
		do:          e.complete,
	}
}

// cannotComplete says why no completion can be taken at this moment, whatever is in it.
func (e *enquiry) cannotComplete(request *casework.CompleteRequest) *casework.Fault {
	task := e.task.Sheet.Task
	switch {
	case e.opened == nil:
		return e.notOpen()
	case e.decided != nil:
		return casework.AlreadyCompleted(task)
	case slices.Contains(e.completed, request.Completion.Task):
		return casework.AlreadyCompleted(request.Completion.Task)
	case e.stage != casework.StageAssigned:
		return casework.NotAllocated(task)
	case len(e.held) > 0:
		return casework.OnHold(e.in.Reference, words(e.held))
	case e.task.state == casework.TaskSuspended:
		return casework.TaskIsSuspended(task, []string{casework.SuspendedByPerson})
	case request.Actor.Subject != e.task.Assignee && request.Actor.OnBehalfOf != e.task.Assignee:
		return casework.NotThePerformer(task)
	}
	return nil
}

// denyCompletion refuses a completion beside another one, and one that the task's rules do not take.
func (e *enquiry) denyCompletion(request *casework.CompleteRequest) *casework.Fault {
	if e.underWay[casework.MessageComplete] > 0 {
		return casework.BeingCompleted(e.task.Sheet.Task)
	}
	if reasons := request.Completion.Check(e.task.Sheet); len(reasons) > 0 {
		return casework.NewFault(casework.Invalid, "completion-invalid", "The completion cannot be taken.", reasons...)
	}
	return nil
}

// complete lets the deciding step judge a completion: it is published, or another performer looks first. The step is
// known by how many were taken before, whoever's it is: a case is decided once, and looked at again once.
func (e *enquiry) complete(ctx workflow.Context, request *casework.CompleteRequest, key casework.StepKey) (casework.Completed, error) {
	key.About, key.Number = "", len(e.completed)+1
	decided, err := activities.RecordDecision(ctx, casework.DecideInput{
		Key: key, Completion: request.Completion, Actor: request.Actor, ReceivedAt: request.ReceivedAt,
	})
	if err != nil {
		return casework.Completed{}, err
	}
	if decided.Refusal != nil {
		return casework.Completed{}, decided.Refusal
	}
	done := e.task.Sheet.Task
	e.completed = append(e.completed, done)
	e.stage, e.sla = decided.Stage, decided.SLAState
	e.agenda.task = nil
	if e.stage == casework.StageUnassigned {
		e.task = task{Allocated: casework.Allocated{Sheet: e.task.Sheet}, state: casework.TaskReady}
		e.pool.enter(casework.StepKey{Cause: decided.Cause})
	} else {
		e.decided = &decided
		e.agenda.meet(casework.ClockOutcome, decided.PublishedAt)
		e.agenda.clocks = append(e.agenda.clocks, decided.Plan...)
	}
	if err := e.show(ctx); err != nil {
		return casework.Completed{}, err
	}
	if decided.Cause != key.Cause {
		// A step that an earlier attempt recorded for somebody else's completion is the truth.
		return casework.Completed{}, casework.AlreadyCompleted(done)
	}
	return casework.Completed{Reference: e.in.Reference, Task: done, Stage: decided.Stage, PublishedAt: decided.PublishedAt}, nil
}

// words are names as people read them in a list.
func words[T ~string](names []T) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return list
}
