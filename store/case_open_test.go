package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestOpenCase_StartsClocksFeesAndTrail(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	require.Nil(t, opened.Refusal)
	require.Equal(t, "cambria-2026.1", opened.Policy)
	// Received on 27 August: 20 calendar days end with 16 September (domain §5.5, §8.2).
	ends := calendar.Date{Year: 2026, Month: time.September, Day: 17}.Start()
	require.Equal(t, ends, opened.OutcomeDue)

	page := o.page(opened.Reference)
	require.Equal(t, ask(), page.Request)
	require.Equal(t, int64(1), page.Version)
	require.Equal(t, casework.StageUnassigned, page.Stage)
	require.Equal(t, casework.SLAOnTime, page.SLAState)
	require.Equal(t, casework.WaitingBody, page.WaitingOn)
	require.Equal(t, storetest.ExamsOfficer, page.Requester)
	require.Equal(t, storetest.Now, page.ReceivedAt)
	require.Equal(t, ends, clock(t, page, casework.ClockOutcome).Ends)
	next, ok := opened.Plan.Next()
	require.True(t, ok)
	require.Equal(t, next.At, page.NextActionAt, "the plan and the register name the same next instant")

	require.Len(t, page.Fees, 2)
	require.Equal(t, fee.Pence(6200), page.Fees[0].Pence)
	require.Equal(t, fee.Pence(1350), page.Fees[1].Pence)
	for _, line := range page.Fees {
		require.Equal(t, fee.Quoted, line.State)
	}
	require.Equal(t, []string{"opened"}, o.trail(opened.Reference))
}

func TestOpenCase_RepeatAnswersWithTheFirstResult(t *testing.T) {
	t.Parallel()
	o := setup(t)
	in := opening(ask(), storetest.Now)
	first, err := o.OpenCase(t.Context(), in, o.book.Assess)
	require.NoError(t, err)
	in.At = in.At.Add(time.Hour)
	again, err := o.OpenCase(t.Context(), in, func(offer.Facts, offer.Ask) offer.Verdict {
		t.Error("a repeat asks no rules")
		return offer.Verdict{}
	})
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, o.count("SELECT count(*) FROM audit_entries"))
	require.Equal(t, 2, o.count("SELECT count(*) FROM fee_lines"))
}

func TestOpenCase_RefusalIsARecordedRow(t *testing.T) { //nolint:tparallel // the subtests share one register, one after the other
	t.Parallel()
	o := setup(t)
	for name, refused := range map[string]struct {
		request casework.EnquiryRequest
		kind    casework.FaultKind
		code    string
	}{
		"without consent (domain §1.1)":         {ask(withoutConsent), casework.Refused, "consent-missing"},
		"a review of an objective test":         {ask(of("4002", storetest.Numeracy)), casework.Refused, "objective-test"},
		"a candidate who does not exist":        {ask(of("9999", storetest.Maths1)), casework.Invalid, "unknown-candidate"},
		"a candidate without a result":          {ask(of("4004", storetest.Maths1)), casework.Invalid, "unknown-result"},
		"a component that does not exist":       {ask(of("4001", "ZZ-99")), casework.Invalid, "unknown-result"},
		"a service that does not exist":         {ask(func(r *casework.EnquiryRequest) { r.Service = "wishful-thinking" }), casework.Invalid, "unknown-service"},
		"a candidate of another centre":         {ask(fromOtherCentre), casework.Invalid, "unknown-candidate"},
		"a centre that does not exist":          {ask(func(r *casework.EnquiryRequest) { r.CentreNumber = "99999" }), casework.Invalid, "unknown-candidate"},
		"consent before the results were known": {ask(func(r *casework.EnquiryRequest) { r.ConsentGivenOn.Day = 1 }), casework.Refused, "consent-too-early"},
	} {
		t.Run(name, func(t *testing.T) {
			opened := o.try(refused.request)
			require.Equal(t, casework.StageRefused, opened.Stage)
			require.NotNil(t, opened.Refusal)
			require.Equal(t, refused.kind, opened.Refusal.Kind)
			require.Equal(t, refused.code, opened.Refusal.Reasons[0].Code)

			page := o.page(opened.Reference)
			require.Equal(t, opened.Refusal, page.Refusal)
			require.Equal(t, casework.WaitingNobody, page.WaitingOn)
			require.Empty(t, page.Clocks)
			require.Empty(t, page.Fees)
			require.Empty(t, page.Linked)
			require.True(t, page.NextActionAt.IsZero())
			require.Equal(t, []string{"refused"}, o.trail(opened.Reference))
			require.Zero(t, o.count("SELECT count(*) FROM award_reviews"), "a refused request joins no award review")
			require.Equal(t, opened, o.try(refused.request), "a repeat is refused with the same words")
		})
	}
}

