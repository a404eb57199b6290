package ops

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/recourse-exams/recourse/casework"
)

// signInLife is for how long somebody may take to sign in.
const signInLife = 10 * time.Minute

// attempt is a sign-in under way, kept in the browser that began it.
type attempt struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Return   string    `json:"return"`
	Expires  time.Time `json:"expires"`
}

// signIn sends the browser to the identity provider.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) {
	base := s.base(r)
	flow, err := s.authorization(r.Context(), base)
	if err != nil {
		s.fail(w, r, visit{}, unavailable(err))
		return
	}
	begun := attempt{
		State: secret(), Nonce: secret(), Verifier: oauth2.GenerateVerifier(),
		Return: homeward(r.URL.Query().Get("return")), Expires: s.Wall().Add(signInLife),
	}
	if err := s.remember(w, r, signInPurpose, begun, signInLife); err != nil {
		s.fail(w, r, visit{}, err)
		return
	}
	address := flow.AuthCodeURL(begun.State, oauth2.S256ChallengeOption(begun.Verifier), oauth2.SetAuthURLParam("nonce", begun.Nonce))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// homeward is where somebody goes on after signing in: an address of these pages, and never of another site.
func homeward(path string) string {
	parsed, err := url.Parse(path)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || (parsed.Path != "/ops" && !strings.HasPrefix(parsed.Path, "/ops/")) || strings.Contains(path, `\`) {
		return "/ops"
	}
	return parsed.RequestURI()
}

// signedIn takes the identity provider's answer.
func (s *site) signedIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	begun, err := s.attempt(r, query.Get("state"))
	s.forget(w, r, signInPurpose)
	if err != nil {
		s.fail(w, r, visit{}, err)
		return
	}
	if refused := query.Get("error"); refused != "" {
		s.fail(w, r, visit{}, signInFailed("The identity provider did not sign you in.", fmt.Errorf("the provider answered %q", refused)))
		return
	}
	token, err := s.redeem(r.Context(), s.base(r), query.Get("code"), begun.Verifier)
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) || errors.Is(err, errNoIdentity) {
			s.fail(w, r, visit{}, signInFailed("The identity provider did not confirm the sign-in.", err))
			return
		}
		s.fail(w, r, visit{}, unavailable(err))
		return
	}
	person, err := s.Verifier.Verify(r.Context(), token)
	if err == nil && subtle.ConstantTimeCompare([]byte(nonceOf(token)), []byte(begun.Nonce)) != 1 {
		err = errors.New("the identity token was made for another sign-in")
	}
	if err != nil {
		s.fail(w, r, visit{}, signInFailed("The identity provider's answer could not be verified.", err))
		return
	}
	started := session{Person: person, Expires: s.Wall().Add(sessionLife), Token: secret()}
	if err := s.remember(w, r, sessionPurpose, started, sessionLife); err != nil {
		s.fail(w, r, visit{}, err)
		return
	}
	http.Redirect(w, r, begun.Return, http.StatusSeeOther)
}

// attempt finds the sign-in that this browser began.
func (s *site) attempt(r *http.Request, state string) (attempt, error) {
	cookie, err := r.Cookie(s.base(r).cookieName(signInPurpose))
	if err != nil {
		return attempt{}, signInFailed("This browser did not begin the sign-in that came back, or began it too long ago.", err)
	}
	var begun attempt
	if err := s.sealed.open(signInPurpose, cookie.Value, &begun); err != nil {
		return attempt{}, signInFailed("What this browser kept of the sign-in cannot be read.", err)
	}
	if subtle.ConstantTimeCompare([]byte(begun.State), []byte(state)) != 1 || !s.Wall().Before(begun.Expires) {
		return attempt{}, signInFailed("The sign-in that came back is not the one that this browser began last.", errBroken)
	}
	return begun, nil
}

// signOut forgets who is signed in here. The identity provider may still know the person.
func (s *site) signOut(w http.ResponseWriter, r *http.Request) {
	if kept, err := s.session(r); err == nil && !kept.sent(r) {
		s.fail(w, r, visit{}, forged())
		return
	}
	s.forget(w, r, sessionPurpose)
	framed := r.URL.Path == "/ops/panel/sign-out"
	if framed {
		s.forget(w, r, panelPurpose)
		w.Header().Set("Content-Security-Policy", policy(s.framer()))
	}
	s.write(w, r, http.StatusOK, "signed-out.html", signPage{visit: visit{framed: framed, host: s.host}, Title: "Signed out"})
}

// signPage is a page for somebody who is not signed in.
type signPage struct {
	visit
	Title string
	// Return is where one goes on after signing in; in the panel that is a window that closes, and Back is the panel's own
	// page. Foreign is true if that window has to hand the panel a ticket.
	Return  string
	Back    string
	Foreign bool
}

// signInError is a sign-in that failed: what the person is told, and why for the log.
type signInError struct {
	*casework.Fault
	cause error
}

// Unwrap lets errors.As find the fault.
func (n *signInError) Unwrap() []error { return []error{n.Fault, n.cause} }

func signInFailed(detail string, cause error) error {
	return &signInError{casework.NewFault(casework.Forbidden, "sign-in-failed", detail,
		casework.Reason{Code: "sign-in-failed", Detail: "Begin again. If it fails again, ask whoever runs the identity provider."}), cause}
}

func unavailable(cause error) error {
	return &signInError{casework.NewFault(casework.Unavailable, "identity-provider-away", "The identity provider does not answer.",
		casework.Reason{Code: "identity-provider-away", Detail: "Try again in a moment. Without it nobody can sign in here; the cases go on by themselves."}), cause}
}

// forged refuses a form that this page did not make for this session.
func forged() error {
	return casework.NewFault(casework.Forbidden, "form-not-ours", "The form was not made for your session, or you have signed in again since.",
		casework.Reason{Code: "form-not-ours", Detail: "Nothing was done. Open the page again and repeat what you wanted."})
}
