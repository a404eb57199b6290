package offer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

func TestJudge_AReviewOfMarkingMayOpen(t *testing.T) {
	t.Parallel()
	v := judge(t, facts(t), ask(t))
	require.Nil(t, v.Refusal)
	require.Equal(t, "small.1", v.Policy)
	require.Equal(t, instant(t, "2026-09-24T23:00:00Z"), v.Closes, "GCSE day + 35, to its end in London")
	require.Len(t, v.Clocks, 1)
	require.Equal(t, casework.ClockOutcome, v.Clocks[0].ID)
	require.Equal(t, "2026-10-14", calendar.DateOf(v.Clocks[0].Due()).String(), "domain §5.5")
	require.Equal(t, []fee.Quote{
		{Code: "review-of-marking", Pence: 6200, Clause: "clause row 2", Source: "Regulations", Confirmed: true, Waiver: waiver(fee.LinkedAwardGrade)},
		{Code: "reviewed-script", Pence: 1350, Clause: "clause row 4", Source: "Regulations", Confirmed: true, Waiver: waiver(fee.LinkedAwardGrade)},
	}, v.Fees)
	require.Equal(t, instant(t, "2026-08-20T07:00:00Z"), v.Opens)
	require.Equal(t, clause("2.2"), v.Window)
	require.Equal(t, rules().Services[1].Completion, v.Rules)
}

func TestJudge_QuotesByLevelAndOnlyWhatIsOrdered(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	f.Level, a.ReviewedScript = 3, false
	require.Equal(t, []fee.Quote{{
		Code: "review-of-marking", Pence: 6600, Clause: "clause row 3", Source: "Regulations", Confirmed: true, Waiver: waiver(fee.LinkedAwardGrade),
	}}, judge(t, f, a).Fees)
	a.Service = casework.ClericalCheck
	v := judge(t, f, a)
	require.Equal(t, fee.Pence(1500), v.Fees[0].Pence)
	require.Equal(t, "2026-10-04", calendar.DateOf(v.Clocks[0].Due()).String(), "domain §5.5")
}

// refuse judges the good request after a change and wants one reason.
func refuse(t *testing.T, with func(f *offer.Facts, a *offer.Ask)) (*casework.Fault, casework.Reason) {
	t.Helper()
	f, a := facts(t), ask(t)
	with(&f, &a)
	v := judge(t, f, a)
	require.NotNil(t, v.Refusal)
	require.Len(t, v.Refusal.Reasons, 1)
	require.Equal(t, v.Refusal.Code, v.Refusal.Reasons[0].Code)
	return v.Refusal, v.Refusal.Reasons[0]
}

func TestJudge_EveryReasonHasItsKindPlaceAndClause(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		code    string
		kind    casework.FaultKind
		pointer string
		clause  string
		with    func(f *offer.Facts, a *offer.Ask)
	}{
		{offer.CodeUnknownCandidate, casework.Invalid, "/candidateNumber", "", func(f *offer.Facts, _ *offer.Ask) { f.KnownCandidate, f.KnownResult = false, false }},
		{offer.CodeUnknownResult, casework.Invalid, "/component", "", func(f *offer.Facts, _ *offer.Ask) { f.KnownResult = false }},
		{offer.CodeUnknownService, casework.Invalid, "/service", "", func(_ *offer.Facts, a *offer.Ask) { a.Service = "tea" }},
		{offer.CodeNoPrice, casework.Refused, "/component", "", func(f *offer.Facts, _ *offer.Ask) { f.Level = 7 }},
		{offer.CodeNotOpenYet, casework.Refused, "/series", "clause 2.1", func(f *offer.Facts, a *offer.Ask) {
			a.ReceivedAt, a.ConsentGivenOn = f.CandidateRelease.Add(-time.Nanosecond), calendar.DateOf(f.CandidateRelease)
		}},
		{offer.CodeNotOpenYet, casework.Refused, "/series", "clause 2.1", func(f *offer.Facts, _ *offer.Ask) { f.CandidateRelease = time.Time{} }},
		{offer.CodeNotOpenYet, casework.Refused, "/series", "clause 2.1", func(f *offer.Facts, _ *offer.Ask) { f.GCSERelease = calendar.Date{} }},
		{offer.CodeWindowClosed, casework.Refused, "/series", "clause 2.2", func(_ *offer.Facts, a *offer.Ask) { a.ReceivedAt = instant(t, "2026-09-24T23:00:00Z") }},
		{offer.CodeConsentMissing, casework.Refused, "/consentGivenOn", "clause 2.4", func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = calendar.Date{} }},
		{offer.CodeConsentTooEarly, casework.Refused, "/consentGivenOn", "clause 2.4", func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = date(t, "2026-08-19") }},
		{offer.CodeConsentInFuture, casework.Refused, "/consentGivenOn", "clause 2.4", func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = date(t, "2026-09-25") }},
		{offer.CodeObjectiveTest, casework.Refused, "/service", "clause 2.7", func(f *offer.Facts, _ *offer.Ask) { f.Objective = true }},
		{offer.CodeAlreadyRequested, casework.Conflict, "/component", "clause 2.5", func(f *offer.Facts, _ *offer.Ask) {
			f.Earlier = []offer.Earlier{{Reference: "R-2222-2222-2222-2", Service: casework.ReviewOfMarking, Stage: casework.StageClosed}}
		}},
		{offer.CodeClericalAfterReview, casework.Refused, "/service", "clause 2.6", func(f *offer.Facts, a *offer.Ask) {
			a.Service = casework.ClericalCheck
			f.Earlier = []offer.Earlier{{Reference: "R-2222-2222-2222-2", Service: casework.ReviewOfMarking, Stage: casework.StageAssigned}}
		}},
	} {
		t.Run(row.code, func(t *testing.T) {
			t.Parallel()
			fault, reason := refuse(t, row.with)
			require.Equal(t, row.kind, fault.Kind)
			require.NotEmpty(t, fault.Detail)
			require.Equal(t, row.code, reason.Code)
			require.Equal(t, row.pointer, reason.Pointer)
			require.NotEmpty(t, reason.Detail)
			require.NotEmpty(t, reason.Remedy)
			require.Equal(t, row.clause, reason.Clause)
			require.Equal(t, row.clause != "", reason.Source != "")
			require.False(t, reason.Unconfirmed)
		})
	}
}

