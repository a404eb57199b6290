package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

type nudged = reply[casework.Nudged]

func (s *story) nudges(id string) *nudged {
	return update[casework.Nudged](s, casework.MessageNudge, id, casework.NudgeRequest{
		Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "The centre telephoned."}, ReceivedAt: s.env.Now(),
	})
}

// In the pool a nudge looks for somebody again.
func TestNudge_InThePoolOffersTheTaskAgain(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people()
	var got *nudged
	s.on(day(1), func() {
		s.desk.free = []string{second}
		got = s.nudges("n1")
	})
	s.on(day(2), func() { s.completes("u1", second, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, got.failed)
	require.Equal(t, 1, got.done.Number)
	require.Equal(t, []string{"#1 by start", "#2 by n1"}, s.desk.lookedFor())
	require.Zero(t, s.mailsOf(casework.MailNudge))
	require.Equal(t, casework.StepKey{
		Reference: reference, Step: casework.StepNudge, About: "n1", Number: 1, Cause: "n1", At: s.desk.nudged[0].Key.At,
	}, s.desk.nudged[0].Key)
}

// Held by a performer, it reminds them, each time.
func TestNudge_RemindsThePerformer(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	s.on(day(1), func() { s.nudges("n1") })
	s.on(day(2), func() { s.nudges("n2") })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	var numbers []int
	for _, mail := range s.mails {
		if mail.Kind == casework.MailNudge {
			numbers = append(numbers, mail.Number)
		}
	}
	require.Equal(t, []int{1, 2}, numbers)
	require.Len(t, s.desk.allocated, 1)
}

// A case that waits for a linked one, or for the centre to appeal, is noted and goes on waiting.
func TestNudge_WhereNobodyCanActRemindsNobody(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	s.waits()
	var linked, window *nudged
	s.on(day(1), func() { s.completes("u1", performer, completion()) })
	s.on(day(2), func() { linked = s.nudges("n1") })
	s.on(day(3), func() { s.env.SignalWorkflow(casework.SignalAwardSettled, nil) })
	s.on(day(4), func() { window = s.nudges("n2") })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, linked.failed)
	require.NoError(t, window.failed)
	require.Len(t, s.desk.nudged, 2)
	require.Zero(t, s.mailsOf(casework.MailNudge))
	require.WithinDuration(t, day(3).AddDate(0, 0, 14), s.env.Now(), time.Second)
}

// Whoever may not go on is not asked to.
func TestNudge_OfAHeldCaseRemindsNobody(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	s.on(day(1), func() { s.holds("h1", casework.HoldSample) })
	s.on(day(2), func() { s.nudges("n1") })
	s.on(day(3), func() { s.resumes("r1", casework.HoldSample) })
	s.on(day(4), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Len(t, s.desk.nudged, 1)
	require.Zero(t, s.mailsOf(casework.MailNudge))
}
