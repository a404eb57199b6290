package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
)

func TestToken_EveryFaultHasACodeOfItsOwn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	expired := "Bearer " + h.issuer.Token(t, now.Add(-3*time.Hour), examsOfficer)
	foreign := "Bearer " + oidctest.New(t, "recourse").Token(t, now, examsOfficer)
	for name, row := range map[string]struct{ token, code, challenge string }{
		"none":           {"-", "token-missing", "Bearer"},
		"another scheme": {"Basic ZW86cHc=", "token-missing", "Bearer"},
		"empty":          {"Bearer ", "token-missing", "Bearer"},
		"expired":        {expired, "token-expired", `Bearer error="invalid_token", error_description="expired"`},
		"nonsense":       {"Bearer abc", "token-invalid", `Bearer error="invalid_token"`},
		"foreign":        {foreign, "token-invalid", `Bearer error="invalid_token"`},
	} {
		for _, path := range []string{"/v1/cases", "/v1/enquiries", "/v1/tasks", "/v1/invoices", "/v1/fee-lines", "/v1/services"} {
			got := h.do(t, call{method: "GET", path: path, token: row.token})
			require.Equal(t, 401, got.status, "%s %s", name, path)
			require.Equal(t, row.code, problem(t, got).Code, "%s %s", name, path)
			require.Equal(t, row.challenge, got.header.Get("WWW-Authenticate"))
		}
	}
}

func TestToken_AnIssuerThatIsAwayIsNotTheClientsFault(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.issuer.SetAway(true)
	got := h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer})
	require.Equal(t, 503, got.status)
	require.Equal(t, "2", got.header.Get("Retry-After"))
	require.Equal(t, "temporarily-unavailable", problem(t, got).Code)
}

func TestAccess_WhoMayReadWhat(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	nobody := oidctest.Claims{Subject: "x-1", AMR: []string{"otp"}}
	homeless := oidctest.Claims{Subject: "x-2", Roles: []string{"centre-administrator/gq"}, AMR: []string{"otp"}}
	allFamilies := oidctest.Claims{Subject: "x-3", Centre: "64101", Roles: []string{"centre-administrator"}, AMR: []string{"otp"}}
	everyone := map[string]oidctest.Claims{
		"exams officer": examsOfficer, "reader": reader, "other centre": otherCentre, "other family": vocational, "examiner": examiner,
		"clerk": clerk, "caseworker": caseworker, "finance": finance, "nobody": nobody, "no centre": homeless, "no family": allFamilies,
	}
	for path, allowed := range map[string]map[string]int{
		"/v1/cases/" + reference:               {"exams officer": 200, "reader": 200, "caseworker": 200, "other centre": 404, "other family": 404},
		"/v1/cases/" + reference + "/timeline": {"exams officer": 200, "reader": 200, "caseworker": 200, "other centre": 404, "other family": 404},
		"/v1/cases":                            {"exams officer": 200, "reader": 200, "caseworker": 200, "other centre": 200, "other family": 200},
		"/v1/enquiries":                        {"exams officer": 200, "reader": 200, "caseworker": 200, "other centre": 200, "other family": 200},
		"/v1/tasks":                            {"examiner": 200, "clerk": 200},
		"/v1/fee-lines":                        {"exams officer": 200, "reader": 200, "caseworker": 200, "other centre": 200, "other family": 200, "finance": 200},
		"/v1/invoices":                         {"exams officer": 200, "reader": 200, "caseworker": 200, "other centre": 200, "other family": 200, "finance": 200},
	} {
		for name, claims := range everyone {
			want, ok := allowed[name]
			if !ok {
				want = 403
			}
			got := h.do(t, call{method: "GET", path: path, as: claims})
			require.Equal(t, want, got.status, "%s as %s: %s", path, name, got.body)
		}
	}
}

func TestAccess_AListHoldsOnlyWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.openCase(t)
	count := func(path string, as oidctest.Claims) int {
		return len(read[api.CaseList](t, h.do(t, call{method: "GET", path: path, as: as})).Items)
	}
	require.Equal(t, 1, count("/v1/cases", examsOfficer))
	require.Equal(t, 1, count("/v1/cases?centre=64101", caseworker))
	require.Equal(t, 0, count("/v1/cases?centre=64102", caseworker))
	require.Equal(t, 0, count("/v1/cases", otherCentre))
	require.Equal(t, 0, count("/v1/cases", vocational))
	got := h.do(t, call{method: "GET", path: "/v1/cases?centre=64102", as: examsOfficer})
	require.Equal(t, "another-centre", problem(t, got).Code)
}

func TestSecondFactor_EveryWriteNeedsOneAndNoRead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	weak := examiner
	weak.AMR = []string{"pwd", "sms"}
	for _, c := range []call{
		{method: "POST", path: "/v1/enquiries", body: goodEnquiry},
		{method: "PUT", path: task + "/draft", body: `{}`},
		{method: "POST", path: task + "/uploads", body: `{}`},
		{method: "POST", path: task + "/complete", body: `{}`},
		{method: "POST", path: task + "/claim"},
		{method: "POST", path: task + "/start"},
		{method: "POST", path: task + "/notes", body: `{}`},
		{method: "POST", path: task + "/questions", body: `{}`},
		{method: "POST", path: "/v1/questions/1/answer", body: `{}`},
		{method: "POST", path: "/v1/monitoring/1/finding", body: `{}`},
	} {
		c.as = weak
		got := h.do(t, c)
		require.Equal(t, 403, got.status, "%s %s: %s", c.method, c.path, got.body)
		require.Equal(t, "second-factor-required", problem(t, got).Code)
	}
	require.Equal(t, 200, h.do(t, call{method: "GET", path: task, as: weak}).status)
}

func TestThrottle_OnePersonCannotCrowdOutTheOthers(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) { c.RequestsPerSecond, c.Burst = 1, 3 })
	for range 3 {
		require.Equal(t, 200, h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer}).status)
	}
	got := h.do(t, call{method: "GET", path: "/v1/cases", as: examsOfficer})
	require.Equal(t, 429, got.status)
	require.Equal(t, "rate-limited", problem(t, got).Code)
	require.NotEmpty(t, got.header.Get("Retry-After"))
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/v1/cases", as: otherCentre}).status)
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/healthz"}).status)
}
