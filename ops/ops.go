// Package ops serves the pages of operations: what is stuck, why, and what may be done about it. /ops is the desk,
// /ops/cases/{reference} one case, and /ops/panel the same case inside the Temporal Web UI. People sign in with a
// browser at the identity provider; the pages work without a script, except that the panel has to be told by its host
// which workflow is shown.
package ops

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Desk reads what the page of operations counts and lists.
type Desk interface {
	Desk(ctx context.Context, at time.Time) (docket.Desk, error)
	// Urgent lists the running sla clocks of cases, the most overdue first.
	Urgent(ctx context.Context, limit int) ([]docket.DigestLine, error)
	// Held lists the holds that last, the longest first.
	Held(ctx context.Context, limit int) ([]docket.HeldLine, error)
}

// CaseFile reads one case as the awarding body sees it, and keeps notes about it. A case that does not exist is a fault
// NotFound.
type CaseFile interface {
	Case(ctx context.Context, reference casework.Reference, scope docket.Scope) (docket.Case, error)
	Timeline(ctx context.Context, reference casework.Reference, centreOnly bool) ([]docket.Entry, error)
	Inside(ctx context.Context, reference casework.Reference) (docket.Inside, error)
	Allocations(ctx context.Context, reference casework.Reference) ([]docket.Allocation, error)
	CaseNotes(ctx context.Context, reference casework.Reference) ([]docket.CaseNote, error)
	// CaseApprovers lists who may agree that the case waits, by name.
	CaseApprovers(ctx context.Context, reference casework.Reference) ([]docket.Approver, error)
	// AddCaseNote keeps a note once under a key: a repeat is answered with what is there, and another note under the key is
	// a fault casework.FaultKeyReused.
	AddCaseNote(ctx context.Context, note docket.CaseNote, key string) (docket.CaseNote, error)
}

// Dispatcher hands a request to the workflow of a case, like that of package api: it returns Config.Pending when the
// request is durably accepted without an answer in time, a *casework.Fault when it is refused, and any other error when
// nobody knows. Handing the same request on again is safe: it is not done twice.
type Dispatcher interface {
	Hold(ctx context.Context, reference casework.Reference, updateID string, request casework.HoldRequest) (casework.Held, error)
	Resume(ctx context.Context, reference casework.Reference, updateID string, request casework.ResumeRequest) (casework.Held, error)
	Nudge(ctx context.Context, reference casework.Reference, updateID string, request casework.NudgeRequest) (casework.Nudged, error)
	Act(ctx context.Context, reference casework.Reference, updateID string, request casework.TaskRequest) (casework.TaskDone, error)
}

// Verifier says who a token was issued to. Its errors are those of package identity.
type Verifier interface {
	Verify(ctx context.Context, token string) (identity.Person, error)
}

// Config is everything that the pages need. Every field is required unless it says otherwise.
type Config struct {
	Desk       Desk
	Cases      CaseFile
	Files      Files
	Dispatcher Dispatcher
	// Pending is the dispatcher's error for a request that was accepted and not answered in time: api.ErrPending.
	Pending error
	// PublicURL is where browsers find these pages, without a path, such as "https://recourse.example.org".
	PublicURL string
	// PanelURL is a second such address for the panel alone, because the Web UI tells only an HTTPS address which
	// workflow it shows; empty if PublicURL serves both.
	PanelURL string
	// WebUI is the Temporal Web UI's address, the only one that may frame the panel; empty if there is none. Namespace
	// is the one of the cases.
	WebUI     string
	Namespace string
	// Issuer is the identity provider's address, and ClientID what the provider calls these pages. ClientSecret is
	// empty for a public client.
	Issuer       string
	ClientID     string
	ClientSecret string
	// Verifier verifies identity tokens that the issuer made for ClientID.
	Verifier Verifier
	// Client carries the timeouts of calls to the issuer.
	Client *http.Client
	// Secret is at least 32 bytes, from which the key of the cookies is derived. Another one signs everybody out.
	Secret []byte
	// Now is the instant of the cases' clock, Wall that of sessions; they differ on the local stack only.
	Now  func(ctx context.Context) time.Time
	Wall func() time.Time
	Log  *slog.Logger
}

// least is how many bytes a secret has at least: as many as the key that is derived from it.
const least = 32

// site serves the pages.
type site struct {
	Config
	public, panel origin
	// host is the Web UI's origin, empty if there is none.
	host     string
	sealed   sealer
	provider provider
}