func TestOpenCase_SamePaperTwiceNamesTheEarlierRequest(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first := o.open()
	// The second request is another one: it came a minute later.
	second, err := o.OpenCase(t.Context(), opening(ask(), storetest.Now.Add(time.Minute)), o.book.Assess)
	require.NoError(t, err)
	require.Equal(t, casework.StageRefused, second.Stage)
	require.Equal(t, casework.Conflict, second.Refusal.Kind)
	require.Contains(t, second.Refusal.Error(), string(first))
}

func TestOpenCase_SamePaperTwiceIsRefusedEvenIfTheRulesForget(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first := o.open()
	forgetful := func(f offer.Facts, a offer.Ask) offer.Verdict {
		f.Earlier = nil
		return o.book.Assess(f, a)
	}
	second, err := o.OpenCase(t.Context(), opening(ask(), storetest.Now.Add(time.Minute)), forgetful)
	require.NoError(t, err)
	require.Equal(t, casework.StageRefused, second.Stage)
	require.Equal(t, "already-requested", second.Refusal.Code)
	require.Contains(t, second.Refusal.Detail, string(first))
	require.Equal(t, 1, o.count("SELECT count(*) FROM award_reviews"))
}

func TestOpenCase_RefusedRequestMayBeMadeAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Equal(t, casework.StageRefused, o.try(ask(withoutConsent)).Stage)
	o.open()
}

func TestOpenCase_OfManyAtTheSameMomentExactlyOneWins(t *testing.T) {
	t.Parallel()
	o := setup(t)
	const many = 20
	results := make([]casework.Opened, many)
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			opened, err := o.OpenCase(t.Context(), opening(ask(), storetest.Now.Add(time.Duration(i)*time.Second)), o.book.Assess)
			if err != nil {
				t.Errorf("open %d: %v", i, err)
			}
			results[i] = opened
		})
	}
	wait.Wait()
	won := 0
	for _, opened := range results {
		if opened.Stage == casework.StageUnassigned {
			won++
			continue
		}
		require.Equal(t, casework.Conflict, opened.Refusal.Kind)
	}
	require.Equal(t, 1, won)
	require.Equal(t, many, o.count("SELECT count(*) FROM cases"), "every refusal is a recorded row")
}

func TestOpenCase_SameRequestAtTheSameMomentIsOneCase(t *testing.T) {
	t.Parallel()
	o := setup(t)
	results := make([]casework.Opened, 10)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() {
			var err error
			if results[i], err = o.OpenCase(t.Context(), opening(ask(), storetest.Now), o.book.Assess); err != nil {
				t.Errorf("open: %v", err)
			}
		})
	}
	wait.Wait()
	for _, opened := range results {
		require.Equal(t, results[0], opened)
	}
	require.Equal(t, 1, o.count("SELECT count(*) FROM cases"))
}

func TestOpenCase_OneReferenceForTwoRequestsAtTheSameMomentIsOneCase(t *testing.T) {
	t.Parallel()
	// The same Idempotency-Key with another body: the edge refuses it, and if both pass the edge at once the
	// register still holds one case. The two do not queue up, for they are about different candidates.
	o := setup(t)
	for round := range 5 {
		var wait sync.WaitGroup
		for _, candidate := range []string{"4001", "4002", "4003"} {
			in := opening(ask(of(candidate, storetest.Maths1)), storetest.Now)
			in.Enquiry.Reference = reference("shared", round)
			wait.Go(func() {
				if _, err := o.OpenCase(t.Context(), in, o.book.Assess); err != nil {
					t.Errorf("open: %v", err)
				}
			})
		}
		wait.Wait()
		require.Equal(t, 1, o.count("SELECT count(*) FROM cases WHERE reference = $1", reference("shared", round)))
		require.Equal(t, 1, o.count("SELECT count(*) FROM steps WHERE reference = $1", reference("shared", round)))
	}
}

func TestOpenCase_LinkedCasesShareOneAwardReview(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first, second := o.open(of("4001", storetest.Maths1)), o.open(of("4001", storetest.Maths2))
	check := o.open(clerical, of("4001", storetest.Maths2), func(r *casework.EnquiryRequest) { r.CandidateNumber = "4002" })
	unit := o.open(of("4001", storetest.Geography1))

	require.Equal(t, []docket.Linked{{Reference: second, Component: storetest.Maths2, Stage: casework.StageUnassigned}}, o.page(first).Linked)
	require.Equal(t, []docket.Linked{{Reference: first, Component: storetest.Maths1, Stage: casework.StageUnassigned}}, o.page(second).Linked)
	require.Empty(t, o.page(check).Linked, "another candidate's award")
	require.Empty(t, o.page(unit).Linked, "another award of the candidate")
	require.Equal(t, 3, o.count("SELECT count(*) FROM award_reviews"))
}

