package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// notBefore is the room with a clock that never shows an instant before a mail's cause: a worker's clock may lag
// behind the server's, and the local stack's moves after its cases.
func (m *Mailroom) notBefore(cause time.Time) *Mailroom {
	room := *m
	room.Now = func() time.Time { return shown(cause, m.Now()) }
	return &room
}

// deliverAll sends the message to everybody. One recipient's trouble does not hold back another's mail; the retry
// meets only the rest. The first mail is claimed where the rows are made, because most have one recipient; a later
// one only when its turn comes, so that a crash in between leaves it new.
func (m *Mailroom) deliverAll(ctx context.Context, in casework.MailInput, to []docket.Recipient, message docket.Message, attachments []docket.Attachment) (casework.MailResult, error) {
	mails, err := m.Ledger.PrepareMails(ctx, in, to, m.Now())
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
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
		case state == docket.MailRefused:
			result.Refused++
		}
	}
	return result, m.retry(waiting)
}

// errAwaitEvent says that a mail's fate is not known yet.
var errAwaitEvent = errors.New("waiting for the delivery event of a mail whose answer was lost")

// deliver takes one row as far as it can go now.
func (m *Mailroom) deliver(ctx context.Context, mail docket.Mail, envelope docket.Envelope) (docket.MailState, error) {
	switch mail.State {
	case docket.MailSent, docket.MailRefused:
		return mail.State, nil
	case docket.MailSending, docket.MailUncertain:
		if mail.Claimed {
			return m.post(ctx, mail.ID, envelope)
		}
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
