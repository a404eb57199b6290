package rulebook

import (
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// TaskTimes are the deadlines of a task in somebody's hands: by the body's practice, on the body's calendar, and never later
// than the promised outcome needs. A task that has to be done as soon as it is begun has no other deadline than that.
//
// A day for whose end, the cut-off, the task was stopped does not count. What had passed before the task was stopped stays
// where it was, and who was reminded is not reminded again unless the deadline has moved on. While a stop lasts the
// deadlines stand where they were, and only what passed before it is still in the plan.
func (b *Book) TaskTimes(task ruling.Assignment) (casework.TaskTimes, error) {
	p, err := b.Policy(task.Version)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("count the deadlines of a task: %w", err)
	}
	practice := b.office.of(p.Body)
	rules, ok := practice.Task(task.Kind)
	if !ok {
		return casework.TaskTimes{}, fmt.Errorf("the practice of %s has no task of kind %s", p.BodyName, task.Kind)
	}
	working, err := p.WorkingIn(p.Division)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("count the deadlines of a %s of %s: %w", task.Kind, task.Service, err)
	}
	count := tasking{practice: practice, rules: rules, working: working, given: task.GivenAt.UTC(), started: task.Started}
	times, err := count.times(task)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("count the deadlines of a %s of %s: %w", task.Kind, task.Service, err)
	}
	return times, nil
}

// tasking counts the deadlines of one task.
type tasking struct {
	practice policy.Practice
	rules    policy.TaskPractice
	working  calendar.Working
	given    time.Time
	started  bool
	// stopped are the times in which it was stopped that are counted so far.
	stopped []deadline.Pause
}

// times counts afresh after every stop, each time from what the deadlines were before it.
func (t tasking) times(task ruling.Assignment) (casework.TaskTimes, error) {
	stops := slices.DeleteFunc(slices.Clone(task.Stops), func(s ruling.Stop) bool { return !s.Lasts() && !s.From.Before(s.Until) })
	outcomes := make([]time.Time, 0, len(stops)+1)
	for _, stop := range stops {
		outcomes = append(outcomes, stop.OutcomeEnds)
	}
	outcomes = append(outcomes, task.OutcomeEnds)
	times, err := t.count(casework.TaskTimes{}, outcomes[0])
	for i, stop := range stops {
		if err != nil {
			return times, err
		}
		if stop.Lasts() {
			times.Plan = times.Plan.By(stop.From)
			return times, nil
		}
		t.stopped = append(t.stopped, deadline.Pause{Cause: policy.Hold, From: stop.From.UTC(), Until: stop.Until.UTC()})
		times, err = t.count(times, outcomes[i+1])
	}
	return times, err
}

// count counts the deadlines of a task that runs; before is what they were until it was stopped last.
func (t tasking) count(before casework.TaskTimes, outcomeEnds time.Time) (times casework.TaskTimes, err error) {
	if times.CompleteBy, err = t.completeBy(before.CompleteBy, outcomeEnds); err != nil {
		return times, err
	}
	if !t.started {
		if times.StartBy, err = t.end(casework.ClockStartBy, t.rules.StartBy); err != nil {
			return times, err
		}
		if !times.StartBy.Before(times.CompleteBy) {
			times.StartBy = time.Time{}
		}
	}
	for _, due := range []casework.Deadline{{Clock: casework.ClockStartBy, At: times.StartBy}, {Clock: casework.ClockCompleteBy, At: times.CompleteBy}} {
		if due.At.IsZero() {
			continue
		}
		reminders, err := t.reminders(due, before.Plan)
		if err != nil {
			return times, err
		}
		escalations, err := t.escalations(due)
		if err != nil {
			return times, err
		}
		times.Plan = slices.Concat(times.Plan, reminders, escalations)
	}
	return times, nil
}

