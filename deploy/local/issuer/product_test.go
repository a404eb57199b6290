package issuer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/deploy/local/issuer"
)

// product is the product's own verifier for an issuer and an audience, at an instant.
func product(url, audience string, now time.Time) *identity.Verifier {
	return identity.NewVerifier(url, audience, http.DefaultClient, func() time.Time { return now })
}

func TestTheProductReadsEveryPersonaAsItIsWritten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	verifier := product(d.url, "recourse", time.Now())
	require.NoError(t, verifier.Ready(t.Context()))
	personas, err := issuer.Personas()
	require.NoError(t, err)
	for _, p := range personas {
		token, status := d.token("persona", p.ID)
		require.Equal(t, http.StatusOK, status)
		got, err := verifier.Verify(t.Context(), token)
		require.NoError(t, err, p.ID)
		want := identity.Person{Subject: p.ID, Email: p.Email, Name: p.Name, Centre: p.Centre, Methods: p.AMR}
		for _, role := range p.Roles {
			want.Grants = append(want.Grants, identity.ParseGrant(role))
		}
		require.Equal(t, want, got)
		require.Equal(t, p.ID != "eo-64101-no2fa", got.SecondFactor(), p.ID)
		require.Equal(t, p.Centre != "", strings.Contains(p.Roles[0], "/"), "%s: roles at a centre are held per family, others are not", p.ID)
	}
}

func TestTheProductRefusesWhatTheIssuerDidNotMakeForIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	good, _ := d.token("persona", "eo-64101")
	expired, _ := d.token("persona", "eo-64101", "ttl", "-1s")
	forger, err := issuer.LoadKey(filepath.Join(t.TempDir(), "another.pem"))
	require.NoError(t, err)
	other, err := issuer.New(d.url, "recourse", forger, time.Now)
	require.NoError(t, err)
	forged, err := other.Token(issuer.Persona{ID: "ops-5001", Roles: []string{"operator"}}, issuer.Terms{TTL: time.Hour})
	require.NoError(t, err)
	parts := strings.Split(good, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	promoted := strings.Replace(string(payload), "eo-64101", "ops-5001", 1)
	require.NotEqual(t, string(payload), promoted)

	for name, c := range map[string]struct {
		token, audience string
		at              time.Time
		want            error
	}{
		"expired":               {expired, "recourse", time.Now(), identity.ErrExpired},
		"used a day later":      {good, "recourse", time.Now().Add(24 * time.Hour), identity.ErrExpired},
		"for another audience":  {good, "somebody-else", time.Now(), identity.ErrInvalid},
		"signed by another key": {forged, "recourse", time.Now(), identity.ErrInvalid},
		"with another payload":  {parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(promoted)) + "." + parts[2], "recourse", time.Now(), identity.ErrInvalid},
		"without a signature":   {parts[0] + "." + parts[1] + ".", "recourse", time.Now(), identity.ErrInvalid},
	} {
		_, err := product(d.url, c.audience, c.at).Verify(t.Context(), c.token)
		require.ErrorIs(t, err, c.want, name)
	}
}

func TestLifetimeAndSkewAreExact(t *testing.T) {
	t.Parallel()
	key, err := issuer.LoadKey(filepath.Join(t.TempDir(), "key.pem"))
	require.NoError(t, err)
	now := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // the night on which clocks go back
	made, err := issuer.New("http://127.0.0.1:8026", "recourse", key, func() time.Time { return now })
	require.NoError(t, err)
	seen := make(map[string]bool)
	for _, c := range []struct{ ttl, skew time.Duration }{
		{issuer.Lifetime, 0}, {-time.Minute, 0}, {time.Hour, 5 * time.Minute}, {time.Hour, -2 * time.Hour}, {time.Second, time.Second},
	} {
		token, err := made.Token(issuer.Persona{ID: "ex-1001"}, issuer.Terms{TTL: c.ttl, Skew: c.skew})
		require.NoError(t, err)
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		require.NoError(t, err)
		var claims struct {
			ID       string  `json:"jti"`
			Issued   int64   `json:"iat"`
			Expires  int64   `json:"exp"`
			Audience string  `json:"aud"`
			Centre   *string `json:"centre"`
		}
		require.NoError(t, json.Unmarshal(payload, &claims))
		require.Equal(t, now.Add(c.skew).Unix(), claims.Issued)
		require.Equal(t, now.Add(c.skew+c.ttl).Unix(), claims.Expires)
		require.Equal(t, "recourse", claims.Audience)
		require.Nil(t, claims.Centre, "somebody without a centre has no claim of one, not an empty one")
		require.False(t, seen[claims.ID], "a token's id is used once")
		seen[claims.ID] = true
	}
}

