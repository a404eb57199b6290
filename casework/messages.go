package casework

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Names of the messages that a case's workflow takes. An Update and a Signal share a name where an
// operator may do by Signal what a performer does by Update (architecture §3.8).
const (
	// UpdateOpen waits for the opening step and answers with Opened; it takes no argument.
	UpdateOpen = "open"
	// MessageComplete takes a CompleteRequest and, as an Update, answers with Completed.
	MessageComplete = "complete"
	// MessageRecalculate takes a RecalculateRequest and, as an Update, answers with a Recalculation.
	MessageRecalculate = "recalculate"
	// MessageTask takes a TaskRequest and, as an Update, answers with TaskDone.
	MessageTask = "task"
	// MessageReassign is MessageTask with the operation reassign, under the name that operators look for.
	MessageReassign = "reassign"
	// MessageHold takes a HoldRequest, MessageResume a ResumeRequest; as Updates they answer with Held.
	MessageHold   = "hold"
	MessageResume = "resume"
	// MessageNudge takes a NudgeRequest and, as an Update, answers with Nudged.
	MessageNudge = "nudge"
	// SignalReallocate asks a case that waits in the pool to try again, after a change of the roster.
	SignalReallocate = "reallocate"
	// SignalAwardSettled tells a decided case that its award review is settled.
	SignalAwardSettled = "award-settled"
)

// CompleteRequest asks a case to take a completion.
type CompleteRequest struct {
	Completion Completion `json:"completion"`
	Actor      Actor      `json:"actor"`
	// Key tells the person's Idempotency-Key at this door from every other; empty for a Signal. A key is good for
	// one completion only.
	Key string `json:"key,omitempty"`
	// ReceivedAt is stamped by the starter, in UTC; a Signal may leave it out.
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
}

// Completed is what a performer is told when the completion was taken.
type Completed struct {
	Reference   Reference `json:"reference"`
	Task        TaskID    `json:"task"`
	Stage       Stage     `json:"stage"`
	PublishedAt time.Time `json:"publishedAt"`
}

// MailKind names a mail that a case sends; with case, recipient and number it is sent at most once.
type MailKind string

const (
	// MailAcknowledgement tells exams officer and requester that the request is open, with its dates and fees.
	MailAcknowledgement MailKind = "acknowledgement"
	// MailTask tells a performer that a task waits; it names neither centre nor candidate.
	MailTask MailKind = "task"
	// MailNobody tells operations that nobody eligible could be found for a task.
	MailNobody MailKind = "nobody-eligible"
	// MailWarning tells operations that an sla clock runs out soon.
	MailWarning MailKind = "sla-warning"
	// MailBreach tells operations that an sla clock ran out.
	MailBreach MailKind = "sla-breach"
	// MailComponentOutcome tells the centre that a component's outcome is published while linked cases are open.
	MailComponentOutcome MailKind = "component-outcome"
	// MailOutcome sends the outcome letter to exams officer and requester.
	MailOutcome MailKind = "outcome"
	// MailInvoice sends a month's invoice to the centre.
	MailInvoice MailKind = "invoice"
	// MailReminder reminds the performer of a task's deadline.
	MailReminder MailKind = "task-reminder"
	// MailEscalation tells the performer's lead, the chief or operations that it has passed.
	MailEscalation MailKind = "task-escalation"
	// MailChase reminds the centre of a duty of its own.
	MailChase MailKind = "duty-chase"
	// MailLapsed tells centre and operations that it ran out.
	MailLapsed MailKind = "duty-lapsed"
	// MailHeld tells the centre that the case waits, for what, and what becomes of its dates, and the approver that they
	// are named as having agreed.
	MailHeld MailKind = "case-held"
	// MailResumed tells the centre that the case goes on.
	MailResumed MailKind = "case-resumed"
	// MailNudge reminds the performer who holds the task, because an operator asked for it.
	MailNudge MailKind = "nudge"
	// MailQuestion tells a team leader that a performer asks something.
	MailQuestion MailKind = "question"
	// MailAnswer tells the performer that it is answered.
	MailAnswer MailKind = "answer"
	// MailUnrecorded tells operations that a deadline has passed which no worker has recorded.
	MailUnrecorded MailKind = "clock-unrecorded"
	// MailStuck tells operations that a case does not move.
	MailStuck MailKind = "case-stuck"
	// MailDigest is the day's list of what is due, for a lead, a centre or operations; it is about no single case.
	MailDigest MailKind = "digest"
	// MailWebhookDead tells operations that a webhook could not be delivered in three days; it is about no case.
	MailWebhookDead MailKind = "webhook-dead"
	// MailNoRecipient tells operations that a mail could be sent to nobody, because the register knows no contact.
	MailNoRecipient MailKind = "no-recipient"
)

