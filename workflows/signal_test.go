package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// signal sends an operator's Signal, which no token vouches for.
func (s *story) signal(name string, message any) { s.env.SignalWorkflow(name, message) }

func why(reason string) casework.Actor { return casework.Actor{Subject: "op-1", Reason: reason} }

// Every message exists as a Signal too (architecture §3.8): an operator's, who must say why. What lacks the reason, or
// cannot be read, is written down and does nothing. The reason of a completion is the register's to miss.
func TestSignal_WithoutAReasonOrUnreadableIsWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		if w != bySignal {
			return
		}
		codes := []string{"signal-unreadable"}
		s := standing(t, m.in)
		s.on(toldAt, func() { s.signal(m.message, []string{"not", "a", "message"}) })
		if m.message != casework.MessageComplete {
			codes = append(codes, map[casework.Step]string{
				casework.StepTask: casework.FaultOperationInvalid, casework.StepHold: casework.FaultHoldInvalid, casework.StepResume: casework.FaultResumeInvalid,
				casework.StepNudge: casework.FaultNudgeInvalid, casework.StepRecalculate: casework.FaultRecalculationInvalid,
			}[m.step])
			silent := casework.Actor{Subject: "op-1", OnBehalfOf: m.onBehalf}
			s.on(day(3), func() { s.signal(m.message, addressed(m.request, silent, "", time.Time{})) })
		}
		s.lives()
		require.Empty(t, s.tookSteps(m.step))
		require.Len(t, s.refusals, len(codes))
		for i, refused := range s.refusals {
			require.Equal(t, codes[i], refused.Fault.Code)
			require.Equal(t, m.message, refused.Name)
			require.Equal(t, casework.RoleOperator, refused.Actor.Role)
			require.True(t, refused.Actor.Claimed)
		}
	})
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
