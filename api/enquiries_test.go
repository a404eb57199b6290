package api_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
)

const goodEnquiry = `{"service":"review-of-marking","candidateNumber":"0117","series":"demo","component":"MA1-1H",
	"consentGivenOn":"2026-08-24","reviewedScript":true,"reason":"unexpected-mark"}`

func ask(body, key string) call {
	return call{method: "POST", path: "/v1/enquiries", as: examsOfficer, body: body, header: map[string]string{"Idempotency-Key": key}}
}

func TestSubmitEnquiry_OpensACaseWithTheReceiptOfItsArrival(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) {
		c.Offset = func(context.Context) time.Duration { return 36 * time.Hour }
	})
	got := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 201, got.status, "%s", got.body)
	receipt := read[api.EnquiryOpened](t, got)
	require.Equal(t, "/v1/cases/"+receipt.Reference, got.header.Get("Location"))
	require.Regexp(t, `^"1-[0-9a-f]{16}"$`, got.header.Get("ETag"))
	require.Equal(t, "2026-09-17T20:59:59Z", receipt.OutcomeDue.Format(time.RFC3339), "20 days after receipt, by the fake's rule")
	require.Equal(t, []api.Price{{Code: "review-of-marking", Pence: 6200, Amount: "£62.00"}}, receipt.Fees)

	require.Len(t, h.dispatcher.opened, 1)
	in := h.dispatcher.opened[0]
	require.Equal(t, now.Add(36*time.Hour), in.ReceivedAt, "the one clock, not wall time")
	require.Equal(t, 36*time.Hour, in.ClockOffset)
	require.Equal(t, casework.Actor{Subject: "eo-64101", Role: casework.RolePostResults}, in.Actor)
	require.Equal(t, "64101", in.Request.CentreNumber, "from the token")
	require.Len(t, in.RequestSHA256, 64)
	_, err := casework.ParseReference(receipt.Reference)
	require.NoError(t, err)
}

func TestSubmitEnquiry_SameKeyAndBodyHasTheSameAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 201, first.status)
	// Spaces, the order of names and the centre that the token knows anyway do not make another request.
	again := h.do(t, ask(`{"reason":"unexpected-mark","reviewedScript":true,"consentGivenOn":"2026-08-24","component":"MA1-1H",
		"series":"demo","candidateNumber":"0117","service":"review-of-marking","centreNumber":"64101"}`, "key-1"))
	require.Equal(t, 201, again.status, "%s", again.body)
	require.Equal(t, string(first.body), string(again.body))
	require.Equal(t, first.header.Get("Location"), again.header.Get("Location"))
	require.Len(t, h.dispatcher.opened, 1, "the register answered")
}

func TestSubmitEnquiry_TheRepeatOfARequestThatAnotherProcessJustTookIsNotAskedBefore(t *testing.T) {
	t.Parallel()
	h := setup(t)
	require.Equal(t, 201, h.do(t, ask(goodEnquiry, "key-1")).status)
	taken := h.register.cases[0]
	h.register.cases = nil
	late := setup(t, func(c *api.Config) { c.Cases = &lateCase{register: h.register, appears: taken} })
	got := late.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 201, got.status, "%s", got.body)
}

func TestSubmitEnquiry_SameKeyWithAnotherBodyIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	require.Equal(t, 201, h.do(t, ask(goodEnquiry, "key-1")).status)
	got := h.do(t, ask(strings.Replace(goodEnquiry, "unexpected-mark", "other", 1), "key-1"))
	require.Equal(t, 422, got.status)
	require.Equal(t, "idempotency-key-reused", problem(t, got).Code)
	require.Len(t, h.dispatcher.opened, 1)
}

func TestSubmitEnquiry_AKeyBelongsToOnePerson(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) { return casework.Opened{}, api.ErrPending }
	colleague := examsOfficer
	colleague.Subject = "deputy-64101"
	first := read[api.EnquiryPending](t, h.do(t, ask(goodEnquiry, "key-1")))
	second := ask(goodEnquiry, "key-1")
	second.as = colleague
	require.NotEqual(t, first.Reference, read[api.EnquiryPending](t, h.do(t, second)).Reference)
	require.NotEqual(t, first.Reference, read[api.EnquiryPending](t, h.do(t, ask(goodEnquiry, "key-2"))).Reference)
	require.Equal(t, first.Reference, read[api.EnquiryPending](t, h.do(t, ask(goodEnquiry, "key-1"))).Reference)
}