func TestTheKeysThatAreServedArePublicOnes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	answer, err := http.Get(d.url + "/keys")
	require.NoError(t, err)
	defer answer.Body.Close()
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&set))
	require.Len(t, set.Keys, 1)
	for _, private := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		require.NotContains(t, set.Keys[0], private)
	}
	token, _ := d.token("persona", "ex-1001")
	head, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	require.NoError(t, err)
	var named map[string]string
	require.NoError(t, json.Unmarshal(head, &named))
	require.Equal(t, set.Keys[0]["kid"], named["kid"], "a token names the key that checks it")
	require.Equal(t, "RS256", named["alg"])
}

func TestTokensAreAskedForByPostAndNeverCached(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	answer, err := http.Get(d.url + "/token?persona=ops-5001")
	require.NoError(t, err)
	answer.Body.Close()
	require.Equal(t, http.StatusMethodNotAllowed, answer.StatusCode, "a link is not enough to get a token")

	answer, err = http.Post(d.url+"/token", "application/x-www-form-urlencoded", strings.NewReader("persona=ops-5001&ttl=90s"))
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	var body map[string]any
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&body))
	require.InDelta(t, 90, body["expires_in"], 0)
	require.Equal(t, "Bearer", body["token_type"])
	require.Equal(t, body["access_token"], body["id_token"])

	page, err := http.Get(d.url + "/")
	require.NoError(t, err)
	page.Body.Close()
	require.Equal(t, "no-store", page.Header.Get("Cache-Control"))
}

func TestARefusalSaysWhichValueIsWrong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for form, want := range map[string]struct{ code, says string }{
		"persona=<b>":                   {"invalid_grant", "<b>"},
		"persona=ex-1001&ttl=1y":        {"invalid_request", "ttl"},
		"persona=ex-1001&skew=tomorrow": {"invalid_request", "skew"},
		"persona=EX-1001":               {"invalid_grant", "EX-1001"},
	} {
		answer, err := http.Post(d.url+"/token", "application/x-www-form-urlencoded", strings.NewReader(form))
		require.NoError(t, err)
		var body map[string]string
		require.NoError(t, json.NewDecoder(answer.Body).Decode(&body))
		answer.Body.Close()
		require.Equal(t, want.code, body["error"], form)
		require.Contains(t, body["error_description"], want.says, form)
		require.Equal(t, "application/json", answer.Header.Get("Content-Type"), "what was asked for is never shown as a page")
	}
}

func TestAKeyFileThatIsNoRSAKeyIsNamedAndKept(t *testing.T) {
	t.Parallel()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(curve)
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"empty":         {},
		"another kind":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}),
		"noise in PEM":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("noise")}),
		"cut in middle": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})[:40],
	} {
		file := filepath.Join(t.TempDir(), "signing.pem")
		require.NoError(t, os.WriteFile(file, content, 0o600))
		_, err := issuer.LoadKey(file)
		require.ErrorContains(t, err, file, name)
		kept, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, content, kept, "%s: it is not replaced, which would end every token", name)
	}
	_, err = issuer.LoadKey(filepath.Join(t.TempDir(), "absent", "signing.pem"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestRunServesUntilItIsToldToStop(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	config := issuer.Config{
		URL: fmt.Sprintf("http://127.0.0.1:%d", port), Port: port, Audience: "recourse", KeyFile: filepath.Join(t.TempDir(), "key.pem"),
	}
	never := func() error { require.Fail(t, "it is not ready"); return nil }
	require.ErrorContains(t, issuer.Run(t.Context(), config, never), "listen for the issuer")
	require.NoError(t, listener.Close())

	var token string
	for range 2 {
		ctx, stop := context.WithCancel(t.Context())
		ended, ready := make(chan error, 1), make(chan struct{})
		go func() {
			ended <- issuer.Run(ctx, config, func() error { close(ready); return nil })
		}()
		<-ready
		d := &desk{t: t, url: config.URL}
		if token == "" {
			token, _ = d.token("persona", "ex-1001")
		}
		_, err = d.verify(token)
		require.NoError(t, err, "a token outlives the process that made it")
		stop()
		require.NoError(t, <-ended)
	}
	require.ErrorIs(t, issuer.Run(t.Context(), config, func() error { return io.ErrClosedPipe }), io.ErrClosedPipe)
}
