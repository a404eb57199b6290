// Package starter is the process that serves the REST contract and passes cases, Updates and Signals to Temporal.
package starter

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ses"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/mail"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/webhook"
)

// issuerWait bounds a call to the identity provider.
const issuerWait = 3 * time.Second

// webhookRules judge webhooks as the watcher does, which sends to them.
type webhookRules struct {
	webhook.Keyring
	webhook.Networks
}

// Run serves until ctx ends and returns nil after an orderly stop. Only the database must be there at once;
// Temporal, S3, SES and the identity provider are found when they are needed.
func Run(ctx context.Context, config connect.Config) error {
	systems, err := connect.Begin(ctx, config, store.Open)
	if err != nil {
		return err
	}
	defer systems.Close()
	systems.Metrics.Registry.MustRegister(connect.CaseMetrics(systems.Register))
	service, err := assemble(ctx, systems)
	if err != nil {
		return err
	}
	// Figures of the inside are for whoever runs the process, so they stand at an address of their own.
	figures := http.NewServeMux()
	figures.Handle("GET /metrics", systems.Metrics.Handler())
	return serve(ctx, door{"requests", config.Listen, service}, door{"metrics", config.MetricsListen, figures})
}

// assemble wires the adapters into the service.
func assemble(ctx context.Context, systems *connect.Systems[*store.Store]) (http.Handler, error) {
	config, register := systems.Config, systems.Register
	key, err := config.ReferenceKey()
	if err != nil {
		return nil, err
	}
	webhookKey, err := config.WebhookKey()
	if err != nil {
		return nil, err
	}
	rules, err := rulebook.Load()
	if err != nil {
		return nil, fmt.Errorf("load the rulebook: %w", err)
	}
	aws, err := connect.AWS(ctx)
	if err != nil {
		return nil, err
	}
	// The starter sends no mail; it asks whether SES would take one.
	sender, err := mail.New(ses.NewFromConfig(aws), config.MailFrom, mail.NoEvents{})
	if err != nil {
		return nil, err
	}
	bucket := files.New(files.NewClient(aws, config.PathStyle), config.Bucket)
	verifier := identity.NewVerifier(config.Issuer, config.Audience, &http.Client{Timeout: issuerWait}, time.Now)
	dispatcher := NewDispatcher(systems.Temporal, config.TaskQueue)
	service, err := api.New(api.Config{
		Verifier: verifier, Cases: register, Catalogue: register, Tasks: register, Ledger: register, Rules: rules, Files: bucket,
		Roster: register, Team: register, Overview: register, Notes: register, Approvers: register, Batches: register, Webhooks: register,
		WebhookRules: webhookRules{webhook.NewKeyring(webhookKey), webhook.Networks(config.WebhookNetworks)},
		Dispatcher:   dispatcher, Acts: dispatcher,
		ReferenceKey: key,
		Wall:         time.Now,
		Offset:       systems.Clock.Offset,
		Parts: []api.Part{
			{Name: "database schema", Check: register.SchemaCurrent},
			{Name: "Temporal namespace and search attributes", Check: connect.TemporalReady(systems.Temporal, config.Namespace)},
			{Name: "bucket", Check: bucket.Ready},
			{Name: "SES", Check: sender.Ready},
			{Name: "identity provider", Check: verifier.Ready},
		},
		Log:     slog.Default(),
		Metrics: systems.Metrics.Registry,
	})
	if err != nil {
		return nil, err
	}
	return withPages(systems, bucket, dispatcher, service)
}
