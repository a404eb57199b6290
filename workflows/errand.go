package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// errand runs something beside the main line, so that an outage of mail or files never holds up a deadline. The
// case does not close before its errands are done.
func (e *enquiry) errand(ctx workflow.Context, run func(workflow.Context) error) {
	e.errands++
	workflow.Go(ctx, func(ctx workflow.Context) {
		if err := run(ctx); err != nil && e.stuck == nil {
			e.stuck = err
		}
		e.errands--
	})
}

// mail is the errand of sending one kind of mail.
func (e *enquiry) mail(kind casework.MailKind, number int, clock casework.ClockID) func(workflow.Context) error {
	return func(ctx workflow.Context) error {
		_, err := activities.SendMail(ctx, casework.MailInput{
			Reference: e.in.Reference, Kind: kind, Number: number, Clock: clock, At: e.agenda.now(ctx),
		})
		return err
	}
}

// releaseScript gives the reviewed script to the centre, within its own clock.
func (e *enquiry) releaseScript(ctx workflow.Context) error {
	released, err := activities.ReleaseScript(ctx, e.key(ctx, casework.StepScript, 1, causeDecision))
	if err != nil {
		return err
	}
	e.agenda.plan = e.agenda.plan.Met(casework.ClockScript, released.At)
	if released.SLAState != e.sla {
		e.sla = released.SLAState
		return e.show(ctx)
	}
	return nil
}

// announce stores the outcome letter and then mails it.
func (e *enquiry) announce(ctx workflow.Context) error {
	if err := activities.StoreOutcomeLetter(ctx, casework.CaseInput{Reference: e.in.Reference, At: e.agenda.now(ctx)}); err != nil {
		return err
	}
	return e.mail(casework.MailOutcome, 1, "")(ctx)
}

// tellMembers sends word to the linked cases that wait for the settlement.
func (e *enquiry) tellMembers(ctx workflow.Context) error {
	return activities.TellMembers(ctx, casework.SettledNotice{From: e.in.Reference, Members: e.decided.Members})
}

// causeDecision is the cause of what a recorded decision brings about.
const causeDecision = "decision"
