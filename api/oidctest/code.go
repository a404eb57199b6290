package oidctest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// codes are the authorization codes that were not redeemed yet.
type codes struct {
	mu   sync.Mutex
	open map[string]grant
}

// grant is what a code is good for.
type grant struct {
	client, redirect, challenge, token string
}

// Grant plays somebody who signs in: address is where the browser was sent, token what is answered for the code. It
// returns where the browser goes next, with the code and the state.
func (i *Issuer) Grant(t *testing.T, address, token string) (next string) {
	t.Helper()
	asked, err := url.Parse(address)
	require.NoError(t, err)
	query := asked.Query()
	require.Equal(t, "code", query.Get("response_type"))
	require.Equal(t, "S256", query.Get("code_challenge_method"), "a code that is stolen on its way is good for nothing")
	code := rand.Text()
	i.codes.mu.Lock()
	defer i.codes.mu.Unlock()
	if i.codes.open == nil {
		i.codes.open = map[string]grant{}
	}
	i.codes.open[code] = grant{client: query.Get("client_id"), redirect: query.Get("redirect_uri"), challenge: query.Get("code_challenge"), token: token}
	back, err := url.Parse(query.Get("redirect_uri"))
	require.NoError(t, err)
	back.RawQuery = url.Values{"code": {code}, "state": {query.Get("state")}}.Encode()
	return back.String()
}

// redeem answers a code once, to whoever began the sign-in (RFC 7636).
func (i *Issuer) redeem(w http.ResponseWriter, r *http.Request) {
	i.codes.mu.Lock()
	code := r.PostFormValue("code")
	granted, known := i.codes.open[code]
	delete(i.codes.open, code)
	i.codes.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("client_id") != granted.client ||
		r.PostFormValue("redirect_uri") != granted.redirect || base64.RawURLEncoding.EncodeToString(sum[:]) != granted.challenge {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	i.answer(w, map[string]any{"access_token": granted.token, "id_token": granted.token, "token_type": "Bearer", "expires_in": 3600})
}