// MailKinds lists every kind; the database's CHECK is compared with it.
func MailKinds() []MailKind {
	return []MailKind{
		MailAcknowledgement, MailTask, MailNobody, MailWarning, MailBreach, MailComponentOutcome, MailOutcome, MailInvoice,
		MailReminder, MailEscalation, MailChase, MailLapsed, MailHeld, MailResumed, MailNudge, MailQuestion, MailAnswer,
		MailUnrecorded, MailStuck, MailDigest, MailWebhookDead, MailNoRecipient,
	}
}

// ToCentre reports whether mails of the kind go to the centre's exams officers and to whoever asked for the service.
func (k MailKind) ToCentre() bool {
	switch k {
	case MailAcknowledgement, MailComponentOutcome, MailOutcome, MailInvoice, MailChase, MailLapsed, MailHeld, MailResumed:
		return true
	default:
		return false
	}
}

// ToOperations reports whether mails of the kind go to operations.
func (k MailKind) ToOperations() bool {
	switch k {
	case MailNobody, MailWarning, MailBreach, MailUnrecorded, MailStuck, MailWebhookDead, MailNoRecipient:
		return true
	default:
		return false
	}
}

// MailInput asks for a mail of one kind about a case, or about an invoice, to be sent to everybody it concerns.
type MailInput struct {
	Reference Reference `json:"reference,omitempty"`
	// Invoice is the number of the invoice that the mail is about; Reference is empty then.
	Invoice string   `json:"invoice,omitempty"`
	Kind    MailKind `json:"kind"`
	// Number tells apart several mails of one kind in one case: the allocation's round, or 1.
	Number int `json:"number"`
	// Clock is the clock that a warning or breach is about.
	Clock ClockID `json:"clock,omitempty"`
	// About tells apart what number and clock do not: the kind of the mail that had no recipient, the act of a
	// deadline, the day and the reader of a digest.
	About string `json:"about,omitempty"`
	// At is the case's instant when the mail was decided, in UTC.
	At time.Time `json:"at"`
}

// What MailInput.About says where a mail of one kind has a text of its own for another reader.
const (
	// AboutHolder: a warning or a breach, for the performer who holds the task; it names neither centre nor candidate.
	AboutHolder = "holder"
	// AboutOperations: a duty of the centre that ran out, for operations.
	AboutOperations = "operations"
	// AboutApprover: a hold, for who agreed to it; it names neither candidate nor grade.
	AboutApprover = "approver"
)

// MailResult counts what became of the mails.
type MailResult struct {
	Sent int `json:"sent"`
	// Uncertain mails were handed to SES, whose answer was lost; they are listed for a person.
	Uncertain int `json:"uncertain"`
	// Refused mails will never be sent, because SES said so; they are listed for a person.
	Refused int `json:"refused,omitempty"`
	// Unaddressed mails had no recipient; operations were told instead.
	Unaddressed int `json:"untold,omitempty"`
}

// Plus adds up what became of two lots of mails.
func (r MailResult) Plus(other MailResult) MailResult {
	return MailResult{
		Sent: r.Sent + other.Sent, Uncertain: r.Uncertain + other.Uncertain,
		Refused: r.Refused + other.Refused, Unaddressed: r.Unaddressed + other.Unaddressed,
	}
}

// ErrandQueue is the task queue of mails, letters and files beside the one of a worker's cases, so that an outage
// or the pace of the mail service never holds up a step.
func ErrandQueue(queue string) string { return queue + "-errands" }

// CaseInput asks for something to be done for a case at an instant of the case's clock.
type CaseInput struct {
	Reference Reference `json:"reference"`
	At        time.Time `json:"at"`
}

// SettledNotice tells the members of an award review that it is settled.
type SettledNotice struct {
	From    Reference   `json:"from"`
	Members []Reference `json:"members"`
}

// InvoiceRunInput starts the run of one body's invoices of one month.
type InvoiceRunInput struct {
	Body string `json:"body"`
	// Month is the first day of the month up to whose end lines are invoiced.
	Month       calendar.Date `json:"month"`
	ClockOffset time.Duration `json:"clockOffset,omitempty"`
}

// InvoiceIssue asks for the invoices of a run to be issued, at an instant in UTC.
type InvoiceIssue struct {
	Body  string        `json:"body"`
	Month calendar.Date `json:"month"`
	At    time.Time     `json:"at"`
}

// InvoiceDelivery asks for one issued invoice to be printed, stored and mailed.
type InvoiceDelivery struct {
	Number string    `json:"number"`
	At     time.Time `json:"at"`
}

// InvoiceRunResult lists the numbers of the invoices of a run.
type InvoiceRunResult struct {
	Numbers []string `json:"numbers"`
	// Failed are the numbers of those that could not be delivered, whatever was tried; the others were.
	Failed []string `json:"failed,omitempty"`
}

// InvoiceRunWorkflowID is the business id of a run: there is one per body and month.
func InvoiceRunWorkflowID(body string, month calendar.Date) string {
	return fmt.Sprintf("invoice-run/%s/%04d-%02d", body, month.Year, int(month.Month))
}
