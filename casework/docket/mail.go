package docket

import (
	"errors"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// MailState is the life of a row of the mail ledger: new, then sending, then sent or uncertain or refused.
type MailState string

const (
	// MailNew: nothing was handed to SES.
	MailNew MailState = "new"
	// MailSending: handed to SES, whose answer is not recorded yet.
	MailSending MailState = "sending"
	// MailSent is final: SES accepted the mail, or its delivery was seen.
	MailSent MailState = "sent"
	// MailUncertain: SES may have accepted the mail and its answer was lost; it is listed for a person.
	MailUncertain MailState = "uncertain"
	// MailRefused is final: SES will not send this mail; it is listed for a person.
	MailRefused MailState = "refused"
)

// MailStates lists every state; the database's CHECK is compared with it.
func MailStates() []MailState {
	return []MailState{MailNew, MailSending, MailSent, MailUncertain, MailRefused}
}

// Mail is one row of the ledger: one mail to one recipient, which is sent at most once unless SES loses its
// answer (architecture §6).
type Mail struct {
	ID        int64
	Reference casework.Reference
	// Invoice is the number of the invoice that the mail is about; Reference is empty then.
	Invoice string
	Kind    casework.MailKind
	Number  int
	Clock   casework.ClockID
	// About is that of the mail's input: what else tells mails of one kind apart.
	About     string
	Recipient Recipient
	State     MailState
	// Claimed is true for the attempt that has just moved the mail from new to sending, and for no other.
	Claimed bool
	// SendingSince is when the mail was last handed to SES, in UTC.
	SendingSince time.Time
	// Resent is true once the one repeat after a lost answer was made.
	Resent bool
	// MessageID is what SES called the mail.
	MessageID string
	SentAt    time.Time
}

// Message is a mail's content.
type Message struct {
	Subject string
	Text    string
	HTML    string
}

// Attachment is a file that goes with a mail.
type Attachment struct {
	Name      string
	MediaType string
	Body      []byte
}

// Envelope is a mail ready to be handed to SES.
type Envelope struct {
	// LedgerID travels as a message tag, so that a delivery event finds its row.
	LedgerID int64
	To       Recipient
	Message
	Attachments []Attachment
}

// ErrUncertain marks the error of a mail that was handed to SES and whose answer was lost: it may or may not
// have been accepted.
var ErrUncertain = errors.New("the mail service was asked to send and gave no answer")
