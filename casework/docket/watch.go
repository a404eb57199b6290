package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// EventType is the type of an event that other systems are told, such as "case.clock.breached".
type EventType string

const (
	// EventClockWarned: a warn point of an sla clock has passed.
	EventClockWarned EventType = "case.clock.warned"
	// EventClockBreached: the end of an sla clock has passed.
	EventClockBreached EventType = "case.clock.breached"
	// EventClockUnrecorded: the end of an sla clock has passed, and no worker has recorded it.
	EventClockUnrecorded EventType = "case.clock.unrecorded"
	// EventHeld: the case waits for a cause.
	EventHeld EventType = "case.held"
	// EventResumed: the case no longer waits for it.
	EventResumed EventType = "case.resumed"
	// EventUnassigned: nobody eligible could be found for the case's task.
	EventUnassigned EventType = "case.unassigned"
	// EventStuck: the case does not move.
	EventStuck EventType = "case.stuck"
	// EventTest is about no case: somebody tries a webhook.
	EventTest EventType = "webhook.test"
	// EveryEvent stands for all of them where a webhook says what it wants.
	EveryEvent EventType = "*"
)

// EventTypes lists what a webhook may ask for, apart from EveryEvent; a test goes to whom it is meant for, asked or not.
func EventTypes() []EventType {
	return []EventType{
		EventClockWarned, EventClockBreached, EventClockUnrecorded, EventHeld, EventResumed, EventUnassigned, EventStuck,
	}
}

// Webhook is an address to which events are sent.
type Webhook struct {
	// ID looks like "wh_…".
	ID  string
	URL string
	// Events are the types that are sent; EveryEvent stands for all.
	Events []EventType
	// Generation counts the secrets that the webhook has had, from 1.
	Generation int
	MadeBy     string
	MadeAt     time.Time
	Active     bool
}

// DeliveryState is the life of a delivery: pending until it is delivered, or dead once an attempt has failed that was made
// after three days.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryDead      DeliveryState = "dead"
)

// Delivery is one event for one webhook.
type Delivery struct {
	// ID looks like "msg_…"; a receiver tells repeats by it.
	ID        string
	Webhook   string
	Event     EventType
	Reference casework.Reference
	// Body is the CloudEvent as it is signed and sent, to the byte.
	Body     string
	MadeAt   time.Time
	State    DeliveryState
	Attempts int
	// FirstAt is when the present round of attempts began, NextAt when the next is due, both in UTC.
	FirstAt time.Time
	NextAt  time.Time
	// LastStatus is the HTTP status of the last attempt, zero if there was no answer; LastError says what was wrong.
	LastStatus  int
	LastError   string
	DeliveredAt time.Time
	Replays     int
}

// DeliveryFilter narrows a list of deliveries, newest first by making and id.
type DeliveryFilter struct {
	// Webhook narrows to one webhook, State to one state; empty means every one.
	Webhook string
	State   DeliveryState
	// BeforeMade and BeforeID are the keyset cursor: the last delivery of the page before.
	BeforeMade time.Time
	BeforeID   string
	Limit      int
}

// FindingKind is what the watcher looks for.
type FindingKind string

const (
	// FindingUnrecorded: an sla clock's end has passed, and no worker has recorded it.
	FindingUnrecorded FindingKind = "clock-unrecorded"
	// FindingWorkflow: the case's workflow task fails again and again (TemporalReportedProblems).
	FindingWorkflow FindingKind = "workflow-failing"
	// FindingActivity: an activity of the case fails again and again.
	FindingActivity FindingKind = "activity-failing"
	// FindingNoProgress: something was due by itself and has not happened.
	FindingNoProgress FindingKind = "no-progress"
	// FindingNoWorkflow: the case is open and has no running workflow.
	FindingNoWorkflow FindingKind = "no-workflow"
	// FindingConflicted: whoever holds the case's task may not complete it, because a conflict was declared since they got it.
	FindingConflicted FindingKind = "holder-conflicted"
)

// FindingKinds lists every kind; the database's CHECK is compared with it.
func FindingKinds() []FindingKind {
	return []FindingKind{FindingUnrecorded, FindingWorkflow, FindingActivity, FindingNoProgress, FindingNoWorkflow, FindingConflicted}
}

// Mail is the kind of the mail by which operations are told of a finding.
func (k FindingKind) Mail() casework.MailKind {
	if k == FindingUnrecorded {
		return casework.MailUnrecorded
	}
	return casework.MailStuck
}

// Event is the type of the event by which other systems are told of a finding.
func (k FindingKind) Event() EventType {
	if k == FindingUnrecorded {
		return EventClockUnrecorded
	}
	return EventStuck
}

// Finding is something that the watcher found about a case, open until it is mended.
type Finding struct {
	ID        int64
	Reference casework.Reference
	Kind      FindingKind
	// About tells findings of one kind apart: the clock, the activity, the holder.
	About string
	// Detail is a sentence for operators, without personal data.
	Detail  string
	FoundAt time.Time
	// Lot is the id of the first of the findings that one mail tells of together; zero until a mail is made.
	Lot int64
	// ToldAt is when that mail had gone out, ClearedAt when the finding was mended; zero until then.
	ToldAt    time.Time
	ClearedAt time.Time
}

// Suspicion is a case that has to wait, or may go on, because of what its result's indicator says. Number counts the times
// that the case waits for it, from 1: whoever asks for the same again asks with the same number.
type Suspicion struct {
	Reference casework.Reference
	Number    int
}

// Swept is how many rows of a table were deleted because what they tell of ended long ago.
type Swept struct {
	Table string
	Rows  int
}

// Figure is one number for the metrics: of a name, and of a label's value where the name has a label.
type Figure struct {
	Name  string
	Label string
	Value float64
}

// Desk is what the page of operations counts.
type Desk struct {
	At         time.Time
	Open       int64
	Breached   int64
	DueIn24h   int64
	InPool     int64
	Held       int64
	AtCentre   int64
	Questions  int64
	Monitoring int64
	// Findings are the open ones, the latest first, 50 at most; FindingCount is how many there are.
	Findings     []Finding
	FindingCount int64
	DeadWebhooks int64
	// DoubtfulMails are those that are uncertain or refused; one that was repeated and then sent is none any more.
	DoubtfulMails int64
	// WatchedAt is when the watcher last looked; zero if never.
	WatchedAt time.Time
}

// DigestReader is whom a digest is for.
type DigestReader string

// The readers of digests.
const (
	DigestLead       DigestReader = "lead"
	DigestCentre     DigestReader = "centre"
	DigestOperations DigestReader = "operations"
)

// Digest is one day's list for one reader.
type Digest struct {
	Day    calendar.Date
	Reader DigestReader
	// ID is the lead's id or the centre's number; empty for operations.
	ID string
	// Title is the reader's name: the lead's or the centre's.
	Title string
	To    []Recipient
	// Overdue, Today and Soon are what ran out, what is due on the day, and what is due within the three days after it.
	Overdue []DigestLine
	Today   []DigestLine
	Soon    []DigestLine
}

// DigestLine is one thing that is due.
type DigestLine struct {
	Reference casework.Reference
	Service   casework.Service
	Component string
	// Clock is what is due; of a task, "start-by" or "complete-by". Kind says who owes it; it is empty for a task.
	Clock casework.ClockID
	Kind  casework.ClockKind
	Due   time.Time
	// Assignee names the task's holder to a lead and to operations; empty for a centre.
	Assignee string
	// WaitingOn says who acts next.
	WaitingOn string
}
