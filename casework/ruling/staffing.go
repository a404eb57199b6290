package ruling

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
)

// Staffing are the rules by which a case's task is given to somebody.
type Staffing interface {
	// Choose names who performs the task and proves it.
	Choose(task allocation.Task, roster []allocation.Performer) allocation.Proof
	// LeastRank is the lowest rank that may carry out a task; empty if any may.
	LeastRank(version string, service casework.Service, kind casework.TaskKind) (casework.Rank, error)
	// TaskTimes are the deadlines of a task that is given to somebody at an instant, or, if it is started, that is
	// started already; outcomeEnds is the exclusive end of the case's outcome clock. All in UTC.
	TaskTimes(version string, service casework.Service, kind casework.TaskKind, from time.Time, started bool, outcomeEnds time.Time) (casework.TaskTimes, error)
}

// Change is what a completion did to a component's mark, by which a policy asks for a second look. Grades and
// boundaries are no part of it: a crossed boundary is no reason to look again (domain §8.3, reading 4).
type Change struct {
	// Before and After are the component's marks, Max its maximum; Items is how many items changed.
	Before, After, Max int
	Items              int
}

// Scrutiny are the rules about looking again.
type Scrutiny interface {
	// SecondLook reports whether another performer looks before the outcome is published.
	SecondLook(version string, service casework.Service, change Change) (bool, error)
	// Sampled reports whether an unchanged outcome is drawn for monitoring; the same case is always drawn or never.
	Sampled(version string, service casework.Service, reference casework.Reference) (bool, error)
}
