package issuer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// codeLife is how long a code may be on its way back to who asked for it.
const codeLife = time.Minute

// codes are the authorization codes that were not redeemed yet. They are forgotten with the process: whoever was just
// signing in begins again.
type codes struct {
	mu   sync.Mutex
	open map[string]grant
}

// grant is what a code is good for.
type grant struct {
	persona   Persona
	request   authorization
	expiresAt time.Time
}

// authorization is what a client asks for in the authorization code flow (RFC 6749 §4.1, with PKCE, RFC 7636).
type authorization struct {
	ClientID  string
	Redirect  string
	State     string
	Nonce     string
	Challenge string
}

// readAuthorization reads a request from a query or a form; what is wrong with it is said in words.
func readAuthorization(values url.Values) (asked authorization, wrong string) {
	asked = authorization{
		ClientID: values.Get("client_id"), Redirect: values.Get("redirect_uri"), State: values.Get("state"),
		Nonce: values.Get("nonce"), Challenge: values.Get("code_challenge"),
	}
	switch {
	case values.Get("response_type") != "code":
		return asked, "response_type must be code"
	case asked.ClientID == "":
		return asked, "client_id is missing"
	case !local(asked.Redirect):
		return asked, "redirect_uri must lead to this machine: the personas are nobody anywhere else"
	case asked.Challenge == "" || values.Get("code_challenge_method") != "S256":
		return asked, "code_challenge is missing, or its method is not S256"
	case asked.State == "":
		return asked, "state is missing"
	}
	return asked, ""
}

// local reports whether an address is one of this machine's own.
func local(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return false
	}
	host := parsed.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
}

// issue makes a code.
func (c *codes) issue(g grant, now time.Time) string {
	code := rand.Text()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = make(map[string]grant)
	}
	maps.DeleteFunc(c.open, func(_ string, old grant) bool { return now.After(old.expiresAt) })
	c.open[code] = g
	return code
}

// take hands a code out once.
func (c *codes) take(code string, now time.Time) (grant, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, known := c.open[code]
	delete(c.open, code)
	return g, known && !now.After(g.expiresAt)
}

// proven reports whether a verifier is the one whose hash the client sent first.
func (a authorization) proven(verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(a.Challenge)) == 1
}

// redeem answers a code with tokens, once and only to who began the sign-in.
func (i *Issuer) redeem(w http.ResponseWriter, r *http.Request) {
	g, known := i.codes.take(r.PostFormValue("code"), i.now())
	switch {
	case !known:
		refuse(w, "invalid_grant", "the code is unknown, used or too old")
	case g.request.ClientID != r.PostFormValue("client_id") || g.request.Redirect != r.PostFormValue("redirect_uri"):
		refuse(w, "invalid_grant", "the code was made for another client or another address")
	case !g.request.proven(r.PostFormValue("code_verifier")):
		refuse(w, "invalid_grant", "code_verifier does not fit the challenge")
	default:
		i.answer(w, g.persona, Terms{Audience: g.request.ClientID, Nonce: g.request.Nonce})
	}
}
