package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// holds are how a case is stopped for a cause: its task is suspended, and the clocks stand still whose rules say so.
func (e *enquiry) holds() message[casework.HoldRequest, casework.Held] {
	return message[casework.HoldRequest, casework.Held]{
		name:        casework.MessageHold,
		description: "Stops the case for a cause, which an approver of its awarding body has agreed to.",
		from:        func(r *casework.HoldRequest) sender { return sender{&r.Actor, &r.Key, &r.ReceivedAt} },
		now:         func(*casework.HoldRequest) *casework.Fault { return e.notOpen() },
		deny:        func(r *casework.HoldRequest) *casework.Fault { return r.Check() },
		onBehalf:    nobody[casework.HoldRequest],
		step:        casework.StepHold,
		do: func(ctx workflow.Context, r *casework.HoldRequest, key casework.StepKey) (casework.Held, error) {
			held, err := activities.HoldCase(ctx, casework.HoldInput{Key: key, Request: *r})
			if err != nil {
				return held, err
			}
			return held, e.takeHeld(ctx, held, casework.MailHeld)
		},
	}
}

// resumptions are how a cause ends for which a case waits.
func (e *enquiry) resumptions() message[casework.ResumeRequest, casework.Held] {
	return message[casework.ResumeRequest, casework.Held]{
		name:        casework.MessageResume,
		description: "Ends a cause for which the case waits.",
		from:        func(r *casework.ResumeRequest) sender { return sender{&r.Actor, &r.Key, &r.ReceivedAt} },
		now:         func(*casework.ResumeRequest) *casework.Fault { return e.notOpen() },
		deny:        func(r *casework.ResumeRequest) *casework.Fault { return r.Check() },
		onBehalf:    nobody[casework.ResumeRequest],
		step:        casework.StepResume,
		do: func(ctx workflow.Context, r *casework.ResumeRequest, key casework.StepKey) (casework.Held, error) {
			held, err := activities.ResumeCase(ctx, casework.ResumeInput{Key: key, Request: *r})
			if err != nil {
				return held, err
			}
			// Nobody was looked for while the case waited.
			e.pool.ask(key.Cause)
			return held, e.takeHeld(ctx, held, casework.MailResumed)
		},
	}
}

// takeHeld takes over for what the case waits now, with its clocks and its task's, and tells the centre; of a hold
// the same mail has a text for who agreed.
func (e *enquiry) takeHeld(ctx workflow.Context, held casework.Held, mail casework.MailKind) error {
	e.held, e.sla, e.outcomeEnds = held.Causes, held.SLAState, held.OutcomeDue
	e.replan(held.Plan)
	if held.TaskState != "" {
		e.task.state = held.TaskState
		e.plan(held.Times)
	}
	e.errand(ctx, send(e.mail(ctx, mail, held.Number, "")))
	return e.show(ctx)
}
