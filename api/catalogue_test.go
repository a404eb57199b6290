package api_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/ruling"
	"github.com/recourse-exams/recourse/store/storetest"
)

// moody is a dispatcher that may answer by itself instead of passing on.
type moody struct {
	api.Dispatcher

	answer error
}

func (m *moody) Open(ctx context.Context, in casework.EnquiryInput) (casework.Opened, error) {
	if m.answer != nil {
		return casework.Opened{}, m.answer
	}
	return m.Dispatcher.Open(ctx, in)
}

func (m *moody) Complete(ctx context.Context, reference casework.Reference, id string, request casework.CompleteRequest) (casework.Completed, error) {
	if m.answer != nil {
		return casework.Completed{}, m.answer
	}
	return m.Dispatcher.Complete(ctx, reference, id, request)
}

func (m *moody) Hold(ctx context.Context, reference casework.Reference, id string, request casework.HoldRequest) (casework.Held, error) {
	if m.answer != nil {
		return casework.Held{}, m.answer
	}
	return m.Dispatcher.Hold(ctx, reference, id, request)
}

func (m *moody) StartBatch(ctx context.Context, in casework.BatchInput) error {
	if m.answer != nil {
		return m.answer
	}
	return m.Dispatcher.StartBatch(ctx, in)
}

func (m *moody) Recalculate(ctx context.Context, reference casework.Reference, id string, request casework.RecalculateRequest) (casework.Recalculation, error) {
	if m.answer != nil {
		return casework.Recalculation{}, m.answer
	}
	return m.Dispatcher.Recalculate(ctx, reference, id, request)
}

// otherRules are an awarding body's rules that differ from those of the demo body in one thing.
type otherRules struct {
	api.Rules

	assess func(offer.Facts, offer.Ask) offer.Verdict
}

// Assess implements api.Rules.
func (r otherRules) Assess(f offer.Facts, a offer.Ask) offer.Verdict { return r.assess(f, a) }

// changingRules are the rules of the moment.
type changingRules struct {
	otherRules

	now *scene
}

// Replan implements api.Rules.
func (r changingRules) Replan(ask ruling.Replan) ([]ruling.Replanned, error) {
	return r.now.rules.Replan(ask)
}

// scene is a world in which every problem can be met.
type scene struct {
	*world

	dispatcher *moody
	at         time.Time
	rules      api.Rules
	// facts changes what the register knows, if it is set.
	facts func(*offer.Facts)
	// crowded lets every filter of a batch pick too many cases.
	crowded bool
	// open is a review under way and done a clerical check that is decided; holder and checker hold their tasks.
	open, done      string
	holder, checker oidctest.Claims
}

func (s *scene) Assess(f offer.Facts, a offer.Ask) offer.Verdict { return s.rules.Assess(f, a) }

func stage(t *testing.T) *scene {
	t.Helper()
	s := &scene{at: storetest.Now}
	s.world = live(t, func(c *api.Config) {
		s.dispatcher = &moody{Dispatcher: c.Dispatcher}
		s.rules = c.Rules
		c.Rules, c.Dispatcher = changingRules{otherRules{c.Rules, s.Assess}, s}, s.dispatcher
		c.Acts = moodyActs{c.Acts, s.dispatcher}
		c.Cases = sceneFacts{c.Cases, s}
		c.Batches = crowd{c.Batches, s}
		c.Offset = func(context.Context) time.Duration { return s.at.Sub(storetest.Now) }
	})
	s.open = s.world.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	s.done = s.world.open(t, examsOfficer, "4002", storetest.Maths2, "clerical-check")
	s.holder, s.checker = s.performer(t, s.open), s.performer(t, s.done)
	s.decide(t, s.done, 0)
	return s
}

// asks sends a good request for a review of candidate 4003 with something replaced.
func (s *scene) asks(old, replacement string) call {
	return ask(strings.Replace(enquiry("4003", storetest.Maths1, "review-of-marking"), old, replacement, 1), "k")
}