func TestJudge_ReceiptDecidesToTheInstant(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		received string
		code     string
	}{
		{"2026-08-20T06:59:59.999999999Z", offer.CodeNotOpenYet}, // 07:59:59 BST
		{"2026-08-20T07:00:00Z", ""},                             // 08:00 BST
		{"2026-09-24T22:59:59.999999999Z", ""},                   // the last instant of 24 September in London
		{"2026-09-24T23:00:00Z", offer.CodeWindowClosed},
	} {
		f, a := facts(t), ask(t)
		a.ReceivedAt, a.ConsentGivenOn = instant(t, row.received), date(t, "2026-08-20")
		v := judge(t, f, a)
		if row.code == "" {
			require.Nilf(t, v.Refusal, "%s", row.received)
			continue
		}
		require.NotNilf(t, v.Refusal, "%s", row.received)
		require.Equal(t, row.code, v.Refusal.Code)
	}
}

func TestJudge_TheRefusalTellsTheDatesOfThisRequest(t *testing.T) {
	t.Parallel()
	_, late := refuse(t, func(_ *offer.Facts, a *offer.Ask) { a.ReceivedAt = instant(t, "2026-09-24T23:00:05Z") })
	require.Equal(t, "Requests were taken until the end of Thursday 24 September 2026; this one was received on Friday 25 September 2026 at 00:00:05 (UK time).", late.Detail)

	_, early := refuse(t, func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = date(t, "2026-08-19") })
	require.Equal(t, "Consent of Wednesday 19 August 2026 is older than the results, which candidates received on Thursday 20 August 2026.", early.Detail)

	_, again := refuse(t, func(f *offer.Facts, _ *offer.Ask) {
		f.Earlier = []offer.Earlier{{Reference: "R-2222-2222-2222-2", Service: casework.ReviewOfMarking}}
	})
	require.Contains(t, again.Detail, "R-2222-2222-2222-2")
	require.Equal(t, "/component", again.Pointer)
}

// Domain §8.2: a series' key-dates row overrides the formula, in both directions.
func TestJudge_AKeyDateStandsInPlaceOfTheFormula(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	f.LastDays = []offer.LastDay{{Service: casework.ClericalCheck, Date: date(t, "2026-12-01")}, {Service: casework.ReviewOfMarking, Date: date(t, "2026-09-10")}}
	v := judge(t, f, a)
	require.Equal(t, offer.CodeWindowClosed, v.Refusal.Code)
	require.Equal(t, instant(t, "2026-09-10T23:00:00Z"), v.Closes)

	a.Service = casework.ClericalCheck
	a.ReceivedAt = instant(t, "2026-12-01T23:59:59Z")
	v = judge(t, f, a)
	require.Nil(t, v.Refusal)
	require.Equal(t, instant(t, "2026-12-02T00:00:00Z"), v.Closes)

	f.GCSERelease = calendar.Date{}
	require.Nil(t, judge(t, f, a).Refusal, "a key date needs no anchor")
}

// Domain §6, row 11.
func TestJudge_AReviewMayFollowAClericalCheckAndNotTheOtherWayRound(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	f.Earlier = []offer.Earlier{{Reference: "R-2222-2222-2222-2", Service: casework.ClericalCheck, Stage: casework.StageClosed}}
	require.Nil(t, judge(t, f, a).Refusal)
	f.Earlier = append(f.Earlier, offer.Earlier{Reference: "R-3333-3333-3333-3", Service: casework.ReviewOfMarking, Stage: casework.StageDecided})
	a.Service = casework.ClericalCheck
	v := judge(t, f, a)
	require.Equal(t, casework.Conflict, v.Refusal.Kind, "the same paper twice is a conflict, whatever else is wrong")
	require.Equal(t, offer.CodeAlreadyRequested, v.Refusal.Code)
	require.Len(t, v.Refusal.Reasons, 2)
}

