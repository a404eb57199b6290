package rulebook_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
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

func times(t require.TestingT, book interface {
	TaskTimes(string, casework.Service, casework.TaskKind, time.Time, bool, time.Time) (casework.TaskTimes, error)
}, kind casework.TaskKind, from time.Time, started bool, ends time.Time,
) casework.TaskTimes {
	got, err := book.TaskTimes(cambria, casework.ReviewOfMarking, kind, from, started, ends)
	require.NoError(t, err)
	return got
}

func london(at time.Time) string { return at.In(calendar.London()).Format("Mon 2006-01-02 15:04") }

// A Thursday's task: two working days to begin, five to complete, at five o'clock; the Monday is a bank holiday.
func TestTaskTimes_CountWorkingDaysUntilPeopleGoHome(t *testing.T) {
	t.Parallel()
	from, ends := instant(t, "2026-08-27T09:00:00Z"), instant(t, "2026-09-15T23:00:00Z")
	got := times(t, load(t), casework.TaskReview, from, false, ends)
	require.Equal(t, "Tue 2026-09-01 17:00", london(got.StartBy))
	require.Equal(t, "Fri 2026-09-04 17:00", london(got.CompleteBy))
	var lines []string
	for _, d := range got.Plan {
		lines = append(lines, fmt.Sprintf("%s %s %s", d.Clock, d.Act, london(d.At)))
	}
	require.Equal(t, []string{
		"start-by remind Mon 2026-08-31 09:00",
		"start-by escalate-lead Tue 2026-09-01 17:00",
		"start-by escalate-chief Wed 2026-09-02 17:00",
		"start-by escalate-operations Thu 2026-09-03 17:00",
		"complete-by remind Thu 2026-09-03 09:00",
		"complete-by escalate-lead Fri 2026-09-04 17:00",
		"complete-by escalate-chief Mon 2026-09-07 17:00",
		"complete-by escalate-operations Tue 2026-09-08 17:00",
	}, lines)
	second := times(t, load(t), casework.TaskSecondLook, from, false, ends)
	require.Equal(t, "Tue 2026-09-01 17:00", london(second.CompleteBy), "a second look is shorter")
}

func TestTaskTimes_OfAStartedTaskHaveNoStart(t *testing.T) {
	t.Parallel()
	got := times(t, load(t), casework.TaskReview, instant(t, "2026-08-27T09:00:00Z"), true, instant(t, "2026-09-15T23:00:00Z"))
	require.Zero(t, got.StartBy)
	for _, d := range got.Plan {
		require.Equal(t, casework.ClockCompleteBy, d.Clock)
	}
}

// The outcome has to be published in time: a task that is given late is done two days before the promise at the latest.
func TestTaskTimes_NeverLaterThanThePromiseNeeds(t *testing.T) {
	t.Parallel()
	ends := instant(t, "2026-09-15T23:00:00Z") // The last day is the 15th.
	for from, want := range map[string]string{
		"2026-09-10T09:00:00Z": "Sun 2026-09-13 17:00",
		"2026-09-14T09:00:00Z": "Wed 2026-09-16 00:00",
		"2026-09-16T09:00:00Z": "Wed 2026-09-23 17:00",
	} {
		got := times(t, load(t), casework.TaskReview, instant(t, from), false, ends)
		require.Equal(t, want, london(got.CompleteBy), from)
	}
	none := times(t, load(t), casework.TaskReview, instant(t, "2026-09-10T09:00:00Z"), false, time.Time{})
	require.Equal(t, "Thu 2026-09-17 17:00", london(none.CompleteBy), "a case without a promise")
}

func TestTaskTimes_AreInOrderWheneverTheTaskIsGiven(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(1_767_225_600, 1_798_761_599).Draw(t, "from"), 0).UTC()
		ends := calendar.DateOf(from).AddDays(rapid.IntRange(-3, 25).Draw(t, "left")).End()
		kind := rapid.SampledFrom(casework.TaskKinds()).Draw(t, "kind")
		got := times(t, book, kind, from, rapid.Bool().Draw(t, "started"), ends)
		require.True(t, got.CompleteBy.After(from), "every deadline can be kept")
		if !got.StartBy.IsZero() {
			require.True(t, got.StartBy.After(from))
			require.True(t, got.StartBy.Before(got.CompleteBy))
		}
		for _, d := range got.Plan {
			require.True(t, d.At.After(from))
			require.Equal(t, time.UTC, d.At.Location())
			due := got.CompleteBy
			if d.Clock == casework.ClockStartBy {
				due = got.StartBy
			}
			require.Equal(t, d.Act == casework.ActRemind, d.Fires().Before(due), "a reminder comes before, an escalation after")
		}
	})
}

func TestTaskTimes_OfUnknownRulesIsAnError(t *testing.T) {
	t.Parallel()
	_, err := load(t).TaskTimes("egg", casework.ReviewOfMarking, casework.TaskReview, time.Now(), false, time.Time{})
	require.ErrorContains(t, err, `no policy "egg"`)
	_, err = load(t).TaskTimes(cambria, casework.ReviewOfMarking, "egg", time.Now(), false, time.Time{})
	require.ErrorContains(t, err, "no task of kind egg")
	_, err = load(t).TaskTimes(cambria, casework.ReviewOfMarking, casework.TaskReview, instant(t, "2090-01-01T00:00:00Z"), false, time.Time{})
	var outside *calendar.OutsideError
	require.ErrorAs(t, err, &outside)
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
