package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// looksAgain lets the register ask for a second look at the first completion, and decide with the second.
func (s *story) looksAgain() *story {
	s.decide = func(in casework.DecideInput) (casework.Decided, error) {
		return once(s, in.Key, nil, func() casework.Decided {
			if s.desk.number > 1 {
				return s.published(in)
			}
			s.desk.number++
			s.desk.task = casework.TaskStanding{Task: casework.TaskOf(reference, s.desk.number), State: casework.TaskReady, Leader: leader}
			return casework.Decided{Cause: in.Key.Cause, Subject: in.Actor.Subject, Stage: casework.StageUnassigned, SLAState: casework.SLAOnTime}
		})
	}
	return s
}

// looked is the completion of the case's second task.
func looked() casework.Completion {
	c := completion()
	c.Task = casework.TaskOf(reference, 2)
	return c
}

// Contract of a second look: the first completion publishes nothing and meets no clock; another performer completes a task
// of their own, and that decides the case.
func TestSecondLook_AnotherPerformerDecides(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer, second).looksAgain()
	var first, again, last *answer
	shown := ""
	s.on(day(2), func() { first = s.completes("u1", performer, completion()) })
	s.on(day(3), func() { again, shown = s.completes("u2", performer, completion()), s.details() })
	s.on(day(25), func() { last = s.completes("u3", second, looked()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, first.failed)
	require.Equal(t, casework.Completed{Reference: reference, Task: casework.TaskOf(reference, 1), Stage: casework.StageUnassigned}, first.done)
	require.Equal(t, casework.FaultAlreadyCompleted, faultCode(t, again.rejected))
	require.Contains(t, shown, string(reference)+"/2, reserved, with "+second)
	require.NoError(t, last.failed)
	require.Equal(t, casework.StageAppealWindow, last.done.Stage)
	require.Equal(t, []string{"#1 by start", "u1#1 by u1"}, s.desk.lookedFor())
	require.Len(t, s.decided, 2)
	for i, in := range s.decided {
		require.Equal(t, i+1, in.Key.Number)
		require.Empty(t, in.Key.About)
	}
	require.Equal(t, []string{"acknowledgement", "outcome", "sla-breach", "sla-warning", "task", "task"}, s.mailed(), "the clock ran on")
	require.Equal(t, 1, s.did("ReleaseScript"))
}

// A second look is never followed by a third: its completion decides, and nothing is taken after it.
func TestSecondLook_IsNeverFollowedByAThird(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer, second, third).looksAgain()
	var late []*answer
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	s.on(day(3), func() { s.completes("u2", second, looked()) })
	s.on(day(4), func() {
		late = append(late, s.completes("u3", second, looked()), s.completes("u4", performer, completion()), s.completes("u5", third, looked()))
	})
	require.Equal(t, casework.StageClosed, s.run().Stage)
	for _, answer := range late {
		require.Equal(t, casework.FaultAlreadyCompleted, faultCode(t, answer.rejected))
	}
	require.Len(t, s.desk.allocated, 2)
	require.Equal(t, 1, s.did("StoreOutcomeLetter"))
}

// Where nobody may look again, the task waits in the pool and is given back as any other.
func TestSecondLook_WaitsInThePoolAndIsDeclined(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).looksAgain()
	decline := by(second, casework.OpDecline)
	decline.Task = casework.TaskOf(reference, 2)
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	s.on(day(3), func() {
		s.desk.free = []string{second, third}
		s.nudges("n1")
	})
	s.on(day(4), func() { s.acts("no", decline) })
	s.on(day(5), func() { s.completes("u2", third, looked()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, []string{"#1 by start", "u1#1 by u1", "u1#2 by n1", "no#1 by no"}, s.desk.lookedFor())
	require.Equal(t, 1, s.mailsOf(casework.MailNobody))
}
