package worker

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/worker/mailroom"
)

// parts are the adapters that the activities work with.
type parts struct {
	store    *store.Store
	rules    *rulebook.Book
	mail     mailroom.Parts
	temporal client.Client
	clock    *connect.Clock
	delays   delays
	checks   []connect.Check
}

// assemble opens every adapter. Only the database must be there at once; everything else is found when needed.
func assemble(ctx context.Context, config connect.Config, temporal client.Client) (*parts, error) {
	rules, err := rulebook.Load()
	if err != nil {
		return nil, fmt.Errorf("load the rulebook: %w", err)
	}
	register, err := store.Open(ctx, config.DatabaseURL)
	if err != nil {
		return nil, err
	}
	clock := connect.NewClock(register, config.MovableClock)
	wired, err := mailroom.Wire(ctx, config, register, rules, clock.Now)
	if err != nil {
		register.Close()
		return nil, err
	}
	p := &parts{store: register, rules: rules, mail: wired, temporal: temporal, clock: clock, delays: newDelays()}
	p.checks = []connect.Check{
		{Name: "database schema", Ready: register.SchemaCurrent},
		{Name: "Temporal namespace and search attributes", Ready: connect.TemporalReady(temporal, config.Namespace)},
		{Name: "bucket", Ready: wired.Bucket.Ready},
		{Name: "SES", Ready: wired.Sender.Ready},
	}
	return p, nil
}

// activities are the structs whose methods are the activities.
func (p *parts) activities() []any {
	return []any{
		&activities.CaseFile{Register: p.store, Rulebook: p.rules, Files: p.mail.Bucket, Now: p.clock.Now},
		&activities.Allocation{Roster: p.store, Staffing: p.rules},
		&activities.Alerts{Clocks: p.store},
		&activities.ScriptRoom{Files: p.mail.Bucket, Scripts: p.store, Now: p.clock.Now},
		&activities.Letters{Documents: p.mail.Documents, Printer: p.mail.Printer, Files: p.mail.Bucket, Now: p.clock.Now},
		&activities.Settlement{Messenger: messenger{temporal: p.temporal, cases: p.store}},
		p.mail.Mailroom,
		&activities.Invoicing{Accounts: p.store, Printer: p.mail.Printer, Files: p.mail.Bucket, Mailroom: p.mail.Mailroom},
		&activities.Batches{Ledger: p.store, Cases: p.temporal, Now: p.clock.Now},
	}
}

// watchfulness is the interceptor of both workers.
func (p *parts) watchfulness() *watchfulness {
	return &watchfulness{findings: p.store, delays: p.delays, now: p.clock.Now}
}
