// Package docket is what people are shown of a case: rows of a list, the case's page, its timeline, tasks,
// letters and invoices. It holds facts that the store reads and others write out; it decides nothing.
package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
)

// Case is one case as its centre and the awarding body see it.
type Case struct {
	Reference     casework.Reference
	Kind          casework.Kind
	Request       casework.EnquiryRequest
	RequestSHA256 string
	Stage         casework.Stage
	Refusal       *casework.Fault
	Requester     string
	ReceivedAt    time.Time
	// Version counts the changes of the case itself.
	Version  int64
	Policy   string
	SLAState casework.SLAState
	// WaitingOn says who acts next: "reviewer", "awarding body", "linked case", "centre", "nobody".
	WaitingOn string
	// NextActionAt is the next instant at which something happens by itself, in UTC; zero if nothing will.
	NextActionAt time.Time

	CentreName    string
	CandidateName string
	// SeriesTitle is what people call the series of the request; empty if the register does not know it.
	SeriesTitle     string
	ComponentTitle  string
	Qualification   string
	QualificationID string

	// Holds are the times for which the case waited or waits, the first one first.
	Holds     []Hold
	Clocks    []Clock
	Fees      []fee.Line
	Documents []Document
	// Outcome is nil until the component's outcome is published.
	Outcome *Outcome
	// Linked lists the other cases of the same award review.
	Linked []Linked
	// AppealUntil is the exclusive end of the appeal window, in UTC; zero before publication.
	AppealUntil time.Time
}

// Clock is one clock of a case with what became of it.
type Clock struct {
	deadline.Clock
	// Policy is the version of the rules by which the clock counts: the case's, or an earlier one if the case was
	// recalculated since and the clock was left alone.
	Policy     string
	BreachedAt time.Time
	// DetectedAt is when a warn or breach was recorded, which is later than its instant if no worker ran.
	DetectedAt time.Time
}

// Outcome is the published result of a case.
type Outcome struct {
	PublishedAt  time.Time
	MarkBefore   int
	MarkAfter    int
	ComponentMax int
	Items        []OutcomeItem
	// Reason is the code for an unchanged outcome.
	Reason string
	// Settled is true once every linked case is decided; grades are known only then.
	Settled     bool
	GradeBefore string
	GradeAfter  string
	// UnitGradeBefore and UnitGradeAfter are set in a unitised qualification.
	UnitGradeBefore string
	UnitGradeAfter  string
}

// OutcomeItem is one item of an outcome.
type OutcomeItem struct {
	Item   string
	Max    int
	Before int
	After  int
	Reason string
}

// Linked is another case of the same award review.
type Linked struct {
	Reference casework.Reference
	Component string
	Stage     casework.Stage
}

// Document finds the latest document of a kind; ok is false if the case has none.
func (c Case) Document(kind string) (latest Document, ok bool) {
	for _, document := range c.Documents {
		if document.Kind == kind {
			latest, ok = document, true
		}
	}
	return latest, ok
}

// Document is one stored file that the centre may open.
type Document struct {
	ID int64
	// Kind is "outcome-letter-html", "outcome-letter-pdf", "reviewed-script", "invoice-pdf".
	Kind      string
	File      casework.FileRef
	MediaType string
	// AvailableAt is when the centre could first open it, in UTC.
	AvailableAt time.Time
}

// FileName is what the document of a case is called where somebody saves it.
func (d Document) FileName(reference casework.Reference) string {
	extension := ".pdf"
	if d.MediaType != "application/pdf" {
		extension = ".html"
	}
	return string(reference) + "-" + d.Kind + extension
}

// Entry is one line of a case's timeline, from the audit trail.
type Entry struct {
	Number int64
	At     time.Time
	Actor  casework.Actor
	// What is a stable code such as "opened", "allocated", "outcome-published", "mail-sent", "clock-breached".
	What string
	// Facts are small public facts in the order in which they are to be read.
	Facts []Fact
	// Centre is false for entries that only the awarding body may see (the performer's name, the proof).
	Centre bool
	// Hash chains the entry to the one before of the same case.
	Hash string
}

