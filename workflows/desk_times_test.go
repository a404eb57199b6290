package workflows_test

import (
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// hands are in whose the task is, since when, and when it was stopped since.
type hands struct {
	holder string
	given  time.Time
	stops  []stop
}

// stop is a time in which nobody might work on the task; a zero end is one that lasts.
type stop struct{ from, until time.Time }

// deadlines are those of the task as it stands after a step: whoever was just given it has all the time, and what was still
// to come when it was stopped comes as much later as it was stopped for. While it is, only what had come is in the plan.
func (d *desk) deadlines(at time.Time) casework.TaskTimes {
	h := &d.hands
	if d.task.Holder != h.holder {
		*h = hands{holder: d.task.Holder, given: at}
	}
	if h.holder == "" {
		return casework.TaskTimes{}
	}
	last := len(h.stops) - 1
	stands := last >= 0 && h.stops[last].until.IsZero()
	switch suspended := d.task.State == casework.TaskSuspended; {
	case suspended && !stands:
		h.stops = append(h.stops, stop{from: at})
	case !suspended && stands:
		h.stops[last].until = at
	}
	state := d.task.State
	if state == casework.TaskSuspended {
		state = d.task.SuspendedFrom
	}
	times := d.times(h.given, state == casework.TaskInProgress)
	for _, s := range h.stops {
		times = s.put(times)
	}
	return times
}

// put works a stop into deadlines.
func (s stop) put(times casework.TaskTimes) casework.TaskTimes {
	if s.until.IsZero() {
		times.Plan = times.Plan.By(s.from)
		return times
	}
	later := func(at time.Time) time.Time {
		if at.After(s.from) {
			return at.Add(s.until.Sub(s.from))
		}
		return at
	}
	times.StartBy, times.CompleteBy, times.Plan = later(times.StartBy), later(times.CompleteBy), slices.Clone(times.Plan)
	for i := range times.Plan {
		times.Plan[i].At = later(times.Plan[i].At)
	}
	return times
}
