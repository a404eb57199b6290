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
		e.fail(run(ctx))
		e.errands--
	})
}

// fail keeps the first error, which stops the main line.
func (e *enquiry) fail(err error) {
	if e.stuck == nil {
		e.stuck = err
	}
}

// mail is a mail of one kind that is due now.
func (e *enquiry) mail(ctx workflow.Context, kind casework.MailKind, number int, clock casework.ClockID) casework.MailInput {
	return casework.MailInput{Reference: e.in.Reference, Kind: kind, Number: number, Clock: clock, At: e.agenda.now(ctx)}
}

// send is the errand of sending mails that are due at the same moment.
func send(mails ...casework.MailInput) func(workflow.Context) error {
	return func(ctx workflow.Context) error {
		_, err := activities.SendMails(ctx, mails)
		return err
	}
}

// releaseScript gives the reviewed script to the centre, within its own clock.
func (e *enquiry) releaseScript(ctx workflow.Context) error {
	released, err := activities.ReleaseScript(ctx, e.key(ctx, casework.StepScript, 1, causeDecision))
	if err != nil {
		return err
	}
	e.agenda.meet(casework.ClockScript, released.At)
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
	return send(e.mail(ctx, casework.MailOutcome, 1, ""))(ctx)
}

// tellMembers sends word to the linked cases that wait for the settlement.
func (e *enquiry) tellMembers(ctx workflow.Context) error {
	return activities.TellMembers(ctx, casework.SettledNotice{From: e.in.Reference, Members: e.decided.Members})
}

// causeDecision is the cause of what a recorded decision brings about.
const causeDecision = "decision"
