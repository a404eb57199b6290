// Package oidctest is an OpenID Connect issuer for tests: it serves discovery and keys on a loopback address and
// signs the tokens that a test asks for.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"
)

// Issuer signs tokens. Its exported fields may be changed before a token is made.
type Issuer struct {
	// Audience goes into every token.
	Audience string
	// URL is the issuer's address and name.
	URL string

	signer jose.Signer
	away   atomic.Bool
	codes  codes
}

// New starts an issuer that stops with the test.
func New(t *testing.T, audience string) *Issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", "test-1")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, options)
	require.NoError(t, err)
	issuer := &Issuer{Audience: audience, signer: signer}
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "test-1", Algorithm: string(jose.ES256), Use: "sig"}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		issuer.answer(w, map[string]any{
			"issuer": issuer.URL, "jwks_uri": issuer.URL + "/keys", "authorization_endpoint": issuer.URL + "/authorize",
			"token_endpoint": issuer.URL + "/token", "id_token_signing_alg_values_supported": []string{"ES256"},
		})
	})
	mux.HandleFunc("POST /token", issuer.redeem)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) { issuer.answer(w, keys) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	issuer.URL = server.URL
	return issuer
}

// SetAway makes the issuer answer every call with 503, or serve again.
func (i *Issuer) SetAway(away bool) { i.away.Store(away) }

func (i *Issuer) answer(w http.ResponseWriter, body any) {
	if i.away.Load() {
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// A failed write means that the client has gone, which the client's own error tells.
	_ = json.NewEncoder(w).Encode(body)
}

// Claims is what a token says beside issuer, audience and times.
type Claims struct {
	Subject string   `json:"sub"`
	Email   string   `json:"email,omitempty"`
	Name    string   `json:"name,omitempty"`
	Centre  string   `json:"centre,omitempty"`
	Roles   []string `json:"roles,omitempty"`
	AMR     []string `json:"amr,omitempty"`
	// Nonce is that of the sign-in for which the token is made.
	Nonce string `json:"nonce,omitempty"`
}

// Token signs a token that is valid from an hour before issued to an hour after it.
func (i *Issuer) Token(t *testing.T, issued time.Time, claims Claims) string {
	t.Helper()
	standard := jwt.Claims{
		Issuer:    i.URL,
		Audience:  jwt.Audience{i.Audience},
		IssuedAt:  jwt.NewNumericDate(issued),
		NotBefore: jwt.NewNumericDate(issued.Add(-time.Hour)),
		Expiry:    jwt.NewNumericDate(issued.Add(time.Hour)),
	}
	token, err := jwt.Signed(i.signer).Claims(standard).Claims(claims).Serialize()
	require.NoError(t, err)
	return token
}