// works sends something to the task of the open review as its holder.
func (s *scene) works(method, what, body string) call {
	return call{method: method, path: taskPath(s.open) + what, as: s.holder, body: body, header: map[string]string{"Idempotency-Key": "k", "If-None-Match": "*"}}
}

// hands sends a good completion of the open review with something replaced.
func (s *scene) hands(t *testing.T, old, replacement string) call {
	t.Helper()
	return s.works("POST", "/complete", strings.Replace(s.completion(t, s.open, 1), old, replacement, 1))
}

// when moves the clock, the rules or the outside world for one request.
func (s *scene) when(t *testing.T, c call, change func()) answer {
	t.Helper()
	rules := s.rules
	change()
	defer func() {
		s.facts, s.crowded = nil, false
		s.at, s.rules, s.dispatcher.answer, s.files.verify, s.files.away = storetest.Now, rules, nil, nil, nil
	}()
	return s.do(t, c)
}

// differently asks under rules that see other facts: a service that is not offered, a level without a price.
func (s *scene) differently(t *testing.T, change func(*offer.Facts, *offer.Ask)) answer {
	t.Helper()
	usual := s.rules
	return s.when(t, s.asks("", ""), func() {
		s.rules = otherRules{usual, func(f offer.Facts, a offer.Ask) offer.Verdict {
			change(&f, &a)
			return usual.Assess(f, a)
		}}
	})
}

func (s *scene) received(year int, month time.Month, day int) func() {
	return func() { s.at = time.Date(year, month, day, 9, 0, 0, 0, time.UTC) }
}

func (s *scene) says(kind casework.FaultKind, code string) func() {
	return func() { s.dispatcher.answer = casework.NewFault(kind, code, "The case says no.") }
}

// request makes the problems that the form of a request causes.
func (s *scene) request(t *testing.T) map[string]answer {
	t.Helper()
	list := func(path string) answer { return s.do(t, call{method: "GET", path: path, as: examsOfficer}) }
	keyed := func(key string) answer {
		c := s.asks("", "")
		c.header = map[string]string{}
		if key != "" {
			c.header["Idempotency-Key"] = key
		}
		return s.do(t, c)
	}
	text := s.asks("", "")
	text.header["Content-Type"] = "text/plain"
	return map[string]answer{
		"malformed-json":          s.do(t, s.asks("{", "[")),
		"unknown-field":           s.do(t, s.asks(`"reason"`, `"colour":1,"reason"`)),
		"missing-field":           s.do(t, s.asks(`"series":"demo",`, "")),
		"wrong-type":              s.do(t, s.asks("true", "1")),
		"value-not-allowed":       s.do(t, s.asks("near-boundary", "anger")),
		"invalid-request":         s.do(t, s.asks(`"series":"demo","component"`, `"Series":1,"component"`)),
		"unknown-parameter":       list("/v1/cases?colour=red"),
		"invalid-parameter":       list("/v1/cases?limit=1000"),
		"invalid-reference":       list("/v1/cases/R-1"),
		"invalid-cursor":          list("/v1/cases?cursor=x"),
		"idempotency-key-missing": keyed(""),
		"idempotency-key-invalid": keyed("two words"),
		"body-too-large":          s.do(t, s.asks("demo", strings.Repeat("x", 1<<20))),
		"unsupported-media-type":  s.do(t, text),
		"method-not-allowed":      s.do(t, call{method: "PATCH", path: "/v1/cases"}),
		"not-found":               list("/v1/cases/" + string(someReference())),
	}
}

