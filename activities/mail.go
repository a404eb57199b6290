package activities

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Ledger is the mail ledger's part that decides who gets a mail and claims it.
type Ledger interface {
	// Recipients lists whom a case's mail goes to, apart from operations.
	Recipients(ctx context.Context, in casework.MailInput) ([]docket.Recipient, error)
	// PrepareMails makes the rows that are missing, claims the first new one for an attempt at an instant and returns
	// all rows of the mail; the zero instant claims none.
	PrepareMails(ctx context.Context, in casework.MailInput, to []docket.Recipient, at time.Time) ([]docket.Mail, error)
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
}

// Shelf is where stored letters are read from.
type Shelf interface {
	// Get reads the pinned version of a file and checks its hash.
	Get(ctx context.Context, file casework.FileRef) ([]byte, error)
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
	Shelf     Shelf
	Post      Post
	// Operations receives alerts.
	Operations docket.Recipient
	// EventWait is how long a delivery event is waited for after an answer was lost; 15 minutes in production.
	EventWait time.Duration
	// Now is the starter's and worker's one clock.
	Now func() time.Time
}

// SendMails sends mails of one case, which are due at the same moment. One mail's trouble does not hold back another;
// the retry meets only the rest.
func (m *Mailroom) SendMails(ctx context.Context, mails []casework.MailInput) (casework.MailResult, error) {
	var result casework.MailResult
	var waiting, never error
	notices := map[casework.Reference]docket.Notice{}
	for _, in := range texts(mails) {
		sent, err := m.sendMail(ctx, in, notices)
		result = result.Plus(sent)
		if _, no := Fault(err); !no {
			waiting = errors.Join(waiting, err)
		} else if never == nil {
			never = err
		}
	}
	if waiting != nil {
		return result, m.retry(waiting)
	}
	return result, never
}

// SendMails is an errand, because it calls SES.
func SendMails(ctx workflow.Context, mails []casework.MailInput) (casework.MailResult, error) {
	var room *Mailroom
	var kinds []string
	for _, in := range mails {
		kinds = append(kinds, string(in.Kind))
	}
	return errand(ctx, mailAttempt, "Send the "+strings.Join(kinds, " and the ")+" mail", room.SendMails, mails)
}

// sendMail sends a case's mail of one kind to everybody it concerns, each at most once. Promise: no duplicate
// whenever SES answers; where its answer is lost, the delivery event decides, and without one the mail is
// repeated once and listed.
func (m *Mailroom) sendMail(ctx context.Context, in casework.MailInput, notices map[casework.Reference]docket.Notice) (casework.MailResult, error) {
	notice, known := notices[in.Reference]
	if !known {
		var err error
		if notice, err = m.Documents.Notice(ctx, in.Reference); err != nil {
			return casework.MailResult{}, Failure(err)
		}
		notices[in.Reference] = notice
	}
	to, err := m.recipients(ctx, in, notice)
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
	var missing casework.MailResult
	switch {
	case len(to) > 0:
	case in.About == casework.AboutHolder, in.Kind == casework.MailReminder, in.Kind == casework.MailNudge:
		return casework.MailResult{}, nil // Nobody holds the task any more, so nobody has to be reminded of it.
	case in.About == casework.AboutApprover:
		return casework.MailResult{}, nil // The system held the case, and nobody had to agree.
	case in.Kind == casework.MailEscalation:
		to, notice.Unled = []docket.Recipient{m.Operations}, in.About != string(casework.ActEscalateOperations)
	case in.Kind == casework.MailQuestion:
		to = []docket.Recipient{m.Operations}
	default:
		in, to, missing = unaddressed(in), []docket.Recipient{m.Operations}, casework.MailResult{Unaddressed: 1}
	}
	message, attachments, err := m.write(ctx, in, notice)
	if err != nil {
		return casework.MailResult{}, fmt.Errorf("write the %s mail of case %s: %w", in.Kind, in.Reference, err)
	}
	sent, err := m.notBefore(in.At).deliverAll(ctx, in, to, message, attachments)
	return sent.Plus(missing), err
}

// texts are the mails with one for every reader who has a text of their own: a warning and a breach go to operations and
// to whoever holds the task, a duty that ran out to the centre and to operations, a hold to the centre and to who agreed.
func texts(mails []casework.MailInput) []casework.MailInput {
	var all []casework.MailInput
	for _, in := range mails {
		all = append(all, in)
		switch {
		case in.About != "":
			continue
		case in.Kind == casework.MailWarning, in.Kind == casework.MailBreach:
			in.About = casework.AboutHolder
		case in.Kind == casework.MailLapsed:
			in.About = casework.AboutOperations
		case in.Kind == casework.MailHeld:
			in.About = casework.AboutApprover
		default:
			continue
		}
		all = append(all, in)
	}
	return all
}

// unaddressed is the mail to operations in the place of one that nobody can be sent.
func unaddressed(in casework.MailInput) casework.MailInput {
	in.Kind, in.About = casework.MailNoRecipient, string(in.Kind)
	return in
}

// recipients are whom a mail goes to. A notice names the centre's; a performer's address must never stand in one.
func (m *Mailroom) recipients(ctx context.Context, in casework.MailInput, notice docket.Notice) ([]docket.Recipient, error) {
	switch {
	case in.About == casework.AboutHolder, in.About == casework.AboutApprover:
		return m.Ledger.Recipients(ctx, in)
	case in.About == casework.AboutOperations, in.Kind.ToOperations():
		return []docket.Recipient{m.Operations}, nil
	case in.Kind.ToCentre():
		return notice.To, nil
	default:
		return m.Ledger.Recipients(ctx, in)
	}
}

// write words a mail. With the outcome goes the letter that is stored, whatever a letter printed now would say.
func (m *Mailroom) write(ctx context.Context, in casework.MailInput, notice docket.Notice) (docket.Message, []docket.Attachment, error) {
	message, err := m.Writer.Mail(in, notice)
	if err != nil || in.Kind != casework.MailOutcome {
		return message, nil, err
	}
	letter, ok := notice.Case.Document(docket.OutcomeLetterPDF)
	if !ok {
		return message, nil, errors.New("the outcome letter is not stored yet")
	}
	body, err := m.Shelf.Get(ctx, letter.File)
	if err != nil {
		return message, nil, err
	}
	name := fmt.Sprintf("outcome-%s.pdf", in.Reference)
	return message, []docket.Attachment{{Name: name, MediaType: PDF, Body: body}}, nil
}