// completeBy is the end of the task's own time, or what the promised outcome leaves of it. What has passed already bounds
// nothing: the task still gets a deadline that can be kept. A stop brings no deadline forward, and saves none that it had
// before and missed.
func (t tasking) completeBy(before, outcomeEnds time.Time) (time.Time, error) {
	since, runs := t.latest()
	if !before.IsZero() && !before.After(since) {
		return before, nil
	}
	by, err := t.end(casework.ClockCompleteBy, t.rules.CompleteBy)
	if err != nil || outcomeEnds.IsZero() {
		return by, err
	}
	last := calendar.DateOf(outcomeEnds.Add(-time.Nanosecond)).AddDays(-t.rules.Ahead)
	ahead := last.End()
	if t.rules.CompleteBy.Cutoff != nil {
		if ahead, err = last.At(*t.rules.CompleteBy.Cutoff); err != nil {
			return by, err
		}
	}
	for _, bound := range []time.Time{ahead, outcomeEnds} {
		if bound.After(runs) {
			if bound.Before(by) {
				by = bound
			}
			break
		}
	}
	if by.Before(before) {
		by = before
	}
	return by.UTC(), nil
}

// latest is when the task was stopped last and from when it ran again; both are when it was given if it never was.
func (t tasking) latest() (since, runs time.Time) {
	if n := len(t.stopped); n > 0 {
		return t.stopped[n-1].From, t.stopped[n-1].Until
	}
	return t.given, t.given
}

// end counts a span from when the task was given, as the clocks of a case are counted. A stop that came when it was over
// moves nothing.
func (t tasking) end(id casework.ClockID, span policy.Span) (time.Time, error) {
	rule := policy.ClockRule{ID: id, Kind: casework.ClockTarget, Span: span, PausedBy: []policy.Pause{policy.Hold}}
	clock, err := deadline.Start(rule, t.working, t.given)
	for _, p := range t.stopped {
		if err != nil || !clock.InTime(p.From) {
			break
		}
		if clock, err = clock.Pause(p.From, p.Cause, "", ""); err == nil {
			clock, err = clock.Resume(t.working, p.Cause, p.Until)
		}
	}
	return clock.Ends, err
}

// reminders of a deadline wait for the end of the quiet hours, and one that falls into a stop for its end. What would have
// come before the last stop, was the deadline then where it is now, came at its earlier place.
func (t tasking) reminders(due casework.Deadline, before casework.Plan) (casework.Plan, error) {
	since, _ := t.latest()
	if !due.At.After(since) {
		return nil, nil
	}
	var plan casework.Plan
	for _, point := range t.practice.Remind {
		at := due.At.Add(-time.Duration(point.HoursBefore) * time.Hour)
		if point.DaysBefore > 0 {
			var err error
			if at, err = calendar.DateOf(due.At.Add(-time.Nanosecond)).AddDays(-point.DaysBefore).At(point.At); err != nil {
				return nil, err
			}
		}
		at = t.running(at)
		wait := t.practice.Quiet.Wait(at)
		if !at.Add(wait).Before(due.At) {
			wait = 0
		}
		remind := casework.Deadline{Clock: due.Clock, Act: casework.ActRemind, At: at.UTC(), Grace: wait}
		came := at.Before(since) && !before.Has(remind)
		if at.After(t.given) && !came {
			plan = append(plan, remind)
		}
	}
	return plan, nil
}

// running is an instant, or the end of the stop into which it falls.
func (t tasking) running(at time.Time) time.Time {
	for _, p := range t.stopped {
		if p.From.Before(at) && at.Before(p.Until) {
			return p.Until
		}
	}
	return at
}

// escalations of a deadline wait for no morning.
func (t tasking) escalations(due casework.Deadline) (casework.Plan, error) {
	var plan casework.Plan
	for _, e := range t.practice.Escalations {
		at, err := t.later(due.At, e.WorkingDays)
		if err != nil {
			return nil, err
		}
		plan = append(plan, casework.Deadline{Clock: due.Clock, Act: e.Act, At: at.UTC()})
	}
	return plan, nil
}

// later is the same time of day some working days after an instant. A day on which the task was stopped at that time does
// not count.
func (t tasking) later(at time.Time, days int) (time.Time, error) {
	local := at.In(calendar.London())
	face := calendar.TimeOfDay{Hour: local.Hour(), Minute: local.Minute()}
	for day := calendar.DateOf(at); days > 0; {
		day = day.AddDays(1)
		works, err := t.working.Works(day)
		if err != nil {
			return time.Time{}, err
		}
		if !works {
			continue
		}
		if at, err = day.At(face); err != nil {
			return time.Time{}, err
		}
		if !slices.ContainsFunc(t.stopped, func(p deadline.Pause) bool { return p.Covers(at) }) {
			days--
		}
	}
	return at, nil
}
