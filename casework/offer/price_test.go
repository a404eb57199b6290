package offer_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// moderationRules are a review of moderation of a whole cohort, at half the fee for five or fewer (domain §1.7).
func moderationRules() policy.Policy {
	p := rules()
	s := service(casework.ReviewOfModeration, 35, condition(policy.CentreMarked, "2.11"))
	s.Scope, s.Consent = policy.CohortComponent, policy.ConsentRule{Need: policy.ConsentNone, Provenance: clause("2.12")}
	s.Fees[0].Waiver = waiver(fee.MarksReinstated)
	s.Fees[0].Small = &policy.SmallCohort{UpTo: 5, Percent: 50, Provenance: clause("row 7")}
	p.Services = append(p.Services, s)
	p.Tariff = append(p.Tariff, policy.Price{Code: "review-of-moderation", FromLevel: 1, ToLevel: 3, Pence: 27035, Provenance: clause("row 6")})
	return p
}

func cohort(t require.TestingT, size int) (offer.Facts, offer.Ask) {
	f, a := facts(t), ask(t)
	f.CentreMarked, f.Cohort, f.CandidateNumber, f.KnownCandidate, f.KnownResult = true, size, "", false, false
	a.Service, a.ReviewedScript, a.ConsentGivenOn = casework.ReviewOfModeration, false, date(t, "2026-08-21")
	return f, a
}

func TestJudge_ASmallCohortPaysAPartInWholePence(t *testing.T) {
	t.Parallel()
	half := &fee.Reduction{Full: 27035, Percent: 50, Clause: "clause row 7", Source: "Regulations", Confirmed: true}
	for size, want := range map[int]fee.Quote{
		1: {Pence: 13518, Reduction: half}, 5: {Pence: 13518, Reduction: half}, 6: {Pence: 27035}, 240: {Pence: 27035},
	} {
		f, a := cohort(t, size)
		v := offer.Judge(moderationRules(), f, a, calendars(t))
		require.Nil(t, v.Refusal)
		require.Len(t, v.Fees, 1)
		require.Equal(t, want.Pence, v.Fees[0].Pence, "%d candidates; the half penny is rounded up", size)
		require.Equal(t, want.Reduction, v.Fees[0].Reduction)
	}
}

func TestJudge_ARequestForACohortNamesNoCandidate(t *testing.T) {
	t.Parallel()
	f, a := cohort(t, 0)
	v := offer.Judge(moderationRules(), f, a, calendars(t))
	require.Equal(t, []string{offer.CodeUnknownCohort}, codes(v))
	require.Equal(t, casework.Invalid, v.Refusal.Kind)
	require.Equal(t, "Centre 64101 has no results in component M1/02 of series 2026-06.", v.Refusal.Reasons[0].Detail)

	appeal := moderationRules()
	appeal.Services[3].Scope = policy.WholeCase
	require.Equal(t, []string{offer.CodeUnknownCohort}, codes(offer.Judge(appeal, f, a, calendars(t))))
	f.Cohort = 9
	require.Nil(t, offer.Judge(appeal, f, a, calendars(t)).Refusal, "an appeal about a cohort's outcome")
	f.CandidateNumber = "0007"
	require.Equal(t, []string{offer.CodeUnknownCandidate}, codes(offer.Judge(appeal, f, a, calendars(t))), "an appeal about a candidate's outcome")

	f.KnownCandidate, f.KnownResult, f.CentreMarked, f.Cohort = true, true, false, 0
	require.Equal(t, []string{offer.CodeNotModerated}, codes(offer.Judge(moderationRules(), f, a, calendars(t))), "a result that is known and not moderated")
}

func TestJudge_AMissingResultAndAnAwardAreAskedForBecauseTheyAreNotThere(t *testing.T) {
	t.Parallel()
	p := rules()
	p.Services = append(p.Services, service(casework.MissingResult, 10), service(casework.LateCertification, 10))
	p.Services[4].Scope = policy.CandidateAward
	p.Services[3].Fees, p.Services[4].Fees = nil, nil
	f, a := facts(t), ask(t)
	f.KnownResult, a.ReviewedScript = false, false
	for _, name := range []casework.Service{casework.MissingResult, casework.LateCertification} {
		a.Service = name
		require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal, name)
	}
	f.KnownCandidate = false
	require.Equal(t, []string{offer.CodeUnknownCandidate}, codes(offer.Judge(p, f, a, calendars(t))))
}

func TestJudge_AFeeThatNobodyPublishedIsChargedToNobody(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Tariff[1].Unpublished = true
	v := offer.Judge(p, f, a, calendars(t))
	require.Equal(t, []string{offer.CodeFeeNotPublished}, codes(v))
	require.Equal(t, "clause row 2", v.Refusal.Reasons[0].Clause)
	require.Contains(t, v.Refusal.Reasons[0].Detail, "review-of-marking")
	require.Empty(t, v.Fees, "a part of the price alone would mislead")
	require.NotZero(t, v.Closes)
}

