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
	// TaskTimes are the deadlines of a task in somebody's hands, with the instants at which they remind and escalate.
	TaskTimes(task Assignment) (casework.TaskTimes, error)
}

// Assignment is a task in somebody's hands: all from which its deadlines are counted.
type Assignment struct {
	// Version is the version of the rules to which the case is pinned.
	Version string
	Service casework.Service
	Kind    casework.TaskKind
	// GivenAt is when its holder was given it, in UTC; Started says whether they have begun.
	GivenAt time.Time
	Started bool
	// Stops are the times since then in which nobody might work on it, one after the other; only the latest may last.
	Stops []Stop
	// OutcomeEnds is the exclusive end of the case's outcome clock as it is now, in UTC; zero if it has none.
	OutcomeEnds time.Time
}

// Stop is a time for which a task was stopped, whoever and whatever stopped it. From is included and Until is not, both in
// UTC; a zero Until is one that lasts.
type Stop struct {
	From  time.Time
	Until time.Time
	// OutcomeEnds is where the outcome clock ended before the stop, in UTC, so that a deadline that had passed by then is
	// still known when the clock has moved.
	OutcomeEnds time.Time
}

// Lasts reports whether nobody has let the task go on yet.
func (s Stop) Lasts() bool { return s.Until.IsZero() }

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