func TestSubmitEnquiry_EveryRuleSaysNoByItselfAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		body    string
		facts   func(*register)
		status  int
		code    string
		pointer string
	}{
		"unknown candidate": {strings.Replace(goodEnquiry, "0117", "0999", 1), nil, 422, "unknown-candidate", "/candidateNumber"},
		"unknown component": {strings.Replace(goodEnquiry, "MA1-1H", "MA1-9Z", 1), nil, 422, "unknown-result", "/component"},
		"not released yet":  {strings.Replace(goodEnquiry, "2026-08-24", "2026-08-27", 1), func(r *register) { r.facts.CandidateRelease = now.Add(time.Hour) }, 422, "not-open-yet", "/series"},
		"window closed": {goodEnquiry, func(r *register) {
			r.facts.GCSERelease = r.facts.GCSERelease.AddDays(-60)
			r.facts.CandidateRelease = r.facts.CandidateRelease.AddDate(0, 0, -60)
		}, 422, "window-closed", "/series"},
		"consent missing":   {strings.Replace(goodEnquiry, `"consentGivenOn":"2026-08-24",`, "", 1), nil, 422, "consent-missing", "/consentGivenOn"},
		"consent too early": {strings.Replace(goodEnquiry, "2026-08-24", "2026-08-19", 1), nil, 422, "consent-too-early", "/consentGivenOn"},
		"objective test":    {goodEnquiry, func(r *register) { r.facts.Objective = true }, 422, "objective-test", "/service"},
		"same paper twice": {goodEnquiry, func(r *register) {
			in := casework.EnquiryInput{Reference: "R-2345-6789-BCDF-G", Request: casework.EnquiryRequest{
				Service: casework.ReviewOfMarking, CentreNumber: "64101", CandidateNumber: "0117", Component: "MA1-1H", Series: "demo",
			}}
			r.add(r.opened(in))
		}, 409, "already-requested", "/component"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			if row.facts != nil {
				row.facts(h.register)
			}
			got := h.do(t, ask(row.body, "key-1"))
			require.Equal(t, row.status, got.status, "%s", got.body)
			p := problem(t, got)
			require.Equal(t, row.code, p.Code, "%s", got.body)
			require.Equal(t, "/docs/problems/"+row.code, p.Type)
			require.Equal(t, []string{row.pointer}, pointers(p))
			require.NotEmpty(t, p.Errors[0].Remedy, "it says what to do")
			require.Empty(t, h.dispatcher.opened, "nothing was started")
		})
	}
}

func TestSubmitEnquiry_TheStepDecides(t *testing.T) {
	t.Parallel()
	already := casework.NewFault(casework.Conflict, "already-requested", "Asked before as R-2345-6789-BCDF-G.",
		casework.Reason{Code: "already-requested", Detail: "Asked before.", Pointer: "/component"})
	closed := casework.NewFault(casework.Refused, "window-closed", "The window closed while the request waited.")
	for name, row := range map[string]struct {
		answer casework.Opened
		err    error
		status int
		code   string
	}{
		"refused for another that came first": {casework.Opened{Stage: casework.StageRefused, Refusal: already}, nil, 409, "already-requested"},
		"refused by a rule":                   {casework.Opened{Stage: casework.StageRefused, Refusal: closed}, nil, 422, "window-closed"},
		"a fault of the workflow":             {casework.Opened{}, already, 409, "already-requested"},
		"no answer came back":                 {casework.Opened{}, errors.New("connection refused"), 503, "acceptance-unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) { return row.answer, row.err }
			got := h.do(t, ask(goodEnquiry, "key-1"))
			require.Equal(t, row.status, got.status, "%s", got.body)
			p := problem(t, got)
			require.Equal(t, row.code, p.Code)
			require.NotContains(t, string(got.body), "connection refused", "internals stay inside")
			require.Equal(t, row.status == 503, got.header.Get("Retry-After") != "")
		})
	}
}

func TestSubmitEnquiry_ARefusalIsRepeatedFromTheRegister(t *testing.T) {
	t.Parallel()
	h := setup(t)
	refusal := casework.NewFault(casework.Refused, "window-closed", "Too late.")
	h.dispatcher.open = func(in casework.EnquiryInput) (casework.Opened, error) {
		c := h.register.opened(in)
		c.Stage, c.Refusal = casework.StageRefused, refusal
		h.register.add(c)
		return casework.Opened{Reference: in.Reference, Stage: casework.StageRefused, Refusal: refusal}, nil
	}
	first, again := h.do(t, ask(goodEnquiry, "key-1")), h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 422, first.status)
	require.Equal(t, 422, again.status)
	require.Equal(t, problem(t, first).Errors, problem(t, again).Errors)
	require.Len(t, h.dispatcher.opened, 1)
}

