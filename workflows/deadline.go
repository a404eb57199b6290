package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// pass does what a passed instant asks for. What must be recorded is queued with the instant at which it was
// noticed; while the register is away the queue grows in order, and the next timer runs all the same.
func (e *enquiry) pass(ctx workflow.Context, passed casework.Deadline) {
	if passed.Act == casework.ActExpire {
		e.windowOver = true
		return
	}
	key := e.key(ctx, casework.StepAlert, 1, causeTimer)
	key.About = passed.Name()
	e.passed = append(e.passed, casework.AlertInput{Key: key, Deadline: passed})
	if len(e.passed) == 1 {
		e.errand(ctx, e.alert)
	}
}

// alert records the passed deadlines one after the other and tells operations of those that still concern anybody.
func (e *enquiry) alert(ctx workflow.Context) error {
	for len(e.passed) > 0 {
		passed := e.passed[0].Deadline
		alerted, err := activities.RecordAlert(ctx, e.passed[0])
		if err != nil {
			return err
		}
		e.passed = e.passed[1:]
		if !alerted.Due {
			continue
		}
		kind := casework.MailWarning
		if passed.Act == casework.ActBreach {
			kind = casework.MailBreach
		}
		e.errand(ctx, send(e.mail(ctx, kind, alerted.Number, passed.Clock)))
		// A clock that was met while its warning was on the way to the register warns no more.
		if passed.Act == casework.ActBreach || !e.agenda.met(passed.Clock) {
			e.sla = alerted.SLAState
		}
		if err := e.show(ctx); err != nil {
			return err
		}
	}
	return nil
}
