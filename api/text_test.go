package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestText_WhatTheRegisterCannotHoldIsRefusedAtItsField: PostgreSQL keeps no NUL and no broken UTF-8, so a text with
// one must be the client's fault at a field, never an internal failure of ours.
func TestText_WhatTheRegisterCannotHoldIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	performer := w.performer(t, reference)
	task := taskPath(reference)
	good := enquiry("4002", storetest.Maths1, "review-of-marking")
	for name, row := range map[string]struct {
		call    call
		pointer string
	}{
		"a component":         {ask(strings.Replace(good, storetest.Maths1, `M1\u0000`, 1), "k"), "/component"},
		"a series":            {ask(strings.Replace(good, storetest.Series, `de\u0000mo`, 1), "k"), "/series"},
		"an item of a draft":  {call{method: "PUT", path: task + "/draft", body: `{"items":[{"item":"Q1\u0000","mark":1}]}`}, "/items/0/item"},
		"a reason of a draft": {call{method: "PUT", path: task + "/draft", body: `{"items":[{"item":"Q1","mark":1,"reason":"\u0000"}]}`}, "/items/0/reason"},
		"a check of a draft":  {call{method: "PUT", path: task + "/draft", body: `{"checklist":[{"check":"a\u0000","correct":true}]}`}, "/checklist/0/check"},
		"why nothing changed": {call{method: "PUT", path: task + "/draft", body: `{"unchangedReason":"\u0000"}`}, "/unchangedReason"},
		"in a completion":     {call{method: "POST", path: task + "/complete", body: `{"items":[{"item":"\u0000","mark":1}],"checklist":[]}`}, "/items/0/item"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := row.call
			if c.method != "POST" || c.path != "/v1/enquiries" {
				c.as, c.header = performer, map[string]string{"If-None-Match": "*", "Idempotency-Key": "k"}
			}
			got := w.do(t, c)
			require.Equal(t, 400, got.status, "%s", got.body)
			p := problem(t, got)
			require.Equal(t, "value-not-allowed", p.Code)
			require.Equal(t, []string{row.pointer}, pointers(p))
			require.NotEmpty(t, p.Errors[0].Remedy)
		})
	}
}

func TestText_ParametersThatTheRegisterCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	w := live(t)
	w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for _, broken := range []string{"%00", "a%00b", "%ff", "a%c3", "%ed%a0%80"} {
		for _, path := range []string{
			"/v1/cases?series=" + broken,
			"/v1/enquiries?series=" + broken,
			"/v1/services?candidate=4001&series=demo&component=" + broken,
			"/v1/services?candidate=4001&component=M1-01&series=" + broken,
			"/v1/cases?cursor=" + broken,
			"/v1/fee-lines?reference=" + broken,
			"/v1/cases/" + broken,
		} {
			got := w.do(t, call{method: "GET", path: path, as: examsOfficer})
			require.Equal(t, 400, got.status, "%s: %s", path, got.body)
		}
	}
}

// TestText_EveryOtherCharacterIsOrdinary: a draft brings back what was written, in whatever script.
func TestText_EveryOtherCharacterIsOrdinary(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	performer := w.performer(t, reference)
	for i, text := range []string{"Ŵyn ap Gruffudd", "数学", "🙂", `"quoted" \ and / more`, "a\tb\nc", "<b>&amp;</b>", "' OR 1=1 --", "%s %d"} {
		body := `{"unchangedReason":` + quoted(t, text) + `}`
		header := map[string]string{"If-None-Match": "*"}
		if i > 0 {
			header = map[string]string{"If-Match": w.do(t, call{method: "GET", path: taskPath(reference) + "/draft", as: performer}).header.Get("ETag")}
		}
		got := w.do(t, call{method: "PUT", path: taskPath(reference) + "/draft", as: performer, body: body, header: header})
		require.Equal(t, 200, got.status, "%s", got.body)
		require.Equal(t, text, get[api.Draft](t, w.house, taskPath(reference)+"/draft", performer).UnchangedReason)
	}
}

// TestParameters_AQueryThatCannotBeReadNeverWidensAnAnswer: a filter that is lost on the way would show everything.
func TestParameters_AQueryThatCannotBeReadNeverWidensAnAnswer(t *testing.T) {
	t.Parallel()
	w := live(t)
	w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for _, query := range []string{
		"stage=%zz", "stage=closed%", "sta%ge=closed", "service=clerical-check;stage=closed", "stage=closed&series=%f", "stage=", "centre=", "limit=", "=closed", "stage",
	} {
		// Parsed like a client's bytes on the wire, not as a URL that Go has cleaned.
		got := w.do(t, call{method: "GET", path: "/v1/cases?" + query, as: caseworker})
		require.Equal(t, 400, got.status, "%s: %s", query, got.body)
		require.Contains(t, []string{"invalid-parameter", "unknown-parameter"}, problem(t, got).Code, query)
	}
	// What is written with escapes is the same filter.
	escaped := get[api.CaseList](t, w.house, "/v1/cases?st%61ge=%61ssigned&series="+url.QueryEscape(storetest.Series), caseworker)
	require.Len(t, escaped.Items, 1)
}

// TestHead_AsksWhatGetAsks: a HEAD changes nothing, so it needs no second factor, and answers as GET does.
func TestHead_AsksWhatGetAsks(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	password := examsOfficer
	password.AMR = []string{"pwd"}
	for _, path := range []string{"/v1/cases", "/v1/cases/" + reference, "/v1/cases/" + reference + "/timeline", "/v1/fee-lines", "/v1/invoices"} {
		shown := w.do(t, call{method: http.MethodGet, path: path, as: password})
		asked := w.do(t, call{method: http.MethodHead, path: path, as: password})
		require.Equal(t, 200, shown.status, path)
		require.Equal(t, shown.status, asked.status, "%s: %s", path, asked.body)
		require.Equal(t, shown.header.Get("ETag"), asked.header.Get("ETag"), path)
	}
	require.Equal(t, 401, w.do(t, call{method: http.MethodHead, path: "/v1/cases"}).status)
	require.Equal(t, 405, w.do(t, call{method: http.MethodHead, path: taskPath(reference) + "/complete", as: examiner}).status)
}