func TestJudge_AServiceThatIsAlwaysFreeNeedsNoPrice(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Fees[0].Waiver, p.Tariff, a.ReviewedScript = waiver(fee.AlwaysFree), nil, false
	v := offer.Judge(p, f, a, calendars(t))
	require.Nil(t, v.Refusal)
	require.Equal(t, []fee.Quote{{Code: "review-of-marking", Clause: "clause 6", Source: "Regulations", Confirmed: true, Waiver: waiver(fee.AlwaysFree)}}, v.Fees)
}

// Domain §8.2: a copy ordered with the review has its price and waiver, a late one its own.
func TestJudge_ALateCopyHasAFeeOfItsOwn(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	a.Service, a.ReviewedScript = casework.ReviewedScriptCopy, true
	f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ReviewOfMarking, "2026-09-20T10:00:00Z")}
	v := judge(t, f, a)
	require.Nil(t, v.Refusal)
	require.Equal(t, []fee.Code{"late-reviewed-script"}, []fee.Code{v.Fees[0].Code})
	require.Equal(t, fee.Never, v.Fees[0].Waiver.Strategy)
	require.Len(t, v.Fees, 1)
}

func TestJudge_ACopyThatComesAnywayCostsNothing(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Script = &policy.ScriptRule{IncludedCopy: true, Provenance: clause("4.2")}
	require.Len(t, offer.Judge(p, f, a, calendars(t)).Fees, 1, "AQA includes it (domain §1.1)")
	p.Services = p.Services[:2]
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal)
}

func TestJudge_ACopyThatTheBodyDoesNotGiveIsRefused(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services = p.Services[:2]
	v := offer.Judge(p, f, a, calendars(t))
	require.Equal(t, []string{offer.CodeNoCopy}, codes(v))
	require.Equal(t, "/reviewedScript", v.Refusal.Reasons[0].Pointer)
	a.ReviewedScript = false
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal)
}

// No script is reviewed by a review of moderation (domain §1.1): a copy of one is refused, and never charged.
func TestJudge_ACopyOfAScriptThatNobodyReviewsIsRefused(t *testing.T) {
	t.Parallel()
	f, a := cohort(t, 9)
	a.ReviewedScript = true
	v := offer.Judge(moderationRules(), f, a, calendars(t))
	require.Equal(t, []string{offer.CodeNoCopy}, codes(v))
	require.Equal(t, "/reviewedScript", v.Refusal.Reasons[0].Pointer)
	require.Len(t, v.Fees, 1)

	named := offer.Options(moderationRules(), f, a, calendars(t))
	require.Equal(t, []string{offer.CodeNoCopy}, codes(optionOf(t, named, casework.ReviewOfModeration).Verdict), "of the service that the ask names")
	a.Service = ""
	all := offer.Options(moderationRules(), f, a, calendars(t))
	require.Nil(t, optionOf(t, all, casework.ReviewOfModeration).Verdict.Refusal, "of no service in particular, a copy belongs to the reviews of scripts")
}

func TestJudge_ACopyWithoutAPriceIsAReasonOfItsOwn(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Tariff = p.Tariff[:3]
	v := offer.Judge(p, f, a, calendars(t))
	require.Equal(t, []string{offer.CodeNoPrice}, codes(v))
	require.Equal(t, "/reviewedScript", v.Refusal.Reasons[0].Pointer)
	f.Level = 7
	require.Equal(t, []string{offer.CodeNoPrice, offer.CodeNoPrice}, codes(offer.Judge(p, f, a, calendars(t))))
}

// What the level rules out has no price either, which is nobody's mistake (domain §8.2, P2 at level 3 only).
func TestJudge_ALevelThatIsRefusedNeedsNoPrice(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Eligible = []policy.Condition{{Test: policy.LevelWithin, FromLevel: 1, ToLevel: 2}}
	f.Level = 7
	v := offer.Judge(p, f, a, calendars(t))
	require.Equal(t, []string{offer.CodeWrongLevel}, codes(v))
	require.Empty(t, v.Fees)
}

// Domain §1.5, AQA: a modular qualification's fee is waived by the unit's grade.
func TestJudge_AUnitisedQualificationHasItsOwnWaiver(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	unit := waiver(fee.UnitGrade)
	p.Services[1].Fees[0].Unitised = &unit
	require.Equal(t, fee.LinkedAwardGrade, offer.Judge(p, f, a, calendars(t)).Fees[0].Waiver.Strategy)
	f.Unitised = true
	require.Equal(t, fee.UnitGrade, offer.Judge(p, f, a, calendars(t)).Fees[0].Waiver.Strategy)
}

