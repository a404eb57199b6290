package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Ledger is the mail ledger's part that decides who gets a mail and claims it.
type Ledger interface {
	// Recipients lists whom a case's mail of this kind goes to, apart from operations.
	Recipients(ctx context.Context, ref casework.Reference, kind casework.MailKind) ([]docket.Recipient, error)
	// PrepareMails makes the rows that are missing and returns all rows of the mail.
	PrepareMails(ctx context.Context, in casework.MailInput, to []docket.Recipient) ([]docket.Mail, error)
	// ClaimMail moves a new row, or with resend an uncertain one that was never repeated, to sending.
	ClaimMail(ctx context.Context, id int64, at time.Time, resend bool) (claimed bool, err error)
	// ReleaseMail moves a row back to new when SES certainly did not take the mail.
	ReleaseMail(ctx context.Context, id int64) error
}

// Outcomes records what became of a mail.
type Outcomes interface {
	MarkMailSent(ctx context.Context, id int64, messageID string, at time.Time) error
	MarkMailUncertain(ctx context.Context, id int64, at time.Time) error
	MarkMailRefused(ctx context.Context, id int64, why string, at time.Time) error
}

// Writer words the mails.
type Writer interface {
	Mail(in casework.MailInput, notice docket.Notice) (docket.Message, error)
	OutcomePDF(docket.Notice) ([]byte, error)
}

// Post hands mails to SES. Send returns a *casework.Fault of kind Refused if SES will never send the mail, one
// of kind Unavailable if it certainly did not take it, and docket.ErrUncertain if its answer was lost.
type Post interface {
	Send(ctx context.Context, envelope docket.Envelope) (messageID string, err error)
	// Delivered asks whether a delivery event was seen for the row.
	Delivered(ctx context.Context, ledgerID int64) (messageID string, delivered bool, err error)
}

// Mailroom holds the activity that sends a case's mails.
type Mailroom struct {
	Documents Documents
	Ledger    Ledger
	Outcomes  Outcomes
	Writer    Writer
	Post      Post
	// Operations receives alerts.
	Operations docket.Recipient
	// EventWait is how long a delivery event is waited for after an answer was lost; 15 minutes in production.
	EventWait time.Duration
	// Now is the starter's and worker's one clock.
	Now func() time.Time
}

// SendMail sends a case's mail of one kind to everybody it concerns, each at most once. Promise: no duplicate
// whenever SES answers; where its answer is lost, the delivery event decides, and without one the mail is
// repeated once and listed.
func (m *Mailroom) SendMail(ctx context.Context, in casework.MailInput) (casework.MailResult, error) {
	notice, err := m.Documents.Notice(ctx, in.Reference)
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
	to, err := m.recipients(ctx, in)
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
	mails, err := m.Ledger.PrepareMails(ctx, in, to)
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
	message, attachments, err := m.write(in, notice)
	if err != nil {
		return casework.MailResult{}, fmt.Errorf("write the %s mail of case %s: %w", in.Kind, in.Reference, err)
	}
	return m.notBefore(in.At).deliverAll(ctx, mails, message, attachments)
}

// notBefore is the room with a clock that never shows an instant before a mail's cause: a worker's clock may lag
// behind the server's, and the local stack's moves after its cases.
func (m *Mailroom) notBefore(cause time.Time) *Mailroom {
	room := *m
	room.Now = func() time.Time { return shown(cause, m.Now()) }
	return &room
}

// deliverAll sends the message to every row's recipient. One recipient's trouble does not hold back another's
// mail; the retry meets only the rest.
func (m *Mailroom) deliverAll(ctx context.Context, mails []docket.Mail, message docket.Message, attachments []docket.Attachment) (casework.MailResult, error) {
	var result casework.MailResult
	var waiting error
	for _, mail := range mails {
		envelope := docket.Envelope{LedgerID: mail.ID, To: mail.Recipient, Message: message, Attachments: attachments}
		state, err := m.deliver(ctx, mail, envelope)
		switch {
		case err != nil:
			waiting = errors.Join(waiting, err)
		case state == docket.MailSent:
			result.Sent++
		case state == docket.MailUncertain:
			result.Uncertain++
		}
	}
	return result, m.retry(waiting)
}

// SendMail is an ordinary activity, because it calls SES.
func SendMail(ctx workflow.Context, in casework.MailInput) (casework.MailResult, error) {
	var room *Mailroom
	return ordinary(ctx, mailAttempt, "Send the "+string(in.Kind)+" mail", room.SendMail, in)
}

