package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Batch is several cases that are told the same.
type Batch struct {
	// ID looks like "b_…".
	ID      string
	Command casework.BatchCommand
	// Digest names what was agreed to: the command and its cases.
	Digest string
	MadeAt time.Time
	// EndedAt is zero while cases wait.
	EndedAt time.Time
	// Waiting, Done and Refused count the cases in each state; they add up to all.
	Waiting int
	Done    int
	Refused int
	// Items are the cases in the order in which they are told; a list of batches leaves them out.
	Items []BatchItem
}

// BatchItem is what became of one case of a batch.
type BatchItem struct {
	casework.BatchTarget

	State casework.BatchItemState
	// Why says why a case refused.
	Why string
	// At is when the case answered; zero while it has not.
	At time.Time
}

// BatchCandidate is a case that a batch might be about, with what decides whether it fits.
type BatchCandidate struct {
	casework.BatchTarget

	// Body is the id of the case's awarding body.
	Body  string
	Stage casework.Stage
	// TaskState is that of the case's last task; empty if it has none.
	TaskState casework.TaskState
	HeldFor   []casework.HoldCause
}

// BatchSelection picks the cases of a batch; empty fields do not narrow.
type BatchSelection struct {
	// References names the cases; empty lets the others pick.
	References []casework.Reference
	Centre     string
	Stage      casework.Stage
	Service    casework.Service
	Series     string
	SLAState   casework.SLAState
	// HeldFor narrows to cases that wait for a cause.
	HeldFor casework.HoldCause
	// Assignee narrows to cases whose task is held by a performer.
	Assignee string
	// WithTask narrows to cases that have a task which is not at its end.
	WithTask bool
	// Limit is how many are read at most.
	Limit int
}

// BatchFilter is a page of the batches, the newest first.
type BatchFilter struct {
	// BeforeMade and BeforeID are the keyset cursor: the last batch of the page before.
	BeforeMade time.Time
	BeforeID   string
	Limit      int
}
