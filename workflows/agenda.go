package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// agenda is a case's plan and the one timer that waits for its next instant. The timer is armed again only when
// that instant moves, so that a case costs one timer at a time (architecture §3.5).
type agenda struct {
	// offset is what the local stack's clock is ahead of the server's; zero in production.
	offset time.Duration
	plan   casework.Plan
	// armed is what the timer waits for; timer is nil if none is armed.
	armed  casework.Deadline
	timer  workflow.Future
	cancel workflow.CancelFunc
}

// now is the only clock of workflow code.
func (a *agenda) now(ctx workflow.Context) time.Time { return workflow.Now(ctx).Add(a.offset).UTC() }

// moved reports whether the timer waits for another instant than the plan's next: an errand has met a clock.
func (a *agenda) moved() bool {
	next, ok := a.plan.Next()
	return ok != (a.timer != nil) || (ok && next != a.armed)
}

// arm makes the timer wait for the plan's next instant.
func (a *agenda) arm(ctx workflow.Context) {
	if !a.moved() {
		return
	}
	a.disarm()
	next, ok := a.plan.Next()
	if !ok {
		return
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	wait := max(next.Fires().Sub(a.now(ctx)), 0)
	a.timer = workflow.NewTimerWithOptions(timerCtx, wait, workflow.TimerOptions{Summary: summary(next)})
	a.armed, a.cancel = next, cancel
}

func (a *agenda) disarm() {
	if a.cancel != nil {
		a.cancel()
	}
	a.timer, a.cancel = nil, nil
}

// due reports whether the armed instant has come.
func (a *agenda) due() bool { return a.timer != nil && a.timer.IsReady() }

// take removes the armed deadline from the plan and returns it.
func (a *agenda) take() casework.Deadline {
	passed := a.armed
	a.disarm()
	a.plan = a.plan.Without(passed)
	return passed
}

func summary(d casework.Deadline) string {
	return string(d.Act) + " of the " + string(d.Clock) + " clock at " + d.At.UTC().Format(instantFormat)
}

// until waits for a condition and meanwhile does what the agenda asks for at its instants.
func (e *enquiry) until(ctx workflow.Context, done func() bool) error {
	for {
		if e.stuck != nil {
			return e.stuck
		}
		if done() {
			return nil
		}
		e.agenda.arm(ctx)
		if err := workflow.Await(ctx, func() bool { return done() || e.agenda.due() || e.agenda.moved() || e.stuck != nil }); err != nil {
			return err
		}
		if e.agenda.due() {
			if err := e.deadline(ctx, e.agenda.take()); err != nil {
				return err
			}
		}
	}
}

// deadline does what a passed instant asks for.
func (e *enquiry) deadline(ctx workflow.Context, passed casework.Deadline) error {
	if passed.Act == casework.ActExpire {
		e.windowOver = true
		return nil
	}
	e.alerts++
	alerted, err := activities.RecordAlert(ctx, casework.AlertInput{
		Key:      e.key(ctx, casework.StepAlert, e.alerts, causeTimer),
		Deadline: passed,
	})
	if err != nil || !alerted.Due {
		return err
	}
	e.sla = alerted.SLAState
	kind := casework.MailWarning
	if passed.Act == casework.ActBreach {
		kind = casework.MailBreach
	}
	e.errand(ctx, e.mail(kind, e.alerts, passed.Clock))
	return e.show(ctx)
}