// person makes the problems that who asks causes.
func (s *scene) person(t *testing.T) map[string]answer {
	t.Helper()
	as := func(claims oidctest.Claims) answer {
		c := s.asks("", "")
		c.as = claims
		return s.do(t, c)
	}
	weak := examsOfficer
	weak.AMR = []string{"pwd"}
	token := func(value string) answer { return s.do(t, call{method: "GET", path: "/v1/cases", token: value}) }
	frequent := oidctest.Claims{Subject: "frequent", Roles: []string{"caseworker"}}
	limited := token("-")
	for limited.status != 429 {
		limited = s.do(t, call{method: "GET", path: "/v1/cases", as: frequent})
	}
	return map[string]answer{
		"token-missing":          token("-"),
		"token-expired":          token("Bearer " + s.issuer.Token(t, now.Add(-2*time.Hour), examsOfficer)),
		"token-invalid":          token("Bearer x.y.z"),
		"second-factor-required": as(weak),
		"role-missing":           as(reader),
		"family-missing":         as(vocational),
		"another-centre":         s.do(t, s.asks(`"reason"`, `"centreNumber":"71203","reason"`)),
		"rate-limited":           limited,
	}
}

// rule makes the problems that the awarding body's rules cause.
func (s *scene) rule(t *testing.T) map[string]answer {
	t.Helper()
	earlier := func(candidate, component, service string) answer {
		return s.do(t, ask(enquiry(candidate, component, service), "again"))
	}
	reused := ask(enquiry("4001", storetest.Maths2, "review-of-marking"), "4001"+storetest.Maths1+"review-of-marking")
	numeracy := ask(enquiry("4002", storetest.Numeracy, "review-of-marking"), "k")
	numeracy.as = centrePerson("vq-1", "post-results-full-access/vq")
	return map[string]answer{
		"idempotency-key-reused":      s.do(t, reused),
		"already-requested":           earlier("4001", storetest.Maths1, "review-of-marking"),
		"clerical-check-after-review": earlier("4001", storetest.Maths1, "clerical-check"),
		"unknown-candidate":           s.do(t, s.asks("4003", "9999")),
		"unknown-result":              s.do(t, s.asks(storetest.Maths1, storetest.Geography1)),
		"not-open-yet":                s.when(t, s.asks("2026-08-24", "2026-08-20"), func() { s.at = time.Date(2026, 8, 20, 6, 59, 59, 0, time.UTC) }),
		"window-closed":               s.when(t, s.asks("", ""), s.received(2026, time.October, 31)),
		"consent-missing":             s.do(t, s.asks(`"consentGivenOn":"2026-08-24",`, "")),
		"consent-too-early":           s.do(t, s.asks("2026-08-24", "2026-08-19")),
		"consent-in-future":           s.do(t, s.asks("2026-08-24", "2026-08-28")),
		"objective-test":              s.do(t, numeracy),
		"no-script":                   s.differently(t, func(f *offer.Facts, _ *offer.Ask) { f.NoScript = true }),
		"unknown-service":             s.differently(t, func(_ *offer.Facts, a *offer.Ask) { a.Service = "telepathy" }),
		"no-policy-in-force":          s.when(t, s.asks("", ""), s.received(2025, time.December, 31)),
		"no-price":                    s.differently(t, func(f *offer.Facts, _ *offer.Ask) { f.Level = 9 }),
		"refused":                     s.when(t, s.asks("", ""), s.says(casework.Refused, "a-rule-to-come")),
	}
}

