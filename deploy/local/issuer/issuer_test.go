package issuer_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
)

// desk is a served issuer.
type desk struct {
	t       *testing.T
	url     string
	keyFile string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, keyFile: filepath.Join(t.TempDir(), "signing.pem")}
	key, err := issuer.LoadKey(d.keyFile)
	require.NoError(t, err)
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	d.url = server.URL
	made, err := issuer.New(d.url, "recourse", key, time.Now)
	require.NoError(t, err)
	handler = made.Handler()
	return d
}

// token asks for a token with form values such as "persona", "eo-64101".
func (d *desk) token(pairs ...string) (string, int) {
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Set(pair[0], pair[1])
	}
	answer, err := http.PostForm(d.url+"/token", form)
	require.NoError(d.t, err)
	defer answer.Body.Close()
	var body struct {
		Token string `json:"access_token"`
		Type  string `json:"token_type"`
	}
	require.NoError(d.t, json.NewDecoder(answer.Body).Decode(&body))
	return body.Token, answer.StatusCode
}

// verify checks a token as the product does: by discovery, keys, audience and expiry.
func (d *desk) verify(token string) (*oidc.IDToken, error) {
	provider, err := oidc.NewProvider(d.t.Context(), d.url)
	require.NoError(d.t, err)
	return provider.Verifier(&oidc.Config{ClientID: "recourse"}).Verify(d.t.Context(), token)
}

type claims struct {
	Name   string   `json:"name"`
	Email  string   `json:"email"`
	AMR    []string `json:"amr"`
	Centre string   `json:"centre"`
	Roles  []string `json:"roles"`
}

func TestATokenSaysWhoAPersonaIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	token, status := d.token("persona", "eo-64101")
	require.Equal(t, http.StatusOK, status)
	verified, err := d.verify(token)
	require.NoError(t, err)
	require.Equal(t, "eo-64101", verified.Subject)
	require.WithinDuration(t, time.Now().Add(12*time.Hour), verified.Expiry, time.Minute)
	var got claims
	require.NoError(t, verified.Claims(&got))
	require.Equal(t, claims{
		Name: "Amira Holt", Email: "exams@ashdown.example", AMR: []string{"pwd", "otp"},
		Centre: "64101", Roles: []string{"post-results-full-access/gq"},
	}, got)
}

func TestATokenMayBeExpiredOrFromAnotherClock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	expired, _ := d.token("persona", "eo-64101", "ttl", "-1m")
	_, err := d.verify(expired)
	var late *oidc.TokenExpiredError
	require.ErrorAs(t, err, &late)

	fast, _ := d.token("persona", "eo-64101", "skew", "10m")
	verified, err := d.verify(fast)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(10*time.Minute), verified.IssuedAt, time.Minute)
	stale, _ := d.token("persona", "eo-64101", "skew", "-13h")
	_, err = d.verify(stale)
	require.ErrorAs(t, err, &late)
}

// A client of several services asks for each by its audience; the product takes a token that was made for it alone.
func TestATokenIsForTheAudienceThatWasAskedFor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other, status := d.token("persona", "eo-64101", "audience", "results-portal")
	require.Equal(t, http.StatusOK, status)
	_, err := d.verify(other)
	require.ErrorContains(t, err, "audience")
	own, _ := d.token("persona", "eo-64101", "audience", "recourse")
	verified, err := d.verify(own)
	require.NoError(t, err)
	require.Equal(t, []string{"recourse"}, verified.Audience)
}

func TestABadRequestIsRefusedInOAuthsWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, pairs := range map[string][]string{
		"unknown persona": {"persona", "nobody"}, "no persona": {},
		"bad ttl": {"persona", "eo-64101", "ttl", "long"}, "bad skew": {"persona", "eo-64101", "skew", "a bit"},
	} {
		token, status := d.token(pairs...)
		require.Equal(t, http.StatusBadRequest, status, name)
		require.Empty(t, token, name)
	}
}

func TestTokensStayGoodOverARestart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	token, _ := d.token("persona", "fin-4001")
	key, err := issuer.LoadKey(d.keyFile)
	require.NoError(t, err)
	again, err := issuer.New(d.url, "recourse", key, time.Now)
	require.NoError(t, err)
	server := httptest.NewServer(again.Handler())
	defer server.Close()
	keys := oidc.NewRemoteKeySet(t.Context(), server.URL+"/keys")
	_, err = keys.VerifySignature(t.Context(), token)
	require.NoError(t, err)
}

func TestTheSigningKeyIsPrivateAndADamagedOneIsNamed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	info, err := os.Stat(d.keyFile)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.WriteFile(d.keyFile, []byte("damaged"), 0o600))
	_, err = issuer.LoadKey(d.keyFile)
	require.ErrorContains(t, err, d.keyFile)
}

func TestThePageOffersAGoodTokenForEverybody(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	answer, err := http.Get(d.url + "/")
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	personas, err := issuer.Personas()
	require.NoError(t, err)
	parts := strings.Split(string(body), `aria-label="Token of `)[1:]
	require.Len(t, parts, len(personas))
	for n, part := range parts {
		_, rest, _ := strings.Cut(part, ">")
		token, _, _ := strings.Cut(rest, "<")
		verified, err := d.verify(token)
		require.NoError(t, err)
		require.Equal(t, personas[n].ID, verified.Subject)
	}
}

func TestThePersonasCoverWhatTheStoriesNeed(t *testing.T) {
	t.Parallel()
	personas, err := issuer.Personas()
	require.NoError(t, err)
	byID := make(map[string]issuer.Persona)
	for _, p := range personas {
		require.NotContains(t, byID, p.ID, "an id names one persona")
		byID[p.ID] = p
		require.True(t, strings.HasSuffix(p.Email, ".example"), "%s: an address that can belong to nobody", p.ID)
		require.NotEmpty(t, p.Name, p.ID)
		require.NotEmpty(t, p.Roles, p.ID)
		require.Contains(t, p.AMR, "pwd", p.ID)
	}
	require.NotContains(t, byID["eo-64101-no2fa"].AMR, "otp", "somebody lacks the second factor")
	require.Equal(t, byID["eo-64101"].Roles, byID["eo-64101-no2fa"].Roles)
	require.Equal(t, []string{"post-results-full-access/vq"}, byID["eo-64101-vq"].Roles)
	require.Equal(t, []string{"centre-read-only/gq"}, byID["reader-64101"].Roles)
	require.NotEqual(t, byID["eo-71203"].Centre, byID["eo-71305"].Centre)
	for _, id := range []string{"ex-1001", "ex-1006", "cl-2001", "cl-2002", "cw-3001", "fin-4001", "ops-5001", "admin-64202"} {
		require.Contains(t, byID, id)
	}
}
