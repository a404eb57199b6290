package casework

import (
	"fmt"
	"slices"
)

// Party is what somebody is to a task when they ask for something to be done with it.
type Party string

const (
	// PartyHolder holds the task, or somebody acts for them.
	PartyHolder Party = "holder"
	// PartyLeader leads the team of the holder.
	PartyLeader Party = "leader"
	// PartyCaseworker is known by the role.
	PartyCaseworker Party = "caseworker"
	// PartyOperator is known by the role too.
	PartyOperator Party = "operator"
	// PartyColleague is any other performer.
	PartyColleague Party = "colleague"
)

// Parties lists every party.
func Parties() []Party {
	return []Party{PartyHolder, PartyLeader, PartyCaseworker, PartyOperator, PartyColleague}
}

type operationRule struct {
	operation Operation
	from      TaskState
	to        TaskState
}

// operationRules is the only place that says what may be done with a task in which state. A reassigned task goes on to
// reserved if somebody is named; a resumed one goes back to where it was suspended.
var operationRules = []operationRule{
	{OpClaim, TaskReady, TaskReserved},
	{OpStart, TaskReserved, TaskInProgress},
	{OpDecline, TaskReserved, TaskReady},
	{OpRelease, TaskInProgress, TaskReady},
	{OpDelegate, TaskReserved, TaskReserved},
	{OpDelegate, TaskInProgress, TaskReserved},
	{OpForward, TaskReserved, TaskReady},
	{OpForward, TaskInProgress, TaskReady},
	{OpSuspend, TaskReserved, TaskSuspended},
	{OpSuspend, TaskInProgress, TaskSuspended},
	{OpSuspend, TaskSuspended, TaskSuspended},
	{OpResume, TaskSuspended, TaskReserved},
	{OpReassign, TaskReady, TaskReserved},
	{OpReassign, TaskReserved, TaskReady},
	{OpReassign, TaskInProgress, TaskReady},
	{OpReassign, TaskSuspended, TaskSuspended},
}

// MayAsk lists who may ask for an operation.
func MayAsk(operation Operation) []Party {
	switch operation {
	case OpClaim:
		return []Party{PartyColleague, PartyLeader}
	case OpStart, OpRelease, OpDecline, OpForward:
		return []Party{PartyHolder}
	case OpDelegate:
		return []Party{PartyHolder, PartyLeader}
	case OpSuspend, OpResume:
		return []Party{PartyLeader, PartyCaseworker, PartyOperator}
	case OpReassign:
		return []Party{PartyCaseworker, PartyOperator}
	default:
		return nil
	}
}

// SuspendedByPerson stands among the causes of a task that a person has suspended; the others are causes of holds.
const SuspendedByPerson = "person"

// TaskStanding is what the rules about operations know of a task.
type TaskStanding struct {
	Task  TaskID
	State TaskState
	// SuspendedFrom is where a suspended task was, SuspendedBy why it is: the causes of holds and SuspendedByPerson.
	SuspendedFrom TaskState
	SuspendedBy   []string
	// Holder has the task, Leader leads the holder; empty if nobody does.
	Holder string
	Leader string
}

// Party says what somebody is to the task. Who acts on behalf of the holder is the holder; who acts on behalf of anybody
// else is what that person is.
func (t TaskStanding) Party(actor Actor) Party {
	performer := TaskRequest{Actor: actor}.Performer()
	switch {
	case performer == t.Holder && performer != "":
		return PartyHolder
	case performer == t.Leader && performer != "":
		return PartyLeader
	case actor.OnBehalfOf != "":
		return PartyColleague
	case actor.Role == RoleOperator:
		return PartyOperator
	case actor.Role == RoleCaseworker:
		return PartyCaseworker
	default:
		return PartyColleague
	}
}