// New makes the handler of everything at /ops and below it.
func New(config Config) (http.Handler, error) {
	if len(config.Secret) < least {
		return nil, fmt.Errorf("the secret of the operators' pages must have at least %d bytes", least)
	}
	if _, err := pages(); err != nil {
		return nil, err
	}
	s := &site{Config: config}
	var err error
	if s.public, err = parseOrigin(config.PublicURL); err != nil {
		return nil, fmt.Errorf("the address of the operators' pages: %w", err)
	}
	s.panel = s.public
	if config.PanelURL != "" {
		if s.panel, err = parseOrigin(config.PanelURL); err != nil {
			return nil, fmt.Errorf("the panel's address: %w", err)
		}
	}
	if config.WebUI != "" {
		host, err := parseOrigin(config.WebUI)
		if err != nil {
			return nil, fmt.Errorf("the Web UI's address: %w", err)
		}
		s.host = host.String()
		s.panel.foreign = !sameSite(host.URL, s.panel.URL)
	}
	key, err := hkdf.Key(sha256.New, config.Secret, nil, "recourse cookies of the operators' pages, version 1", least)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the cookies: %w", err)
	}
	if s.sealed, err = newSealer(key); err != nil {
		return nil, err
	}
	s.provider = provider{issuer: config.Issuer, client: config.Client}
	return s.routes(), nil
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ops/style.css", asset("style.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /ops/panel.js", asset("panel.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /ops/sign-in", s.signIn)
	mux.HandleFunc("GET /ops/signed-in", s.signedIn)
	mux.HandleFunc("POST /ops/sign-out", s.signOut)
	mux.HandleFunc("POST /ops/panel/sign-out", s.signOut)
	mux.HandleFunc("GET /ops/close", s.closing)
	mux.HandleFunc("GET /ops/close.js", asset("close.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("POST /ops/panel/redeem", s.redeemTicket)
	mux.HandleFunc("GET /ops/{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ops", http.StatusMovedPermanently) })
	mux.Handle("GET /ops", s.page(s.desk))
	mux.Handle("GET /ops/cases", s.page(s.find))
	mux.Handle("GET /ops/panel", s.framed(s.shell))
	// The panel leads to the whole page for these: a frame is no place to write in, or to read a letter.
	mux.Handle("POST /ops/cases/{reference}/notes", s.page(s.addNote))
	mux.Handle("GET /ops/cases/{reference}/files/{document}", s.page(s.file))
	for prefix, wrap := range map[string]func(handler) http.Handler{"/ops": s.page, "/ops/panel": s.framed} {
		mux.Handle("GET "+prefix+"/cases/{reference}", wrap(s.caseFile))
		mux.Handle("GET "+prefix+"/cases/{reference}/{action}", wrap(s.ask))
		mux.Handle("POST "+prefix+"/cases/{reference}/{action}", wrap(s.act))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.say(w, r, visit{}, http.StatusNotFound, "There is nothing at this address.", "")
	})
	// A form of another site's page never gets past this, and past the token in the form neither.
	return http.NewCrossOriginProtection().Handler(s.safe(mux))
}

// origin is an address at which browsers find the pages.
type origin struct {
	*url.URL
	// foreign is true if browsers take the page that frames this one for another site's.
	foreign bool
}

func parseOrigin(address string) (origin, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return origin{}, fmt.Errorf("read %q: %w", address, err)
	}
	if parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") || (parsed.Path != "" && parsed.Path != "/") {
		return origin{}, fmt.Errorf("%q is not of the form https://host", address)
	}
	return origin{URL: &url.URL{Scheme: parsed.Scheme, Host: parsed.Host}}, nil
}

// base is the address at which a request came in: the panel's, or that of the pages for every other name.
func (s *site) base(r *http.Request) origin {
	if r.Host == s.panel.Host {
		return s.panel
	}
	return s.public
}

// handler serves a page to somebody who is signed in; what it returns as an error is shown to them.
type handler func(w http.ResponseWriter, r *http.Request, v visit) error

// framer is who may frame the panel.
func (s *site) framer() string {
	if s.host == "" {
		return "'none'"
	}
	return s.host
}

// visit is who looks, and how.
type visit struct {
	session
	// framed is true inside the Web UI, whose origin is host.
	framed bool
	host   string
}

// Root is where the links of the visit begin.
func (v visit) Root() string {
	if v.framed {
		return "/ops/panel"
	}
	return "/ops"
}

// Framed reports whether the page is shown inside the Web UI.
func (v visit) Framed() bool { return v.framed }

// errSignedOut sends somebody to the identity provider.
var errSignedOut = errors.New("nobody is signed in")

// page serves a whole page, which nobody may frame.
func (s *site) page(next handler) http.Handler { return s.guarded(next, false) }

// framed serves a page of the panel, which the Web UI alone may frame.
func (s *site) framed(next handler) http.Handler { return s.guarded(next, true) }

func (s *site) guarded(next handler, framed bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visit{framed: framed}
		if framed {
			v.host = s.host
			w.Header().Set("Content-Security-Policy", policy(s.framer()))
		}
		var err error
		if v.session, err = s.session(r); err == nil {
			err = v.admitted()
		}
		if err == nil {
			err = next(w, r, v)
		}
		if err != nil {
			s.fail(w, r, v, err)
		}
	})
}
