package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/workflows"
)

func TestEnquiry_OnTimeReviewIsPublishedAnnouncedAndClosed(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	var got *answer
	s.on(day(6), func() { got = s.completes("u1", performer, completion()) })
	result := s.run()

	require.Equal(t, casework.StageClosed, result.Stage)
	require.NoError(t, got.rejected)
	require.NoError(t, got.failed)
	require.Equal(t, casework.StageAppealWindow, got.done.Stage)
	require.Equal(t, []string{"acknowledgement", "outcome", "task"}, s.mailed())
	require.Equal(t, 1, s.did("ReleaseScript"))
	require.Equal(t, 1, s.did("StoreOutcomeLetter"))
	require.Equal(t, 1, s.did("CloseCase"))
	require.Empty(t, s.alerts, "a case in time alerts nobody")
	require.Zero(t, s.did("TellMembers"), "a case alone has nobody to tell")
}

// The window is closed only after the grace in which a request received in time may still arrive (architecture §3.7).
func TestEnquiry_ClosesAfterTheAppealWindowAndItsGrace(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	s.run()
	ends := day(2).AddDate(0, 0, 15).Truncate(24 * time.Hour)
	require.WithinDuration(t, ends.Add(casework.ReceiptGrace), s.env.Now(), time.Second)
	require.Zero(t, s.did("ReleaseScript"), "no copy was ordered")
}

// domain §8.1: an sla clock warns and breaches, once each, and tells the true instant.
func TestEnquiry_LateReviewWarnsAndBreachesOnceAndStillFinishes(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.on(day(25), func() { s.completes("u1", performer, completion()) })
	result := s.run()

	require.Equal(t, casework.StageClosed, result.Stage)
	require.Len(t, s.alerts, 2)
	require.Equal(t, casework.ActWarn, s.alerts[0].Deadline.Act)
	require.Equal(t, casework.ActBreach, s.alerts[1].Deadline.Act)
	require.True(t, outcomeEnds.Equal(s.alerts[1].Deadline.At))
	require.WithinDuration(t, outcomeEnds, s.alerts[1].Key.At, time.Second)
	require.Equal(t, []string{"acknowledgement", "outcome", "sla-breach", "sla-warning", "task"}, s.mailed())
}

func TestEnquiry_RefusedRequestEndsAtOnceAndSendsNothing(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.opened = casework.Opened{Reference: reference, Stage: casework.StageRefused, Refusal: casework.NewFault(casework.Conflict, "already-requested", "…")}
	result := s.run()
	require.Equal(t, casework.StageRefused, result.Stage)
	require.Equal(t, []string{"OpenCase"}, s.diary)
}

func TestEnquiry_NobodyEligibleAlertsOperationsAndWaitsForTheRoster(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.allocated = func(round int) casework.Allocated {
		if round == 1 {
			return casework.Allocated{Stage: casework.StageUnassigned, Sheet: s.sheet()}
		}
		return s.reserved()
	}
	var early *answer
	s.on(day(1), func() { early = s.completes("u0", performer, completion()) })
	s.on(day(2), func() { s.env.SignalWorkflow(casework.SignalReallocate, nil) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, "not-allocated", faultCode(t, early.rejected))
	require.Equal(t, []string{"acknowledgement", "nobody-eligible", "outcome", "task"}, s.mailed())
	require.Equal(t, 2, s.did("AllocateTask"))
}

// mission: every refusal says why and leaves no trace; the next completion is taken.
func TestEnquiry_ValidatorRefusesWithoutATrace(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	var stranger, wrong, twice *answer
	s.on(day(1), func() { stranger = s.completes("u1", "ex-1002", completion()) })
	s.on(day(2), func() {
		c := completion()
		c.Items[1].Mark = 7
		wrong = s.completes("u2", performer, c)
	})
	s.on(day(3), func() { s.completes("u3", performer, completion()) })
	s.on(day(4), func() { twice = s.completes("u4", performer, completion()) })
	s.run()
	require.Equal(t, "not-the-performer", faultCode(t, stranger.rejected))
	require.Equal(t, "completion-invalid", faultCode(t, wrong.rejected))
	require.Equal(t, "already-completed", faultCode(t, twice.rejected))
	require.Len(t, s.decided, 1, "the deciding step saw the good completion only")
}

// A refusal of the step itself (a rule that the validator cannot see) leaves the task open.
func TestEnquiry_StepMayRefuseAndTheTaskStaysOpen(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		if in.Key.Cause == "u1" {
			return casework.Decided{Refusal: casework.NewFault(casework.Invalid, "upload-differs", "The upload has changed.")}, nil
		}
		return s.published(in), nil
	}
	var first, second *answer
	s.on(day(1), func() { first = s.completes("u1", performer, completion()) })
	s.on(day(2), func() { second = s.completes("u2", performer, completion()) })
	s.run()
	require.NoError(t, first.rejected)
	require.Equal(t, "upload-differs", faultCode(t, first.failed))
	require.NoError(t, second.failed)
}

