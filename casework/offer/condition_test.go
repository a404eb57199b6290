package offer_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// judgeWith judges a request under one condition alone, which is an unconfirmed reading.
func judgeWith(t require.TestingT, c policy.Condition, scope policy.Scope, with func(*offer.Facts, *offer.Ask)) offer.Verdict {
	p := rules()
	c.Provenance = policy.Provenance{Clause: "clause 7", Source: "Guide"}
	for i := range p.Services {
		p.Services[i].Eligible, p.Services[i].Scope = []policy.Condition{c}, scope
	}
	f, a := facts(t), ask(t)
	with(&f, &a)
	return offer.Judge(p, f, a, calendars(t))
}

// Every condition about the result, the cohort or the request (domain §1.1, §1.2 and §8.2): what holds is silent, and
// what does not says why, by which clause, and what would change it.
func TestJudge_EachConditionAboutTheResult(t *testing.T) {
	t.Parallel()
	level := policy.Condition{Test: policy.LevelWithin, FromLevel: 3, ToLevel: 3}
	levels := policy.Condition{Test: policy.LevelWithin, FromLevel: 1, ToLevel: 2}
	june := policy.Condition{Test: policy.SeriesMonth, Months: []int{6}}
	winter := policy.Condition{Test: policy.SeriesMonth, Months: []int{11, 1}}
	of := func(test policy.Test) policy.Condition { return policy.Condition{Test: test} }
	fact := func(change func(f *offer.Facts)) func(*offer.Facts, *offer.Ask) {
		return func(f *offer.Facts, _ *offer.Ask) { change(f) }
	}
	nothing := fact(func(*offer.Facts) {})
	for _, row := range []struct {
		name      string
		condition policy.Condition
		with      func(*offer.Facts, *offer.Ask)
		code      string
		pointer   string
		detail    string
	}{
		{"the level", level, fact(func(f *offer.Facts) { f.Level = 3 }), "", "", ""},
		{"a level below", level, nothing, offer.CodeWrongLevel, "/service", "A review of marking is for qualifications of level 3; this one is of level 2."},
		{"a level within", levels, nothing, "", "", ""},
		{"a level above", levels, fact(func(f *offer.Facts) { f.Level = 3 }), offer.CodeWrongLevel, "/service", "A review of marking is for qualifications of levels 1 to 2; this one is of level 3."},
		{"marked by the body", of(policy.ExternallyMarked), nothing, "", "", ""},
		{
			"not marked by the body", of(policy.ExternallyMarked), fact(func(f *offer.Facts) { f.CentreMarked = true }),
			offer.CodeCentreMarked, "/service", "Component M1/02 is marked by the centre and moderated; Cambria Awards has no marking of it to look at.",
		},
		{"marked by the centre", of(policy.CentreMarked), fact(func(f *offer.Facts) { f.CentreMarked = true }), "", "", ""},
		{
			"not marked by the centre", of(policy.CentreMarked), nothing,
			offer.CodeNotModerated, "/service", "Component M1/02 is marked by Cambria Awards; there is no moderation of it to look at.",
		},
		{"no objective test", of(policy.NotObjective), nothing, "", "", ""},
		{
			"an objective test", of(policy.NotObjective), fact(func(f *offer.Facts) { f.Objective = true }),
			offer.CodeObjectiveTest, "/service", "Component M1/02 is an objective test, which has no marking to review.",
		},
		{"a script", of(policy.ScriptHeld), nothing, "", "", ""},
		{
			"no script of an objective test, of which a copy is asked", of(policy.ScriptHeld), fact(func(f *offer.Facts) { f.NoScript, f.Objective = true, true }),
			offer.CodeNoScript, "/service", "The script of component M1/02 is not in the register.",
		},
		{"marks changed by moderation", of(policy.MarksChanged), fact(func(f *offer.Facts) { f.MarksChanged = true }), "", "", ""},
		{
			"marks accepted by moderation", of(policy.MarksChanged), nothing,
			offer.CodeMarksAccepted, "/service", "Moderation left the centre's marks of component M1/02 unchanged, so there is no change to review.",
		},
		{"the sample is held", of(policy.SampleHeld), fact(func(f *offer.Facts) { f.SampleHeld = true }), "", "", ""},
		{
			"the sample was given back", of(policy.SampleHeld), nothing,
			offer.CodeNoSample, "/service", "The original sample of component M1/02 was given back or is not held securely, and no other work may be looked at.",
		},
		{"a place at risk", of(policy.PlaceAtRisk), func(_ *offer.Facts, a *offer.Ask) { a.PlaceAtRisk = true }, "", "", ""},
		{
			"no place at risk", of(policy.PlaceAtRisk), nothing,
			offer.CodePlaceNotAtRisk, "/reason", "A review of marking is for candidates whose place in higher education depends on the outcome, which is not declared.",
		},
		{"the series of June", june, nothing, "", "", ""},
		{
			"another series", winter, nothing,
			offer.CodeWrongSeries, "/series", "A review of marking is offered for series of November and January only; series 2026-06 is one of June.",
		},
		{
			"a series of which nobody knows the month", june, fact(func(f *offer.Facts) { f.SeriesMonth = 0 }),
			offer.CodeWrongSeries, "/series", "A review of marking is offered for series of June only; the register does not say of which month series 2026-06 is.",
		},
		{"a final result", of(policy.NotPending), fact(func(f *offer.Facts) { f.Indicator, f.AwardIndicator = "#", "X" }), "", "", ""},
		{
			"a pending result", of(policy.NotPending), fact(func(f *offer.Facts) { f.Indicator = "Q" }),
			offer.CodeResultPending, "/component", "The result of component M1/02 is pending (indicator Q): it is not final, so there is nothing to look at yet.",
		},
		{
			"a pending award", of(policy.NotPending), fact(func(f *offer.Facts) { f.AwardIndicator = "Q" }),
			offer.CodeResultPending, "/component", "The result of component M1/02 is pending (indicator Q): it is not final, so there is nothing to look at yet.",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := judgeWith(t, row.condition, policy.CandidateComponent, row.with)
			if row.code == "" {
				require.Nil(t, v.Refusal)
				return
			}
			require.Equal(t, []string{row.code}, codes(v))
			reason := v.Refusal.Reasons[0]
			require.Equal(t, row.pointer, reason.Pointer)
			require.Equal(t, row.detail, reason.Detail)
			require.NotEmpty(t, reason.Remedy)
			require.Equal(t, "clause 7", reason.Clause)
			require.Equal(t, "Guide", reason.Source)
			require.True(t, reason.Unconfirmed, "a reading without a published text is shown as such")
		})
	}
}

