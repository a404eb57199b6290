package rulebook

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// TaskTimes are the deadlines of a task that is given to somebody at an instant, or that they have started: by the body's
// practice, on the body's calendar, and never later than the promised outcome needs. A task that has to be done as soon
// as it is begun has no other deadline than that.
func (b *Book) TaskTimes(version string, service casework.Service, kind casework.TaskKind, from time.Time, started bool, outcomeEnds time.Time) (casework.TaskTimes, error) {
	p, err := b.Policy(version)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("count the deadlines of a task: %w", err)
	}
	practice := b.office.of(p.Body)
	task, ok := practice.Task(kind)
	if !ok {
		return casework.TaskTimes{}, fmt.Errorf("the practice of %s has no task of kind %s", p.BodyName, kind)
	}
	working, err := p.WorkingIn(p.Division)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("count the deadlines of a %s of %s: %w", kind, service, err)
	}
	count := tasking{practice: practice, working: working, from: from.UTC()}
	times, err := count.times(task, started, outcomeEnds)
	if err != nil {
		return casework.TaskTimes{}, fmt.Errorf("count the deadlines of a %s of %s: %w", kind, service, err)
	}
	return times, nil
}

// tasking counts the deadlines of one task.
type tasking struct {
	practice policy.Practice
	working  calendar.Working
	from     time.Time
}

func (t tasking) times(task policy.TaskPractice, started bool, outcomeEnds time.Time) (times casework.TaskTimes, err error) {
	if times.CompleteBy, err = t.completeBy(task, outcomeEnds); err != nil {
		return times, err
	}
	if !started {
		if times.StartBy, err = t.end(casework.ClockStartBy, task.StartBy); err != nil {
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
		plan, err := t.plan(due)
		if err != nil {
			return times, err
		}
		times.Plan = append(times.Plan, plan...)
	}
	return times, nil
}

// completeBy is the end of the task's own time, or what the promised outcome leaves of it. What has passed already bounds
// nothing: the task still gets a deadline that can be kept.
func (t tasking) completeBy(task policy.TaskPractice, outcomeEnds time.Time) (time.Time, error) {
	by, err := t.end(casework.ClockCompleteBy, task.CompleteBy)
	if err != nil || outcomeEnds.IsZero() {
		return by, err
	}
	last := calendar.DateOf(outcomeEnds.Add(-time.Nanosecond)).AddDays(-task.Ahead)
	ahead := last.End()
	if task.CompleteBy.Cutoff != nil {
		if ahead, err = last.At(*task.CompleteBy.Cutoff); err != nil {
			return by, err
		}
	}
	for _, bound := range []time.Time{ahead, outcomeEnds} {
		if bound.After(t.from) {
			if bound.Before(by) {
				by = bound
			}
			break
		}
	}
	return by.UTC(), nil
}

// end counts a span from when the task was given.
func (t tasking) end(id casework.ClockID, span policy.Span) (time.Time, error) {
	clock, err := deadline.Start(policy.ClockRule{ID: id, Kind: casework.ClockTarget, Span: span}, t.working, t.from)
	return clock.Ends, err
}

// plan holds the reminders of a deadline, which wait for the end of the quiet hours, and its escalations, which do not.
func (t tasking) plan(due casework.Deadline) (casework.Plan, error) {
	var plan casework.Plan
	for _, point := range t.practice.Remind {
		at := due.At.Add(-time.Duration(point.HoursBefore) * time.Hour)
		if point.DaysBefore > 0 {
			var err error
			if at, err = calendar.DateOf(due.At.Add(-time.Nanosecond)).AddDays(-point.DaysBefore).At(point.At); err != nil {
				return nil, err
			}
		}
		wait := t.practice.Quiet.Wait(at)
		if !at.Add(wait).Before(due.At) {
			wait = 0
		}
		if at.After(t.from) {
			plan = append(plan, casework.Deadline{Clock: due.Clock, Act: casework.ActRemind, At: at.UTC(), Grace: wait})
		}
	}
	for _, e := range t.practice.Escalations {
		at, err := t.later(due.At, e.WorkingDays)
		if err != nil {
			return nil, err
		}
		plan = append(plan, casework.Deadline{Clock: due.Clock, Act: e.Act, At: at.UTC()})
	}
	return plan, nil
}

// later is the same time of day some working days after an instant.
func (t tasking) later(at time.Time, days int) (time.Time, error) {
	if days == 0 {
		return at, nil
	}
	day, err := t.working.After(calendar.DateOf(at), days)
	if err != nil {
		return time.Time{}, err
	}
	local := at.In(calendar.London())
	return day.At(calendar.TimeOfDay{Hour: local.Hour(), Minute: local.Minute()})
}

// startFor begins a clock of a centre of a nation, with the hours in which nobody is reminded and, if the centre owes it,
// the points at which it is chased.
func (b *Book) startFor(p policy.Policy, rule policy.ClockRule, nation string, at time.Time) (deadline.Clock, error) {
	practice := b.office.of(p.Body)
	if rule.Kind == casework.ClockDuty {
		rule.Warn = practice.ChasesOf(rule.Unit)
	}
	working, err := p.Working(rule, offer.DivisionOf(nation, p.Division))
	if err != nil {
		return deadline.Clock{}, fmt.Errorf("start clock %s: %w", rule.ID, err)
	}
	clock, err := deadline.Start(rule, working, at)
	clock.Quiet = practice.Quiet
	return clock, err
}
