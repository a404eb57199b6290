package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/api/oidctest"
)

// now is an instant at which every window of the test facts is open.
var now = time.Date(2026, 8, 27, 9, 0, 0, 0, time.UTC)

// house is one service with its outside world.
type house struct {
	issuer     *oidctest.Issuer
	register   *register
	files      *cabinet
	dispatcher *desk
	staff      *staff
	acts       *acted
	registry   *prometheus.Registry
	log        *logged
	handler    http.Handler
	router     routers.Router
}

type option func(*api.Config)

func setup(t *testing.T, options ...option) *house {
	t.Helper()
	h := &house{
		issuer: oidctest.New(t, "recourse"), register: newRegister(), files: &cabinet{},
		registry: prometheus.NewRegistry(), log: &logged{}, router: contractRouter(t),
	}
	h.dispatcher = &desk{register: h.register}
	h.staff, h.acts = newStaff(), &acted{}
	rules, err := loadRules()
	require.NoError(t, err)
	config := api.Config{
		Verifier: identity.NewVerifier(h.issuer.URL, "recourse", &http.Client{Timeout: time.Minute}, func() time.Time { return now }),
		Cases:    h.register, Catalogue: h.register, Tasks: h.register, Ledger: h.register, Rules: rules, Files: h.files, Dispatcher: h.dispatcher,
		Roster: h.staff, Team: h.staff, Acts: h.acts,
		ReferenceKey: bytes.Repeat([]byte{7}, 32),
		Wall:         func() time.Time { return now },
		Offset:       func(context.Context) time.Duration { return 0 },
		Log:          slog.New(slog.NewJSONHandler(h.log, nil)),
		Metrics:      h.registry,
	}
	for _, change := range options {
		change(&config)
	}
	h.handler, err = api.New(config)
	require.NoError(t, err)
	return h
}

// logged is a log that may be written and read at the same time.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// contractRouter finds what the contract says about a request.
var loadContractRouter = sync.OnceValues(func() (routers.Router, error) {
	document, err := openapi3.NewLoader().LoadFromData(api.Contract())
	if err != nil {
		return nil, err
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, err
	}
	return legacy.NewRouter(document)
})

func contractRouter(t *testing.T) routers.Router {
	t.Helper()
	router, err := loadContractRouter()
	require.NoError(t, err)
	return router
}

// Personas of the tests.
var (
	examsOfficer = oidctest.Claims{Subject: "eo-64101", Centre: "64101", Roles: []string{"post-results-full-access/gq"}, AMR: []string{"pwd", "otp"}}
	otherCentre  = oidctest.Claims{Subject: "eo-64102", Centre: "64102", Roles: []string{"centre-administrator/gq"}, AMR: []string{"pwd", "hwk"}}
	reader       = oidctest.Claims{Subject: "hd-64101", Centre: "64101", Roles: []string{"centre-read-only/gq"}, AMR: []string{"pwd", "otp"}}
	vocational   = oidctest.Claims{Subject: "vq-64101", Centre: "64101", Roles: []string{"centre-administrator/vq"}, AMR: []string{"pwd", "otp"}}
	examiner     = oidctest.Claims{Subject: "ex-1001", Roles: []string{"examiner"}, AMR: []string{"pwd", "otp"}}
	clerk        = oidctest.Claims{Subject: "cl-2001", Roles: []string{"clerical"}, AMR: []string{"pwd", "otp"}}
	caseworker   = oidctest.Claims{Subject: "cw-1", Roles: []string{"caseworker"}, AMR: []string{"pwd", "otp"}}
	moderator    = oidctest.Claims{Subject: "mo-3001", Roles: []string{"moderator"}, AMR: []string{"pwd", "otp"}}
	panellist    = oidctest.Claims{Subject: "pa-4001", Roles: []string{"appeals-panel"}, AMR: []string{"pwd", "otp"}}
	lead         = oidctest.Claims{Subject: "ex-1005", Roles: []string{"examiner"}, AMR: []string{"pwd", "otp"}}
	finance      = oidctest.Claims{Subject: "fi-1", Roles: []string{"finance"}, AMR: []string{"pwd", "otp"}}
)

// call is one request.
type call struct {
	method, path string
	as           oidctest.Claims
	// token overrides the persona's; "-" sends none.
	token  string
	body   string
	header map[string]string
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request and checks that the answer is one that the contract describes.
func (h *house) do(t *testing.T, c call) answer {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.body))
	switch {
	case c.token == "-":
	case c.token != "":
		request.Header.Set("Authorization", c.token)
	case c.as.Subject != "":
		request.Header.Set("Authorization", "Bearer "+h.issuer.Token(t, now, c.as))
	}
	if c.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, request)
	got := answer{status: recorder.Code, header: recorder.Header(), body: recorder.Body.Bytes()}
	h.checkContract(t, request, got)
	return got
}

func (h *house) checkContract(t *testing.T, request *http.Request, got answer) {
	t.Helper()
	route, parameters, err := h.router.FindRoute(request)
	if err != nil {
		return // Nothing in the contract: an unknown address, or a page.
	}
	err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: parameters, Route: route},
		Status:                 got.status, Header: got.header, Body: io.NopCloser(bytes.NewReader(got.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	require.NoError(t, err, "%s %s answered %d with what the contract does not describe: %s", request.Method, request.URL, got.status, got.body)
}

func read[T any](t *testing.T, a answer) T {
	t.Helper()
	var value T
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&value), "%s", a.body)
	return value
}

// problem reads a problem document and checks what is the same for all of them.
func problem(t *testing.T, a answer) api.Problem {
	t.Helper()
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), "%s", a.body)
	p := read[api.Problem](t, a)
	require.Equal(t, a.status, p.Status)
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Detail)
	require.True(t, strings.HasPrefix(p.Type, "/docs/problems/"), p.Type)
	require.Equal(t, "urn:recourse:request:"+a.header.Get("X-Request-Id"), p.Instance)
	require.NotEmpty(t, p.Errors, "every problem says what to do: %s", a.body)
	return p
}

func pointers(p api.Problem) []string {
	var all []string
	for _, reason := range p.Errors {
		all = append(all, reason.Pointer)
	}
	return all
}

func codes(p api.Problem) []string {
	var all []string
	for _, reason := range p.Errors {
		all = append(all, reason.Code)
	}
	return all
}