func TestJudge_TheRemedyNamesOnlyServicesThatTheBodyOffers(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	f.CentreMarked = true
	p := rules()
	p.Services[1].Eligible = []policy.Condition{condition(policy.ExternallyMarked, "7")}
	require.NotContains(t, offer.Judge(p, f, a, calendars(t)).Refusal.Reasons[0].Remedy, "review of moderation")
	p.Services = append(p.Services, service(casework.ReviewOfModeration, 35))
	require.Contains(t, offer.Judge(p, f, a, calendars(t)).Refusal.Reasons[0].Remedy, "review of moderation")
}

// earlier is a case of a service whose outcome was published at an instant, or has none.
func earlier(t require.TestingT, ref casework.Reference, service casework.Service, outcome string) offer.Earlier {
	e := offer.Earlier{Reference: ref, Service: service, Stage: casework.StageAssigned}
	if outcome != "" {
		e.Stage, e.OutcomeAt = casework.StageAppealWindow, instant(t, outcome)
	}
	return e
}

func TestJudge_AServiceThatFollowsAnotherNeedsItsOutcome(t *testing.T) {
	t.Parallel()
	follow := policy.Condition{Test: policy.OnlyAfter, Services: []casework.Service{casework.ClericalCheck, casework.PriorityReview}}
	for _, row := range []struct {
		name    string
		earlier []offer.Earlier
		about   casework.Reference
		code    string
		detail  string
	}{
		{"after an outcome", []offer.Earlier{earlier(t, "R-1", casework.PriorityReview, "2026-09-20T10:00:00Z")}, "", "", ""},
		{"after an outcome beside an open case", []offer.Earlier{earlier(t, "R-2", casework.ClericalCheck, ""), earlier(t, "R-1", casework.PriorityReview, "2026-09-20T10:00:00Z")}, "", "", ""},
		{
			"after nothing", nil, "", offer.CodeNothingToFollow,
			"A review of marking follows the outcome of another service, and this result has no case of any: clerical check or priority review of marking.",
		},
		{
			"after a case of another service",
			[]offer.Earlier{earlier(t, "R-1", casework.ExpeditedReview, "2026-09-20T10:00:00Z")},
			"", offer.CodeNothingToFollow,
			"A review of marking follows the outcome of another service, and this result has no case of any: clerical check or priority review of marking.",
		},
		{"after an open case", []offer.Earlier{earlier(t, "R-1", casework.ClericalCheck, "")}, "", offer.CodeNoOutcomeYet, "The clerical check of case R-1 has no outcome yet."},
		{
			"about an open case beside another's outcome",
			[]offer.Earlier{earlier(t, "R-2", casework.ClericalCheck, ""), earlier(t, "R-1", casework.PriorityReview, "2026-09-20T10:00:00Z")},
			"R-2", offer.CodeNoOutcomeYet, "The clerical check of case R-2 has no outcome yet.",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := judgeWith(t, follow, policy.CandidateComponent, func(f *offer.Facts, a *offer.Ask) { f.Earlier, a.About = row.earlier, row.about })
			if row.code == "" {
				require.Nil(t, v.Refusal)
				return
			}
			require.Equal(t, []string{row.code}, codes(v))
			require.Equal(t, row.detail, v.Refusal.Reasons[0].Detail)
		})
	}
}