// architecture §3.3: a repeated step answers with what was stored first, and the case adopts that.
func TestEnquiry_AdoptsWhatAnEarlierAttemptRecorded(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		decided := s.published(in)
		decided.Cause, decided.Subject = "an-earlier-update", "ex-1009"
		return decided, nil
	}
	var got *answer
	s.on(day(1), func() { got = s.completes("u1", performer, completion()) })
	result := s.run()
	require.Equal(t, "already-completed", faultCode(t, got.failed))
	require.Equal(t, casework.StageClosed, result.Stage)
}

func TestEnquiry_DatabaseHiccupNeverFailsACase(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	for _, name := range []string{"OpenCase", "AllocateTask", "RecordDecision", "CloseCase", "SendMails", "StoreOutcomeLetter", "ReleaseScript"} {
		s.broken[name] = 7
	}
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	result := s.run()
	require.Equal(t, casework.StageClosed, result.Stage)
	require.Equal(t, []string{"acknowledgement", "outcome", "task"}, s.mailed())
}

// An outage of the file store must not hold back the script clock's breach.
func TestEnquiry_ScriptClockBreachesWhileFilesAreAway(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.env.OnActivity("ReleaseScript", mock.Anything, mock.Anything).After(26*time.Hour).
		Return(casework.Released{At: day(4), SLAState: casework.SLABreached}, nil)
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Len(t, s.alerts, 1)
	require.Equal(t, casework.ClockScript, s.alerts[0].Deadline.Clock)
	require.Equal(t, 1, s.did("CloseCase"))
}

// Two linked cases: the first decided publishes its component and waits for the settlement (architecture §4).
func TestEnquiry_LinkedCaseWaitsForTheSettlement(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		decided := s.published(in)
		decided.Settled, decided.Stage, decided.Plan = false, casework.StageDecided, nil
		return decided, nil
	}
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.on(day(9), func() { s.env.SignalWorkflow(casework.SignalAwardSettled, nil) })
	s.on(day(10), func() { s.env.SignalWorkflow(casework.SignalAwardSettled, nil) })
	s.run()
	require.Equal(t, 1, s.did("TakeOverSettlement"), "told twice, settled once")
	require.Equal(t, []string{"acknowledgement", "component-outcome", "outcome", "task"}, s.mailed())
	require.WithinDuration(t, day(9).AddDate(0, 0, 14), s.env.Now(), time.Second)
}

func TestEnquiry_LastLinkedCaseTellsTheOthers(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		decided := s.published(in)
		decided.Members = []casework.Reference{"R-2222-2222-2222-A"}
		return decided, nil
	}
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, 1, s.did("TellMembers"))
}

// A permanent answer that the program does not know is no business outcome: the workflow task fails (here, in the
// test environment, it ends the run) instead of the case ending as if all were well.
func TestEnquiry_UnknownPermanentErrorStopsTheCaseLoudly(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.decide = func(casework.DecideInput) (casework.Decided, error) {
		return casework.Decided{}, temporal.NewNonRetryableApplicationError("unknown column", "mistake", nil)
	}
	s.on(day(1), func() { s.completes("u1", performer, completion()) })
	s.env.ExecuteWorkflow(workflows.Enquiry, s.input)
	require.ErrorContains(t, s.env.GetWorkflowError(), "cannot go on")
	require.Zero(t, s.did("CloseCase"))
}

// A cancellation from the Web UI would leave the register with a case that nobody works on.
func TestEnquiry_CancellationIsNotListenedTo(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.on(day(1), s.env.CancelWorkflow)
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, 1, s.did("CloseCase"))
}

// An Idempotency-Key is good for one completion: the same key with other marks is told so, while the first is being
// recorded and ever after, also where the first was refused by the step.
func TestEnquiry_KeyOfACompletionIsGoodForOneBody(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		if in.Key.Cause == "u1" {
			return casework.Decided{Refusal: casework.NewFault(casework.Invalid, "upload-differs", "The upload has changed.")}, nil
		}
		return s.published(in), nil
	}
	var other, second, after *answer
	s.on(day(1), func() { s.completesUnder("key-1", "u1") })
	s.on(day(2), func() { other = s.completesUnder("key-1", "u2") })
	s.on(day(3), func() { second = s.completesUnder("key-2", "u3") })
	s.on(day(4), func() { after = s.completesUnder("key-2", "u4") })
	s.run()
	require.Equal(t, casework.FaultKeyReused, faultCode(t, other.rejected))
	require.NoError(t, second.failed)
	require.Equal(t, casework.FaultKeyReused, faultCode(t, after.rejected), "not that the task is completed, which would sound like success")
	require.Len(t, s.decided, 2)
}
