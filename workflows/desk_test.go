package workflows_test

import (
	"slices"
	"time"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

const (
	second = "ex-1002"
	third  = "ex-1003"
	leader = "ex-0001"
)

// desk is the register's part in a story about a task: who can be found for it, who has it, and in which state. What may
// be done with it says the rule that the register asks too.
type desk struct {
	s    *story
	free []string
	// task is where the task stands, number counts the case's tasks.
	task   casework.TaskStanding
	number int
	holds  int
	nudges int
	causes []casework.HoldCause
	// times are the deadlines of a task that is given to somebody, or started, at an instant.
	times func(at time.Time, started bool) casework.TaskTimes
	// clocks is the plan of the clocks once the case goes on or waits.
	clocks func(held []casework.HoldCause, at time.Time) (casework.Plan, casework.SLAState)

	asked     []casework.StepKey
	acted     []casework.TaskInput
	held      []casework.HoldInput
	resumed   []casework.ResumeInput
	nudged    []casework.NudgeInput
	allocated []casework.StepKey
}

// people let those be found for the task, in this order.
func (s *story) people(free ...string) *story {
	d := &desk{s: s, free: free, number: 1, times: func(time.Time, bool) casework.TaskTimes { return casework.TaskTimes{} }}
	d.clocks = func([]casework.HoldCause, time.Time) (casework.Plan, casework.SLAState) {
		return s.opened.Plan, casework.SLAOnTime
	}
	d.task = casework.TaskStanding{Task: casework.TaskOf(reference, 1), State: casework.TaskReady, Leader: leader}
	s.desk = d
	do(s, "ActOnTask", d.act)
	do(s, "HoldCase", d.hold)
	do(s, "ResumeCase", d.resume)
	do(s, "Nudge", d.nudge)
	return s
}

func (d *desk) stage() casework.Stage {
	if d.task.Holder == "" {
		return casework.StageUnassigned
	}
	return casework.StageAssigned
}

func (d *desk) sheet() casework.TaskSheet {
	sheet := d.s.sheet()
	sheet.Task, sheet.Kind = d.task.Task, casework.TaskReview
	if d.number > 1 {
		sheet.Kind = casework.TaskSecondLook
	}
	return sheet
}

// deadlines are those of the task as it stands.
func (d *desk) deadlines(at time.Time) casework.TaskTimes {
	if d.task.Holder == "" || d.task.State == casework.TaskSuspended {
		return casework.TaskTimes{}
	}
	return d.times(at, d.task.State == casework.TaskInProgress)
}

func (d *desk) allocate(key casework.StepKey) casework.Allocated {
	return once(d.s, key, func() casework.Allocated {
		d.allocated = append(d.allocated, key)
		if len(d.free) > 0 {
			d.task.Holder, d.task.State, d.free = d.free[0], casework.TaskReserved, d.free[1:]
		}
		return casework.Allocated{Stage: d.stage(), Assignee: d.task.Holder, Sheet: d.sheet(), Times: d.deadlines(key.At)}
	})
}

func (d *desk) act(in casework.TaskInput) (casework.TaskDone, error) {
	d.asked = append(d.asked, in.Key)
	if fault := d.task.Allows(in.Request); fault != nil && d.s.recorded[named(in.Key)] == nil {
		return casework.TaskDone{}, activities.Failure(fault)
	}
	return once(d.s, in.Key, func() casework.TaskDone {
		d.acted = append(d.acted, in)
		d.follow(in.Request)
		return casework.TaskDone{
			Reference: reference, Task: d.task.Task, State: d.task.State, Assignee: d.task.Holder, Stage: d.stage(), Times: d.deadlines(in.Key.At),
		}
	}), nil
}

// follow does what was asked for.
func (d *desk) follow(r casework.TaskRequest) {
	after := d.task.After(r)
	switch r.Operation {
	case casework.OpClaim:
		d.task.Holder = r.Performer()
	case casework.OpRelease, casework.OpDecline, casework.OpForward:
		d.task.Holder = ""
	case casework.OpDelegate, casework.OpReassign:
		d.task.Holder = r.To
	case casework.OpSuspend:
		d.stop(casework.SuspendedByPerson)
	case casework.OpResume:
		d.goOn(casework.SuspendedByPerson)
	case casework.OpStart:
	}
	d.task.State = after
}

func (d *desk) stop(by string) {
	if d.task.State != casework.TaskSuspended {
		d.task.SuspendedFrom, d.task.State = d.task.State, casework.TaskSuspended
	}
	d.task.SuspendedBy = append(d.task.SuspendedBy, by)
}

func (d *desk) goOn(by string) {
	d.task.SuspendedBy = slices.DeleteFunc(d.task.SuspendedBy, func(s string) bool { return s == by })
	if len(d.task.SuspendedBy) == 0 {
		d.task.State = d.task.SuspendedFrom
	}
}

func (d *desk) hold(in casework.HoldInput) (casework.Held, error) {
	if fault := in.Request.Check(); fault != nil {
		return casework.Held{}, activities.Failure(fault)
	}
	return once(d.s, in.Key, func() casework.Held {
		d.held = append(d.held, in)
		d.holds++
		d.causes = append(d.causes, in.Request.Cause)
		if d.s.did("RecordDecision") == 0 {
			d.stop(string(in.Request.Cause))
		}
		return d.answer(in.Key.At)
	}), nil
}

func (d *desk) resume(in casework.ResumeInput) (casework.Held, error) {
	if fault := in.Request.Check(); fault != nil {
		return casework.Held{}, activities.Failure(fault)
	}
	return once(d.s, in.Key, func() casework.Held {
		d.resumed = append(d.resumed, in)
		d.causes = slices.DeleteFunc(slices.Clone(d.causes), func(c casework.HoldCause) bool { return c == in.Request.Cause })
		if d.s.did("RecordDecision") == 0 {
			d.goOn(string(in.Request.Cause))
		}
		return d.answer(in.Key.At)
	}), nil
}

func (d *desk) answer(at time.Time) casework.Held {
	plan, sla := d.clocks(d.causes, at)
	held := casework.Held{Reference: reference, Causes: slices.Clone(d.causes), Number: d.holds, Plan: plan, SLAState: sla, OutcomeDue: outcomeEnds}
	if d.s.did("RecordDecision") == 0 {
		held.TaskState, held.Times = d.task.State, d.deadlines(at)
	}
	return held
}

func (d *desk) nudge(in casework.NudgeInput) (casework.Nudged, error) {
	if fault := in.Request.Check(); fault != nil {
		return casework.Nudged{}, activities.Failure(fault)
	}
	return once(d.s, in.Key, func() casework.Nudged {
		d.nudged = append(d.nudged, in)
		d.nudges++
		return casework.Nudged{Reference: reference, Stage: d.stage(), Number: d.nudges, WaitingOn: d.stage().WaitingOn()}
	}), nil
}
