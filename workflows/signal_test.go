package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// signal sends an operator's Signal, which no token vouches for.
func (s *story) signal(name string, message any) { s.env.SignalWorkflow(name, message) }

func why(reason string) casework.Actor { return casework.Actor{Subject: "op-1", Reason: reason} }

// Every message exists as a Signal too (architecture §3.8): an operator's, who must say why. What cannot be taken is
// written down in the case.
func TestSignal_OfEveryMessageWithAReasonAndWithout(t *testing.T) {
	t.Parallel()
	task := casework.TaskOf(reference, 1)
	for name, row := range map[string]struct {
		message func(casework.Actor) any
		did     string
		refused string
	}{
		casework.MessageTask: {
			func(a casework.Actor) any {
				return casework.TaskRequest{Task: task, Operation: casework.OpSuspend, Actor: a}
			}, "ActOnTask", casework.FaultOperationInvalid,
		},
		casework.MessageReassign: {
			func(a casework.Actor) any { return casework.TaskRequest{Task: task, To: second, Actor: a} }, "ActOnTask", casework.FaultOperationInvalid,
		},
		casework.MessageHold: {
			func(a casework.Actor) any {
				return casework.HoldRequest{Cause: casework.HoldOther, ApprovedBy: "op-2", Actor: a}
			}, "HoldCase", casework.FaultHoldInvalid,
		},
		casework.MessageResume: {
			func(a casework.Actor) any { return casework.ResumeRequest{Cause: casework.HoldOther, Actor: a} }, "ResumeCase", casework.FaultResumeInvalid,
		},
		casework.MessageNudge: {
			func(a casework.Actor) any { return casework.NudgeRequest{Actor: a} }, "Nudge", casework.FaultNudgeInvalid,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ClericalCheck).people(performer)
			s.on(day(1), func() { s.signal(name, row.message(why(""))) })
			s.on(day(2), func() { s.signal(name, []string{"not", "a", "message"}) })
			s.on(day(3), func() { s.signal(name, row.message(why("The centre telephoned."))) })
			did := 0
			s.on(day(4), func() { did = s.did(row.did) })
			// Whatever it was is ended, so that the case can be.
			s.on(day(5), func() { s.acts("on", ordered(casework.OpResume, "")) })
			s.on(day(6), func() { s.resumes("r1", casework.HoldOther) })
			s.on(day(7), func() { s.completes("u1", s.desk.task.Holder, completion()) })
			require.Equal(t, casework.StageClosed, s.run().Stage)
			require.Equal(t, 1, did, "once with a reason, never without")
			require.Equal(t, 1, s.did("refused:"+row.refused))
			require.Equal(t, 1, s.did("refused:signal-unreadable"))
			for _, refused := range s.refusals {
				require.Equal(t, name, refused.Name)
				require.True(t, refused.Actor.Claimed)
				require.Equal(t, casework.RoleOperator, refused.Actor.Role)
			}
		})
	}
}

// Where only the holder may ask, an operator's Signal stands in for them; a claim is for whom it names.
func TestSignal_StandsInForTheHolder(t *testing.T) {
	t.Parallel()
	start := casework.TaskRequest{Task: casework.TaskOf(reference, 1), Operation: casework.OpStart, Actor: why("They telephoned: they have begun.")}
	decline := casework.TaskRequest{Task: start.Task, Operation: casework.OpDecline, Why: casework.DeclineUnwell, Actor: why("They are ill.")}
	claim := casework.TaskRequest{Task: start.Task, Operation: casework.OpClaim, Actor: why("They asked for it.")}
	claim.Actor.OnBehalfOf = third
	s := given(t, casework.ClericalCheck).people(performer)
	s.on(day(1), func() { s.signal(casework.MessageTask, decline) })
	s.on(day(2), func() { s.signal(casework.MessageTask, claim) })
	s.on(day(3), func() { s.signal(casework.MessageTask, start) })
	s.on(day(4), func() { s.completes("u1", third, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Empty(t, s.refusals)
	var stoodIn []string
	for _, in := range s.desk.acted {
		require.Equal(t, "op-1", in.Request.Actor.Subject)
		stoodIn = append(stoodIn, in.Request.Actor.OnBehalfOf)
	}
	require.Equal(t, []string{performer, third, third}, stoodIn)
}

// The same Signal, word for word, is heard twice: it is sent again because it is meant again.
func TestSignal_SentAgainIsDoneAgain(t *testing.T) {
	t.Parallel()
	nudge := casework.NudgeRequest{Actor: why("The centre telephoned.")}
	s := given(t, casework.ClericalCheck).people(performer)
	s.on(day(1), func() { s.signal(casework.MessageNudge, nudge) })
	s.on(day(2), func() { s.signal(casework.MessageNudge, nudge) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Len(t, s.desk.nudged, 2)
	require.Equal(t, s.desk.nudged[0].Key.About, s.desk.nudged[1].Key.About)
	require.Equal(t, 2, s.desk.nudged[1].Key.Number)
	require.Equal(t, 2, s.mailsOf(casework.MailNudge))
}

// An Idempotency-Key is good for one request about a case, of whatever kind.
func TestMessage_KeyIsGoodForOneRequest(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck).people(performer)
	start := by(performer, casework.OpStart)
	start.Key = "key-1"
	var other *answer
	s.on(day(1), func() { s.acts("start", start) })
	s.on(day(2), func() { other = s.completesUnder("key-1", "u1") })
	s.on(day(3), func() { s.completesUnder("key-2", "u2") })
	s.run()
	require.Equal(t, casework.FaultKeyReused, faultCode(t, other.rejected))
}

// A case that is not opened, or at its end, takes no message.
func TestMessage_NeitherBeforeTheOpeningNorAfterTheEnd(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck).people(performer)
	s.broken["OpenCase"] = 7
	var nudge *nudged
	var hold *held
	s.on(s.start, func() { nudge, hold = s.nudges("n"), s.holds("h", casework.HoldOther) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, casework.FaultNotOpen, faultCode(t, nudge.rejected))
	require.Equal(t, casework.FaultNotOpen, faultCode(t, hold.rejected))
}

// An operator who sends the same words again means whoever has the task now: the answer to the first time is not taken
// for the second's.
func TestSignal_TheSameWordsAgainFindTheNextPerformer(t *testing.T) {
	t.Parallel()
	away := casework.TaskRequest{Task: casework.TaskOf(reference, 1), Actor: why("They are ill.")}
	s := given(t, casework.ClericalCheck).people(performer, second, third)
	s.on(day(1), func() { s.signal(casework.MessageReassign, away) })
	s.on(day(2), func() { s.signal(casework.MessageReassign, away) })
	var done *answer
	s.on(day(3), func() { done = s.completes("u1", third, completion()) })
	s.on(day(4), func() { s.completes("u2", second, completion()) }) // Ends the story of a case that believes its old record.
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, done.rejected)
	require.Equal(t, third, s.decided[0].Actor.Subject)
	require.Equal(t, 3, s.mailsOf(casework.MailTask), "each who was found is told")
}
