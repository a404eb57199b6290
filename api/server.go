package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is everything that the service needs. Every field is required unless it says otherwise.
type Config struct {
	Verifier   Verifier
	Cases      CaseReader
	Catalogue  Catalogue
	Tasks      TaskDesk
	Roster     Roster
	Team       Team
	Acts       TaskActs
	Ledger     Ledger
	Rules      Rules
	Files      Files
	Dispatcher Dispatcher
	Overview   Overview
	Notes      CaseNotes
	Approvers  Approvers
	Batches    Batches
	Webhooks   Webhooks
	// WebhookRules makes secrets and judges addresses.
	WebhookRules WebhookRules
	// ReferenceKey is the secret from which references are derived, at least 32 bytes. It must never change:
	// a request repeated under another key would open a second case.
	ReferenceKey []byte
	// Wall is wall time.
	Wall func() time.Time
	// Offset is what the one clock adds to wall time; it is always zero in production.
	Offset func(ctx context.Context) time.Duration
	// Parts are what readyz asks.
	Parts []Part
	Log   *slog.Logger
	// Metrics takes the service's metrics.
	Metrics prometheus.Registerer
	// RequestsPerSecond and Burst bound what one person may send; zero means 50 and 100.
	RequestsPerSecond float64
	Burst             int
	// Timeout bounds the handling of one request; zero means 10 seconds.
	Timeout time.Duration
}

// Server serves the contract.
type Server struct {
	verifier     Verifier
	cases        CaseReader
	catalogue    Catalogue
	tasks        TaskDesk
	roster       Roster
	team         Team
	acts         TaskActs
	ledger       Ledger
	rules        Rules
	files        Files
	dispatcher   Dispatcher
	overview     Overview
	notes        CaseNotes
	approvers    Approvers
	batches      Batches
	webhooks     Webhooks
	webhookRules WebhookRules
	referenceKey []byte
	wall         func() time.Time
	offset       func(ctx context.Context) time.Duration
	parts        []Part
	log          *slog.Logger
	limits       *limits
	contract     *contract
	durations    *prometheus.HistogramVec
	timeout      time.Duration
}

var _ StrictServerInterface = (*Server)(nil)

// New makes the service's handler.
func New(config Config) (http.Handler, error) {
	if len(config.ReferenceKey) < 32 {
		return nil, errors.New("the reference key must have at least 32 bytes")
	}
	loaded, err := loadContract()
	if err != nil {
		return nil, err
	}
	s := &Server{
		verifier: config.Verifier, cases: config.Cases, catalogue: config.Catalogue, tasks: config.Tasks, ledger: config.Ledger,
		roster: config.Roster, team: config.Team, acts: config.Acts, rules: config.Rules,
		files: config.Files, dispatcher: config.Dispatcher, referenceKey: config.ReferenceKey, wall: config.Wall,
		overview: config.Overview, notes: config.Notes, approvers: config.Approvers, batches: config.Batches, webhooks: config.Webhooks, webhookRules: config.WebhookRules,
		offset: config.Offset, parts: config.Parts, log: config.Log, contract: loaded,
		limits:  newLimits(orDefault(config.RequestsPerSecond, 50), orDefault(config.Burst, 100)),
		timeout: orDefault(config.Timeout, 10*time.Second),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "recourse_http_request_duration_seconds", Help: "How long requests took, by route and status.",
			Buckets: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10},
		}, []string{"route", "status"}),
	}
	if err := config.Metrics.Register(s.durations); err != nil {
		return nil, fmt.Errorf("register the request metrics: %w", err)
	}
	return s.handler()
}

func (s *Server) handler() (http.Handler, error) {
	routes := &router{server: s, mux: http.NewServeMux()}
	strict := NewStrictHandlerWithOptions(s, nil, StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  s.undecodable,
		ResponseErrorHandlerFunc: s.fail,
	})
	HandlerWithOptions(strict, StdHTTPServerOptions{BaseRouter: routes, ErrorHandlerFunc: s.unbindable})
	if err := s.documentation(routes.mux); err != nil {
		return nil, err
	}
	routes.mux.HandleFunc("/", routes.nothing)
	return s.outer(routes.mux), nil
}

// router registers the generated routes, each behind its guard.
type router struct {
	server *Server
	mux    *http.ServeMux
}

// HandleFunc implements the generated ServeMux interface.
func (r *router) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	r.mux.Handle(pattern, &guard{server: r.server, operation: r.server.contract.operation(method, path), next: http.HandlerFunc(handler)})
}

// ServeHTTP implements the generated ServeMux interface.
func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

// nothing answers for addresses and methods that the contract does not know.
func (r *router) nothing(w http.ResponseWriter, req *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := req.Clone(req.Context())
		probe.Method = method
		if _, pattern := r.mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		r.server.fail(w, req, newProblem("not-found", "There is nothing at this address."))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	r.server.fail(w, req, newProblem("method-not-allowed", fmt.Sprintf("This address takes %s, not %s.", strings.Join(allowed, " and "), req.Method)))
}

// undecodable answers for a body that the guard let through and the generated types cannot hold, such as a number
// that is whole and yet too large.
func (s *Server) undecodable(w http.ResponseWriter, r *http.Request, err error) {
	p := newProblem("wrong-type", "A value of the body has the wrong type.")
	p.cause = err
	s.fail(w, r, p)
}

// unbindable answers for headers and parameters that the generated code cannot read.
func (s *Server) unbindable(w http.ResponseWriter, r *http.Request, err error) {
	var missing *RequiredHeaderError
	if errors.As(err, &missing) {
		s.fail(w, r, newProblem("idempotency-key-missing", "This request needs the header Idempotency-Key."))
		return
	}
	p := newProblem("invalid-parameter", "A parameter has a value that cannot be read.")
	p.cause = err
	s.fail(w, r, p)
}

func orDefault[T comparable](given, otherwise T) T {
	var zero T
	if given == zero {
		return otherwise
	}
	return given
}