func (m *Mailroom) recipients(ctx context.Context, in casework.MailInput) ([]docket.Recipient, error) {
	switch in.Kind {
	case casework.MailNobody, casework.MailWarning, casework.MailBreach:
		return []docket.Recipient{m.Operations}, nil
	default:
		return m.Ledger.Recipients(ctx, in.Reference, in.Kind)
	}
}

func (m *Mailroom) write(in casework.MailInput, notice docket.Notice) (docket.Message, []docket.Attachment, error) {
	message, err := m.Writer.Mail(in, notice)
	if err != nil || in.Kind != casework.MailOutcome {
		return message, nil, err
	}
	letter, err := m.Writer.OutcomePDF(notice)
	if err != nil {
		return message, nil, err
	}
	name := fmt.Sprintf("outcome-%s.pdf", in.Reference)
	return message, []docket.Attachment{{Name: name, MediaType: PDF, Body: letter}}, nil
}

// errAwaitEvent says that a mail's fate is not known yet.
var errAwaitEvent = errors.New("waiting for the delivery event of a mail whose answer was lost")

// deliver takes one row as far as it can go now.
func (m *Mailroom) deliver(ctx context.Context, mail docket.Mail, envelope docket.Envelope) (docket.MailState, error) {
	switch mail.State {
	case docket.MailSent, docket.MailRefused:
		return mail.State, nil
	case docket.MailSending, docket.MailUncertain:
		return m.resolve(ctx, mail, envelope)
	case docket.MailNew:
	}
	claimed, err := m.Ledger.ClaimMail(ctx, mail.ID, m.Now(), false)
	if err != nil {
		return mail.State, err
	}
	if !claimed {
		// Another attempt of this activity is at work on the row; the retry will find what became of it.
		return mail.State, errAwaitEvent
	}
	return m.post(ctx, mail.ID, envelope)
}

// resolve finds out what became of a mail that was handed to SES by an attempt that did not live to record
// the answer.
func (m *Mailroom) resolve(ctx context.Context, mail docket.Mail, envelope docket.Envelope) (docket.MailState, error) {
	messageID, delivered, err := m.Post.Delivered(ctx, mail.ID)
	if err != nil {
		return mail.State, err
	}
	if delivered {
		return docket.MailSent, m.Outcomes.MarkMailSent(ctx, mail.ID, messageID, m.Now())
	}
	if mail.State == docket.MailSending {
		if err := m.Outcomes.MarkMailUncertain(ctx, mail.ID, m.Now()); err != nil {
			return mail.State, err
		}
	}
	if m.Now().Sub(mail.SendingSince) < m.EventWait {
		return docket.MailUncertain, errAwaitEvent
	}
	claimed, err := m.Ledger.ClaimMail(ctx, mail.ID, m.Now(), true)
	if err != nil {
		return docket.MailUncertain, err
	}
	if !claimed {
		return docket.MailUncertain, nil
	}
	return m.post(ctx, mail.ID, envelope)
}

func (m *Mailroom) post(ctx context.Context, id int64, envelope docket.Envelope) (docket.MailState, error) {
	messageID, err := m.Post.Send(ctx, envelope)
	fault, no := asFault(err)
	switch {
	case err == nil:
		return docket.MailSent, m.Outcomes.MarkMailSent(ctx, id, messageID, m.Now())
	case no && fault.Kind == casework.Refused:
		return docket.MailRefused, m.Outcomes.MarkMailRefused(ctx, id, fault.Detail, m.Now())
	case no && fault.Kind == casework.Unavailable:
		return docket.MailNew, errors.Join(err, m.Ledger.ReleaseMail(ctx, id))
	default:
		return docket.MailUncertain, errors.Join(errAwaitEvent, err, m.Outcomes.MarkMailUncertain(ctx, id, m.Now()))
	}
}

// eventPoll is how often a delivery event is asked for.
const eventPoll = 5 * time.Second

// retry makes Temporal come back at the pace at which events arrive, rather than back off.
func (m *Mailroom) retry(waiting error) error {
	if !errors.Is(waiting, errAwaitEvent) {
		return waiting
	}
	return temporal.NewApplicationErrorWithOptions(waiting.Error(), "mail-uncertain", temporal.ApplicationErrorOptions{
		NextRetryDelay: min(eventPoll, m.EventWait),
		Cause:          waiting,
	})
}