// Allows says why a request cannot be followed; nil if it can, as far as the task tells. Whether the performer whom a
// task is given to is free of conflicts is for the rules of allocation.
func (t TaskStanding) Allows(r TaskRequest) *Fault {
	if fault := r.Check(); fault != nil {
		return fault
	}
	if r.Task != t.Task {
		return AnotherTask(t.Task, r.Task)
	}
	if r.Actor.OnBehalfOf != "" {
		if fault := StandsIn(r.Actor); fault != nil {
			return fault
		}
	}
	party := t.Party(r.Actor)
	if fault := t.notFor(party, r); fault != nil {
		return fault
	}
	if _, ok := t.next(r.Operation); !ok {
		return t.notNow(r.Operation)
	}
	switch {
	case r.From != "" && r.From != t.Holder:
		return HeldByAnother(t.Task, r.From)
	case r.To != "" && r.To == t.Holder:
		return HoldsAlready(t.Task, r.To)
	case r.Operation == OpReassign && t.State == TaskReady && r.To == "":
		return InThePool(t.Task)
	case r.Operation == OpSuspend && slices.Contains(t.SuspendedBy, SuspendedByPerson):
		return TaskIsSuspended(t.Task, t.SuspendedBy)
	case r.Operation == OpResume && !slices.Contains(t.SuspendedBy, SuspendedByPerson):
		return OnHold(t.Task.Reference(), t.SuspendedBy)
	case party == PartyLeader && r.Operation != OpClaim && r.Actor.Reason == "":
		return NewFault(Invalid, FaultReasonMissing, "Whoever decides about another person's task gives a reason.", ReasonMissing())
	}
	return nil
}

// notFor says why somebody may not ask for an operation; nil if they may. A task that is done tells nobody whose it was.
func (t TaskStanding) notFor(party Party, r TaskRequest) *Fault {
	if t.State.Final() {
		return t.notNow(r.Operation)
	}
	may := MayAsk(r.Operation)
	switch {
	case slices.Contains(may, party):
		return nil
	case r.Operation == OpClaim && party == PartyHolder:
		return YoursAlready(t.Task)
	case r.Operation == OpClaim && t.State != TaskReady:
		return TaskTaken(t.Task)
	case r.Operation == OpClaim:
		return NotPermitted(t.Task, r.Operation, may)
	case slices.Contains(may, PartyHolder) && t.Holder == "":
		return NotAllocated(t.Task)
	case slices.Contains(may, PartyHolder):
		return NotThePerformer(t.Task)
	default:
		return NotPermitted(t.Task, r.Operation, may)
	}
}

// notNow says why an operation does not fit the state of the task.
func (t TaskStanding) notNow(operation Operation) *Fault {
	switch {
	case t.State == TaskCompleted:
		return AlreadyCompleted(t.Task)
	case t.State == TaskWithdrawn:
		return TaskIsWithdrawn(t.Task)
	case operation == OpClaim:
		return TaskTaken(t.Task)
	case operation == OpResume:
		return NewFault(Conflict, FaultNotSuspended, fmt.Sprintf("Task %s is not suspended.", t.Task))
	case t.State == TaskSuspended:
		return TaskIsSuspended(t.Task, t.SuspendedBy)
	case t.State == TaskReady:
		return NotAllocated(t.Task)
	case operation == OpRelease:
		return NewFault(Conflict, FaultNotStarted, fmt.Sprintf("Task %s is not started.", t.Task),
			Reason{Code: FaultNotStarted, Detail: "Only a task that was started is released.", Remedy: "Decline it, with a reason."})
	case operation == OpDecline:
		return NewFault(Conflict, FaultStarted, fmt.Sprintf("Task %s is started already.", t.Task),
			Reason{Code: FaultStarted, Detail: "Only a task that was not started is declined.", Remedy: "Release it, with a reason."})
	default:
		return remediable(Conflict, FaultStarted, fmt.Sprintf("Task %s is started already.", t.Task), "Nothing is left to do: go on with it.")
	}
}

func (t TaskStanding) next(operation Operation) (TaskState, bool) {
	for _, rule := range operationRules {
		if rule.operation == operation && rule.from == t.State {
			return rule.to, true
		}
	}
	return t.State, false
}

// After is the state of the task once a request was followed that it allows.
func (t TaskStanding) After(r TaskRequest) TaskState {
	to, ok := t.next(r.Operation)
	switch {
	case !ok:
		return t.State
	case r.Operation == OpResume && len(t.SuspendedBy) > 1:
		return TaskSuspended
	case r.Operation == OpResume:
		return t.SuspendedFrom
	case r.Operation == OpReassign && r.To != "" && t.State != TaskSuspended:
		return TaskReserved
	default:
		return to
	}
}