// Fact is a name and a value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Filter narrows a list of cases; empty fields do not narrow.
type Filter struct {
	Centre string
	// Families limits to qualification families; empty means every family.
	Families []casework.Family
	Stage    casework.Stage
	Service  casework.Service
	Series   string
	SLAState casework.SLAState
	// HeldFor narrows to cases that wait now, for one cause of these at least.
	HeldFor []casework.HoldCause
	// Assignee narrows to the tasks' performer.
	Assignee string
	// After is the keyset cursor: the last reference and receipt of the page before.
	AfterReceived  time.Time
	AfterReference casework.Reference
	Limit          int
}

// Task is a human task as its performer sees it: no centre, no name, no grade, no boundary, no reason
// (domain §8.3, reading 9).
type Task struct {
	ID        casework.TaskID
	Reference casework.Reference
	State     casework.TaskState
	Assignee  string
	Component string
	Title     string
	Sheet     casework.TaskSheet
	// Due is the last second of the case's outcome clock, in UTC.
	Due time.Time
	// StartBy and CompleteBy are the task's own deadlines, in UTC; zero if it has none. While it is suspended they stand still:
	// they are what they were when it was stopped.
	StartBy    time.Time
	CompleteBy time.Time
	StartedAt  time.Time
	// Held lists for what the case waits while the task is suspended.
	Held []casework.HoldCause
	// Script is the anonymised copy; Scheme and Paper are the component's mark scheme and question paper.
	Script casework.FileRef
	Scheme casework.FileRef
	Paper  casework.FileRef
	// Draft is the performer's saved working, nil if there is none.
	Draft       *Draft
	CompletedAt time.Time
}

// Draft is unfinished work of a performer; it is never a fact of the case.
type Draft struct {
	Version    int64
	SavedAt    time.Time
	Completion casework.Completion
}

// Notice is everything that a case's letters and mails say. It holds names, so it never enters a workflow.
type Notice struct {
	Case      Case
	BodyName  string
	Centre    Centre
	Candidate string
	// To lists the recipients: exams officer first, then the requester if another person.
	To []Recipient
	// ReasonTexts spells out the reason codes that occur, in the order of the outcome's items.
	ReasonTexts []Fact
	// Task is the case's latest task; its ID is empty before the first allocation.
	Task NoticeTask
	// Unled is true of an escalation that operations read because the level that it is for is not there.
	Unled bool
}

// NoticeTask is a task as mails to people of the awarding body name it. A centre reads nothing of it.
type NoticeTask struct {
	ID   casework.TaskID
	Kind casework.TaskKind
	// Holder is the name of who holds it, empty if nobody does.
	Holder string
	// StartBy and CompleteBy are its deadlines, in UTC; zero if it has none. Stopped says that they stand still.
	StartBy    time.Time
	CompleteBy time.Time
	Stopped    bool
}

// Centre is a centre's address block.
type Centre struct {
	Number string
	Name   string
	// Address holds the lines of the postal address.
	Address []string
	Nation  string
}

// Recipient is a person to whom a mail goes.
type Recipient struct {
	Name    string
	Address string
}

// Invoice is one centre's invoice of one month.
type Invoice struct {
	Number   string
	Body     string
	BodyName string
	Centre   Centre
	// Month is the first day of the invoiced month.
	Month    calendar.Date
	IssuedAt time.Time
	Lines    []InvoiceLine
	// Partial is true if the invoice has lines that the reader may not see: Total is then that of Lines, and there is
	// no Document, which shows them all.
	Partial bool
	Total   fee.Pence
	To      []Recipient
	// Document is the stored PDF; its Key is empty until it is stored.
	Document casework.FileRef
}

// InvoiceLine is one fee line on an invoice.
type InvoiceLine struct {
	fee.Line
	Service   casework.Service
	Component string
	// CandidateNumber is the candidate's number at the centre, Candidate the name.
	CandidateNumber string
	Candidate       string
}
