package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// task is the case's human task, as the last step that touched it answered.
type task struct {
	casework.Allocated
	state casework.TaskState
	// stopped is true while a person has suspended it, apart from what its case waits for.
	stopped bool
}

// operations are what people do with the task, short of completing it.
func (e *enquiry) operations() message[casework.TaskRequest, casework.TaskDone] {
	return message[casework.TaskRequest, casework.TaskDone]{
		name:        casework.MessageTask,
		description: "Claims, starts, releases, declines, delegates, forwards, suspends, resumes or reassigns the task.",
		from:        func(r *casework.TaskRequest) sender { return sender{&r.Actor, &r.Key, &r.ReceivedAt} },
		now:         func(*casework.TaskRequest) *casework.Fault { return e.notOpen() },
		deny:        e.denyOperation,
		onBehalf:    e.actsFor,
		step:        casework.StepTask,
		do:          e.act,
	}
}

// reassignments are operations of one kind, under the name that operators look for.
func (e *enquiry) reassignments() message[casework.TaskRequest, casework.TaskDone] {
	m := e.operations()
	m.name, m.description = casework.MessageReassign, "Takes the task from its performer and gives it to a named one, or to whom the rule finds."
	m.deny = func(r *casework.TaskRequest) *casework.Fault {
		r.Operation = casework.OpReassign
		return e.denyOperation(r)
	}
	m.do = func(ctx workflow.Context, r *casework.TaskRequest, key casework.StepKey) (casework.TaskDone, error) {
		r.Operation = casework.OpReassign
		return e.act(ctx, r, key)
	}
	return m
}

// denyOperation refuses what the task as the case knows it does not allow. Who leads whom the register knows alone: where
// a leader may ask, its step says no, and also whose the task is.
func (e *enquiry) denyOperation(request *casework.TaskRequest) *casework.Fault {
	id := e.task.Sheet.Task
	switch {
	case e.decided != nil:
		return casework.AlreadyCompleted(id)
	case slices.Contains(e.completed, request.Task):
		return casework.AlreadyCompleted(request.Task)
	case id == "":
		return casework.NotAllocated(request.Task)
	case request.Operation == casework.OpClaim && e.beingGiven():
		// Of a thousand who claim at once one is being served, and the others leave no trace.
		return casework.TaskTaken(id)
	}
	standing := casework.TaskStanding{Task: id, State: e.task.state, SuspendedBy: words(e.held), Holder: e.task.Assignee}
	if e.task.stopped {
		standing.SuspendedBy = append(standing.SuspendedBy, casework.SuspendedByPerson)
	}
	official := request.Actor.Role == casework.RoleOperator || request.Actor.Role == casework.RoleCaseworker
	if !official || request.Actor.OnBehalfOf != "" {
		standing.Leader = request.Performer()
	}
	fault := standing.Allows(*request)
	if fault != nil && fault.Code == casework.FaultHoldsAlready && standing.Leader != "" && standing.Leader != standing.Holder {
		return nil
	}
	return fault
}

// beingGiven reports whether somebody is just being given the task.
func (e *enquiry) beingGiven() bool {
	return e.underWay[casework.MessageTask]+e.underWay[casework.MessageReassign]+e.underWay[casework.SignalReallocate] > 0
}

// actsFor is whom an operator's Signal stands in for: the holder, where only a holder may ask; in a claim, whom it names.
func (e *enquiry) actsFor(request *casework.TaskRequest) string {
	switch request.Operation {
	case casework.OpStart, casework.OpRelease, casework.OpDecline, casework.OpDelegate, casework.OpForward:
		return e.task.Assignee
	case casework.OpClaim:
		return request.Actor.OnBehalfOf
	case casework.OpSuspend, casework.OpResume, casework.OpReassign:
	}
	return ""
}

// act lets the register do what was asked for and takes over what has become of the task. Who was given it by somebody
// else is told; who gave it back makes the case look for another.
func (e *enquiry) act(ctx workflow.Context, request *casework.TaskRequest, key casework.StepKey) (casework.TaskDone, error) {
	done, err := activities.ActOnTask(ctx, casework.TaskInput{Key: key, Request: *request})
	if err != nil {
		return done, err
	}
	before := e.task.Assignee
	e.stage, e.task.state, e.task.Assignee = done.Stage, done.State, done.Assignee
	e.plan(done.Times)
	switch request.Operation {
	case casework.OpSuspend:
		e.task.stopped = true
	case casework.OpResume:
		e.task.stopped = false
	case casework.OpDelegate, casework.OpReassign:
		if done.Assignee != "" && done.Assignee != before {
			mail := e.mail(ctx, casework.MailTask, key.Number, "")
			mail.About = key.About
			e.errand(ctx, send(mail))
		}
	case casework.OpClaim, casework.OpStart, casework.OpRelease, casework.OpDecline, casework.OpForward:
	}
	if e.stage == casework.StageUnassigned && before != "" {
		e.pool.enter(key)
	}
	return done, e.show(ctx)
}

// plan takes over the deadlines of the task.
func (e *enquiry) plan(times casework.TaskTimes) {
	e.task.Times = times
	e.agenda.task = e.agenda.untaken(times.Plan)
}
