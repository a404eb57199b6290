package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

func TestBody_TheFormOfListsAndNumbersIsChecked(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	many := strings.Repeat(`{"item":"1","mark":2},`, 501)
	for name, row := range map[string]struct{ body, code, pointer, says string }{
		"a list that is an object":  {`{"items":{},"checklist":[]}`, "wrong-type", "/items", "an object"},
		"a list that is null":       {`{"items":null,"checklist":[]}`, "wrong-type", "/items", "null"},
		"a list that is a boolean":  {`{"items":true,"checklist":[]}`, "wrong-type", "/items", "a boolean"},
		"an entry that is a list":   {`{"items":[[]],"checklist":[]}`, "wrong-type", "/items/0", "an array"},
		"an entry that is a string": {`{"items":[],"checklist":["addition"]}`, "wrong-type", "/checklist/0", "a string"},
		"too many entries":          {`{"items":[` + strings.TrimSuffix(many, ",") + `],"checklist":[]}`, "value-not-allowed", "/items", "501 entries"},
		"a mark beyond all paper":   {`{"items":[{"item":"1","mark":1001}],"checklist":[]}`, "value-not-allowed", "/items/0/mark", "1001"},
		"a mark with an exponent":   {`{"items":[{"item":"1","mark":1e2}],"checklist":[]}`, "wrong-type", "/items/0/mark", "not a whole number"},
		"an upload below one":       {`{"items":[],"checklist":[],"annotated":0}`, "value-not-allowed", "/annotated", "0"},
		"a field of an entry":       {`{"items":[{"item":"1","mark":2,"note":"x"}],"checklist":[]}`, "unknown-field", "/items/0/note", "note"},
		"an entry without its mark": {`{"items":[{"item":"1"}],"checklist":[]}`, "missing-field", "/items/0/mark", "mark"},
	} {
		got := h.complete(t, path, row.body, "key-1")
		require.Equal(t, 400, got.status, "%s: %s", name, got.body)
		p := problem(t, got)
		require.Equal(t, row.code, p.Code, name)
		require.Equal(t, []string{row.pointer}, pointers(p), name)
		require.Contains(t, p.Detail, row.says, name)
	}
	require.Empty(t, h.dispatcher.completed)
}

func TestBody_APositionIsTheLineAndColumnOfTheFirstWrongByte(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) { c.RequestsPerSecond, c.Burst = 1e6, 1e6 })
	rapid.Check(t, func(rt *rapid.T) {
		lines, columns := rapid.IntRange(0, 5).Draw(rt, "lines"), rapid.IntRange(0, 5).Draw(rt, "columns")
		got := h.do(t, ask(strings.Repeat("\n", lines)+strings.Repeat(" ", columns)+"@", "key-1"))
		want := fmt.Sprintf("at line %d, column %d:", lines+1, columns+1)
		if detail := problem(t, got).Detail; !strings.Contains(detail, want) {
			rt.Fatalf("%q does not say %q", detail, want)
		}
	})
}

// TestSubmitEnquiry_HowABodyIsWrittenDoesNotMatter: the request's hash sees facts, not spaces or order; and it sees
// every fact.
func TestSubmitEnquiry_HowABodyIsWrittenDoesNotMatter(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) { c.RequestsPerSecond, c.Burst = 1e6, 1e6 })
	h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) { return casework.Opened{}, api.ErrPending }
	hash := func(body string) string {
		got := h.do(t, ask(body, "key-1"))
		require.Equal(t, 202, got.status, "%s", got.body)
		return h.dispatcher.opened[len(h.dispatcher.opened)-1].RequestSHA256
	}
	original := hash(goodEnquiry)
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(goodEnquiry), &fields))
	names := []string{"service", "candidateNumber", "series", "component", "consentGivenOn", "reviewedScript", "reason"}
	rapid.Check(t, func(rt *rapid.T) {
		var parts []string
		for _, name := range rapid.Permutation(names).Draw(rt, "order") {
			space := rapid.StringMatching(`[ \t\n]{0,3}`).Draw(rt, "space")
			parts = append(parts, fmt.Sprintf("%s%q:%s%s", space, name, space, fields[name]))
		}
		if hash("{"+strings.Join(parts, ",")+"}") != original {
			rt.Fatalf("another hash for %v", parts)
		}
	})
	for _, change := range [][2]string{{"unexpected-mark", "other"}, {"true", "false"}, {"2026-08-24", "2026-08-25"}, {"review-of-marking", "clerical-check"}} {
		require.NotEqual(t, original, hash(strings.Replace(goodEnquiry, change[0], change[1], 1)), change[1])
	}
}

func TestContract_ItsExamplesHaveTheFormThatItAsksFor(t *testing.T) {
	t.Parallel()
	h := live(t)
	at := addresses(string(someReference()))
	examples := 0
	for path, item := range document(t).Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.RequestBody == nil || operation.RequestBody.Value.Content["application/json"].Example == nil {
				continue
			}
			examples++
			body, err := json.Marshal(operation.RequestBody.Value.Content["application/json"].Example)
			require.NoError(t, err)
			as := operator
			if path == "/v1/enquiries" || path == "/v1/quotes" {
				as = examsOfficer
			} else if strings.HasPrefix(path, "/v1/tasks/") || strings.HasPrefix(path, "/v1/monitoring/") {
				as = examiner
			}
			got := h.do(t, call{method: method, path: at.Replace(path), as: as, body: string(body), header: map[string]string{"Idempotency-Key": "k"}})
			require.NotEqual(t, 400, got.status, "%s %s: %s", method, path, got.body)
		}
	}
	require.Greater(t, examples, 10)
}

