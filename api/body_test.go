package api_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

func TestBody_EachFaultIsAProblemOfItsOwnAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	with := func(old, replacement string) string { return strings.Replace(goodEnquiry, old, replacement, 1) }
	for name, row := range map[string]struct {
		body     string
		status   int
		code     string
		pointers []string
		says     string
	}{
		"empty":               {"  ", 400, "malformed-json", []string{""}, "unexpected end"},
		"cut off":             {`{"service":`, 400, "malformed-json", []string{""}, "line 1"},
		"syntax":              {"{\n  \"service\": review\n}", 400, "malformed-json", []string{""}, "line 2, column 14"},
		"not UTF-8":           {with("demo", "d\xe9mo"), 400, "malformed-json", []string{""}, "not UTF-8"},
		"trailing data":       {goodEnquiry + "{}", 400, "malformed-json", []string{""}, "after top-level value"},
		"a name twice":        {with(`"reason"`, `"service":"clerical-check","reason"`), 400, "malformed-json", []string{""}, "/service occurs twice"},
		"too deep":            {strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), 400, "malformed-json", []string{""}, "nested"},
		"an array":            {"[" + goodEnquiry + "]", 400, "wrong-type", []string{""}, "not a JSON object"},
		"null":                {"null", 400, "wrong-type", []string{""}, "not a JSON object"},
		"unknown field":       {with(`"reason"`, `"colour":"red","reason"`), 400, "unknown-field", []string{"/colour"}, "colour"},
		"a name with slashes": {with(`"reason"`, `"a/b~c":1,"reason"`), 400, "unknown-field", []string{"/a~1b~0c"}, "a/b~c"},
		"another case":        {with(`"service"`, `"Service"`), 400, "invalid-request", []string{"/Service", "/service"}, "2 places"},
		"wrong type":          {with(`"0117"`, `117`), 400, "wrong-type", []string{"/candidateNumber"}, "a number"},
		"null value":          {with(`"0117"`, `null`), 400, "wrong-type", []string{"/candidateNumber"}, "null"},
		"boolean as string":   {with(`:true`, `:"true"`), 400, "wrong-type", []string{"/reviewedScript"}, "a boolean"},
		"missing field":       {with(`"series":"demo",`, ``), 400, "missing-field", []string{"/series"}, "series"},
		"unknown service":     {with("review-of-marking", "remark"), 400, "value-not-allowed", []string{"/service"}, "remark"},
		"not a candidate":     {with("0117", "117"), 400, "value-not-allowed", []string{"/candidateNumber"}, "117"},
		"no such day":         {with("2026-08-24", "2026-02-30"), 400, "value-not-allowed", []string{"/consentGivenOn"}, "2026-02-30"},
		"empty component":     {with("MA1-1H", ""), 400, "value-not-allowed", []string{"/component"}, "0 characters"},
		"long component":      {with("MA1-1H", strings.Repeat("é", 41)), 400, "value-not-allowed", []string{"/component"}, "41 characters"},
		"all at once":         {`{"service":"remark","candidateNumber":1}`, 400, "invalid-request", []string{"/candidateNumber", "/service", "/series", "/component", "/reason"}, "5 places"},
		"over 1 MiB":          {with("demo", strings.Repeat("x", 1<<20)), 413, "body-too-large", []string{""}, "1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			got := h.do(t, ask(row.body, "key-1"))
			require.Equal(t, row.status, got.status, "%s", got.body)
			p := problem(t, got)
			require.Equal(t, row.code, p.Code, "%s", got.body)
			require.Equal(t, row.pointers, pointers(p))
			require.Contains(t, p.Detail, row.says)
			for _, reason := range p.Errors {
				require.NotEmpty(t, reason.Remedy, "it says what to do: %+v", reason)
				require.Equal(t, strings.TrimSpace(reason.Remedy), reason.Remedy)
				require.NotContains(t, reason.Remedy, "^[", "an example, not a pattern: %+v", reason)
			}
			require.Empty(t, h.dispatcher.opened)
			require.Empty(t, h.register.cases)
		})
	}
}

func TestBody_OnlyJSONIsTaken(t *testing.T) {
	t.Parallel()
	for media, status := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "Application/JSON": 201,
		"text/plain": 415, "application/x-www-form-urlencoded": 415, "application/problem+json": 415, ";": 415,
	} {
		t.Run(media, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := ask(goodEnquiry, "key-1")
			c.header["Content-Type"] = media
			got := h.do(t, c)
			require.Equal(t, status, got.status, "%s", got.body)
			if status == 415 {
				require.Equal(t, "unsupported-media-type", problem(t, got).Code)
			}
		})
	}
}

