package starter_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/oidctest"
)

// The operators' pages stand beside the contract, on the real register, behind a real sign-in; Temporal may be away.
func TestRun_ServesTheOperatorsPagesBesideTheContract(t *testing.T) {
	p := start(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(address string) (int, string, http.Header) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		require.NoError(t, err)
		response, err := browser.Do(request)
		require.NoError(t, err)
		defer func() { require.NoError(t, response.Body.Close()) }()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(body), response.Header
	}

	status, _, _ := get(p.url + "/ops")
	require.Equal(t, http.StatusUnauthorized, status)
	status, _, header := get(p.url + "/ops/sign-in")
	require.Equal(t, http.StatusSeeOther, status)
	asked, err := url.Parse(header.Get("Location"))
	require.NoError(t, err)
	token := p.issuer.Token(t, time.Now(), oidctest.Claims{
		Subject: "ops-5001", Name: "Kate Munro", Roles: []string{"operator"}, AMR: []string{"otp"}, Nonce: asked.Query().Get("nonce"),
	})
	status, _, _ = get(p.issuer.Grant(t, asked.String(), token))
	require.Equal(t, http.StatusSeeOther, status)
	status, page, _ := get(p.url + "/ops")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "Kate Munro")
	require.Contains(t, page, "Nothing is owed to anybody.")
	status, _, _ = get(p.url + "/ops/cases/R-2222-2222-2222-2")
	require.Equal(t, http.StatusNotFound, status)
	status, _, _ = get(p.url + "/healthz")
	require.Equal(t, http.StatusOK, status, "the contract is where it was")
}
