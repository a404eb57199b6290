package casework

import (
	"fmt"
	"strings"
	"time"
)

// TaskID names a human task; it is the case's reference and a number, such as "R-…/1".
type TaskID string

// TaskOf is a task of a case, counted from 1: an enquiry has one, and another for every further look.
func TaskOf(ref Reference, number int) TaskID { return TaskID(fmt.Sprintf("%s/%d", ref, number)) }

// Reference is the case that the task belongs to.
func (id TaskID) Reference() Reference {
	ref, _, _ := strings.Cut(string(id), "/")
	return Reference(ref)
}

// TaskKind says what a task asks of its performer.
type TaskKind string

const (
	// TaskReview is the service itself: the review or the clerical check.
	TaskReview TaskKind = "review"
	// TaskSecondLook is another pair of eyes on a large change, before it is published (domain §8.3, reading 4).
	TaskSecondLook TaskKind = "second-look"
)

// TaskKinds lists every kind; the database's CHECK is compared with it.
func TaskKinds() []TaskKind { return []TaskKind{TaskReview, TaskSecondLook} }

// TaskState is the life of a human task, after WS-HumanTask and trimmed to what is used.
type TaskState string

const (
	// TaskReady: in the pool, nobody holds it.
	TaskReady TaskState = "ready"
	// TaskReserved: given to a performer, who has not started.
	TaskReserved TaskState = "reserved"
	// TaskInProgress: its performer has started.
	TaskInProgress TaskState = "in-progress"
	// TaskSuspended: held by its performer, and nobody may go on: the case waits for something, or a lead stopped it.
	TaskSuspended TaskState = "suspended"
	// TaskCompleted is final: its completion was taken.
	TaskCompleted TaskState = "completed"
	// TaskWithdrawn is final: the case ended without it.
	TaskWithdrawn TaskState = "withdrawn"
)

// TaskStates lists every task state; the database's CHECK is compared with it.
func TaskStates() []TaskState {
	return []TaskState{TaskReady, TaskReserved, TaskInProgress, TaskSuspended, TaskCompleted, TaskWithdrawn}
}

// Held reports whether a performer holds a task in this state.
func (s TaskState) Held() bool {
	return s == TaskReserved || s == TaskInProgress || s == TaskSuspended
}

// Final reports whether a task in this state can never change again.
func (s TaskState) Final() bool { return s == TaskCompleted || s == TaskWithdrawn }

// SheetItem is one question item as the performer sees it: its maximum and the mark first given.
type SheetItem struct {
	Item     string `json:"item"`
	Max      int    `json:"max"`
	Original int    `json:"original"`
}

// TaskSheet is what a completion is checked against. It is recorded in the case's history when the task
// is allocated, so that a wrong completion can be refused before it leaves a trace.
type TaskSheet struct {
	Task    TaskID      `json:"task"`
	Kind    TaskKind    `json:"kind"`
	Service Service     `json:"service"`
	Items   []SheetItem `json:"items"`
	// Corrected holds, of a second look, the items that the first performer changed: they may be changed again, and
	// never back to the mark first given, because a threshold may not discard a correction (domain §8.3, reading 4).
	Corrected []ItemMark `json:"corrected,omitempty"`
	// Rules is what the policy accepts in this task's completion, pinned when the task was made.
	Rules CompletionRules `json:"rules"`
}

// TaskTimes are the deadlines of a held task, in UTC; they are the body's own practice and no promise to a centre.
type TaskTimes struct {
	// StartBy is until when the performer should have started; zero once they have.
	StartBy time.Time `json:"startBy,omitzero"`
	// CompleteBy is until when the task should be completed; zero if the practice has none.
	CompleteBy time.Time `json:"completeBy,omitzero"`
	// Plan holds the reminders and escalations of both.
	Plan Plan `json:"plan,omitempty"`
}
