package api_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestHeaders_NothingPersonalIsKeptOrFramed asks every operation and page, well and badly.
func TestHeaders_NothingPersonalIsKeptOrFramed(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for path, item := range document(t).Paths.Map() {
		for method, operation := range item.Operations() {
			cached := "no-store"
			if operation.Security != nil && strings.HasPrefix(path, "/v1/") {
				cached = "public, max-age=300"
			}
			for _, as := range everybody(w.performer(t, reference)) {
				got := w.do(t, call{method: method, path: addresses(reference).Replace(path), as: as})
				if got.status < 300 || cached == "no-store" {
					require.Equal(t, cached, got.header.Get("Cache-Control"), "%s %s", method, path)
				} else {
					require.Equal(t, "no-store", got.header.Get("Cache-Control"), "a problem is nobody's to keep: %s", path)
				}
				require.Equal(t, "no-referrer", got.header.Get("Referrer-Policy"))
				require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"))
				require.Contains(t, got.header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
				require.Empty(t, got.header.Get("Access-Control-Allow-Origin"), "no other site's script reads it")
				require.Empty(t, got.header.Get("Server"))
				require.Less(t, got.status, 500, "%s %s: %s", method, path, got.body)
			}
		}
	}
	for _, path := range []string{"/docs", "/docs/problems", "/docs/problems/internal", "/openapi.yaml"} {
		got := w.do(t, call{method: "GET", path: path})
		require.Equal(t, "public, max-age=300", got.header.Get("Cache-Control"), path)
		require.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.NotContains(t, got.header.Get("Content-Security-Policy"), "script-src", path)
	}
}

// TestHeaders_ARequestsNameIsTheCallersOrAFreshOne: only names of a known form come back.
func TestHeaders_ARequestsNameIsTheCallersOrAFreshOne(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fresh := map[string]bool{}
	for given, kept := range map[string]bool{
		"trace-12345": true, "0b5d3a52-93f5-4f44-b3b0-6f3f2b6f7a10": true, strings.Repeat("a", 64): true, "A.b_c-12": true,
		"": false, "short": false, strings.Repeat("a", 65): false, "with space": false, "line\nbreak-1": false, "größer-1": false, "<b>bold</b>": false,
	} {
		got := h.do(t, call{method: "GET", path: "/v1/cases", header: map[string]string{"X-Request-Id": given}})
		name := got.header.Get("X-Request-Id")
		require.Equal(t, kept, name == given, "%q", given)
		require.Equal(t, "urn:recourse:request:"+name, problem(t, got).Instance)
		require.False(t, fresh[name], "every request has a name of its own")
		fresh[name] = true
	}
}

// TestThrottle_ABucketFillsAgainWithTime spends the burst, waits by the clock and spends what has come back.
func TestThrottle_ABucketFillsAgainWithTime(t *testing.T) {
	t.Parallel()
	at := now
	h := setup(t, func(c *api.Config) {
		c.RequestsPerSecond, c.Burst = 2, 4
		c.Wall = func() time.Time { return at }
	})
	let := func() int {
		passed := 0
		for range 10 {
			if h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer}).status == http.StatusOK {
				passed++
			}
		}
		return passed
	}
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{0, 4}, {0, 0}, {400 * time.Millisecond, 0}, {100 * time.Millisecond, 1}, {time.Second, 2}, {time.Hour, 4}} {
		at = at.Add(step.wait)
		require.Equal(t, step.want, let(), "after %s more", step.wait)
	}
}

// TestThrottle_ATokenThatIsNoGoodCostsNobodyAnything: who has not proved who they are cannot spend a person's share.
func TestThrottle_ATokenThatIsNoGoodCostsNobodyAnything(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) { c.RequestsPerSecond, c.Burst = 1, 1 })
	stale := "Bearer " + h.issuer.Token(t, now.Add(-5*time.Hour), examsOfficer)
	for range 5 {
		require.Equal(t, 401, h.do(t, call{method: "GET", path: "/v1/cases", token: stale}).status)
	}
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer}).status)
	refused := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 429, refused.status)
	require.Empty(t, h.dispatcher.opened, "a throttled write starts nothing")
}

// TestReceipt_IsTheInstantOfArrivalByTheOneClock: a slow register does not make a timely request late, and a moved
// clock moves the receipt and not the life of a link.
func TestReceipt_IsTheInstantOfArrivalByTheOneClock(t *testing.T) {
	t.Parallel()
	closes := time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1)
	for offset, want := range map[time.Duration]int{-time.Microsecond: 201, 0: 422} {
		w := live(t, func(c *api.Config) {
			c.Offset = func(context.Context) time.Duration { return closes.Add(offset).Sub(storetest.Now) }
		})
		got := w.do(t, ask(enquiry("4001", storetest.Maths1, "review-of-marking"), "k"))
		require.Equal(t, want, got.status, "%s: %s", offset, got.body)
		if want == 422 {
			require.Equal(t, "window-closed", problem(t, got).Code)
			continue
		}
		receipt := read[api.EnquiryOpened](t, got)
		require.Equal(t, closes.Add(offset), receipt.ReceivedAt)
		task := get[api.Task](t, w.house, taskPath(receipt.Reference), w.performer(t, receipt.Reference))
		require.Equal(t, storetest.Now.Add(10*time.Minute), task.Links.Script.ExpiresAt, "links live by wall time")
	}
}

// TestDocs_EveryLinkLeadsSomewhere follows each link and anchor of the pages.
func TestDocs_EveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := map[string]map[string]bool{}
	bodies := map[string]string{}
	visit := []string{"/docs"}
	for len(visit) > 0 {
		path := visit[0]
		visit = visit[1:]
		if _, seen := bodies[path]; seen {
			continue
		}
		got := h.do(t, call{method: "GET", path: path})
		require.Equal(t, 200, got.status, "a link leads to %s", path)
		bodies[path], ids[path] = string(got.body), map[string]bool{}
		for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(bodies[path], -1) {
			require.False(t, ids[path][id[1]], "%s has the id %s twice", path, id[1])
			ids[path][id[1]] = true
		}
		for _, link := range regexp.MustCompile(` href="(/[^"#]*)`).FindAllStringSubmatch(bodies[path], -1) {
			visit = append(visit, link[1])
		}
	}
	require.Greater(t, len(bodies), 50, "contract, list and a page per problem")
	for path, body := range bodies {
		for _, link := range regexp.MustCompile(` href="#([^"]+)"`).FindAllStringSubmatch(body, -1) {
			require.True(t, ids[path][link[1]], "%s links to its part %s, which it has not", path, link[1])
		}
	}
}
