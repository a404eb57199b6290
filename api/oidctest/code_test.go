package oidctest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/oidctest"
)

// redeem sends a code as a client would and returns the status.
func redeem(t *testing.T, issuer *oidctest.Issuer, next, verifier string) int {
	t.Helper()
	back, err := url.Parse(next)
	require.NoError(t, err)
	response, err := http.PostForm(issuer.URL+"/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"recourse"}, "redirect_uri": {"http://127.0.0.1/back"},
		"code": {back.Query().Get("code")}, "code_verifier": {verifier},
	})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

func TestGrant_IsGoodOnceAndForWhoBeganIt(t *testing.T) {
	t.Parallel()
	issuer := oidctest.New(t, "recourse")
	sum := sha256.Sum256([]byte("the verifier"))
	asked := issuer.URL + "/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {"recourse"}, "redirect_uri": {"http://127.0.0.1/back"}, "state": {"a state"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode()

	next := issuer.Grant(t, asked, "a token")
	back, err := url.Parse(next)
	require.NoError(t, err)
	require.Equal(t, "a state", back.Query().Get("state"))
	require.Equal(t, http.StatusOK, redeem(t, issuer, next, "the verifier"))
	require.Equal(t, http.StatusBadRequest, redeem(t, issuer, next, "the verifier"), "a code is good once")
	require.Equal(t, http.StatusBadRequest, redeem(t, issuer, issuer.Grant(t, asked, "a token"), "another verifier"))
	require.Equal(t, http.StatusBadRequest, redeem(t, issuer, "http://127.0.0.1/back?code=guessed", "the verifier"))
}
