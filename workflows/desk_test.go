package workflows_test

import (
	"slices"
	"time"

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
	// times are the deadlines of a task that was given to somebody at an instant, and may be started, if nobody stops it.
	times func(given time.Time, started bool) casework.TaskTimes
	hands hands
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

func (d *desk) allocate(key casework.StepKey) (casework.Allocated, error) {
	return once(d.s, key, nil, func() casework.Allocated {
		if d.task.Holder != "" {
			d.s.t.Errorf("somebody is looked for while %s has the task", d.task.Holder)
		}
		d.allocated = append(d.allocated, key)
		if len(d.free) > 0 {
			d.task.Holder, d.task.State, d.free = d.free[0], casework.TaskReserved, d.free[1:]
		}
		return casework.Allocated{Stage: d.stage(), Assignee: d.task.Holder, Sheet: d.sheet(), Times: d.deadlines(key.At)}
	})
}

func (d *desk) act(in casework.TaskInput) (casework.TaskDone, error) {
	d.asked = append(d.asked, in.Key)
	return once(d.s, in.Key, d.task.Allows(in.Request), func() casework.TaskDone {
		d.acted = append(d.acted, in)
		d.follow(in.Request)
		return casework.TaskDone{
			Reference: reference, Task: d.task.Task, State: d.task.State, Assignee: d.task.Holder, Stage: d.stage(), Times: d.deadlines(in.Key.At),
		}
	})
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
		d.task.Holder, d.task.SuspendedFrom = r.To, casework.TaskReserved
		if r.To == "" {
			d.task.SuspendedFrom = casework.TaskReady
		}
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

// decide ends the task with the case's decision.
func (d *desk) decide(decided casework.Decided) {
	if d != nil && decided.Stage != casework.StageUnassigned {
		d.task.State = casework.TaskCompleted
	}
}

func (d *desk) hold(in casework.HoldInput) (casework.Held, error) {
	no := in.Request.Check()
	if no == nil && slices.Contains(d.causes, in.Request.Cause) {
		no = casework.NewFault(casework.Conflict, casework.FaultHeldAlready, "The case waits for it already.")
	}
	return once(d.s, in.Key, no, func() casework.Held {
		d.held = append(d.held, in)
		d.holds++
		d.causes = append(d.causes, in.Request.Cause)
		if d.s.did("RecordDecision") == 0 {
			d.stop(string(in.Request.Cause))
		}
		return d.answer(in.Key.At)
	})
}

func (d *desk) resume(in casework.ResumeInput) (casework.Held, error) {
	no := in.Request.Check()
	if no == nil && !slices.Contains(d.causes, in.Request.Cause) {
		no = casework.NewFault(casework.Conflict, casework.FaultNotHeld, "The case does not wait for it.")
	}
	return once(d.s, in.Key, no, func() casework.Held {
		d.resumed = append(d.resumed, in)
		d.causes = slices.DeleteFunc(slices.Clone(d.causes), func(c casework.HoldCause) bool { return c == in.Request.Cause })
		if d.s.did("RecordDecision") == 0 {
			d.goOn(string(in.Request.Cause))
		}
		return d.answer(in.Key.At)
	})
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
	return once(d.s, in.Key, in.Request.Check(), func() casework.Nudged {
		d.nudged = append(d.nudged, in)
		d.nudges++
		return casework.Nudged{Reference: reference, Stage: d.stage(), Number: d.nudges, WaitingOn: d.stage().WaitingOn()}
	})
}
