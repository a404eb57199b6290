package rulebook_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// domain §1.4: NCFE's reviews are carried out by a Chief or Lead Examiner, by its pages a Senior one will do.
func TestLeastRank_IsTheServices(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]casework.Rank{
		"ncfe-vcert-2026.1": casework.RankLead, "ncfe-tlevel-2026.1": casework.RankLead,
		"ncfe-web-2026.1": casework.RankSenior, "ncfe-qualhub-2026.1": casework.RankSenior, cambria: "", "aqa-2026.1": "",
	} {
		rank, err := load(t).LeastRank(version, casework.ReviewOfMarking, casework.TaskReview)
		require.NoError(t, err)
		require.Equal(t, want, rank, version)
		check, err := load(t).LeastRank(version, casework.ClericalCheck, casework.TaskReview)
		require.NoError(t, err)
		require.Empty(t, check, version)
	}
}

func TestLeastRank_OfASecondLookIsTheHigherOne(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]casework.Rank{
		cambria: casework.RankSenior, "aqa-2026.1": casework.RankTeamLeader, "ncfe-vcert-2026.1": casework.RankLead,
	} {
		rank, err := load(t).LeastRank(version, casework.ReviewOfMarking, casework.TaskSecondLook)
		require.NoError(t, err)
		require.Equal(t, want, rank, version)
	}
	_, err := load(t).LeastRank("egg", casework.ReviewOfMarking, casework.TaskReview)
	require.Error(t, err)
	_, err = load(t).LeastRank("jcq-2026.1", casework.ModerationClaim, casework.TaskReview)
	require.Error(t, err)
}

// domain §8.3, reading 4.
func TestSecondLook_IsAskedForByMarksAndForReviewsAlone(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		version string
		service casework.Service
		after   int
		want    bool
	}{
		{cambria, casework.ReviewOfMarking, 59, false},
		{cambria, casework.ReviewOfMarking, 60, true},
		{cambria, casework.ReviewOfMarking, 40, true},
		{cambria, casework.PriorityReview, 60, true},
		{cambria, casework.ClericalCheck, 80, false},
		{"aqa-2026.1", casework.ReviewOfMarking, 65, false},
		{"aqa-2026.1", casework.ReviewOfMarking, 66, true},
	} {
		look, err := load(t).SecondLook(row.version, row.service, ruling.Change{Before: 50, After: row.after, Max: 80, Items: 3})
		require.NoError(t, err)
		require.Equal(t, row.want, look, "%+v", row)
	}
	_, err := load(t).SecondLook("egg", casework.ReviewOfMarking, ruling.Change{})
	require.Error(t, err)
}

func TestSampled_TheSameCaseAlwaysAndAboutAsManyAsThePracticeSays(t *testing.T) {
	t.Parallel()
	book, drawn := load(t), 0
	const cases = 20_000
	for i := range cases {
		ref := casework.NewReference([]byte(fmt.Sprintf("case %08d of the sample, long enough", i)))
		first, err := book.Sampled(cambria, casework.ReviewOfMarking, ref)
		require.NoError(t, err)
		again, err := book.Sampled(cambria, casework.ReviewOfMarking, ref)
		require.NoError(t, err)
		require.Equal(t, first, again)
		if first {
			drawn++
		}
	}
	require.InDelta(t, cases/10, drawn, cases/100, "one in ten at Cambria")
	_, err := book.Sampled("egg", casework.ReviewOfMarking, "R")
	require.Error(t, err)
}

// domain §8.1: what a centre owes counts on the calendar of its own nation, and is chased.
func TestDutyClock_CountsOnTheCentresCalendar(t *testing.T) {
	t.Parallel()
	asked := instant(t, "2026-11-26T10:00:00Z") // St Andrew's day follows, a holiday in Scotland.
	for nation, due := range map[string]string{"england": "Thu 2026-12-03 23:59", "scotland": "Fri 2026-12-04 23:59"} {
		duty, ok, err := load(t).DutyClock(cambria, casework.ReviewOfMarking, casework.HoldConsent, nation, asked)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, casework.ClockConsentInspection, duty.ID)
		require.Equal(t, due, london(duty.Due()), nation)
		require.Len(t, duty.Plan(casework.ReceiptGrace), 3, "two reminders and the end")
		require.NotZero(t, duty.Quiet)
	}
	sample, ok, err := load(t).DutyClock(cambria, casework.ReviewOfModeration, casework.HoldSample, "england", asked)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, casework.ClockSample, sample.ID)
	for _, cause := range []casework.HoldCause{casework.HoldPayment, casework.HoldOther, casework.HoldMalpractice, casework.HoldSample} {
		_, ok, err := load(t).DutyClock(cambria, casework.ReviewOfMarking, cause, "england", asked)
		require.NoError(t, err)
		require.False(t, ok, "%s asks nothing of the centre", cause)
	}
	_, _, err = load(t).DutyClock("egg", casework.ReviewOfMarking, casework.HoldConsent, "england", asked)
	require.Error(t, err)
}

func TestResume_CountsOnTheCalendarOfTheClock(t *testing.T) {
	t.Parallel()
	book := load(t)
	from := instant(t, "2026-11-26T10:00:00Z")
	duty, _, err := book.DutyClock(cambria, casework.ReviewOfMarking, casework.HoldConsent, "scotland", from)
	require.NoError(t, err)
	window, err := book.WindowClock(cambria, from)
	require.NoError(t, err)
	fixed, err := deadline.Fixed(policy.ClockRule{ID: casework.ClockWindow, Kind: casework.ClockRight}, from, date(t, "2026-12-20"))
	require.NoError(t, err)
	for _, clock := range []deadline.Clock{duty, window, fixed} {
		paused, err := clock.Pause(from.Add(time.Hour), casework.HoldOther, "Why.", "cw-2")
		require.NoError(t, err)
		resumed, err := book.Resume(cambria, paused, casework.HoldOther, from.Add(50*time.Hour))
		require.NoError(t, err)
		require.Equal(t, clock.Ends, resumed.Ends, "no rule of %s names the cause", clock.ID)
	}
	_, err = book.Resume("egg", duty, casework.HoldOther, from)
	require.ErrorContains(t, err, "resume clock consent-inspection")
	_, err = book.Resume(cambria, duty, casework.HoldOther, from)
	require.ErrorContains(t, err, "it is not paused")
}

func TestAssess_GivesEveryClockTheQuietHours(t *testing.T) {
	t.Parallel()
	verdict := load(t).Assess(gcse(t), asked(t, casework.ReviewOfMarking))
	require.Nil(t, verdict.Refusal)
	require.NotEmpty(t, verdict.Clocks)
	for _, clock := range verdict.Clocks {
		require.Equal(t, "20:00", clock.Quiet.From.String())
	}
}

// domain §8.1: a goal is shown beside the promise and starts with it.
func TestAssess_StartsTheGoalsBesideThePromises(t *testing.T) {
	t.Parallel()
	facts := gcse(t)
	facts.Body, facts.Rules = "ocr", "ocr-gq"
	verdict := load(t).Assess(facts, asked(t, casework.ReviewOfMarking))
	var ids []casework.ClockID
	for _, clock := range verdict.Clocks {
		ids = append(ids, clock.ID)
	}
	require.Contains(t, ids, casework.TargetOf(casework.ClockOutcome, 1))
}
