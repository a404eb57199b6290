package oidctest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/oidctest"
)

func get(t *testing.T, url string) (status int, body map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	if response.StatusCode == http.StatusOK {
		require.NoError(t, json.NewDecoder(response.Body).Decode(&body))
	}
	return response.StatusCode, body
}

func TestIssuer_LeadsFromItsNameToItsKeys(t *testing.T) {
	t.Parallel()
	issuer := oidctest.New(t, "recourse")
	_, document := get(t, issuer.URL+"/.well-known/openid-configuration")
	require.Equal(t, issuer.URL, document["issuer"])
	_, keys := get(t, document["jwks_uri"].(string))
	require.Len(t, keys["keys"], 1)
	require.NotContains(t, keys["keys"].([]any)[0], "d", "the private key stays inside")
}

func TestIssuer_MayBeAway(t *testing.T) {
	t.Parallel()
	issuer := oidctest.New(t, "recourse")
	issuer.SetAway(true)
	status, _ := get(t, issuer.URL+"/keys")
	require.Equal(t, http.StatusServiceUnavailable, status)
	issuer.SetAway(false)
	status, _ = get(t, issuer.URL+"/keys")
	require.Equal(t, http.StatusOK, status)
}

func TestToken_SaysWhoForWhomAndHowLong(t *testing.T) {
	t.Parallel()
	issuer := oidctest.New(t, "recourse")
	at := time.Date(2026, 8, 27, 9, 0, 0, 0, time.UTC)
	parts := strings.Split(issuer.Token(t, at, oidctest.Claims{Subject: "eo-64101", AMR: []string{"otp"}}), ".")
	require.Len(t, parts, 3)
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(text, &claims))
	require.Equal(t, "eo-64101", claims["sub"])
	require.Equal(t, issuer.URL, claims["iss"])
	require.EqualValues(t, at.Add(time.Hour).Unix(), claims["exp"])
	require.NotContains(t, claims, "centre", "what a person has not is left out")
}