func TestJudge_AnObjectiveTestHasItsClericalCheck(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	f.Objective, a.Service = true, casework.ClericalCheck
	require.Nil(t, judge(t, f, a).Refusal)
}

// What has no script can neither be reviewed nor copied; adding up the marks needs none of it.
func TestJudge_WithoutAScriptThereIsNothingToReviewOrToCopy(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		service   casework.Service
		copy      bool
		objective bool
		pointers  []string
	}{
		"a review":                              {casework.ReviewOfMarking, false, false, []string{"/service"}},
		"a review with a copy":                  {casework.ReviewOfMarking, true, false, []string{"/service"}},
		"a check with a copy":                   {casework.ClericalCheck, true, false, []string{"/reviewedScript"}},
		"a check":                               {casework.ClericalCheck, false, false, nil},
		"a check of an objective test, copied":  {casework.ClericalCheck, true, true, []string{"/reviewedScript"}},
		"a check of an objective test, no copy": {casework.ClericalCheck, false, true, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, a := facts(t), ask(t)
			f.NoScript, f.Objective = true, c.objective
			a.Service, a.ReviewedScript = c.service, c.copy
			verdict := judge(t, f, a)
			var pointers []string
			if verdict.Refusal != nil {
				for _, reason := range verdict.Refusal.Reasons {
					require.Equal(t, offer.CodeNoScript, reason.Code)
					pointers = append(pointers, reason.Pointer)
				}
			}
			require.Equal(t, c.pointers, pointers)
		})
	}
}

func TestJudge_AllReasonsAreGivenAtOnceAndWhatItWouldHaveBeen(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	f.Objective = true
	a.ReceivedAt, a.ConsentGivenOn = instant(t, "2026-10-01T10:00:00Z"), calendar.Date{}
	v := judge(t, f, a)
	var codes []string
	for _, reason := range v.Refusal.Reasons {
		codes = append(codes, reason.Code)
	}
	require.Equal(t, []string{offer.CodeObjectiveTest, offer.CodeWindowClosed, offer.CodeConsentMissing}, codes)
	require.Equal(t, casework.Refused, v.Refusal.Kind)
	require.NotZero(t, v.Closes)
	require.NotEmpty(t, v.Fees)
	require.NotEmpty(t, v.Clocks)
}

func TestJudge_ConsentIsComparedByLondonsDates(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	a.ConsentGivenOn = date(t, "2026-08-20")
	require.Nil(t, judge(t, f, a).Refusal, "the release day itself counts")
	a.ReceivedAt, a.ConsentGivenOn = instant(t, "2026-09-22T23:30:00Z"), date(t, "2026-09-23")
	require.Nil(t, judge(t, f, a).Refusal, "half past midnight in London on the day of consent")
}

// Domain §1.1, consent cannot be collected before results: on demand that is the day of this very result.
func TestJudge_ConsentOnDemandIsNotOlderThanTheResult(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Window = policy.WindowRule{Anchor: policy.AnchorResult, Span: policy.Span{Amount: 3, Unit: policy.Months}, Provenance: clause("2.2")}
	f.CandidateRelease, f.ResultReceived = time.Time{}, instant(t, "2026-09-09T23:30:00Z")
	a.ConsentGivenOn = date(t, "2026-09-09")
	require.Equal(t, []string{offer.CodeConsentTooEarly}, codes(offer.Judge(p, f, a, calendars(t))))
	a.ConsentGivenOn = date(t, "2026-09-10")
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal, "half past midnight in London on the day of the result")
	a.ReceivedAt = instant(t, "2026-09-09T23:00:00Z")
	require.Contains(t, offer.Judge(p, f, a, calendars(t)).Refusal.Reasons[0].Detail, "Requests open when the centre has the result, on Thursday 10 September 2026 at 00:30:00")
}

func TestJudge_ConsentThatIsNotRequiredMayBeMissing(t *testing.T) {
	t.Parallel()
	p := rules()
	p.Services[1].Consent = policy.ConsentRule{}
	f, a := facts(t), ask(t)
	a.ConsentGivenOn = calendar.Date{}
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal)
	a.ConsentGivenOn = date(t, "2026-08-01")
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal, "early consent is held against nobody where the rule does not ask for it")
}

func TestWithoutPolicy_SaysThatNoRulesWereInForce(t *testing.T) {
	t.Parallel()
	v := offer.WithoutPolicy(facts(t), ask(t))
	require.Equal(t, casework.Refused, v.Refusal.Kind)
	require.Equal(t, offer.CodeNoPolicy, v.Refusal.Code)
	require.Empty(t, v.Policy)
	unknown := facts(t)
	unknown.KnownCandidate = false
	require.Equal(t, offer.CodeUnknownCandidate, offer.WithoutPolicy(unknown, ask(t)).Refusal.Code)
}
