package watcher

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// quiet is how long after a mail about findings the next one of its kind waits, so that an outage of everything is a few
// mails; the first finding is told at once.
const quiet = 45 * time.Second

// post sends mails by the ledger's promise.
type post interface {
	// Message sends a mail that is worded, each recipient once; no recipient stands for operations.
	Message(ctx context.Context, in casework.MailInput, to []docket.Recipient, message docket.Message) error
	// Mails sends a case's own mails.
	Mails(ctx context.Context, mails []casework.MailInput) error
}

// mailroom is the post over the mailroom of the activities.
type mailroom struct {
	room *activities.Mailroom
}

// Message implements post.
func (m mailroom) Message(ctx context.Context, in casework.MailInput, to []docket.Recipient, message docket.Message) error {
	if len(to) == 0 {
		to = []docket.Recipient{m.room.Operations}
	}
	_, err := activities.PostMessage(ctx, m.room, in, to, message)
	return err
}

// Mails implements post.
func (m mailroom) Mails(ctx context.Context, mails []casework.MailInput) error {
	_, err := m.room.SendMails(ctx, mails)
	return err
}

// writer words the watcher's mails.
type writer interface {
	FindingsMail(findings []docket.Finding) (docket.Message, error)
	WebhookMail(webhook docket.Webhook, delivery docket.Delivery) (docket.Message, error)
	DigestMail(digest docket.Digest) (docket.Message, error)
}

// tellingRegister knows what nobody was told yet.
type tellingRegister interface {
	UntoldFindings(ctx context.Context, at time.Time, quiet time.Duration) ([][]docket.Finding, error)
	MarkTold(ctx context.Context, lot int64, at time.Time) error
	UntoldDead(ctx context.Context) (dead []docket.Delivery, about []string, err error)
	Webhook(ctx context.Context, id string) (docket.Webhook, error)
	UntoldQuestions(ctx context.Context) ([]casework.MailInput, error)
	DigestsDay(ctx context.Context) (calendar.Date, error)
	Digests(ctx context.Context, at time.Time) ([]docket.Digest, error)
	MarkDigests(ctx context.Context, day calendar.Date, at time.Time) error
}

// telling mails what was found, what was given up, what was asked, and each day's digests. One mail's trouble holds back
// no other.
type telling struct {
	register tellingRegister
	writer   writer
	post     post
	now      func() time.Time
	// digestAt is the London time from which on a day's digests go out, works whether a day is a working day.
	digestAt calendar.TimeOfDay
	works    func(calendar.Date) bool
}

// findings tells operations of what the other rounds found.
func (t telling) findings(ctx context.Context) error {
	lots, err := t.register.UntoldFindings(ctx, t.now(), quiet)
	if err != nil {
		return err
	}
	var failed error
	for _, lot := range lots {
		failed = errors.Join(failed, t.lot(ctx, lot))
	}
	return failed
}

func (t telling) lot(ctx context.Context, lot []docket.Finding) error {
	first := lot[0]
	message, err := t.writer.FindingsMail(lot)
	if err != nil {
		return err
	}
	in := casework.MailInput{Reference: first.Reference, Kind: first.Kind.Mail(), Number: 1, About: fmt.Sprintf("finding %d", first.Lot), At: first.FoundAt}
	if err := t.post.Message(ctx, in, nil, message); err != nil {
		return fmt.Errorf("tell operations of case %s: %w", first.Reference, err)
	}
	return t.register.MarkTold(ctx, first.Lot, t.now())
}

// given tells operations of receivers that take nothing.
func (t telling) given(ctx context.Context) error {
	dead, about, err := t.register.UntoldDead(ctx)
	if err != nil {
		return err
	}
	var failed error
	for i, delivery := range dead {
		failed = errors.Join(failed, t.gaveUp(ctx, delivery, about[i]))
	}
	return failed
}

func (t telling) gaveUp(ctx context.Context, delivery docket.Delivery, about string) error {
	hook, err := t.register.Webhook(ctx, delivery.Webhook)
	if err != nil {
		return err
	}
	message, err := t.writer.WebhookMail(hook, delivery)
	if err != nil {
		return err
	}
	in := casework.MailInput{Kind: casework.MailWebhookDead, Number: 1, About: about, At: delivery.NextAt}
	if err := t.post.Message(ctx, in, nil, message); err != nil {
		return fmt.Errorf("tell operations of webhook %s: %w", delivery.Webhook, err)
	}
	return nil
}

// questions mails questions to leaders, and answers to those who asked.
func (t telling) questions(ctx context.Context) error {
	mails, err := t.register.UntoldQuestions(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, in := range mails {
		if err := t.post.Mails(ctx, []casework.MailInput{in}); err != nil {
			failed = errors.Join(failed, fmt.Errorf("send the %s mail of case %s: %w", in.Kind, in.Reference, err))
		}
	}
	return failed
}