func TestOpenCase_AfterASettlementTheNextReviewBegins(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(map[string]int{"Q1": 11})
	second := o.open(of("4001", storetest.Maths2))
	require.Empty(t, o.page(second).Linked, "a case in its appeal window is not open any more (domain §8.2)")
	require.Equal(t, 2, o.count("SELECT max(number) FROM award_reviews"))
}

func TestOpenCase_ManyLinkedAtTheSameMomentShareOneReview(t *testing.T) {
	t.Parallel()
	o := setup(t)
	var wait sync.WaitGroup
	for i, component := range []string{storetest.Maths1, storetest.Maths2, storetest.Geography1, storetest.Geography2} {
		wait.Go(func() {
			opened, err := o.OpenCase(t.Context(), opening(ask(of("4001", component)), storetest.Now.Add(time.Duration(i))), o.book.Assess)
			if err != nil || opened.Refusal != nil {
				t.Errorf("open %s: %v %v", component, err, opened.Refusal)
			}
		})
	}
	wait.Wait()
	require.Equal(t, 2, o.count("SELECT count(*) FROM award_reviews"), "one for maths, one for geography")
}

func TestOpenCase_RulesThatAcceptTheUnknownAreAFaultOfTheProgram(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.OpenCase(t.Context(), opening(ask(of("4004", storetest.Maths1)), storetest.Now), func(offer.Facts, offer.Ask) offer.Verdict {
		return offer.Verdict{Policy: "careless"}
	})
	require.ErrorContains(t, err, "does not hold")
	require.Zero(t, o.count("SELECT count(*) FROM cases"), "nothing was written")
}

func TestFacts_AreWhatTheRegisterKnows(t *testing.T) {
	t.Parallel()
	o := setup(t)
	earlier := o.open(clerical)
	o.try(ask(withoutConsent))
	facts, err := o.Facts(t.Context(), storetest.Centre, "4001", storetest.Series, storetest.Maths1)
	require.NoError(t, err)
	last := calendar.Date{Year: 2026, Month: time.October, Day: 30}
	require.Equal(t, offer.Facts{
		CentreNumber: storetest.Centre, CandidateNumber: "4001", Component: storetest.Maths1, Series: storetest.Series,
		KnownCandidate: true, KnownResult: true, Level: 2, Family: casework.FamilyGeneral, Body: storetest.Body,
		Nation: "england", Qualification: "gcse-mathematics", Rules: "cambria", SeriesMonth: 6,
		CandidateRelease: time.Date(2026, time.August, 20, 7, 0, 0, 0, time.UTC), GCSERelease: calendar.Date{Year: 2026, Month: time.August, Day: 20},
		LastDays: []offer.LastDay{{Service: casework.ClericalCheck, Date: last}, {Service: casework.ReviewOfMarking, Date: last}},
		Earlier:  []offer.Earlier{{Reference: earlier, Service: casework.ClericalCheck, Stage: casework.StageUnassigned}},
	}, facts)

	unit, err := o.Facts(t.Context(), storetest.Centre, "4001", storetest.Series, storetest.Geography1)
	require.NoError(t, err)
	require.True(t, unit.Unitised)
	objective, err := o.Facts(t.Context(), storetest.Centre, "4002", storetest.Series, storetest.Numeracy)
	require.NoError(t, err)
	require.True(t, objective.Objective)
	require.Equal(t, casework.FamilyVocational, objective.Family)
}

func TestFacts_SayWhetherThereIsAScript(t *testing.T) {
	t.Parallel()
	s := storetest.Seeded(t)
	read := func() offer.Facts {
		facts, err := s.Facts(t.Context(), storetest.Centre, "4001", storetest.Series, storetest.Maths1)
		require.NoError(t, err)
		return facts
	}
	require.False(t, read().NoScript)
	_, err := s.Pool().Exec(t.Context(), `DELETE FROM scripts`)
	require.NoError(t, err)
	require.True(t, read().NoScript)
}

func TestFacts_UnknownThingsAreNoError(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, unknown := range [][4]string{
		{"99999", "4001", storetest.Series, storetest.Maths1},
		{storetest.Centre, "9999", storetest.Series, storetest.Maths1},
		{storetest.Centre, "4001", "none", storetest.Maths1},
		{storetest.Centre, "4001", storetest.Series, "none"},
		{"", "", "", ""},
	} {
		t.Run(fmt.Sprint(unknown), func(t *testing.T) {
			t.Parallel()
			facts, err := o.Facts(t.Context(), unknown[0], unknown[1], unknown[2], unknown[3])
			require.NoError(t, err)
			require.False(t, facts.KnownResult)
			require.Equal(t, unknown[1] == "4001" && unknown[0] == storetest.Centre, facts.KnownCandidate)
		})
	}
}