// Domain §1.1: an appeal is the head of centre's; §1.5: private candidates pay before an appeal starts.
func TestJudge_OnlyWhoTheRulesNameMayAsk(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Requesters = []policy.Requester{policy.HeadOfCentre, policy.PrivateCandidate}
	p.Services[1].Fees[0].InAdvance = []policy.Requester{policy.PrivateCandidate}
	p.Words = policy.Words{Candidate: "learner", Centre: "provider"}
	for requester, detail := range map[policy.Requester]string{
		"": "", policy.HeadOfCentre: "", policy.PrivateCandidate: "",
		policy.ExamsOfficer: "A review of marking is asked for by the head of provider or a private learner; this request comes from the provider's exams officer.",
		policy.CentreStaff:  "A review of marking is asked for by the head of provider or a private learner; this request comes from a member of the provider's staff.",
	} {
		a.Requester = requester
		v := offer.Judge(p, f, a, calendars(t))
		require.Equal(t, requester == policy.PrivateCandidate, v.PayFirst)
		if detail == "" {
			require.Nil(t, v.Refusal, requester)
			continue
		}
		require.Equal(t, []string{offer.CodeWrongRequester}, codes(v))
		require.Equal(t, detail, v.Refusal.Reasons[0].Detail)
		require.Equal(t, "clause 1", v.Refusal.Reasons[0].Clause)
	}
	p, a.Requester = rules(), policy.PrivateCandidate
	v := offer.Judge(p, f, a, calendars(t))
	require.Contains(t, v.Refusal.Reasons[0].Remedy, "Ask the centre")
	require.Contains(t, v.Refusal.Reasons[0].Detail, "the centre's exams officer; this request comes from a private candidate.")
}

// Domain §8.3, reading 11.
func TestJudge_ReasonsSpeakInTheBodysWords(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Words = policy.Words{Candidate: "learner", Centre: "provider"}
	p.Services[1].Eligible = []policy.Condition{condition(policy.ExternallyMarked, "7"), condition(policy.MarksChanged, "7"), condition(policy.PlaceAtRisk, "7")}
	f.CentreMarked, a.ReceivedAt, a.ConsentGivenOn = true, instant(t, "2026-08-20T06:00:00Z"), date(t, "2026-08-19")
	v := offer.Judge(p, f, a, calendars(t))
	require.Len(t, v.Refusal.Reasons, 5)
	p.Services[1].Consent.Need, a.ConsentGivenOn = policy.ConsentDeclared, offer.Ask{}.ConsentGivenOn
	for _, reason := range append(v.Refusal.Reasons, offer.Judge(p, f, a, calendars(t)).Refusal.Reasons...) {
		require.NotContains(t, reason.Detail+reason.Remedy, "candidate")
		require.NotContains(t, reason.Detail+reason.Remedy, "centre")
	}
}

func TestJudge_ADeclarationOfConsentMayStandForItsDay(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Consent.Need = policy.ConsentDeclared
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal, "a day declares it too")
	a.ConsentGivenOn = date(t, "2026-08-01")
	require.Equal(t, []string{offer.CodeConsentTooEarly}, codes(offer.Judge(p, f, a, calendars(t))))
	a.ConsentGivenOn = offer.Ask{}.ConsentGivenOn
	require.Equal(t, []string{offer.CodeConsentMissing}, codes(offer.Judge(p, f, a, calendars(t))))
	a.ConsentDeclared = true
	require.Nil(t, offer.Judge(p, f, a, calendars(t)).Refusal)
}

// The set of linked requests is the candidate's award; a basket of several forecasts one waiver.
func TestVerdict_BasketsOfOneAwardShareASet(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	first := judge(t, f, a).Basket("M1/02", f)
	other := f
	other.Component = "M1/01"
	second := judge(t, other, a).Basket("M1/01", other)
	require.Equal(t, first.Set, second.Set)
	forecast := fee.Foresee([]fee.Request{first, second})
	require.Equal(t, fee.Pence(2*(6200+1350)), forecast.Total)
	require.Equal(t, fee.Pence(0), forecast.IfChanged)
	require.Equal(t, fee.AdviceTogether, forecast.Sets[0].Advice[0].Code)
	other.CandidateNumber = "0008"
	require.NotEqual(t, first.Set, judge(t, other, a).Basket("M1/01", other).Set)
	g, b := cohort(t, 9)
	require.Empty(t, offer.Judge(moderationRules(), g, b, calendars(t)).Basket("cohort", g).Set)
	g.CandidateNumber, g.KnownCandidate, g.KnownResult = "0007", true, true
	require.Empty(t, offer.Judge(moderationRules(), g, b, calendars(t)).Basket("S3", g).Set, "whichever of its candidates is named, no grade waives a cohort's fee")
}

// No verdict charges what its tariff does not say, and whatever is refused for its price alone shows none.
func TestJudge_QuotesAreAlwaysRowsOfTheTariff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, a := drawRequest(t)
		f.Cohort = rapid.IntRange(0, 9).Draw(t, "cohort")
		p := moderationRules()
		a.Service = rapid.SampledFrom([]casework.Service{casework.ClericalCheck, casework.ReviewOfMarking, casework.ReviewOfModeration}).Draw(t, "of three")
		for _, q := range offer.Judge(p, f, a, calendars(t)).Fees {
			price, ok := p.Price(q.Code, f.Level)
			require.True(t, ok)
			full := q.Pence
			if q.Reduction != nil {
				full = q.Reduction.Full
			}
			require.Equal(t, price.Pence, full)
			require.Equal(t, q.Reduction != nil, q.Pence < price.Pence)
		}
	})
}
