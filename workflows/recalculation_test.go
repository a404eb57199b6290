package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/workflows"
)

type counted = reply[casework.Recalculation]

func recalculation() casework.RecalculateRequest {
	return casework.RecalculateRequest{
		Policy: "cambria-2026.2", Expect: "00ff",
		Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "The rules of 2026.1 were published with a mistake."},
	}
}

func (s *story) recalculates(id string, request casework.RecalculateRequest) *counted {
	request.ReceivedAt = s.env.Now()
	return update[casework.Recalculation](s, casework.MessageRecalculate, id, request)
}

// recounts lets the register move the outcome clock to an end, with a warning three days before.
func (s *story) recounts(ends time.Time) *story {
	s.recount = func(in casework.RecalculateInput) (casework.Recalculated, error) {
		return s.moved(in, ends), nil
	}
	return s
}

func (s *story) moved(in casework.RecalculateInput, ends time.Time) casework.Recalculated {
	return casework.Recalculated{
		Recalculation: casework.Recalculation{
			Reference: reference, From: "cambria-2026.1", Policy: in.Request.Policy,
			Changes: []casework.ClockChange{{Clock: casework.ClockOutcome, Before: outcomeEnds.Add(-time.Second), After: ends.Add(-time.Second)}},
		},
		Plan: casework.Plan{
			{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: ends.Add(-3 * 24 * time.Hour)},
			{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: ends},
		},
		SLAState: casework.SLAOnTime, OutcomeDue: ends,
	}
}

// breaches are the instants of the breaches that the case recorded.
func (s *story) breaches() []time.Time {
	var instants []time.Time
	for _, alert := range s.alerts {
		if alert.Deadline.Act == casework.ActBreach {
			instants = append(instants, alert.Deadline.At)
		}
	}
	return instants
}

// Issue B, point 9: only a recalculation moves a running case to other rules; a clock that got longer breaches at its
// new end and never at the old one.
func TestRecalculate_LongerClockNeverBreachesEarly(t *testing.T) {
	t.Parallel()
	ends := outcomeEnds.Add(5 * 24 * time.Hour)
	s := given(t, casework.ReviewOfMarking).recounts(ends)
	var got *counted
	s.on(day(2), func() { got = s.recalculates("r1", recalculation()) })
	s.on(day(30), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, got.rejected)
	require.NoError(t, got.failed)
	require.Equal(t, "cambria-2026.2", got.done.Policy)
	require.Equal(t, []time.Time{ends}, s.breaches())
	require.Len(t, s.alerts, 2, "one warning, of the new end")
	require.WithinDuration(t, ends.Add(-3*24*time.Hour), s.alerts[0].Key.At, time.Second)
	require.WithinDuration(t, ends, s.alerts[1].Key.At, time.Second)
	require.Equal(t, casework.StepKey{
		Reference: reference, Step: casework.StepRecalculate, About: "r1", Number: 1, Cause: "r1", At: s.recounted[0].Key.At,
	}, s.recounted[0].Key)
}

// A breach that has come already by the new rules is recorded once, at its true instant.
func TestRecalculate_ShorterClockThatHasRunOutBreachesOnceAtItsTrueInstant(t *testing.T) {
	t.Parallel()
	ends := day(7).Truncate(24 * time.Hour)
	s := given(t, casework.ReviewOfMarking).recounts(ends)
	s.on(day(10), func() { s.recalculates("r1", recalculation()) })
	s.on(day(25), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, []time.Time{ends}, s.breaches())
	last := s.alerts[len(s.alerts)-1]
	require.WithinDuration(t, day(10), last.Key.At, time.Second, "noticed when it was counted")
	require.Equal(t, []string{"acknowledgement", "outcome", "sla-breach", "sla-warning", "task"}, s.mailed())
}

