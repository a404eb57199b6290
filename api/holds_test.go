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

// act is something that the awarding body does with a case.
func act(reference, what, key, body string) call {
	return call{
		method: "POST", path: "/v1/cases/" + reference + "/" + what, as: operator, body: body, header: map[string]string{"Idempotency-Key": key},
	}
}

const (
	consentAsked = `{"cause":"consent-inspection","reason":"We asked you to show the consent.","approvedBy":"cw-approver"}`
	consentShown = `{"delivered":true,"reason":"The consent is in order."}`
)

// later is a live service whose clock a test moves.
func later(t *testing.T) (w *world, move func(time.Duration)) {
	t.Helper()
	var moved time.Duration
	w = live(t, func(c *api.Config) { c.Offset = func(context.Context) time.Duration { return moved } })
	return w, func(by time.Duration) { moved += by }
}

// Issue C, points 4 and 6: a hold is shown to the centre with its reason and with what becomes of each date, and never
// with who asked and who agreed; once it ends, the dates have moved.
func TestHold_IsShownWithItsReasonAndWithoutNames(t *testing.T) {
	t.Parallel()
	w, move := later(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	page := "/v1/cases/" + reference
	before := get[api.Case](t, w.house, page, reader)
	require.Empty(t, before.Holds)
	require.Equal(t, api.ClockStateRunning, before.Clocks[0].State)

	move(24 * time.Hour)
	got := w.do(t, act(reference, "holds", "k1", consentAsked))
	require.Equal(t, 200, got.status, "%s", got.body)
	held := read[api.CaseHeld](t, got)
	require.Equal(t, []api.HoldCause{"consent-inspection"}, held.Causes)
	require.Equal(t, 1, held.Number)
	require.Equal(t, got.body, w.do(t, act(reference, "holds", "k1", consentAsked)).body, "the same request has the same answer")

	for _, as := range []oidctest.Claims{reader, examsOfficer, caseworker} {
		view := get[api.Case](t, w.house, page, as)
		require.Len(t, view.Holds, 1)
		hold := view.Holds[0]
		require.Equal(t, "We asked you to show the consent.", hold.Reason)
		require.Equal(t, "the consent is being inspected", hold.Text)
		require.True(t, hold.EndedAt.IsZero())
		inside := as.Subject == caseworker.Subject
		require.Equal(t, inside, hold.AskedBy == "op-1", "%s", as.Subject)
		require.Equal(t, inside, hold.ApprovedBy == storetest.Approver, "%s", as.Subject)
		require.Equal(t, inside, hold.ApproverName == "Imogen Vale", "%s", as.Subject)
		outcome := clock(t, view, "outcome")
		require.Equal(t, api.ClockStatePaused, outcome.State)
		require.Equal(t, before.Clocks[0].Due, outcome.Due, "while it stands still, that of before")
		require.Len(t, outcome.Pauses, 1)
		require.True(t, outcome.Pauses[0].Stops)
		require.Equal(t, api.ClockStateRunning, clock(t, view, "consent-inspection").State, "the centre's own duty has begun")
		require.Equal(t, "We asked you to show the consent.", outcome.Pauses[0].Why)
	}
	shown := string(w.do(t, call{method: "GET", path: page, as: reader}).body) + string(w.do(t, call{method: "GET", path: page + "/timeline", as: reader}).body) +
		string(w.do(t, call{method: "GET", path: page + "/clocks/outcome/worksheet", as: reader}).body)
	require.NotContains(t, shown, storetest.Approver)
	require.NotContains(t, shown, "Imogen")
	require.NotContains(t, shown, "op-1")

	move(72 * time.Hour)
	got = w.do(t, act(reference, "holds/consent-inspection/end", "k2", consentShown))
	require.Equal(t, 200, got.status, "%s", got.body)
	require.Empty(t, read[api.CaseHeld](t, got).Causes)
	view := get[api.Case](t, w.house, page, reader)
	outcome := clock(t, view, "outcome")
	require.Equal(t, api.ClockStateRunning, outcome.State)
	require.Equal(t, before.Clocks[0].Due, outcome.OriginalDue)
	require.True(t, outcome.Due.After(outcome.OriginalDue), "the days of the hold do not count")
	require.Equal(t, api.ClockStateMet, clock(t, view, "consent-inspection").State)
	require.True(t, view.Holds[0].Delivered)
	require.Equal(t, "The consent is in order.", view.Holds[0].EndReason)
	sheet := get[api.Worksheet](t, w.house, outcome.Worksheet, reader)
	require.Equal(t, outcome.Pauses, sheet.Pauses)
	require.Equal(t, api.ClockStateRunning, sheet.State)
}

func clock(t *testing.T, view api.Case, id api.ClockID) api.Clock {
	t.Helper()
	for _, c := range view.Clocks {
		if c.ID == id {
			return c
		}
	}
	require.Fail(t, "no such clock", "%s in %v", id, view.Clocks)
	return api.Clock{}
}

// A hold needs another person's agreement, a cause that the case does not wait for yet, and a reason.
func TestHold_IsRefusedWithTheFieldAndTheRemedy(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for name, row := range map[string]struct {
		what, body string
		status     int
		code       string
		pointers   []string
	}{
		"approved by the asker": {"holds", `{"cause":"hold","reason":"So.","approvedBy":"op-1"}`, 422, "approver-is-asker", []string{"/approvedBy"}},
		"no reason in words":    {"holds", `{"cause":"hold","reason":" ","approvedBy":"cw-approver"}`, 422, "hold-invalid", []string{"/reason"}},
		"approver of spaces":    {"holds", `{"cause":"hold","reason":"So.","approvedBy":" "}`, 422, "hold-invalid", []string{"/approvedBy"}},
		"agreed by nobody":      {"holds", `{"cause":"hold","reason":"So.","approvedBy":"nobody-at-all"}`, 422, "unknown-approver", []string{"/approvedBy"}},
		"agreed by who left":    {"holds", `{"cause":"hold","reason":"So.","approvedBy":"cw-left"}`, 422, "unknown-approver", []string{"/approvedBy"}},
		"no sample to wait for": {"holds", `{"cause":"waiting-for-sample","reason":"So.","approvedBy":"cw-approver"}`, 422, "nothing-to-wait-for", []string{"/cause"}},
		"no approver":           {"holds", `{"cause":"hold","reason":"So."}`, 400, "missing-field", []string{"/approvedBy"}},
		"unknown cause":         {"holds", `{"cause":"holiday","reason":"So.","approvedBy":"cw-approver"}`, 400, "value-not-allowed", []string{"/cause"}},
		"not held":              {"holds/consent-inspection/end", `{"delivered":true}`, 409, "not-held", nil},
		"nothing was asked":     {"holds/hold/end", `{"delivered":true}`, 422, "resume-invalid", []string{"/delivered", "/reason"}},
		"an end without why":    {"holds/malpractice/end", `{}`, 422, "resume-invalid", []string{"/reason"}},
		"given up without why":  {"holds/hold/end", `{"delivered":false}`, 422, "resume-invalid", []string{"/reason"}},
		"unknown end":           {"holds/holiday/end", `{"delivered":true}`, 400, "invalid-parameter", nil},
	} {
		got := w.do(t, act(reference, row.what, "k-"+strings.ReplaceAll(name, " ", "-"), row.body))
		require.Equal(t, row.status, got.status, "%s: %s", name, got.body)
		p := problem(t, got)
		require.Equal(t, row.code, p.Code, name)
		if row.pointers != nil {
			require.Equal(t, row.pointers, pointers(p), name)
		}
		require.NotEmpty(t, p.Errors[0].Remedy, name)
	}
	require.Empty(t, get[api.Case](t, w.house, "/v1/cases/"+reference, reader).Holds, "nothing changed")
	require.Equal(t, 200, w.do(t, act(reference, "holds", "k1", consentAsked)).status)
	require.Equal(t, "held-already", problem(t, w.do(t, act(reference, "holds", "k2", consentAsked))).Code)
}

// Whoever the list names may have agreed to a hold, and nobody else.
func TestListApprovers_AreThoseWhomAHoldMayName(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for _, as := range []oidctest.Claims{operator, caseworker} {
		found := get[api.ApproverList](t, w.house, "/v1/approvers", as)
		require.Equal(t, []api.Approver{{ID: storetest.Approver, Body: storetest.Body, Name: "Imogen Vale"}}, found.Items, as.Subject)
	}
	require.Equal(t, 403, w.do(t, call{method: "GET", path: "/v1/approvers", as: examsOfficer}).status)
	require.Equal(t, 200, w.do(t, act(reference, "holds", "k", consentAsked)).status)
	_, err := w.store.Pool().Exec(t.Context(), "UPDATE approvers SET active = false")
	require.NoError(t, err)
	require.Equal(t, []api.Approver{}, get[api.ApproverList](t, w.house, "/v1/approvers", operator).Items)
	require.Equal(t, "Imogen Vale", get[api.Case](t, w.house, "/v1/cases/"+reference, operator).Holds[0].ApproverName, "they stay named")
}

// What is asked of a case carries who, in which role, why, when, and a key that is good for one body.
func TestCaseActs_PassOnWhoAndWhy(t *testing.T) {
	t.Parallel()
	h := setup(t)
	opened := h.register.opened(casework.EnquiryInput{Reference: someReference(), Request: casework.EnquiryRequest{CentreNumber: "64101"}, ReceivedAt: now})
	h.register.add(opened)
	reference := string(opened.Reference)
	by := casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "We asked you to show the consent."}
	require.Equal(t, 200, h.do(t, act(reference, "holds", "k", consentAsked)).status)
	require.Equal(t, 200, h.do(t, act(reference, "holds", "k", consentAsked)).status)
	require.Equal(t, 200, h.do(t, act(reference, "holds", "k", `{"cause":"hold","reason":"Another.","approvedBy":"cw-approver"}`)).status)
	first := h.dispatcher.held[0]
	require.Equal(t, by, first.Actor)
	require.Equal(t, casework.HoldConsent, first.Cause)
	require.Equal(t, storetest.Approver, first.ApprovedBy)
	require.Equal(t, now, first.ReceivedAt)
	require.Equal(t, first.Key, h.dispatcher.held[2].Key, "the key stands for the person's request")
	require.Equal(t, h.dispatcher.ids[0], h.dispatcher.ids[1])
	require.NotEqual(t, h.dispatcher.ids[0], h.dispatcher.ids[2], "another body is another attempt, which the case refuses by the key")

	require.Equal(t, 200, h.do(t, act(reference, "holds/consent-inspection/end", "k", consentShown)).status)
	require.True(t, h.dispatcher.resumed[0].Delivered)
	require.NotEqual(t, first.Key, h.dispatcher.resumed[0].Key, "each door has keys of its own")
	nudge := h.do(t, act(reference, "nudges", "k", `{"reason":"The centre asked."}`))
	require.Equal(t, api.CaseNudged{Reference: reference, Href: "/v1/cases/" + reference, Number: 1, Stage: "assigned", WaitingOn: "reviewer"}, read[api.CaseNudged](t, nudge))
	require.Equal(t, "The centre asked.", h.dispatcher.nudged[0].Actor.Reason)
}

