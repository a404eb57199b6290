package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// withPortfolios is the small register in which every candidate also has a result in the moderated component.
func withPortfolios(candidates ...string) register.Set {
	set := imported(candidates...)
	for _, candidate := range candidates {
		set.Results = append(set.Results, register.Result{ResultKey: resultOf(candidate, "P1"), Mark: 6})
	}
	return set
}

func factsOf(t *testing.T, s *store.Store, result register.ResultKey) offer.Facts {
	t.Helper()
	facts, err := s.Facts(t.Context(), result.Centre, result.Candidate, result.Series, result.Component)
	require.NoError(t, err)
	return facts
}

// TestFacts_OfAModeratedComponent are what a review of moderation depends on (domain §1.1, S3).
func TestFacts_OfAModeratedComponent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		moderation    register.Moderation
		changed, held bool
	}{
		"changed, the sample held":  {register.Moderation{Changed: true, Sample: register.SampleHeld}, true, true},
		"accepted":                  {register.Moderation{Sample: register.SampleHeld}, false, true},
		"changed, given back":       {register.Moderation{Changed: true, Sample: register.SampleReturned}, true, false},
		"changed, nobody knows how": {register.Moderation{Changed: true, Sample: register.SampleLost}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t)
			set := withPortfolios("1001", "1002", "1003", "1004")
			test.moderation.CohortKey, test.moderation.Moderator = set.Moderations[0].CohortKey, "mo-1"
			set.Moderations[0] = test.moderation
			require.NoError(t, importInto(t, s, set))
			facts := factsOf(t, s, resultOf("1001", "P1"))
			require.True(t, facts.CentreMarked)
			require.True(t, facts.NoScript, "the centre has the work")
			require.Equal(t, test.changed, facts.MarksChanged)
			require.Equal(t, test.held, facts.SampleHeld)
			require.Equal(t, 4, facts.Cohort)
		})
	}
}

// TestFacts_CountTheCohortThatGaveWorkIn, of this centre and series, and no other component's.
func TestFacts_CountTheCohortThatGaveWorkIn(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	set := withPortfolios("1001", "1002", "1003", "1004")
	last := len(set.Results) - 1
	set.Results[last].Mark, set.Results[last].Indicator = 0, register.NoResult
	require.NoError(t, importInto(t, s, set))
	facts := factsOf(t, s, resultOf("1001", "P1"))
	require.Equal(t, 3, facts.Cohort)
	require.Equal(t, "X", factsOf(t, s, resultOf("1004", "P1")).Indicator)

	paper := factsOf(t, s, resultOf("1001", "M1"))
	require.False(t, paper.CentreMarked)
	require.False(t, paper.MarksChanged)
	require.False(t, paper.SampleHeld)
	require.Zero(t, paper.Cohort, "a paper has no cohort that is reviewed as a whole")
}

// TestFacts_SayByWhichRulesAndDatesTheyAreJudged: the set of rules, the nation of the centre, the month and the days.
func TestFacts_SayByWhichRulesAndDatesTheyAreJudged(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	set := imported("1001")
	set.Centres[0].Nation = "northern-ireland"
	set.Series[0].Month, set.Series[0].ALevelRelease = 11, calendar.Date{Year: 2026, Month: 8, Day: 13}
	require.NoError(t, importInto(t, s, set))
	facts := factsOf(t, s, resultOf("1001", "M1"))
	require.Equal(t, "cambria", facts.Rules, "empty is the set named like the body")
	require.Equal(t, "maths", facts.Qualification)
	require.Equal(t, "northern-ireland", facts.Nation)
	require.Equal(t, 11, facts.SeriesMonth)
	require.Equal(t, calendar.Date{Year: 2026, Month: 8, Day: 13}, facts.ALevelRelease)
	require.Equal(t, []offer.LastDay{
		{Service: casework.ReviewOfMarking, Date: calendar.Date{Year: 2026, Month: 9, Day: 24}},
		{Service: casework.ScriptCopy, Date: calendar.Date{Year: 2026, Month: 10, Day: 30}},
		{Service: casework.ScriptCopy, Priority: true, Date: calendar.Date{Year: 2026, Month: 9, Day: 3}},
	}, facts.LastDays)

	set.Qualifications[0].Rules, set.Series[0].ALevelRelease = "ocr-gq", calendar.Date{}
	require.NoError(t, importInto(t, s, set))
	facts = factsOf(t, s, resultOf("1001", "M1"))
	require.Equal(t, "ocr-gq", facts.Rules)
	require.Equal(t, "cambria", facts.Body)
	require.True(t, facts.ALevelRelease.IsZero())
}

func TestFacts_ShowWhatStandsInPlaceOfAGrade(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	set := imported("1001", "1002")
	set.Results[0].Indicator, set.Awards[0].Indicator = register.PartlyAbsent, register.Pending
	require.NoError(t, importInto(t, s, set))
	facts := factsOf(t, s, resultOf("1001", "M1"))
	require.Equal(t, "# Q", facts.Indicator+" "+facts.AwardIndicator)
	other := factsOf(t, s, resultOf("1001", "M2"))
	require.Equal(t, " Q", other.Indicator+" "+other.AwardIndicator)
	require.Empty(t, factsOf(t, s, resultOf("1002", "M1")).AwardIndicator)
}

// TestFacts_SayWhenAnEarlierRequestHadItsOutcome: a review after a check is asked for within days of it (domain §1.4).
func TestFacts_SayWhenAnEarlierRequestHadItsOutcome(t *testing.T) {
	t.Parallel()
	o := setup(t)
	read := func() []offer.Earlier {
		facts, err := o.Facts(t.Context(), storetest.Centre, "4001", storetest.Series, storetest.Maths1)
		require.NoError(t, err)
		return facts.Earlier
	}
	ref := o.open(clerical)
	require.Equal(t, []offer.Earlier{{Reference: ref, Service: casework.ClericalCheck, Stage: casework.StageUnassigned}}, read())
	o.decide(ref, o.allocate(ref), nil)
	after := read()
	require.Len(t, after, 1)
	require.Equal(t, later, after[0].OutcomeAt)
	require.NotEqual(t, casework.StageUnassigned, after[0].Stage)
}