// A warning that was given is not given again if its instant did not move, and is if it did.
func TestRecalculate_AfterTheWarning(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		ends     time.Time
		warnings int
	}{
		"the same end":   {outcomeEnds, 1},
		"five days more": {outcomeEnds.Add(5 * 24 * time.Hour), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).recounts(row.ends)
			s.on(day(18), func() { s.recalculates("r1", recalculation()) })
			s.on(day(30), func() { s.completes("u1", performer, completion()) })
			s.run()
			require.Equal(t, []time.Time{row.ends}, s.breaches())
			require.Len(t, s.alerts, row.warnings+1)
			require.Len(t, s.mails, 4+row.warnings, "acknowledgement, task, breach and outcome beside the warnings")
		})
	}
}

// A decision that is being recorded is no obstacle: the recalculation waits and counts the clocks that it leaves.
func TestRecalculate_WaitsForADecisionThatIsBeingRecorded(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	ends := day(30)
	s.recount = func(in casework.RecalculateInput) (casework.Recalculated, error) {
		require.Len(t, s.decided, 1, "the decision came first")
		answer := s.moved(in, outcomeEnds)
		answer.Plan = append(answer.Plan, casework.Deadline{Clock: casework.ClockWindow, Act: casework.ActExpire, At: ends})
		answer.SLAState = casework.SLAMet
		return answer, nil
	}
	s.broken["RecordDecision"] = 4
	var got *counted
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.on(day(3).Add(time.Second), func() { got = s.recalculates("r1", recalculation()) })
	s.run()
	require.NoError(t, got.failed)
	require.Empty(t, s.alerts, "the outcome clock is met, whatever the plan of the answer says")
	require.WithinDuration(t, ends, s.env.Now(), time.Second, "the appeal window ends by the new plan")
}

// A window that is being counted again as its old end comes is not closed before the answer.
func TestRecalculate_WindowThatIsLengthenedAsItEndsStaysOpen(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	old := day(2).AddDate(0, 0, 15).Truncate(24 * time.Hour).Add(casework.ReceiptGrace)
	ends := old.Add(4 * 24 * time.Hour)
	answer := s.moved(casework.RecalculateInput{Request: recalculation()}, outcomeEnds)
	answer.Plan = casework.Plan{{Clock: casework.ClockWindow, Act: casework.ActExpire, At: ends, Grace: casework.ReceiptGrace}}
	s.env.OnActivity("Recalculate", mock.Anything, mock.Anything).After(time.Hour).Return(answer, nil)
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	s.on(old.Add(-time.Minute), func() { s.recalculates("r1", recalculation()) })
	s.run()
	require.WithinDuration(t, ends.Add(casework.ReceiptGrace), s.env.Now(), time.Second)
	require.Equal(t, 1, s.did("CloseCase"))
}

// What is wrong with a request is said at once; what only the register knows is said by the step. Neither moves a clock.
func TestRecalculate_RefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.recount = func(casework.RecalculateInput) (casework.Recalculated, error) {
		return casework.Recalculated{}, activities.Failure(casework.NewFault(casework.Conflict, casework.FaultDifferenceChanged, "It is another by now."))
	}
	var silent, stale *counted
	without := recalculation()
	without.Actor.Reason = ""
	s.on(day(1), func() { silent = s.recalculates("r1", without) })
	s.on(day(2), func() { stale = s.recalculates("r2", recalculation()) })
	s.on(day(25), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, casework.FaultRecalculationInvalid, faultCode(t, silent.rejected))
	require.Equal(t, casework.FaultDifferenceChanged, faultCode(t, stale.failed))
	require.Equal(t, []time.Time{outcomeEnds}, s.breaches())
}

// A permanent answer that the program does not know stops the case loudly, as in every other step.
func TestRecalculate_UnknownPermanentErrorStopsTheCaseLoudly(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.recount = func(casework.RecalculateInput) (casework.Recalculated, error) {
		return casework.Recalculated{}, temporal.NewNonRetryableApplicationError("unknown column", "mistake", nil)
	}
	s.on(day(1), func() { s.recalculates("r1", recalculation()) })
	s.env.ExecuteWorkflow(workflows.Enquiry, s.input)
	require.ErrorContains(t, s.env.GetWorkflowError(), "cannot go on")
}
