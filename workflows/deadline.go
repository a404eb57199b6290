package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// pass does what a passed instant asks for. A window expires silently. What must be recorded is queued with the instant
// at which it was noticed; while the register is away the queue grows in order, and the next timer runs all the same.
func (e *enquiry) pass(ctx workflow.Context, passed casework.Deadline) {
	if passed.Act == casework.ActExpire {
		e.windowOver = e.windowOver || closes(passed)
		return
	}
	key := e.key(ctx, casework.StepAlert, 1, causeTimer)
	key.About = passed.Name()
	e.passed = append(e.passed, casework.AlertInput{Key: key, Deadline: passed})
	if len(e.passed) == 1 {
		e.errand(ctx, e.alert)
	}
}

// closes reports whether a deadline is the end of the appeal window.
func closes(d casework.Deadline) bool {
	return d.Act == casework.ActExpire && d.Clock == casework.ClockWindow
}

// alert records the passed deadlines one after the other and tells everybody whom those still concern that are due.
func (e *enquiry) alert(ctx workflow.Context) error {
	for len(e.passed) > 0 {
		passed, before := e.passed[0].Deadline, e.sla
		alerted, err := activities.RecordAlert(ctx, e.passed[0])
		if err != nil {
			return err
		}
		e.passed = e.passed[1:]
		if !alerted.Due {
			continue
		}
		mail := e.mail(ctx, alertMail(passed.Act), alerted.Number, passed.Clock)
		if mail.Kind == casework.MailEscalation {
			mail.About = string(passed.Act)
		}
		e.errand(ctx, send(mail))
		// What became of the case while its warning was on the way to the register is newer than the warning. A breach
		// stays whatever comes.
		if passed.Act == casework.ActBreach || passed.Act == casework.ActWarn && e.sla == before {
			e.sla = alerted.SLAState
		}
		if err := e.show(ctx); err != nil {
			return err
		}
	}
	return nil
}

// alertMail is the mail that tells of a passed deadline.
func alertMail(act casework.Act) casework.MailKind {
	switch act {
	case casework.ActBreach:
		return casework.MailBreach
	case casework.ActChase:
		return casework.MailChase
	case casework.ActLapse:
		return casework.MailLapsed
	case casework.ActRemind:
		return casework.MailReminder
	case casework.ActEscalateLead, casework.ActEscalateChief, casework.ActEscalateOperations:
		return casework.MailEscalation
	case casework.ActWarn, casework.ActExpire:
	}
	return casework.MailWarning
}