// Accepted is not done, and unknown is neither.
func TestCaseActs_SayWhetherTheyWereTaken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	opened := h.register.opened(casework.EnquiryInput{Reference: someReference(), Request: casework.EnquiryRequest{CentreNumber: "64101"}, ReceivedAt: now})
	h.register.add(opened)
	reference := string(opened.Reference)
	for what, body := range map[string]string{"holds": consentAsked, "holds/consent-inspection/end": consentShown, "nudges": `{"reason":"So."}`} {
		h.dispatcher.refuse = api.ErrPending
		got := h.do(t, act(reference, what, "k", body))
		require.Equal(t, 202, got.status, what)
		require.Equal(t, "/v1/cases/"+reference, got.header.Get("Location"))
		require.Equal(t, "2", got.header.Get("Retry-After"))
		h.dispatcher.refuse = errors.New("connection reset")
		require.Equal(t, "acceptance-unknown", problem(t, h.do(t, act(reference, what, "k", body))).Code, what)
		h.dispatcher.refuse = casework.NotOpen(opened.Reference, casework.StageClosed)
		require.Equal(t, "case-not-open", problem(t, h.do(t, act(reference, what, "k", body))).Code, what)
	}
}

// A nudge is counted and changes nothing else.
func TestNudge_RemindsWhoActsNext(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for number := 1; number <= 2; number++ {
		got := w.do(t, act(reference, "nudges", string(rune('a'+number)), `{"reason":"The centre asked."}`))
		require.Equal(t, 200, got.status, "%s", got.body)
		nudged := read[api.CaseNudged](t, got)
		require.Equal(t, number, nudged.Number)
		require.Equal(t, "reviewer", nudged.WaitingOn)
	}
	require.Equal(t, api.StageAssigned, get[api.Case](t, w.house, "/v1/cases/"+reference, reader).Stage)
	require.Equal(t, "nudge-invalid", problem(t, w.do(t, act(reference, "nudges", "d", `{"reason":" "}`))).Code)
	require.Equal(t, "not-found", problem(t, w.do(t, act(string(someReference()), "nudges", "e", `{"reason":"So."}`))).Code)
}
