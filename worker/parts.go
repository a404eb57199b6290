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

// assemble wires every adapter; what none of them needs at once is found when it is needed.
func assemble(ctx context.Context, systems *connect.Systems[*store.Store]) (*parts, error) {
	config, register, clock := systems.Config, systems.Register, systems.Clock
	rules, err := rulebook.Load()
	if err != nil {
		return nil, fmt.Errorf("load the rulebook: %w", err)
	}
	wired, err := mailroom.Wire(ctx, config, register, rules, clock.Now)
	if err != nil {
		return nil, err
	}
	p := &parts{store: register, rules: rules, mail: wired, temporal: systems.Temporal, clock: clock, delays: newDelays()}
	p.checks = []connect.Check{
		{Name: "database schema", Ready: register.SchemaCurrent},
		{Name: "Temporal namespace and search attributes", Ready: connect.TemporalReady(systems.Temporal, config.Namespace)},
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
