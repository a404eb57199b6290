package issuer_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
)

const (
	verifier = "a-verifier-that-is-long-enough-for-anybody-0123456789"
	redirect = "http://127.0.0.1:8080/ops/signed-in"
)

// asked is what a client sends the browser away with.
func asked(changes ...string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	values := url.Values{
		"response_type": {"code"}, "client_id": {"recourse"}, "redirect_uri": {redirect}, "state": {"a state"}, "nonce": {"a nonce"},
		"scope": {"openid"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
	}
	return values
}

// choose picks a persona and returns where the browser is sent.
func (d *desk) choose(persona string, request url.Values) (*url.URL, int) {
	d.t.Helper()
	request.Set("persona", persona)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(d.url+"/authorize", request)
	require.NoError(d.t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return nil, answer.StatusCode
	}
	next, err := answer.Location()
	require.NoError(d.t, err)
	return next, answer.StatusCode
}

// redeem exchanges a code.
func (d *desk) redeem(code string, changes ...string) (token string, status int) {
	d.t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "client_id": {"recourse"}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	answer, err := http.PostForm(d.url+"/token", form)
	require.NoError(d.t, err)
	defer answer.Body.Close()
	var body struct {
		Token string `json:"id_token"`
	}
	require.NoError(d.t, json.NewDecoder(answer.Body).Decode(&body))
	return body.Token, answer.StatusCode
}

func TestABrowserSignsInAsAPersona(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	answer, err := http.Get(d.url + "/authorize?" + asked().Encode())
	require.NoError(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Contains(t, string(page), "Kate Munro")
	require.Contains(t, string(page), `name="state" value="a state"`, "what the client asked travels on")
	require.Equal(t, "frame-ancestors 'none'", answer.Header.Get("Content-Security-Policy"), "nobody frames a sign-in")

	next, status := d.choose("ops-5001", asked())
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, "/ops/signed-in", next.Path)
	require.Equal(t, "a state", next.Query().Get("state"))
	token, status := d.redeem(next.Query().Get("code"))
	require.Equal(t, http.StatusOK, status)
	verified, err := d.verify(token)
	require.NoError(t, err)
	require.Equal(t, "ops-5001", verified.Subject)
	require.Equal(t, "a nonce", verified.Nonce)
	_, status = d.redeem(next.Query().Get("code"))
	require.Equal(t, http.StatusBadRequest, status, "a code is good once")
}

// A token is for the client that asked, and the ready tokens of the page of personas have no nonce.
func TestABrowsersTokenIsForTheClientThatAsked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	next, _ := d.choose("ops-5001", asked("client_id", "results-portal"))
	token, status := d.redeem(next.Query().Get("code"), "client_id", "results-portal")
	require.Equal(t, http.StatusOK, status)
	_, err := d.verify(token)
	require.ErrorContains(t, err, "audience")
	provider, err := oidc.NewProvider(t.Context(), d.url)
	require.NoError(t, err)
	_, err = provider.Verifier(&oidc.Config{ClientID: "results-portal"}).Verify(t.Context(), token)
	require.NoError(t, err)
	ready, _ := d.token("persona", "ops-5001")
	verified, err := d.verify(ready)
	require.NoError(t, err)
	require.Empty(t, verified.Nonce)
}

func TestACodeIsForWhoBeganTheSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, changes := range map[string][]string{
		"another verifier": {"code_verifier", "guessed"},
		"no verifier":      {"code_verifier", ""},
		"another client":   {"client_id", "results-portal"},
		"another address":  {"redirect_uri", "http://127.0.0.1:9999/"},
		"a guessed code":   {"code", "guessed"},
	} {
		next, _ := d.choose("ops-5001", asked())
		_, status := d.redeem(next.Query().Get("code"), changes...)
		require.Equal(t, http.StatusBadRequest, status, name)
	}
}

func TestACodeIsGoodForAMinute(t *testing.T) {
	t.Parallel()
	key, err := issuer.LoadKey(filepath.Join(t.TempDir(), "key.pem"))
	require.NoError(t, err)
	now := time.Date(2026, 8, 27, 9, 0, 0, 0, time.UTC)
	made, err := issuer.New("http://127.0.0.1:8026", "recourse", key, func() time.Time { return now })
	require.NoError(t, err)
	server := httptest.NewServer(made.Handler())
	t.Cleanup(server.Close)
	d := &desk{t: t, url: server.URL}
	for age, want := range map[time.Duration]int{time.Minute: http.StatusOK, time.Minute + time.Second: http.StatusBadRequest} {
		next, _ := d.choose("ops-5001", asked())
		now = now.Add(age)
		_, status := d.redeem(next.Query().Get("code"))
		require.Equal(t, want, status, "%s", age)
	}
}

func TestNobodyIsSentAwayFromThisMachine(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, changes := range map[string][]string{
		"another machine":       {"redirect_uri", "https://recourse.example.org/ops/signed-in"},
		"not an address":        {"redirect_uri", "javascript:alert(1)"},
		"without a challenge":   {"code_challenge", ""},
		"with a bare challenge": {"code_challenge_method", "plain"},
		"without a state":       {"state", ""},
		"for nobody":            {"client_id", ""},
		"another flow":          {"response_type", "token"},
	} {
		_, status := d.choose("ops-5001", asked(changes...))
		require.Equal(t, http.StatusBadRequest, status, name)
		answer, err := http.Get(d.url + "/authorize?" + asked(changes...).Encode())
		require.NoError(t, err)
		answer.Body.Close()
		require.Equal(t, http.StatusBadRequest, answer.StatusCode, name)
	}
	next, status := d.choose("", asked())
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, "access_denied", next.Query().Get("error"), "whoever goes back is nobody")
	require.Empty(t, next.Query().Get("code"))
}
