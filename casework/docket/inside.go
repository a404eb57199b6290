package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Inside is what only people of the awarding body see of a case beside its page and its trail.
type Inside struct {
	// Tasks are the case's tasks with their holders, the first one first.
	Tasks []DeskTask
	// Findings are the open ones, the earliest first.
	Findings []Finding
}

// DeskTask is a task as operations see it: by whom it is held and until when, without its sheet.
type DeskTask struct {
	ID    casework.TaskID
	Kind  casework.TaskKind
	State casework.TaskState
	// SuspendedBy lists for what the task waits; empty unless it is suspended.
	SuspendedBy []string
	// Assignee is the holder's id and AssigneeName their name; both empty if the task is in the pool.
	Assignee     string
	AssigneeName string
	// Leader is the id of the holder's team leader; empty if nobody leads them.
	Leader string
	// The instants are in UTC, zero if there is none. Due is the last second of the case's outcome clock.
	ReservedAt  time.Time
	StartedAt   time.Time
	StartBy     time.Time
	CompleteBy  time.Time
	CompletedAt time.Time
	Due         time.Time
	// StoppedAt is from when on nobody may work on it, so that its deadlines stand still.
	StoppedAt time.Time
	// LeastRank is the lowest rank that may take the task; empty if any may.
	LeastRank casework.Rank
}
