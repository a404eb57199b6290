package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// TaskNote is what a performer or a lead wrote beside a task; a centre never sees it.
type TaskNote struct {
	ID     int64
	Task   casework.TaskID
	Author string
	At     time.Time
	Text   string
	// File is an announced and verified upload of the task; nil if none.
	File *casework.FileRef
}

// Question is what a performer asked their team leader about a task, and the answer.
type Question struct {
	ID       int64
	Task     casework.TaskID
	AskedBy  string
	AskedAt  time.Time
	Question string
	// Leader is whom it was sent to; empty if nobody leads the performer: then operations are.
	Leader     string
	AnsweredBy string
	AnsweredAt time.Time
	Answer     string
}

// Monitored is one unchanged outcome that was drawn for a lead to look at.
type Monitored struct {
	ID        int64
	Task      casework.TaskID
	DrawnAt   time.Time
	Performer string
	Component string
	Service   casework.Service
	Monitor   string
	FoundAt   time.Time
	// Finding is "agreed" or "concern"; empty until somebody has looked.
	Finding string
	Note    string
}

// HeldLine is a hold that lasts, of a case that waits for it. Of a case that waits for several causes there are as many.
type HeldLine struct {
	Reference casework.Reference
	Service   casework.Service
	Component string
	Cause     casework.HoldCause
	BeganAt   time.Time
	// AskedBy and ApprovedBy are subjects, ApproverName the approver's name when they agreed; these two are empty where the
	// system asked.
	AskedBy      string
	ApprovedBy   string
	ApproverName string
}

// Hold is a time for which a case waits.
type Hold struct {
	Number int
	Cause  casework.HoldCause
	Reason string
	// AskedBy, ApprovedBy and EndedBy are subjects, which a centre never sees, nor ApproverName: the approver's name when
	// they agreed. Both are empty where the system asked.
	AskedBy      string
	ApprovedBy   string
	ApproverName string
	BeganAt      time.Time
	// EndedAt is zero while the hold lasts.
	EndedAt   time.Time
	EndedBy   string
	EndReason string
	Delivered bool
}
