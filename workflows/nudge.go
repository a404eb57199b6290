package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// nudges are how an operator asks a case to look again now.
func (e *enquiry) nudges() message[casework.NudgeRequest, casework.Nudged] {
	return message[casework.NudgeRequest, casework.Nudged]{
		name:        casework.MessageNudge,
		description: "Offers a task in the pool again, or reminds the performer who holds it.",
		from:        func(r *casework.NudgeRequest) sender { return sender{&r.Actor, &r.Key, &r.ReceivedAt} },
		now:         func(*casework.NudgeRequest) *casework.Fault { return e.notOpen() },
		deny:        func(r *casework.NudgeRequest) *casework.Fault { return r.Check() },
		onBehalf:    nobody[casework.NudgeRequest],
		step:        casework.StepNudge,
		do:          e.nudge,
	}
}

// nudge notes that somebody asked. Where neither the roster nor a performer can act, that is all: the linked case, the
// centre, or what the case waits for has the next word.
func (e *enquiry) nudge(ctx workflow.Context, request *casework.NudgeRequest, key casework.StepKey) (casework.Nudged, error) {
	nudged, err := activities.Nudge(ctx, casework.NudgeInput{Key: key, Request: *request})
	if err != nil {
		return nudged, err
	}
	switch {
	case e.stage == casework.StageUnassigned:
		e.pool.ask(key.Cause)
	case e.stage == casework.StageAssigned && e.task.state != casework.TaskSuspended:
		e.errand(ctx, send(e.mail(ctx, casework.MailNudge, nudged.Number, "")))
	}
	return nudged, nil
}
