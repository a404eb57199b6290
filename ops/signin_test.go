package ops_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/ops"
)

func TestSignIn_LeadsToTheProviderAndBackToWhereOneWas(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.browser()
	wayIn := b.get("/ops/cases/" + string(reference))
	require.Equal(t, http.StatusUnauthorized, wayIn.status)
	require.Contains(t, wayIn.body, "/ops/sign-in?return=%2fops%2fcases%2f"+string(reference))
	require.NotContains(t, wayIn.body, "Mathematics", "nobody who is signed out sees anything of a case")

	away := b.get("/ops/sign-in?return=%2fops%2fcases%2f" + string(reference))
	require.Equal(t, http.StatusSeeOther, away.status)
	address, err := url.Parse(away.header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, h.issuer.URL+"/authorize", address.Scheme+"://"+address.Host+address.Path)
	query := address.Query()
	require.Equal(t, h.server.URL+"/ops/signed-in", query.Get("redirect_uri"))
	require.Equal(t, "S256", query.Get("code_challenge_method"))
	require.NotEmpty(t, query.Get("nonce"))
	require.Contains(t, query.Get("scope"), "openid")

	back := b.comeBack(address.String(), operator())
	require.Equal(t, http.StatusSeeOther, back.status)
	require.Equal(t, "/ops/cases/"+string(reference), back.header.Get("Location"))
	require.Equal(t, http.StatusOK, b.get("/ops").status)
	require.Contains(t, h.log.String(), "path=/ops/signed-in status=303")
	require.NotContains(t, h.log.String(), "code=", "no code of a sign-in is logged")
}

// The cookie is of no use to scripts, to other hosts and to whoever reads the wire.
func TestSignIn_CookiesAreKeptFromEverybodyElse(t *testing.T) {
	t.Parallel()
	h := setup(t)
	cookie := h.browser().signIn(operator()).header.Values("Set-Cookie")
	require.Len(t, cookie, 2, "the session is kept, the attempt forgotten")
	for _, set := range cookie {
		require.Regexp(t, `^__Host-recourse-(session|sign-in)=`, set)
		require.Contains(t, set, "Path=/")
		require.Contains(t, set, "HttpOnly")
		require.Contains(t, set, "Secure")
		require.NotContains(t, set, "Domain")
		require.NotContains(t, set, "Kate", "who is signed in is not readable")
	}
}

// Where browsers count the Web UI as another site, as on a local stack, the panel's cookie goes with requests from it;
// everywhere else none does.
func TestSignIn_TheCookieLeavesItsSiteOnlyForAPanelThatNeedsIt(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		public, panel, web string
		asked              string
		want               string
	}{
		"one organisation":           {"https://recourse.example.org", "", "https://temporal.example.org", "recourse.example.org", "SameSite=Lax"},
		"no Web UI":                  {"https://recourse.example.org", "", "", "recourse.example.org", "SameSite=Lax"},
		"another scheme":             {"https://127.0.0.1:8443", "", "http://127.0.0.1:8233", "127.0.0.1:8443", "SameSite=None"},
		"another organisation":       {"https://recourse.example.org", "", "https://temporal.example.com", "recourse.example.org", "SameSite=None"},
		"a local stack's pages":      {"http://127.0.0.1:8080", "https://127.0.0.1:8443", "http://127.0.0.1:8233", "127.0.0.1:8080", "SameSite=Lax"},
		"a local stack's panel":      {"http://127.0.0.1:8080", "https://127.0.0.1:8443", "http://127.0.0.1:8233", "127.0.0.1:8443", "SameSite=None"},
		"machines with bare numbers": {"https://10.1.2.3", "", "https://10.9.2.3", "10.1.2.3", "SameSite=None"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, func(c *ops.Config) { c.PublicURL, c.PanelURL, c.WebUI = row.public, row.panel, row.web })
			b := &asking{h.browser(), row.asked}
			location := b.get("/ops/sign-in").header.Get("Location")
			asked, err := url.Parse(location)
			require.NoError(t, err)
			redirect, err := url.Parse(asked.Query().Get("redirect_uri"))
			require.NoError(t, err)
			require.Equal(t, row.asked, redirect.Host, "one comes back to where one was")
			next, err := url.Parse(h.issuer.Grant(t, location, h.issuer.Token(t, now, withNonce(operator(), asked.Query().Get("nonce")))))
			require.NoError(t, err)
			back := b.get(next.RequestURI())
			require.Equal(t, http.StatusSeeOther, back.status, back.body)
			var session string
			for _, set := range back.header.Values("Set-Cookie") {
				if strings.Contains(set, "recourse-session=") {
					session = set
				}
			}
			require.Contains(t, session, row.want)
			require.Equal(t, redirect.Scheme == "https", strings.Contains(session, "Secure"))
			require.Equal(t, redirect.Scheme == "https", strings.HasPrefix(session, "__Host-"))
		})
	}
}