// task makes the problems that a performer meets.
func (s *scene) task(t *testing.T) map[string]answer {
	t.Helper()
	change := `,"reason":"processing-error"`
	upload := s.works("POST", "/uploads", goodUpload)
	upload.path, upload.as = taskPath(s.done)+"/uploads", s.checker
	check := s.world.open(t, examsOfficer, "4003", storetest.Maths2, "clerical-check")
	unwanted := call{method: "POST", path: taskPath(check) + "/uploads", as: s.performer(t, check), body: goodUpload}
	unversioned := s.works("PUT", "/draft", `{}`)
	unversioned.header = nil
	stored := func(code string) answer {
		return s.when(t, s.hands(t, "", ""), func() {
			s.files.verify = func() error { return casework.NewFault(casework.Invalid, code, "The file is not as announced.") }
		})
	}
	decided := func(kind casework.FaultKind, code string) answer {
		return s.when(t, s.hands(t, "", ""), s.says(kind, code))
	}
	away := func(code string) answer {
		return s.when(t, s.hands(t, "", ""), func() {
			s.files.verify = func() error { return casework.NewFault(casework.Unavailable, code, "It cannot be reached.") }
		})
	}
	answers := map[string]answer{
		"no-draft":                    s.do(t, s.works("GET", "/draft", "")),
		"version-required":            s.do(t, unversioned),
		"already-completed":           s.do(t, upload),
		"annotated-script-not-wanted": s.do(t, unwanted),
		"completion-invalid":          s.do(t, s.works("POST", "/complete", `{"items":[],"checklist":[]}`)),
		"mark-out-of-range":           s.do(t, s.hands(t, `"mark":11`+change, `"mark":21`)),
		"reason-missing":              s.do(t, s.hands(t, change, "")),
		"reason-not-accepted":         s.do(t, s.hands(t, "processing-error", "kindness")),
		"annotated-script-missing":    s.do(t, s.hands(t, `,"annotated":1`, "")),
		"unchanged-reason-missing":    s.do(t, s.hands(t, `"mark":11`+change, `"mark":10`)),
		"unknown-upload":              s.do(t, s.hands(t, `"annotated":1`, `"annotated":7`)),
		"upload-missing":              stored("upload-missing"),
		"upload-differs":              stored("upload-differs"),
		"not-a-pdf":                   stored("not-a-pdf"),
		"not-the-performer":           decided(casework.Forbidden, "not-the-performer"),
		"not-allocated":               decided(casework.Conflict, "not-allocated"),
		"being-completed":             decided(casework.Conflict, "being-completed"),
		"conflict":                    decided(casework.Conflict, "a-conflict-to-come"),
		"acceptance-unknown":          s.when(t, s.hands(t, "", ""), func() { s.dispatcher.answer = errors.New("connection refused") }),
		"temporarily-unavailable":     away("register-unavailable"),
		"internal":                    s.when(t, s.works("POST", "/uploads", goodUpload), func() { s.files.away = errors.New("no credentials") }),
	}
	require.Equal(t, 200, s.do(t, s.works("PUT", "/draft", `{}`)).status)
	answers["draft-changed"] = s.do(t, s.works("PUT", "/draft", `{}`))
	return answers
}

// TestCatalogue_EveryProblemIsMetByARealRequest: each page under /docs/problems explains something that a client
// can meet, and nothing that a client meets lacks its page.
func TestCatalogue_EveryProblemIsMetByARealRequest(t *testing.T) {
	t.Parallel()
	s := stage(t)
	index := string(s.do(t, call{method: "GET", path: "/docs/problems"}).body)
	met := map[string]bool{}
	for _, meet := range []func(*testing.T) map[string]answer{s.request, s.person, s.rule, s.task, s.published, s.basket, s.recount, s.people, s.roster, s.office} {
		for code, got := range meet(t) {
			p := problem(t, got)
			require.Equal(t, "/docs/problems/"+code, p.Type, "%s", got.body)
			row := regexp.MustCompile(`<code>` + code + `</code></a></td><td>(\d+)</td><td>([^<]+)</td><td>[^<]+</td>`).FindStringSubmatch(index)
			require.Len(t, row, 3, "%s has no row", code)
			require.Equal(t, fmt.Sprint(got.status), row[1], "the page of %s tells its status", code)
			require.Equal(t, p.Title, strings.NewReplacer("&#39;", "'").Replace(row[2]), "the page of %s has its title", code)
			met[code] = true
		}
	}
	for _, row := range regexp.MustCompile(`<a href="/docs/problems/([^"]+)">`).FindAllStringSubmatch(index, -1) {
		require.True(t, met[row[1]], "nobody has met %s", row[1])
		page := s.do(t, call{method: "GET", path: "/docs/problems/" + row[1]})
		require.Equal(t, 200, page.status)
		require.Contains(t, string(page.body), "<code>"+row[1]+"</code>")
		require.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
	}
	require.NotEmpty(t, met)
}
