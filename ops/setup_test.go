package ops_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/ops"
)

// now is an instant of British Summer Time: London shows 10:00.
var now = time.Date(2026, 8, 27, 9, 0, 0, 0, time.UTC)

// errPending stands for api.ErrPending.
var errPending = errors.New("accepted, and not yet done")

const webUI = "https://temporal.example.org"

// house is the pages with their outside world.
type house struct {
	t        *testing.T
	issuer   *oidctest.Issuer
	register *register
	cases    *caseDesk
	files    *shelf
	log      *logged
	server   *httptest.Server
	wall     time.Time
}

type option func(*ops.Config)

// setup serves the pages over HTTPS, under the server's own name.
func setup(t *testing.T, options ...option) *house {
	t.Helper()
	h := &house{t: t, issuer: oidctest.New(t, "recourse-pages"), register: newRegister(), cases: &caseDesk{}, files: &shelf{}, log: &logged{}, wall: now}
	var handler http.Handler
	h.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(h.server.Close)
	config := ops.Config{
		Desk: h.register, Cases: h.register, Files: h.files, Dispatcher: h.cases, Pending: errPending,
		PublicURL: h.server.URL, WebUI: webUI, Namespace: "recourse",
		Issuer: h.issuer.URL, ClientID: "recourse-pages",
		Verifier: identity.NewVerifier(h.issuer.URL, "recourse-pages", http.DefaultClient, func() time.Time { return h.wall }),
		Client:   &http.Client{Timeout: time.Minute}, Secret: []byte(strings.Repeat("k", 32)),
		Now: func(context.Context) time.Time { return now }, Wall: func() time.Time { return h.wall },
		Log: slog.New(slog.NewTextHandler(h.log, nil)),
	}
	for _, change := range options {
		change(&config)
	}
	var err error
	handler, err = ops.New(config)
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

// browser is somebody's browser: it keeps cookies and follows nothing by itself.
type browser struct {
	h      *house
	client *http.Client
}

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	client := h.server.Client()
	return &browser{h, &http.Client{
		Transport: client.Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what a browser was sent.
type answer struct {
	status int
	body   string
	header http.Header
}

func (b *browser) do(request *http.Request) answer {
	b.h.t.Helper()
	response, err := b.client.Do(request)
	require.NoError(b.h.t, err)
	defer func() { require.NoError(b.h.t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(b.h.t, err)
	return answer{response.StatusCode, string(body), response.Header}
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	request, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodGet, b.h.server.URL+path, nil)
	require.NoError(b.h.t, err)
	return b.do(request)
}

// post sends a form as a browser of our own page does.
func (b *browser) post(path string, form url.Values) answer {
	b.h.t.Helper()
	request, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodPost, b.h.server.URL+path, strings.NewReader(form.Encode()))
	require.NoError(b.h.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(request)
}

// signIn goes the whole way: to the provider, and back with a code.
func (b *browser) signIn(claims oidctest.Claims) answer {
	b.h.t.Helper()
	sent := b.get("/ops/sign-in")
	require.Equal(b.h.t, http.StatusSeeOther, sent.status)
	return b.comeBack(sent.header.Get("Location"), claims)
}

// comeBack signs in at the provider's address and follows it back.
func (b *browser) comeBack(address string, claims oidctest.Claims) answer {
	b.h.t.Helper()
	asked, err := url.Parse(address)
	require.NoError(b.h.t, err)
	if claims.Nonce == "" {
		claims.Nonce = asked.Query().Get("nonce")
	}
	next, err := url.Parse(b.h.issuer.Grant(b.h.t, address, b.h.issuer.Token(b.h.t, b.h.wall, claims)))
	require.NoError(b.h.t, err)
	return b.get(next.RequestURI())
}

func operator() oidctest.Claims {
	return oidctest.Claims{Subject: "ops-5001", Name: "Kate Munro", Roles: []string{"operator"}, AMR: []string{"pwd", "otp"}}
}

// operating is the browser of an operator who is signed in.
func (h *house) operating() *browser {
	h.t.Helper()
	b := h.browser()
	require.Equal(h.t, http.StatusSeeOther, b.signIn(operator()).status)
	return b
}

// hidden reads the value of a hidden field from a page.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `name="`+name+`" value="`)
	require.True(t, found, "the page has no field %s", name)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// register is the register of these tests: one case.
type register struct {
	desk   docket.Desk
	urgent []docket.DigestLine
	held   []docket.HeldLine
	found  docket.Case
	trail  []docket.Entry
	inside docket.Inside
	notes  []docket.CaseNote
	proofs []docket.Allocation
	// approvers may agree to a hold of the case.
	approvers []docket.Approver
	failing   error
	// kept are the notes under their keys; unkept is what keeping one fails with.
	kept   map[string]docket.CaseNote
	unkept error
}

func (r *register) Desk(context.Context, time.Time) (docket.Desk, error) { return r.desk, r.failing }

func (r *register) Urgent(context.Context, int) ([]docket.DigestLine, error) { return r.urgent, nil }

func (r *register) Held(_ context.Context, limit int) ([]docket.HeldLine, error) {
	return r.held[:min(len(r.held), limit)], nil
}

func (r *register) Case(_ context.Context, reference casework.Reference, scope docket.Scope) (docket.Case, error) {
	if reference != r.found.Reference || scope.Centre != "" {
		return docket.Case{}, casework.NewFault(casework.NotFound, "unknown-case", "There is no case "+string(reference)+".")
	}
	return r.found, nil
}

func (r *register) Timeline(_ context.Context, _ casework.Reference, centreOnly bool) ([]docket.Entry, error) {
	if centreOnly {
		return nil, errors.New("operations see the whole trail")
	}
	return r.trail, nil
}

func (r *register) Inside(context.Context, casework.Reference) (docket.Inside, error) {
	return r.inside, nil
}

func (r *register) Allocations(context.Context, casework.Reference) ([]docket.Allocation, error) {
	return r.proofs, nil
}

func (r *register) CaseNotes(context.Context, casework.Reference) ([]docket.CaseNote, error) {
	return r.notes, nil
}

// AddCaseNote keeps a note as the store does: once under a key.
func (r *register) AddCaseNote(_ context.Context, note docket.CaseNote, key string) (docket.CaseNote, error) {
	if earlier, found := r.kept[key]; found && earlier != note {
		return docket.CaseNote{}, casework.NewFault(casework.Invalid, casework.FaultKeyReused, "The Idempotency-Key was used before.")
	}
	if r.kept == nil {
		r.kept = map[string]docket.CaseNote{}
	}
	r.kept[key] = note
	return note, r.unkept
}

// shelf makes links to files, and remembers to which.
type shelf struct {
	opened []string
	away   error
}

func (s *shelf) PresignGet(_ context.Context, file casework.FileRef, filename string, inline bool) (string, error) {
	if !inline {
		return "", errors.New("a file is shown, not saved")
	}
	s.opened = append(s.opened, file.Key+"@"+file.Version)
	return "https://files.example.org/" + filename + "?signed", s.away
}

func (r *register) CaseApprovers(_ context.Context, reference casework.Reference) ([]docket.Approver, error) {
	if reference != r.found.Reference {
		return nil, nil
	}
	return r.approvers, r.failing
}

// caseDesk takes what is dispatched, and answers what it is told to.
type caseDesk struct {
	mu     sync.Mutex
	sent   []sent
	answer error
}

// sent is one Update.
type sent struct {
	reference casework.Reference
	id        string
	request   any
}

func (d *caseDesk) take(reference casework.Reference, id string, request any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, sent{reference, id, request})
	return d.answer
}

func (d *caseDesk) Hold(_ context.Context, reference casework.Reference, id string, request casework.HoldRequest) (casework.Held, error) {
	return casework.Held{}, d.take(reference, id, request)
}

func (d *caseDesk) Resume(_ context.Context, reference casework.Reference, id string, request casework.ResumeRequest) (casework.Held, error) {
	return casework.Held{}, d.take(reference, id, request)
}

func (d *caseDesk) Nudge(_ context.Context, reference casework.Reference, id string, request casework.NudgeRequest) (casework.Nudged, error) {
	return casework.Nudged{}, d.take(reference, id, request)
}

func (d *caseDesk) Act(_ context.Context, reference casework.Reference, id string, request casework.TaskRequest) (casework.TaskDone, error) {
	return casework.TaskDone{}, d.take(reference, id, request)
}
