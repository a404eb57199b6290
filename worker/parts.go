package worker

import (
	"context"
	"fmt"
	"net/http"
	netmail "net/mail"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ses"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/letters"
	"github.com/recourse-exams/recourse/mail"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
)

// parts are the adapters that the activities work with.
type parts struct {
	store      *store.Store
	rules      *rulebook.Book
	bucket     *files.Bucket
	sender     *mail.Sender
	printer    *letters.Printer
	temporal   client.Client
	operations docket.Recipient
	eventWait  time.Duration
	clock      *connect.Clock
	checks     []connect.Check
}

// assemble opens every adapter. Only the database must be there at once; everything else is found when needed.
func assemble(ctx context.Context, config connect.Config, temporal client.Client) (*parts, error) {
	rules, err := rulebook.Load()
	if err != nil {
		return nil, fmt.Errorf("load the rulebook: %w", err)
	}
	aws, err := connect.AWS(ctx)
	if err != nil {
		return nil, err
	}
	operations, err := netmail.ParseAddress(config.Operations)
	if err != nil {
		return nil, fmt.Errorf("read RECOURSE_OPERATIONS_MAIL: %w", err)
	}
	events, err := deliveryEvents(config)
	if err != nil {
		return nil, err
	}
	sender, err := mail.New(ses.NewFromConfig(aws), config.MailFrom, events)
	if err != nil {
		return nil, fmt.Errorf("read RECOURSE_MAIL_FROM: %w", err)
	}
	printer, err := letters.New(letters.WithWorkflowPages(config.WorkflowPages()), letters.WithPublicURL(config.PublicURL))
	if err != nil {
		return nil, fmt.Errorf("make the letter printer: %w", err)
	}
	register, err := store.Open(ctx, config.DatabaseURL)
	if err != nil {
		return nil, err
	}
	p := &parts{
		store: register, rules: rules, bucket: files.New(files.NewClient(aws, config.PathStyle), config.Bucket),
		sender: sender, printer: printer, temporal: temporal, eventWait: config.MailEventWait,
		operations: docket.Recipient{Name: operations.Name, Address: operations.Address},
		clock:      connect.NewClock(register, config.MovableClock),
	}
	p.checks = []connect.Check{
		{Name: "database schema", Ready: register.SchemaCurrent},
		{Name: "Temporal namespace and search attributes", Ready: connect.TemporalReady(temporal, config.Namespace)},
		{Name: "bucket", Ready: p.bucket.Ready},
		{Name: "SES", Ready: sender.Ready},
	}
	return p, nil
}

// activities are the structs whose methods are the activities.
func (p *parts) activities() []any {
	documents := activities.SpelledOut{Documents: p.store, Reasons: p.rules}
	mailroom := &activities.Mailroom{
		Documents: documents, Ledger: p.store, Outcomes: p.store, Writer: p.printer, Shelf: p.bucket, Post: p.sender,
		Operations: p.operations, EventWait: p.eventWait, Now: p.clock.Now,
	}
	return []any{
		&activities.CaseFile{Register: p.store, Rulebook: p.rules, Files: p.bucket, Now: p.clock.Now},
		&activities.Allocation{Roster: p.store},
		&activities.Alerts{Clocks: p.store},
		&activities.ScriptRoom{Files: p.bucket, Scripts: p.store, Now: p.clock.Now},
		&activities.Letters{Documents: documents, Printer: p.printer, Files: p.bucket, Now: p.clock.Now},
		&activities.Settlement{Messenger: messenger{temporal: p.temporal, cases: p.store}},
		mailroom,
		&activities.Invoicing{Accounts: p.store, Printer: p.printer, Files: p.bucket, Mailroom: mailroom},
	}
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
