package starter

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/ops"
	"github.com/recourse-exams/recourse/store"
)

// withPages serves the operators' pages beside the contract. Without a public address nobody could come back from the
// identity provider, so there are none then.
func withPages(systems *connect.Systems[*store.Store], bucket *files.Bucket, dispatcher *Dispatcher, service http.Handler) (http.Handler, error) {
	config, register := systems.Config, systems.Register
	if config.PublicURL == "" {
		slog.Warn("without RECOURSE_PUBLIC_URL there are no operators' pages")
		return service, nil
	}
	key, err := config.ReferenceKey()
	if err != nil {
		return nil, err
	}
	secret, err := config.ClientSecret()
	if err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: issuerWait}
	id := cmp.Or(config.ClientID, config.Audience)
	pages, err := ops.New(ops.Config{
		Desk: register, Cases: register, Files: bucket, Dispatcher: dispatcher, Pending: api.ErrPending,
		PublicURL: config.PublicURL, PanelURL: config.PanelURL, WebUI: config.WebUI, Namespace: config.Namespace,
		Issuer: config.Issuer, ClientID: id, ClientSecret: secret, Client: client,
		Verifier: identity.NewVerifier(config.Issuer, id, client, time.Now),
		Secret:   key,
		Now:      func(ctx context.Context) time.Time { return time.Now().Add(systems.Clock.Offset(ctx)).UTC() },
		Wall:     time.Now,
		Log:      slog.Default(),
	})
	if err != nil {
		return nil, fmt.Errorf("make the operators' pages: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/ops", pages)
	mux.Handle("/ops/", pages)
	mux.Handle("/", service)
	return mux, nil
}
