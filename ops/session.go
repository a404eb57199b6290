package ops

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"time"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
)

// sessionLife is how long somebody stays signed in. Roles are those of the sign-in: whoever loses one keeps it here for
// that long at most.
const sessionLife = 4 * time.Hour

// session is who is signed in. It lives in the browser's cookie alone, sealed.
type session struct {
	Person  identity.Person `json:"person"`
	Expires time.Time       `json:"expires"`
	// Token stands in every form, so that no other page can send one in the person's name.
	Token string `json:"token"`
}

// workers may use these pages.
func workers() []casework.Role {
	return []casework.Role{casework.RoleCaseworker, casework.RoleOperator}
}

// Role is the role in which the person acts.
func (s session) Role() casework.Role {
	for _, role := range workers() {
		if s.Person.Holds(role) {
			return role
		}
	}
	return ""
}

// Name is how the person is addressed.
func (s session) Name() string {
	if s.Person.Name != "" {
		return s.Person.Name
	}
	return s.Person.Subject
}

// SignedIn reports whether anybody is.
func (s session) SignedIn() bool { return s.Person.Subject != "" }

// admitted refuses whoever may not use the pages.
func (s session) admitted() error {
	if s.Role() == "" {
		return casework.NewFault(casework.Forbidden, "role-missing", fmt.Sprintf(
			"You are signed in as %s. These pages are for operators and caseworkers of the awarding body, and you are neither.", s.Name()),
			casework.Reason{Code: "role-missing", Detail: "Sign out and in again as somebody who is, or ask for the role."})
	}
	if !s.Person.SecondFactor() {
		return casework.NewFault(casework.Forbidden, "second-factor-required", fmt.Sprintf(
			"You are signed in as %s with a password only. These pages need a second factor.", s.Name()),
			casework.Reason{Code: "second-factor-required", Detail: "Sign out and in again with a one-time code or a security key."})
	}
	return nil
}

// sent reports whether a form carries the session's token.
func (s session) sent(r *http.Request) bool {
	return s.Token != "" && subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(s.Token)) == 1
}

const (
	sessionPurpose = "session"
	signInPurpose  = "sign-in"
	// panelPurpose is of the session in the panel's own jar.
	panelPurpose = "panel"
)

// cookieName is what the cookie of a purpose is called at an address. Over HTTPS the name itself makes browsers refuse
// the cookie from anybody but this very host.
func (o origin) cookieName(purpose string) string {
	if o.Scheme == "https" {
		return "__Host-recourse-" + purpose
	}
	return "recourse-" + purpose
}

// cookie makes one that scripts cannot read. It goes with requests from a page of another site only where the panel
// cannot work otherwise: on a local stack, whose Web UI has no certificate.
func (o origin) cookie(purpose, value string, life time.Duration) *http.Cookie {
	made := &http.Cookie{
		Name: o.cookieName(purpose), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: o.Scheme == "https", SameSite: http.SameSiteLaxMode,
	}
	if purpose != signInPurpose && o.foreign && o.Scheme == "https" {
		made.SameSite, made.Partitioned = http.SameSiteNoneMode, purpose == panelPurpose
	}
	return made
}

// session reads who is signed in; errSignedOut if nobody is.
func (s *site) session(r *http.Request) (session, error) {
	for _, purpose := range []string{sessionPurpose, panelPurpose} {
		cookie, err := r.Cookie(s.base(r).cookieName(purpose))
		if err != nil {
			continue
		}
		var kept session
		if err := s.sealed.open(purpose, cookie.Value, &kept); err == nil && s.Wall().Before(kept.Expires) {
			return kept, nil
		}
	}
	return session{}, errSignedOut
}

// remember keeps a value in the browser for a purpose.
func (s *site) remember(w http.ResponseWriter, r *http.Request, purpose string, value any, life time.Duration) error {
	sealed, err := s.sealed.seal(purpose, value)
	if err != nil {
		return err
	}
	http.SetCookie(w, s.base(r).cookie(purpose, sealed, life))
	return nil
}

// forget removes what was kept for a purpose.
func (s *site) forget(w http.ResponseWriter, r *http.Request, purpose string) {
	gone := s.base(r).cookie(purpose, "", 0)
	gone.MaxAge = -1
	http.SetCookie(w, gone)
}