func withNonce(claims oidctest.Claims, nonce string) oidctest.Claims {
	claims.Nonce = nonce
	return claims
}

// asking is a browser that reached the server under another name. Its cookies are carried by hand.
type asking struct {
	*browser
	host string
}

func (a *asking) get(path string) answer {
	request, err := http.NewRequestWithContext(a.h.t.Context(), http.MethodGet, a.h.server.URL+path, nil)
	require.NoError(a.h.t, err)
	request.Host = a.host
	got := a.do(request)
	var kept []*http.Cookie
	for _, set := range got.header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(set)
		require.NoError(a.h.t, err)
		kept = append(kept, &http.Cookie{Name: cookie.Name, Value: cookie.Value, Path: "/"})
	}
	a.client.Jar.SetCookies(request.URL, kept)
	return got
}

func TestSignIn_IsForWhoBeganIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	begun := h.browser()
	address := begun.get("/ops/sign-in").header.Get("Location")

	another := h.browser()
	require.Equal(t, http.StatusForbidden, another.comeBack(address, operator()).status, "a link that signs somebody in as another")
	require.Equal(t, http.StatusUnauthorized, another.get("/ops").status)

	late := h.browser()
	address = late.get("/ops/sign-in").header.Get("Location")
	h.wall = now.Add(11 * time.Minute)
	require.Equal(t, http.StatusForbidden, late.comeBack(address, operator()).status)
	h.wall = now

	twice := h.browser()
	address = twice.get("/ops/sign-in").header.Get("Location")
	require.Equal(t, http.StatusSeeOther, twice.comeBack(address, operator()).status)
	require.Equal(t, http.StatusForbidden, twice.comeBack(address, operator()).status, "the attempt is over")
}

func TestSignIn_TakesNoTokenOfAnotherSignIn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for name, claims := range map[string]oidctest.Claims{
		"another nonce": withNonce(operator(), "another"),
	} {
		b := h.browser()
		require.Equal(t, http.StatusForbidden, b.signIn(claims).status, name)
		require.Equal(t, http.StatusUnauthorized, b.get("/ops").status, name)
	}
	b := h.browser()
	address := b.get("/ops/sign-in").header.Get("Location")
	h.issuer.Audience = "somebody-else"
	require.Equal(t, http.StatusForbidden, b.comeBack(address, operator()).status, "a token that was made for another")
	require.Contains(t, h.log.String(), "a sign-in failed")
}

func TestSignIn_SaysWhyItFailed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.browser()
	asked, err := url.Parse(b.get("/ops/sign-in").header.Get("Location"))
	require.NoError(t, err)
	refused := b.get("/ops/signed-in?error=access_denied&state=" + asked.Query().Get("state"))
	require.Equal(t, http.StatusForbidden, refused.status)
	require.Contains(t, refused.body, "did not sign you in")

	h = setup(t)
	h.issuer.SetAway(true)
	away := h.browser().get("/ops/sign-in")
	require.Equal(t, http.StatusServiceUnavailable, away.status)
	require.Contains(t, away.body, "identity provider does not answer")
	h.issuer.SetAway(false)
	require.Equal(t, http.StatusSeeOther, h.browser().get("/ops/sign-in").status, "back again, without a restart")
}

func TestSignIn_NeverLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, wanted := range []string{
		"https://evil.example/", "//evil.example/ops", "/v1/cases", "javascript:alert(1)", `/\evil.example`, `/ops/\..\..`, "ops", "", "%zz", "/opsy",
	} {
		b := h.browser()
		address := b.get("/ops/sign-in?return=" + url.QueryEscape(wanted)).header.Get("Location")
		require.Equal(t, "/ops", b.comeBack(address, operator()).header.Get("Location"), "%q", wanted)
	}
}