func TestParameters_AMisspelledFilterNeverWidensAnAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for path, code := range map[string]string{
		"/v1/cases?stag=closed":                 "unknown-parameter",
		"/v1/cases?stage=shut":                  "invalid-parameter",
		"/v1/cases?heldFor=lunch":               "invalid-parameter",
		"/v1/enquiries?heldFor=malpractice":     "invalid-parameter",
		"/v1/cases?stage=closed&stage=refused":  "invalid-parameter",
		"/v1/cases?limit=0":                     "invalid-parameter",
		"/v1/cases?limit=201":                   "invalid-parameter",
		"/v1/cases?limit=ten":                   "invalid-parameter",
		"/v1/cases?limit=99999999999999999999":  "invalid-parameter",
		"/v1/cases?cursor=nonsense":             "invalid-cursor",
		"/v1/cases?cursor=e30":                  "invalid-cursor",
		"/v1/cases?centre=641":                  "invalid-parameter",
		"/v1/services?candidate=0117&series=s":  "invalid-parameter",
		"/v1/cases/R-0000-0000-0000-A":          "invalid-reference",
		"/v1/cases/nothing/timeline":            "invalid-reference",
		"/v1/cases/R-2345/documents/0":          "invalid-parameter",
		"/v1/fee-lines?reference=R-1":           "invalid-reference",
		"/v1/fee-lines?cursor=eyJuYW1lIjoieCJ9": "invalid-cursor",
		"/v1/services?candidate=0117&component=c&series=s&reviewedScript=yes": "invalid-parameter",
	} {
		got := h.do(t, call{method: "GET", path: path, as: examsOfficer})
		require.Equal(t, 400, got.status, "%s: %s", path, got.body)
		require.Equal(t, code, problem(t, got).Code, "%s: %s", path, got.body)
	}
}

func TestAddress_UnknownOnesAreProblemsToo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	got := h.do(t, call{method: "GET", path: "/v1/nothing"})
	require.Equal(t, 404, got.status)
	require.Equal(t, "not-found", problem(t, got).Code)
	got = h.do(t, call{method: "DELETE", path: "/v1/enquiries"})
	require.Equal(t, 405, got.status)
	require.Equal(t, "method-not-allowed", problem(t, got).Code)
	require.Equal(t, "GET, POST", got.header.Get("Allow"))
}

func TestFailure_InternalsAreLoggedWithTheCaseAndNeverShown(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.broken = errors.New("relation cases does not exist")
	got := h.do(t, call{method: "GET", path: "/v1/cases/" + string(someReference()), as: examsOfficer, header: map[string]string{"X-Request-Id": "trace-12345"}})
	require.Equal(t, 500, got.status)
	p := problem(t, got)
	require.Equal(t, "internal", p.Code)
	require.Equal(t, "urn:recourse:request:trace-12345", p.Instance)
	require.NotContains(t, string(got.body), "relation")
	require.Contains(t, h.log.String(), "relation cases does not exist")
	require.Contains(t, h.log.String(), `"case":"`+string(someReference())+`"`)

	h.register.broken = casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached at the moment.")
	got = h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer})
	require.Equal(t, 503, got.status)
	require.Equal(t, "2", got.header.Get("Retry-After"))
	require.Equal(t, "/docs/problems/temporarily-unavailable", problem(t, got).Type)
}

func TestFailure_APanicIsA500(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) { panic("a mistake") }
	got := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 500, got.status)
	require.NotContains(t, string(got.body), "a mistake")
	require.Contains(t, h.log.String(), "a mistake")
}

func TestLog_HoldsNeitherQueriesNorPersons(t *testing.T) {
	t.Parallel()
	h := setup(t)
	person := examsOfficer
	person.Name, person.Email = "Ada Okafor", "ada@school.example"
	h.do(t, call{method: "GET", path: "/v1/services?candidate=0117&component=MA1-1H&series=demo", as: person})
	require.Contains(t, h.log.String(), `"route":"GET /v1/services"`)
	for _, secret := range []string{"0117", "Ada", "ada@", "eo-64101", "eyJ"} {
		require.NotContains(t, h.log.String(), secret)
	}
}

func TestHeaders_AreSafeOnEveryAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, path := range []string{"/v1/cases", "/v1/nothing", "/docs", "/healthz"} {
		got := h.do(t, call{method: "GET", path: path, as: examsOfficer})
		require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"), path)
		require.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.NotEmpty(t, got.header.Get("X-Request-Id"), path)
	}
	got := h.do(t, call{method: "GET", path: "/healthz", header: map[string]string{"X-Request-Id": "<script>alert(1)</script>"}})
	require.NotContains(t, got.header.Get("X-Request-Id"), "script", "only names of a known form are echoed")
}

// FuzzSubmitEnquiry sends whatever a client may: the answer is always one that the contract describes and never
// our fault.
func FuzzSubmitEnquiry(f *testing.F) {
	f.Add(goodEnquiry, "key-1")
	f.Add(`{"service":1e99,"candidateNumber":["\ud800"]}`, "")
	f.Add(`{"a":{"b":[{}]}}`, "\x00")
	f.Fuzz(func(t *testing.T, body, key string) {
		h := setup(t)
		got := h.do(t, ask(body, key))
		require.Less(t, got.status, 500, "%s", got.body)
	})
}
