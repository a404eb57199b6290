package casework

import "fmt"

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