// Who may use the pages: operators and caseworkers with a second factor, and nobody else.
func TestSignIn_IsForOperatorsAndCaseworkersWithASecondFactor(t *testing.T) {
	t.Parallel()
	otp := []string{"pwd", "otp"}
	for name, row := range map[string]struct {
		claims oidctest.Claims
		status int
		text   string
	}{
		"operator":                  {operator(), http.StatusOK, "Kate Munro"},
		"caseworker":                {oidctest.Claims{Subject: "cw-3001", Roles: []string{"caseworker"}, AMR: otp}, http.StatusOK, "cw-3001"},
		"operator by password only": {oidctest.Claims{Subject: "ops-5001", Roles: []string{"operator"}, AMR: []string{"pwd"}}, http.StatusForbidden, "second factor"},
		"operator by text message":  {oidctest.Claims{Subject: "ops-5001", Roles: []string{"operator"}, AMR: []string{"pwd", "sms"}}, http.StatusForbidden, "second factor"},
		"exams officer":             {oidctest.Claims{Subject: "eo-64101", Centre: "64101", Roles: []string{"post-results-full-access/gq"}, AMR: otp}, http.StatusForbidden, "operators and caseworkers"},
		"examiner":                  {oidctest.Claims{Subject: "ex-1001", Roles: []string{"examiner"}, AMR: otp}, http.StatusForbidden, "operators and caseworkers"},
		"finance":                   {oidctest.Claims{Subject: "fin-4001", Roles: []string{"finance"}, AMR: otp}, http.StatusForbidden, "operators and caseworkers"},
		"nobody in particular":      {oidctest.Claims{Subject: "somebody", AMR: otp}, http.StatusForbidden, "operators and caseworkers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			b := h.browser()
			require.Equal(t, http.StatusSeeOther, b.signIn(row.claims).status)
			for _, path := range []string{"/ops", "/ops/cases/" + string(reference), "/ops/panel/cases/" + string(reference), "/ops/cases/" + string(reference) + "/hold"} {
				got := b.get(path)
				require.Equal(t, row.status, got.status, path)
				if row.status != http.StatusOK {
					require.NotContains(t, got.body, "Mathematics", path)
					require.Contains(t, got.body, row.text, path)
				}
			}
			require.Contains(t, b.get("/ops").body, row.text)
		})
	}
}

func TestSession_EndsByItselfAndByHand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	h.wall = now.Add(4*time.Hour - time.Second)
	page := b.get("/ops")
	require.Equal(t, http.StatusOK, page.status)
	h.wall = now.Add(4 * time.Hour)
	require.Equal(t, http.StatusUnauthorized, b.get("/ops").status)
	h.wall = now

	forged := b.post("/ops/sign-out", url.Values{"token": {"guessed"}})
	require.Equal(t, http.StatusForbidden, forged.status, "nobody is signed out by another page")
	out := b.post("/ops/sign-out", url.Values{"token": {hidden(t, page.body, "token")}})
	require.Equal(t, http.StatusOK, out.status)
	require.Contains(t, out.body, "You are signed out here.")
	require.Equal(t, http.StatusUnauthorized, b.get("/ops").status)
}

// Whatever is changed in a cookie signs one out, and one cookie never stands in for another.
func TestSession_CannotBeMadeUp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	home, err := url.Parse(h.server.URL)
	require.NoError(t, err)
	var good *http.Cookie
	for _, cookie := range b.client.Jar.Cookies(home) {
		if strings.HasSuffix(cookie.Name, "session") {
			good = cookie
		}
	}
	require.NotNil(t, good)
	with := func(value string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/ops", nil)
		require.NoError(t, err)
		request.AddCookie(&http.Cookie{Name: good.Name, Value: value})
		return h.browser().do(request).status
	}
	require.Equal(t, http.StatusOK, with(good.Value), "the cookie is all that there is")
	for i := range good.Value {
		if i%7 != 0 {
			continue
		}
		other := byte('A')
		if good.Value[i] == other {
			other = 'B'
		}
		require.Equal(t, http.StatusUnauthorized, with(good.Value[:i]+string(other)+good.Value[i+1:]), "character %d changed", i)
	}
	for _, made := range []string{"", "e30", good.Value[:len(good.Value)-4], good.Value + "AAAA", "%"} {
		require.Equal(t, http.StatusUnauthorized, with(made), "%q", made)
	}

	attempt := h.browser()
	set, err := http.ParseSetCookie(attempt.get("/ops/sign-in").header.Get("Set-Cookie"))
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, with(set.Value), "a sign-in under way is no session")

	other := setup(t, func(c *ops.Config) { c.Secret = []byte(strings.Repeat("z", 32)) })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, other.server.URL+"/ops", nil)
	require.NoError(t, err)
	request.AddCookie(&http.Cookie{Name: good.Name, Value: good.Value})
	require.Equal(t, http.StatusUnauthorized, other.browser().do(request).status, "another secret signs everybody out")
}
