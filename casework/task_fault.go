package casework

import (
	"fmt"
	"slices"
	"strings"
)

// Codes of why a task takes nothing from somebody: one for each meaning, in the register, the workflow and the API.
const (
	// FaultAlreadyCompleted: the task is done.
	FaultAlreadyCompleted = "already-completed"
	// FaultBeingCompleted: another completion of the task is being recorded at this moment.
	FaultBeingCompleted = "being-completed"
	// FaultNotAllocated: nobody holds the task yet.
	FaultNotAllocated = "not-allocated"
	// FaultNotThePerformer: somebody else holds the task, whether one acts for oneself or on behalf of another.
	FaultNotThePerformer = "not-the-performer"
	// FaultTaskTaken: the task is in nobody's pool any more, or somebody is just taking it.
	FaultTaskTaken = "task-taken"
	// FaultTaskSuspended: the work on the task is stopped.
	FaultTaskSuspended = "task-suspended"
	// FaultOnHold: the case waits for something, and until then its task does too.
	FaultOnHold = "on-hold"
	// FaultTaskWithdrawn: the case ended without the task.
	FaultTaskWithdrawn = "task-withdrawn"
	// FaultAnotherTask: the case waits for another task of its own.
	FaultAnotherTask = "another-task"
	// FaultNotSuspended: a task that runs is not resumed.
	FaultNotSuspended = "task-not-suspended"
	// FaultStarted and FaultNotStarted: the operation is for a task that was not, or was, started.
	FaultStarted    = "task-started"
	FaultNotStarted = "task-not-started"
	// FaultInThePool: nobody has the task, so it cannot be taken from anybody.
	FaultInThePool = "task-in-pool"
	// FaultHoldsAlready: the performer has the task already.
	FaultHoldsAlready = "holds-already"
	// FaultHeldByAnother: the performer from whom the task is to be taken has it no more.
	FaultHeldByAnother = "held-by-another"
	// FaultNotPermitted: the person has no say in this.
	FaultNotPermitted = "not-permitted"
	// FaultNotEligible: the rules of allocation exclude the performer.
	FaultNotEligible = "not-eligible"
	// FaultNoHigherRank: the performer has the highest rank of the body.
	FaultNoHigherRank = "no-higher-rank"
	// FaultReasonMissing: the actor has to say why.
	FaultReasonMissing = "reason-missing"
	// FaultTextMissing: a question or an answer is empty.
	FaultTextMissing = "text-missing"
	// FaultQuestionAnswered: the question has another answer already.
	FaultQuestionAnswered = "question-answered"
	// FaultNotTheLeader: the person leads neither the performer who asked nor works for operations.
	FaultNotTheLeader = "not-the-leader"
	// FaultUnknownFinding: a finding of monitoring is "agreed" or "concern", and a concern is explained.
	FaultUnknownFinding = "unknown-finding"
	// FaultFoundAlready: somebody has looked at the outcome already and found something else.
	FaultFoundAlready = "found-already"
)

// AlreadyCompleted is the fault of a task that is done.
func AlreadyCompleted(task TaskID) *Fault {
	return NewFault(Conflict, FaultAlreadyCompleted, fmt.Sprintf("Task %s is completed already.", task))
}

// BeingCompleted is the fault of a task whose completion is being recorded at this moment.
func BeingCompleted(task TaskID) *Fault {
	return NewFault(Conflict, FaultBeingCompleted,
		fmt.Sprintf("A completion of task %s is being recorded at this moment. Read the task again in a few seconds.", task))
}

// NotAllocated is the fault of a task that nobody holds yet.
func NotAllocated(task TaskID) *Fault {
	return NewFault(Conflict, FaultNotAllocated, fmt.Sprintf("Task %s is not allocated to anybody yet.", task))
}

// NotThePerformer is the fault of acting on a task as, or on behalf of, somebody who does not hold it.
func NotThePerformer(task TaskID) *Fault {
	return NewFault(Forbidden, FaultNotThePerformer, fmt.Sprintf("Task %s is allocated to somebody else.", task))
}

// TaskTaken is the fault of claiming a task that is not in the pool, or that somebody is just taking.
func TaskTaken(task TaskID) *Fault {
	return remediable(Conflict, FaultTaskTaken, fmt.Sprintf("Task %s is taken.", task), "Read the pool again and take another task.")
}

// YoursAlready is the fault of claiming a task that one has: the answer to an earlier claim may have been lost.
func YoursAlready(task TaskID) *Fault {
	return remediable(Conflict, FaultHoldsAlready, fmt.Sprintf("You have task %s already.", task), "Nothing is left to claim: go on with it.")
}

// TaskIsSuspended is the fault of a task whose work is stopped: by a person, or by what its case waits for.
func TaskIsSuspended(task TaskID, by []string) *Fault {
	return remediable(Conflict, FaultTaskSuspended, fmt.Sprintf("Task %s is suspended (%s).", task, tellable(by)),
		"Nothing is lost: go on when the task is resumed. The team leader or operations know when.")
}

// OnHold is the fault of a case that waits; causes are those of its holds.
func OnHold(reference Reference, causes []string) *Fault {
	return remediable(Conflict, FaultOnHold, fmt.Sprintf("Case %s is on hold (%s).", reference, tellable(causes)),
		"Nothing is lost: go on when the hold has ended. Operations end it.")
}