// Domain §1.4: at NCFE a review after a clerical check is asked for within 5 working days of the check's outcome.
// Monday 31 August 2026 is a bank holiday in England and Wales and none in Scotland.
func TestJudge_AReviewAfterAClericalCheckIsAskedForSoon(t *testing.T) {
	t.Parallel()
	soon := policy.Condition{Test: policy.WithinAfter, Services: []casework.Service{casework.ClericalCheck}, Within: workingDays(5)}
	judged := func(received string, e ...offer.Earlier) offer.Verdict {
		return judgeWith(t, soon, policy.CandidateComponent, func(f *offer.Facts, a *offer.Ask) {
			f.Earlier, a.ReceivedAt = e, instant(t, received)
		})
	}
	check := earlier(t, "R-1", casework.ClericalCheck, "2026-08-27T10:00:00Z")
	require.Nil(t, judged("2026-09-04T22:59:59Z", check).Refusal, "Friday 28 August, then 1 to 4 September")
	late := judged("2026-09-04T23:00:00Z", check)
	require.Equal(t, []string{offer.CodeTooLateAfter}, codes(late))
	require.Equal(t, "After the clerical check of case R-1, a review of marking could be asked for within 5 working days, until the end of Friday 4 September 2026; "+
		"this request was received on Saturday 5 September 2026 at 00:00:00 (UK time).", late.Refusal.Reasons[0].Detail)
	require.Nil(t, judged("2026-09-04T23:00:00Z").Refusal, "without a check there is no hurry")
	require.Nil(t, judged("2026-09-04T23:00:00Z", earlier(t, "R-1", casework.ClericalCheck, "")).Refusal, "nor before its outcome")
}

// Reasons speak of what the service is about.
func TestJudge_AnEarlierCaseIsSpokenOfInTheWordsOfItsScope(t *testing.T) {
	t.Parallel()
	for scope, detail := range map[policy.Scope]string{
		policy.CandidateComponent: "A review of marking of this result was requested before: case R-1.",
		policy.CohortComponent:    "A review of marking of this cohort was requested before: case R-1.",
		policy.CandidateAward:     "A review of marking of this award was requested before: case R-1.",
		policy.WholeClaim:         "A review of marking of this claim was requested before: case R-1.",
		policy.WholeCase:          "A review of marking of this result was requested before: case R-1.",
	} {
		v := judgeWith(t, policy.Condition{Test: policy.OncePerResult}, scope, func(f *offer.Facts, _ *offer.Ask) {
			f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ReviewOfMarking, "")}
		})
		require.Equal(t, detail, v.Refusal.Reasons[0].Detail)
	}
}