func TestSubmitEnquiry_AcceptedWithoutAnAnswerIs202AndSaysSo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) {
		return casework.Opened{}, fmt.Errorf("no worker: %w", api.ErrPending)
	}
	got := h.do(t, ask(goodEnquiry, "key-1"))
	require.Equal(t, 202, got.status)
	require.Equal(t, "2", got.header.Get("Retry-After"))
	body := read[api.EnquiryPending](t, got)
	require.Equal(t, body.Href, got.header.Get("Location"))
	require.Contains(t, body.Detail, "safely accepted")

	missing := h.do(t, call{method: "GET", path: body.Href, as: examsOfficer})
	require.Equal(t, 404, missing.status)
	require.Contains(t, problem(t, missing).Errors[0].Remedy, "try again in a few seconds")
}

func TestSubmitEnquiry_TheRegisterKnowsBetterThanAFailedStart(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.dispatcher.open = func(in casework.EnquiryInput) (casework.Opened, error) {
		h.register.add(h.register.opened(in))
		return casework.Opened{}, errors.New("workflow execution already finished")
	}
	require.Equal(t, 201, h.do(t, ask(goodEnquiry, "key-1")).status)
}

func TestSubmitEnquiry_OnlyWhoMayAskForTheFamilyAsks(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*call)
		code   string
	}{
		"reads only":         {func(c *call) { c.as = reader }, "role-missing"},
		"awarding body":      {func(c *call) { c.as = caseworker }, "role-missing"},
		"examiner":           {func(c *call) { c.as = examiner }, "role-missing"},
		"the wrong family":   {func(c *call) { c.as = vocational }, "family-missing"},
		"for another school": {func(c *call) { c.body = strings.Replace(c.body, `"series"`, `"centreNumber":"64102","series"`, 1) }, "another-centre"},
		"password only":      {func(c *call) { c.as.AMR = []string{"pwd"} }, "second-factor-required"},
		"text message":       {func(c *call) { c.as.AMR = []string{"pwd", "sms"} }, "second-factor-required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := ask(goodEnquiry, "key-1")
			row.change(&c)
			got := h.do(t, c)
			require.Equal(t, 403, got.status, "%s", got.body)
			require.Equal(t, row.code, problem(t, got).Code)
			require.Empty(t, h.dispatcher.opened)
		})
	}
}

func TestSubmitEnquiry_IdempotencyKeyIs1To255VisibleCharacters(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		key  string
		want string
	}{
		"none": {"", "idempotency-key-missing"}, "space": {"a b", "idempotency-key-invalid"}, "control": {"a\tb", "idempotency-key-invalid"},
		"not ASCII": {"clé", "idempotency-key-invalid"}, "too long": {strings.Repeat("k", 256), "idempotency-key-invalid"},
		"longest": {strings.Repeat("k", 255), ""}, "shortest": {"k", ""}, "punctuation": {"!~{}[],;=\"\\", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := ask(goodEnquiry, row.key)
			if row.key == "" {
				c.header = nil
			}
			got := h.do(t, c)
			if row.want == "" {
				require.Equal(t, 201, got.status, "%s", got.body)
				return
			}
			require.Equal(t, 400, got.status)
			require.Equal(t, row.want, problem(t, got).Code)
		})
	}
}

func TestListServices_SaysWhatMayBeAskedAndEveryReasonWhyNot(t *testing.T) {
	t.Parallel()
	h := setup(t)
	query := "/v1/services?candidate=0117&component=MA1-1H&series=demo&reviewedScript=true"
	list := read[api.ServiceList](t, h.do(t, call{method: "GET", path: query, as: reader}))
	review := offered(t, list, "review-of-marking")
	require.True(t, review.Available)
	require.Equal(t, "2026-09-24T22:59:59Z", review.Closes.Format(time.RFC3339), "GCSE day + 35 days, domain §8.2")
	require.Equal(t, "2026-09-16T22:59:59Z", review.OutcomeDue.Format(time.RFC3339), "20 calendar days, domain §8.2")
	prices := maps.Collect(func(yield func(string, string) bool) {
		for _, price := range review.Fees {
			_ = yield(price.Code, price.Amount)
		}
	})
	require.Equal(t, map[string]string{"review-of-marking": "£62.00", "reviewed-script": "£13.50"}, prices)

	h.register.facts.Objective = true
	list = read[api.ServiceList](t, h.do(t, call{method: "GET", path: query + "&centre=64101", as: caseworker}))
	require.True(t, offered(t, list, "clerical-check").Available, "a clerical check of a machine-marked test is offered")
	review = offered(t, list, "review-of-marking")
	require.False(t, review.Available)
	require.Equal(t, "objective-test", review.Refusal.Errors[0].Code)

	require.Equal(t, "invalid-parameter", problem(t, h.do(t, call{method: "GET", path: query, as: caseworker})).Code, "which centre?")
	require.Equal(t, "another-centre", problem(t, h.do(t, call{method: "GET", path: query + "&centre=64102", as: reader})).Code)
	require.Equal(t, "family-missing", problem(t, h.do(t, call{method: "GET", path: query, as: vocational})).Code)
}
