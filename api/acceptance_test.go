package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestAcceptance_SaysNoMoreThanIsKnown: where no answer came back from a case, nobody can say that nothing was taken;
// where nothing had been sent, one can.
func TestAcceptance_SaysNoMoreThanIsKnown(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for name, cause := range map[string]error{"refused": errors.New("connection refused"), "timed out": context.DeadlineExceeded} {
		h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) { return casework.Opened{}, cause }
		p := problem(t, h.do(t, ask(goodEnquiry, "key-1")))
		require.Equal(t, "acceptance-unknown", p.Code, name)
		require.Contains(t, p.Detail, "not known whether your request was taken")
		require.Contains(t, p.Errors[0].Remedy, "not be done twice")
	}
	h.register.broken = casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached at the moment.")
	started := len(h.dispatcher.opened)
	got := h.do(t, ask(goodEnquiry, "key-2"))
	require.Equal(t, 503, got.status)
	require.Equal(t, "register-unavailable", problem(t, got).Code)
	require.Len(t, h.dispatcher.opened, started, "nothing was sent")
}

// TestAcceptance_ACaseThatOpenedIsNeverDeniedBecauseItCannotBeRead: the register went away between the step and the
// look; the case is there, and the client follows its reference.
func TestAcceptance_ACaseThatOpenedIsNeverDeniedBecauseItCannotBeRead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.dispatcher.open = func(in casework.EnquiryInput) (casework.Opened, error) {
		h.register.add(h.register.opened(in))
		h.register.broken = casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached at the moment.")
		return casework.Opened{Reference: in.Reference, Stage: casework.StageUnassigned}, nil
	}
	got := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 202, got.status, "%s", got.body)
	h.register.broken = nil
	require.Equal(t, 200, h.do(t, call{method: "GET", path: got.header.Get("Location"), as: examsOfficer}).status)
}

// TestSubmitEnquiry_NobodyGetsTheRefusalOfAnotherRequest: two requests came under one key at the same moment and the
// other one's workflow answered; its refusal says nothing about this one.
func TestSubmitEnquiry_NobodyGetsTheRefusalOfAnotherRequest(t *testing.T) {
	t.Parallel()
	h := setup(t)
	refusal := casework.NewFault(casework.Conflict, "already-requested", "Asked before.")
	h.dispatcher.open = func(in casework.EnquiryInput) (casework.Opened, error) {
		first := h.register.opened(in)
		first.Stage, first.Refusal, first.RequestSHA256 = casework.StageRefused, refusal, strings.Repeat("ab", 32)
		h.register.add(first)
		return casework.Opened{Reference: in.Reference, Stage: casework.StageRefused, Refusal: refusal}, nil
	}
	got := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 422, got.status)
	require.Equal(t, "idempotency-key-reused", problem(t, got).Code)
}

// TestAccess_TheRoleIsAskedBeforeTheRequestIsRead: whoever may not use an operation learns nothing about how a request
// to it is written.
func TestAccess_TheRoleIsAskedBeforeTheRequestIsRead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := "/v1/tasks/R-2345-6789-BCDF-G/1"
	for name, row := range map[string]struct {
		call call
		as   oidctest.Claims
	}{
		"an enquiry that is no JSON":        {call{method: "POST", path: "/v1/enquiries", body: "{"}, caseworker},
		"an enquiry without its key":        {call{method: "POST", path: "/v1/enquiries", body: goodEnquiry}, reader},
		"a completion of another type":      {call{method: "POST", path: task + "/complete", body: `{"items":1}`}, examsOfficer},
		"a draft with an unknown field":     {call{method: "PUT", path: task + "/draft", body: `{"grade":"A"}`}, caseworker},
		"an upload without anything":        {call{method: "POST", path: task + "/uploads", body: `{}`}, finance},
		"cases by an unknown filter":        {call{method: "GET", path: "/v1/cases?colour=red"}, examiner},
		"allocations of a reference so-so":  {call{method: "GET", path: "/v1/cases/R-1/allocations"}, examsOfficer},
		"fee lines by a number so-so":       {call{method: "GET", path: "/v1/fee-lines?limit=x"}, clerk},
		"tasks by a centre's administrator": {call{method: "GET", path: "/v1/tasks?limit=0"}, otherCentre},
	} {
		row.call.as = row.as
		got := h.do(t, row.call)
		require.Equal(t, 403, got.status, "%s: %s", name, got.body)
		require.Equal(t, "role-missing", problem(t, got).Code, name)
	}
}

// TestThrottle_RetryAfterIsTheTrueWait: whoever waits as long as it says is let through, and not before.
func TestThrottle_RetryAfterIsTheTrueWait(t *testing.T) {
	t.Parallel()
	at := now
	h := setup(t, func(c *api.Config) {
		c.RequestsPerSecond, c.Burst = 0.1, 1
		c.Wall = func() time.Time { return at }
	})
	list := call{method: "GET", path: "/v1/cases", as: examsOfficer}
	require.Equal(t, 200, h.do(t, list).status)
	for _, step := range []struct {
		wait time.Duration
		want string
	}{{0, "10"}, {0, "10"}, {3500 * time.Millisecond, "7"}, {6 * time.Second, "1"}} {
		at = at.Add(step.wait)
		got := h.do(t, list)
		require.Equal(t, 429, got.status)
		require.Equal(t, step.want, got.header.Get("Retry-After"), "after %s more", step.wait)
	}
	at = at.Add(time.Second)
	require.Equal(t, 200, h.do(t, list).status, "refused requests cost nothing")
}

// TestDraft_HoldsTheAnnotatedFile: the working of a day is kept whole, and the file that it names is this task's.
func TestDraft_HoldsTheAnnotatedFile(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	save := func(body string) answer {
		return h.do(t, call{method: "PUT", path: path + "/draft", as: examiner, body: body, header: map[string]string{"If-None-Match": "*"}})
	}
	unknown := problem(t, save(`{"annotated":9}`))
	require.Equal(t, "unknown-upload", unknown.Code)
	require.Equal(t, []string{"/annotated"}, pointers(unknown))
	require.Equal(t, 200, save(`{"annotated":1}`).status)
	for _, where := range []string{path + "/draft", path} {
		require.Contains(t, string(h.do(t, call{method: "GET", path: where, as: examiner}).body), `"annotated":1`, where)
	}
}

// TestTimeline_SaysWhoseNameIsOnlyClaimed: an operator's signal names its sender, and nothing proves it.
func TestTimeline_SaysWhoseNameIsOnlyClaimed(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "clerical-check")
	err := w.store.RecordRefusedSignal(t.Context(), casework.RefusedInput{
		Key:   casework.StepKey{Reference: casework.Reference(reference), Step: casework.StepRefusal, About: "x", Number: 1, Cause: "x", At: now},
		Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Claimed: true}, Name: casework.MessageComplete,
		Fault: casework.NotAllocated("t"),
	})
	require.NoError(t, err)
	entries := get[api.Timeline](t, w.house, "/v1/cases/"+reference+"/timeline", caseworker).Items
	last := entries[len(entries)-1]
	require.True(t, last.Actor.Claimed)
	require.False(t, entries[0].Actor.Claimed)
}
