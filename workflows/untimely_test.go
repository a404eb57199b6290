package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// waits makes the story's decision the first of two linked ones.
func (s *story) waits() {
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		decided := s.published(in)
		decided.Settled, decided.Stage, decided.Plan = false, casework.StageDecided, nil
		return decided, nil
	}
}

// An operator may signal a case that no worker has opened yet. What is refused is written into a case, so it waits for the
// opening: written before, it would stand in the case's way for ever. What can be taken is taken when there is a task.
func TestEnquiry_SignalBeforeTheOpeningIsJudgedAfterIt(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.broken["OpenCase"] = 7
	s.on(s.start, func() { s.env.SignalWorkflow(casework.MessageComplete, "all correct") })
	s.signals(s.start, "the examiner telephoned")
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Less(t, s.first("OpenCase"), s.first("refused:signal-unreadable"))
	require.Len(t, s.decided, 1)
	require.Equal(t, performer, s.decided[0].Actor.OnBehalfOf, "on behalf of whom the allocation found meanwhile")
}

// A signal has no sender who waits: that another's completion was recorded first is written down for the operator.
func TestEnquiry_SignalThatComesSecondIsRefusedAloud(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		decided := s.published(in)
		decided.Cause, decided.Subject = "an-earlier-update", "ex-1009"
		return decided, nil
	}
	s.signals(day(2), "the examiner is ill")
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, 1, s.did("refused:already-completed"))
}

// The runbook lets an operator repeat a lost award-settled by hand. Where the award is not settled, the case says so
// and goes on waiting: the word counts once it is true.
func TestEnquiry_WordOfASettlementThatIsNotYetChangesNothing(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.waits()
	s.settleable = day(9)
	s.on(day(1), func() { s.env.SignalWorkflow(casework.SignalAwardSettled, nil) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.on(day(5), func() { s.env.SignalWorkflow(casework.SignalAwardSettled, nil) })
	s.on(day(9), func() { s.env.SignalWorkflow(casework.SignalAwardSettled, nil) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, 1, s.did("TakeOverSettlement"))
	require.Equal(t, 2, s.did("refused:award-not-settled"))
	require.Equal(t, []string{"acknowledgement", "component-outcome", "outcome", "task"}, s.mailed())
}

// An outcome that was published after its end is a breach, also if the decision was taken before the timer fired:
// the server may have been away over the end. Operations are told once, with the true instant.
func TestEnquiry_OutcomeMetAfterItsEndIsStillABreach(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		decided := s.published(in)
		decided.PublishedAt, decided.SLAState = outcomeEnds.Add(3), casework.SLABreached
		return decided, nil
	}
	s.on(day(19), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, []string{"acknowledgement", "outcome", "sla-breach", "sla-warning", "task"}, s.mailed())
	require.Len(t, s.alerts, 2)
	require.Equal(t, casework.ActBreach, s.alerts[1].Deadline.Act)
	require.True(t, outcomeEnds.Equal(s.alerts[1].Deadline.At))
}

// architecture §3.7: receipt decides, and a stamp from outside is bounded by the server's own instants.
func TestEnquiry_ReceiptIsBoundedByTheServersTime(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		ahead  time.Duration // how far the stamps lie after the server's instants
		stands bool
	}{
		"just before":            {-time.Second, true},
		"as long as is believed": {-casework.ReceiptGrace, true},
		"too long ago":           {-casework.ReceiptGrace - time.Nanosecond, false},
		"the day before":         {-24 * time.Hour, false},
		"still to come":          {time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ClericalCheck)
			s.input.ReceivedAt = s.start.Add(row.ahead)
			s.on(day(2), func() { s.completesAt("u1", performer, completion(), day(2).Add(row.ahead)) })
			s.run()
			opened, decided := s.start, day(2)
			if row.stands {
				opened, decided = opened.Add(row.ahead), decided.Add(row.ahead)
			}
			require.Equal(t, opened, s.receivedAt)
			require.WithinDuration(t, decided, s.decided[0].ReceivedAt, 0)
		})
	}
}

// first is where an entry stands in the diary; -1 if it does not.
func (s *story) first(name string) int {
	for i, entry := range s.diary {
		if entry == name {
			return i
		}
	}
	return -1
}
