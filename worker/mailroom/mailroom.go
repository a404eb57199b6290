// Package mailroom wires what mails are made of and sent with: the printer, the ledger in the register, SES and its
// delivery events, and the bucket of stored letters. The worker and the watcher send by the same rules.
package mailroom

import (
	"context"
	"fmt"
	"net/http"
	netmail "net/mail"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ses"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/letters"
	"github.com/recourse-exams/recourse/mail"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
)

// Parts are the adapters of a process that sends mails.
type Parts struct {
	Documents activities.Documents
	Bucket    *files.Bucket
	Printer   *letters.Printer
	Sender    *mail.Sender
	Mailroom  *activities.Mailroom
}

// Wire makes the adapters. It reads the configuration only: S3 and SES are found when they are needed.
func Wire(ctx context.Context, config connect.Config, register *store.Store, rules *rulebook.Book, now func() time.Time) (Parts, error) {
	aws, err := connect.AWS(ctx)
	if err != nil {
		return Parts{}, err
	}
	operations, err := netmail.ParseAddress(config.Operations)
	if err != nil {
		return Parts{}, fmt.Errorf("read RECOURSE_OPERATIONS_MAIL: %w", err)
	}
	events, err := deliveryEvents(config)
	if err != nil {
		return Parts{}, err
	}
	sender, err := mail.New(ses.NewFromConfig(aws), config.MailFrom, events)
	if err != nil {
		return Parts{}, fmt.Errorf("read RECOURSE_MAIL_FROM: %w", err)
	}
	printer, err := letters.New(letters.WithWorkflowPages(config.WorkflowPages()), letters.WithPublicURL(config.PublicURL))
	if err != nil {
		return Parts{}, fmt.Errorf("make the letter printer: %w", err)
	}
	bucket := files.New(files.NewClient(aws, config.PathStyle), config.Bucket)
	documents := activities.SpelledOut{Documents: register, Reasons: rules}
	return Parts{
		Documents: documents, Bucket: bucket, Printer: printer, Sender: sender,
		Mailroom: &activities.Mailroom{
			Documents: documents, Ledger: register, Outcomes: register, Writer: printer, Shelf: bucket, Post: sender,
			Operations: docket.Recipient{Name: operations.Name, Address: operations.Address}, EventWait: config.MailEventWait, Now: now,
		},
	}, nil
}

// deliveryEvents is where delivery events are asked for; an installation without any repeats a mail whose
// answer was lost once, and lists it.
func deliveryEvents(config connect.Config) (mail.EventSource, error) {
	if config.MailEventsURL == "" {
		return mail.NoEvents{}, nil
	}
	events, err := mail.NewHTTPEvents(&http.Client{Timeout: eventsWait}, config.MailEventsURL)
	if err != nil {
		return nil, fmt.Errorf("read RECOURSE_MAIL_EVENTS_URL: %w", err)
	}
	return events, nil
}

// eventsWait bounds a question for delivery events.
const eventsWait = 5 * time.Second
