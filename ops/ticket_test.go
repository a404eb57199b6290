package ops_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/ops"
)

const panelCase = "/ops/panel/cases/" + string(reference)

// ticketOf reads the ticket that the closing window hands on.
func ticketOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `data-ticket="`)
	require.True(t, found)
	ticket, _, _ := strings.Cut(rest, `"`)
	return ticket
}

// A browser that keeps cookies back from frames has two jars: the window's, and the panel's.
func TestTicket_LetsThePanelInWhereItsJarIsItsOwn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	window, frame := h.operating(), h.browser()
	out := frame.get(panelCase)
	require.Equal(t, http.StatusUnauthorized, out.status)
	require.Equal(t, panelCase, hidden(t, out.body, "return"))
	require.NotContains(t, out.body, `http-equiv="refresh"`, "the window tells it")

	closing := window.get("/ops/close")
	require.Contains(t, closing.body, "Close this window")
	require.Contains(t, h.browser().get("/ops/close.js").body, "location.origin", "nobody but this very origin is told")
	let := frame.post("/ops/panel/redeem", url.Values{"ticket": {ticketOf(t, closing.body)}, "return": {panelCase}})
	require.Equal(t, http.StatusSeeOther, let.status)
	require.Equal(t, panelCase, let.header.Get("Location"))
	set := let.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-recourse-panel=", "HttpOnly", "Secure", "SameSite=None", "Partitioned"} {
		require.Contains(t, set, want)
	}
	page := frame.get(panelCase)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, text(page.body), "Kate Munro")

	require.Equal(t, http.StatusForbidden, frame.post("/ops/panel/sign-out", url.Values{}).status)
	gone := frame.post("/ops/panel/sign-out", url.Values{"token": {hidden(t, page.body, "token")}})
	require.Equal(t, http.StatusOK, gone.status)
	require.Contains(t, gone.header.Get("Content-Security-Policy"), "frame-ancestors "+webUI)
	require.Equal(t, http.StatusUnauthorized, frame.get(panelCase).status)
}

func TestTicket_IsGoodForAMinuteAndForNothingElse(t *testing.T) {
	t.Parallel()
	h := setup(t)
	window := h.operating()
	good := ticketOf(t, window.get("/ops/close").body)
	home, err := url.Parse(h.server.URL)
	require.NoError(t, err)
	session := window.client.Jar.Cookies(home)[0].Value
	for name, sent := range map[string]string{"none": "", "a guess": "guessed", "a changed one": good[:20] + "AAAA" + good[24:], "a cookie": session} {
		frame := h.browser()
		refused := frame.post("/ops/panel/redeem", url.Values{"ticket": {sent}})
		require.Equal(t, http.StatusForbidden, refused.status, name)
		require.Contains(t, refused.header.Get("Content-Security-Policy"), "frame-ancestors "+webUI, "the frame can show why")
		require.Equal(t, http.StatusUnauthorized, frame.get(panelCase).status, name)
	}
	for _, elsewhere := range []string{"https://evil.example/", "/ops", "/ops/cases", "/ops/panelled", ""} {
		let := h.browser().post("/ops/panel/redeem", url.Values{"ticket": {good}, "return": {elsewhere}})
		require.Equal(t, "/ops/panel", let.header.Get("Location"), "%q", elsewhere)
	}
	h.wall = now.Add(time.Minute)
	require.Equal(t, http.StatusForbidden, h.browser().post("/ops/panel/redeem", url.Values{"ticket": {good}}).status, "too late")

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/ops/panel/redeem", strings.NewReader(url.Values{"ticket": {good}}.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, h.browser().do(request).status, "nobody signs another in as themselves")
}

// Where the Web UI belongs to the same site there is one jar, and no ticket is ever made.
func TestTicket_IsMadeOnlyWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *ops.Config) { c.WebUI = "https://127.0.0.1:8233" })
	window := h.operating()
	require.Empty(t, ticketOf(t, window.get("/ops/close").body))
	require.Equal(t, http.StatusUnauthorized, h.browser().get("/ops/close").status)
	require.Contains(t, h.browser().get(panelCase).body, `http-equiv="refresh"`, "the panel sees by itself that one is signed in")
	foreign := setup(t)
	ticket := ticketOf(t, foreign.operating().get("/ops/close").body)
	require.Equal(t, http.StatusForbidden, h.browser().post("/ops/panel/redeem", url.Values{"ticket": {ticket}}).status)
}
