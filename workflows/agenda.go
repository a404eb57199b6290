package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// agenda is what a case waits for and the one timer that waits for its next instant. The timer is armed again only when
// that instant moves, so that a case costs one timer at a time (architecture §3.5).
type agenda struct {
	// offset is what the local stack's clock is ahead of the server's; zero in production.
	offset time.Duration
	// clocks are the instants of the case's clocks, task those of the deadlines of its task.
	clocks, task casework.Plan
	// taken names the deadlines that have passed, and ended lists the clocks that were met: neither comes back with a
	// plan that was made while that happened.
	taken []string
	ended []endedClock
	// armed is what the timer waits for; timer is nil if none is armed.
	armed  casework.Deadline
	timer  workflow.Future
	cancel workflow.CancelFunc
}

// endedClock is a clock that was met, and when.
type endedClock struct {
	id casework.ClockID
	at time.Time
}

// now is the only clock of workflow code.
func (a *agenda) now(ctx workflow.Context) time.Time { return workflow.Now(ctx).Add(a.offset).UTC() }

// meet takes the instants of a clock that was met out of the plan.
func (a *agenda) meet(id casework.ClockID, at time.Time) {
	a.clocks = a.clocks.Met(id, at)
	a.ended = append(a.ended, endedClock{id, at})
}

// replace puts another plan in the place of the clocks', without what has passed or was met already.
func (a *agenda) replace(plan casework.Plan) {
	plan = a.untaken(plan)
	for _, clock := range a.ended {
		plan = plan.Met(clock.id, clock.at)
	}
	a.clocks = plan
}

// untaken is a plan without what has passed already.
func (a *agenda) untaken(plan casework.Plan) casework.Plan {
	return slices.DeleteFunc(slices.Clone(plan), func(d casework.Deadline) bool { return slices.Contains(a.taken, d.Name()) })
}

// next is the earliest instant of both plans; ok is false if there is none.
func (a *agenda) next() (next casework.Deadline, ok bool) {
	next, ok = a.clocks.Next()
	if task, waits := a.task.Next(); waits && (!ok || task.Fires().Before(next.Fires())) {
		return task, true
	}
	return next, ok
}

// moved reports whether the timer waits for another instant than the next: something was met, given or counted again.
func (a *agenda) moved() bool {
	next, ok := a.next()
	return ok != (a.timer != nil) || (ok && next != a.armed)
}

// arm makes the timer wait for the next instant.
func (a *agenda) arm(ctx workflow.Context) {
	if !a.moved() {
		return
	}
	a.disarm()
	next, ok := a.next()
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

// take removes the armed deadline from its plan and returns it.
func (a *agenda) take() casework.Deadline {
	passed := a.armed
	a.disarm()
	a.clocks, a.task = a.clocks.Without(passed), a.task.Without(passed)
	a.taken = append(a.taken, passed.Name())
	return passed
}

func summary(d casework.Deadline) string { return named(d) + " at " + d.At.UTC().Format(instantFormat) }

// named says to operators what falls due.
func named(d casework.Deadline) string {
	if d.Clock == casework.ClockStartBy || d.Clock == casework.ClockCompleteBy {
		return string(d.Act) + ", the task's " + string(d.Clock)
	}
	return string(d.Act) + " of the " + string(d.Clock) + " clock"
}

// keepAgenda takes the instants as they come, as long as the case runs. It runs beside the main line, so that a step that
// waits for an outage to end never holds up a deadline. The first allocation is answered in the workflow task of the
// opening, as a rule, and brings the task's deadlines, which are nearer: the first timer waits for it, and no longer.
func (e *enquiry) keepAgenda(ctx workflow.Context) {
	begun := workflow.GetInfo(ctx).GetCurrentHistoryLength()
	if workflow.Await(ctx, func() bool { return len(e.unsent) == 0 || workflow.GetInfo(ctx).GetCurrentHistoryLength() > begun }) != nil {
		return
	}
	for {
		e.agenda.arm(ctx)
		if workflow.Await(ctx, func() bool { return e.agenda.due() || e.agenda.moved() }) != nil {
			return
		}
		if e.agenda.due() {
			e.pass(ctx, e.agenda.take())
		}
	}
}