func TestHeaders_AnIdempotencyKeyIsGivenOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/enquiries", strings.NewReader(goodEnquiry))
	request.Header = http.Header{
		"Content-Type": {"application/json"}, "Idempotency-Key": {"a", "b"}, "Authorization": {"Bearer " + h.issuer.Token(t, now, examsOfficer)},
	}
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, request)
	require.Equal(t, http.StatusBadRequest, recorder.Code)
	require.Equal(t, "invalid-parameter", problem(t, answer{status: recorder.Code, header: recorder.Header(), body: recorder.Body.Bytes()}).Code)
	require.Empty(t, h.dispatcher.opened)
}

func TestFailure_ARequestThatTakesTooLongIsAskedAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.broken = fmt.Errorf("read cases: %w", context.DeadlineExceeded)
	got := h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer})
	require.Equal(t, 503, got.status)
	require.Equal(t, "temporarily-unavailable", problem(t, got).Code)
	got = h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 503, got.status)
	require.Equal(t, "acceptance-unknown", problem(t, got).Code, "a change may have come through")
}

func TestLinks_ABucketThatCannotSignIsOurFault(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	h.register.cases[0].Documents = []docket.Document{{ID: 1, Kind: docket.OutcomeLetterHTML, MediaType: "text/html", File: casework.FileRef{Key: "k"}, AvailableAt: now}}
	h.register.invoices = []docket.Invoice{{Number: "CA-1", Centre: docket.Centre{Number: "64101"}, IssuedAt: now, Document: casework.FileRef{Key: "k"}}}
	task := h.addTask(t)
	document := "/v1/cases/" + reference + "/documents/1"
	got := h.do(t, call{method: "GET", path: document, as: examsOfficer})
	require.Contains(t, got.header.Get("Location"), "outcome-letter-html.html")

	h.files.away = errors.New("no credentials")
	for _, c := range []call{
		{method: "GET", path: document, as: examsOfficer},
		{method: "GET", path: "/v1/invoices", as: examsOfficer},
		{method: "GET", path: task, as: examiner},
		{method: "POST", path: task + "/uploads", as: examiner, body: goodUpload},
	} {
		got := h.do(t, c)
		require.Equal(t, 500, got.status, c.path)
		require.NotContains(t, string(got.body), "credentials")
	}
	require.Contains(t, h.log.String(), "no credentials")
}

func TestGetCase_AClockTellsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	breached := now.Add(-24 * time.Hour)
	h.register.cases[0].SLAState = casework.SLABreached
	h.register.cases[0].Clocks = []docket.Clock{{
		Clock: deadline.Clock{
			ID: casework.ClockScript, Kind: casework.ClockSLA, Span: policy.Span{Amount: 24, Unit: policy.Hours}, StartedAt: breached.Add(-24 * time.Hour),
			Ends: breached, OriginalEnds: breached.Add(-time.Hour), Warn: []time.Time{breached.Add(-4 * time.Hour)},
		},
		BreachedAt: breached, DetectedAt: now,
	}}
	h.register.cases[0].Documents = []docket.Document{{ID: 9, Kind: docket.ReviewedScript, MediaType: "application/pdf", AvailableAt: now, File: casework.FileRef{Size: 77}}}
	view := read[api.Case](t, h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: examsOfficer}))
	require.Equal(t, api.SLAStateBreached, view.SLAState)
	clock := view.Clocks[0]
	require.Equal(t, breached, clock.BreachedAt, "the true instant")
	require.Equal(t, now, clock.DetectedAt, "however late it was noticed")
	require.Equal(t, breached.Add(-time.Hour), clock.OriginalDue, "a clock in hours is due at its very end")
	require.Equal(t, []time.Time{breached.Add(-4 * time.Hour)}, clock.WarnAt)
	require.True(t, clock.MetAt.IsZero())
	require.Equal(t, api.Document{
		ID: 9, Kind: "reviewed-script", MediaType: "application/pdf", Size: 77, AvailableAt: now, Href: "/v1/cases/" + reference + "/documents/9",
	}, view.Documents[0])
}

func TestGetCase_ARefusedCaseSaysWhy(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	c := &h.register.cases[0]
	c.Stage, c.SLAState, c.Clocks, c.Fees, c.Policy = casework.StageRefused, "", nil, nil, ""
	c.Refusal = casework.NewFault(casework.Refused, "window-closed", "Too late.", casework.Reason{Code: "window-closed", Detail: "Closed.", Clause: "clause 2.2", Source: "Regulations"})
	got := h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: reader})
	view := read[api.Case](t, got)
	require.Equal(t, "clause 2.2", view.Refusal.Errors[0].Clause)
	for _, absent := range []string{"slaState", "outcome\"", "appealUntil", "nextActionAt", "policy"} {
		require.NotContains(t, string(got.body), absent, "what there is not is left out")
	}
}