func TestJudge_WhatAnotherServiceContainsHasACodeOfItsOwn(t *testing.T) {
	t.Parallel()
	v := judgeWith(t, condition(policy.NotAfter, "7", casework.PriorityReview), policy.CandidateComponent, func(f *offer.Facts, _ *offer.Ask) {
		f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.PriorityReview, "")}
	})
	require.Equal(t, []string{offer.CodeContained}, codes(v))
	require.Equal(t, "The priority review of marking of case R-1 contains the review of marking of this result.", v.Refusal.Reasons[0].Detail)
}

// Every reason is given at once, in the order of the rule file, and each condition fails by itself alone.
func TestJudge_ConditionsAreIndependentAndKeepTheirOrder(t *testing.T) {
	t.Parallel()
	kinds := map[policy.Test]string{
		policy.LevelWithin: offer.CodeWrongLevel, policy.CentreMarked: offer.CodeNotModerated, policy.MarksChanged: offer.CodeMarksAccepted,
		policy.SampleHeld: offer.CodeNoSample, policy.PlaceAtRisk: offer.CodePlaceNotAtRisk, policy.SeriesMonth: offer.CodeWrongSeries,
		policy.OnlyAfter: offer.CodeNothingToFollow,
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rules()
		p.Services[1].Eligible = nil
		var want []string
		for _, test := range rapid.SliceOfDistinct(rapid.SampledFrom([]policy.Test{
			policy.LevelWithin, policy.CentreMarked, policy.MarksChanged, policy.SampleHeld, policy.PlaceAtRisk, policy.SeriesMonth, policy.OnlyAfter,
		}), rapid.ID[policy.Test]).Draw(t, "tests") {
			p.Services[1].Eligible = append(p.Services[1].Eligible, policy.Condition{Test: test, FromLevel: 5, ToLevel: 8})
			want = append(want, kinds[test])
		}
		if slices.Contains(want, offer.CodeNotModerated) {
			// Where nothing was moderated there is nothing to say of its marks and its sample.
			want = slices.DeleteFunc(want, func(code string) bool { return code == offer.CodeMarksAccepted || code == offer.CodeNoSample })
		}
		require.Equal(t, want, codes(offer.Judge(p, facts(t), ask(t), calendars(t))))
	})
}

// A centre is told what stands in its way, and not what is only true because of it: a portfolio that the centre marked
// has no script to be found.
func TestJudge_AReasonThatFollowsFromAnotherGoesWithoutSaying(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Eligible = []policy.Condition{{Test: policy.ScriptHeld}, {Test: policy.ExternallyMarked}}
	f.CentreMarked, f.NoScript, a.ReviewedScript = true, true, false
	require.Equal(t, []string{offer.CodeCentreMarked}, codes(offer.Judge(p, f, a, calendars(t))))
	f.CentreMarked = false
	require.Equal(t, []string{offer.CodeNoScript}, codes(offer.Judge(p, f, a, calendars(t))), "the body marked it: the script is missing")
}

// A loader that learns a new test must be answered here: no test of the policy's list is passed over in silence.
func TestJudge_EveryTestCanSayNo(t *testing.T) {
	t.Parallel()
	for _, test := range policy.Tests() {
		p := rules()
		p.Services[1].Eligible = []policy.Condition{{Test: test, Services: []casework.Service{casework.ClericalCheck}, Within: days(1), FromLevel: 7, ToLevel: 7}}
		f, a := facts(t), ask(t)
		f.Objective, f.Indicator = true, "Q"
		switch test {
		case policy.ExternallyMarked:
			f.CentreMarked = true
		case policy.ScriptHeld:
			f.NoScript, a.ReviewedScript = true, false
		case policy.OncePerResult:
			f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ReviewOfMarking, "")}
		case policy.NotAfter, policy.WithinAfter:
			f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ClericalCheck, "2026-09-01T10:00:00Z")}
		default: // what the facts above say is enough
		}
		v := offer.Judge(p, f, a, calendars(t))
		require.NotNilf(t, v.Refusal, "%s", test)
		require.Lenf(t, v.Refusal.Reasons, 1, "%s", test)
	}
}