// tellable lists, as performers may read it, why a task is suspended or for what its case waits.
func tellable(causes []string) string {
	told := make([]string, 0, len(causes))
	for _, cause := range causes {
		if cause == SuspendedByPerson {
			cause = "by a person"
		}
		cause = string(HoldCause(cause).For(AudiencePerformer))
		if !slices.Contains(told, cause) {
			told = append(told, cause)
		}
	}
	return strings.Join(told, ", ")
}

// TaskIsWithdrawn is the fault of a task whose case ended without it.
func TaskIsWithdrawn(task TaskID) *Fault {
	return NewFault(Conflict, FaultTaskWithdrawn, fmt.Sprintf("Task %s was withdrawn: its case needs it no more.", task))
}

// AnotherTask is the fault of naming a task for which the case does not wait.
func AnotherTask(waits, named TaskID) *Fault {
	return remediable(Conflict, FaultAnotherTask, fmt.Sprintf("The case waits for task %s, not %s.", waits, named), "Read the list of tasks again.")
}

// InThePool is the fault of taking a task from nobody.
func InThePool(task TaskID) *Fault {
	return remediable(Conflict, FaultInThePool, fmt.Sprintf("Task %s is in the pool: nobody has it.", task),
		"Name the performer who is to have it, or nudge the case: then the rule looks for somebody again.")
}

// HoldsAlready is the fault of giving a task to who has it.
func HoldsAlready(task TaskID, performer string) *Fault {
	return NewFault(Conflict, FaultHoldsAlready, fmt.Sprintf("%s has task %s already.", performer, task),
		Reason{Code: FaultHoldsAlready, Pointer: "/to", Detail: "The task is theirs.", Remedy: "Name somebody else."})
}

// HeldByAnother is the fault of taking a task from who has it no more.
func HeldByAnother(task TaskID, from string) *Fault {
	return remediable(Conflict, FaultHeldByAnother, fmt.Sprintf("%s does not have task %s any more.", from, task),
		"Nothing is to be done, unless it is to be taken from who has it now.")
}

// NotPermitted is the fault of asking for something in which only others have a say.
func NotPermitted(task TaskID, operation Operation, may []Party) *Fault {
	return remediable(Forbidden, FaultNotPermitted, fmt.Sprintf("You may not %s task %s.", operation, task),
		fmt.Sprintf("This is for: %s.", words(may)))
}

// NotEligible is the fault of giving a task to a performer whom the rules of allocation exclude; why are their codes.
// Performers and their leaders are not told why, because that might tell them whose script it is (domain §8.3, reading 9).
func NotEligible(task TaskID, performer string, actor Actor, why []string) *Fault {
	detail := fmt.Sprintf("%s may not perform task %s.", performer, task)
	if actor.Role != RoleOperator && actor.Role != RoleCaseworker || actor.OnBehalfOf != "" {
		return remediable(Refused, FaultNotEligible, detail, "Take another task, or name somebody else.")
	}
	reasons := make([]Reason, len(why))
	for i, code := range why {
		reasons[i] = Reason{Code: code, Pointer: "/to", Detail: fmt.Sprintf("Excluded: %s.", code), Remedy: "Name somebody else; an exclusion is never overruled."}
	}
	return NewFault(Refused, FaultNotEligible, detail, reasons...)
}

// ConflictSince is the fault of completing a task by a performer of whose interest the register has learned since they got
// it; why are the codes of the interests. As with NotEligible, performers are not told which it is.
func ConflictSince(task TaskID, performer string, actor Actor, why []string) *Fault {
	detail := fmt.Sprintf("%s may no longer perform task %s: a conflict of interest was declared after it was given out.", performer, task)
	if actor.Role == RoleOperator || actor.Role == RoleCaseworker {
		detail += fmt.Sprintf(" Excluded: %s.", list(why))
	}
	return remediable(Refused, FaultNotEligible, detail, "Release or decline the task because of the conflict, or have it reassigned: what is done already is not used.")
}

// NoHigherRank is the fault of sending a task up from the highest rank.
func NoHigherRank(task TaskID, rank Rank) *Fault {
	return remediable(Conflict, FaultNoHigherRank, fmt.Sprintf("Nobody has a higher rank than %s for task %s.", rank, task),
		"Ask operations, or release the task with a reason.")
}

// StandsIn says why somebody cannot act for the performer whom they name: they must be known, another person, and
// give a reason. A performer acts under their own token, which alone proves that it was them.
func StandsIn(actor Actor) *Fault {
	switch {
	case actor.Subject == "":
		return NewFault(Invalid, "actor-missing", "Whoever acts for a performer says who that is.")
	case actor.Subject == actor.OnBehalfOf:
		return NewFault(Forbidden, "actor-is-performer",
			"A performer does not act on behalf of themselves. Hand the completion in over the REST service, or name the operator who acts.")
	case actor.Reason == "":
		return NewFault(Invalid, FaultReasonMissing, "Whoever acts for a performer gives a reason.")
	}
	return nil
}

// remediable is a fault with one remedy.
func remediable(kind FaultKind, code, detail, remedy string) *Fault {
	return NewFault(kind, code, detail, Reason{Code: code, Detail: detail, Remedy: remedy})
}
