package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

type acted = reply[casework.TaskDone]

// by is a performer's request to do something with the case's first task.
func by(who string, operation casework.Operation) casework.TaskRequest {
	r := casework.TaskRequest{
		Task: casework.TaskOf(reference, 1), Operation: operation, Actor: casework.Actor{Subject: who, Role: casework.RoleExaminer},
	}
	if operation == casework.OpDecline || operation == casework.OpRelease {
		r.Why = casework.DeclineTime
	}
	return r
}

// ordered is an operator's request in their own name.
func ordered(operation casework.Operation, to string) casework.TaskRequest {
	r := by("op-1", operation)
	r.To, r.Actor.Role, r.Actor.Reason = to, casework.RoleOperator, "The examiner is ill."
	return r
}

func (s *story) acts(id string, r casework.TaskRequest) *acted {
	r.ReceivedAt = s.env.Now()
	return update[casework.TaskDone](s, casework.MessageTask, id, r)
}

// given lists who was found for the task, round by round, and what put it into the pool before.
func (d *desk) lookedFor() []string {
	var rounds []string
	for _, key := range d.allocated {
		rounds = append(rounds, fmt.Sprintf("%s#%d by %s", key.About, key.Number, key.Cause))
	}
	return rounds
}

// mailsOf counts the mails of a kind.
func (s *story) mailsOf(kind casework.MailKind) int {
	n := 0
	for _, mail := range s.mails {
		if mail.Kind == kind {
			n++
		}
	}
	return n
}

// Whoever gives a task back is followed by the next one, who is told; the first cannot complete it any more.
func TestTask_GivenBackGoesToTheNext(t *testing.T) {
	t.Parallel()
	for _, operation := range []casework.Operation{casework.OpDecline, casework.OpRelease, casework.OpForward} {
		t.Run(string(operation), func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).people(performer, second)
			if operation == casework.OpRelease {
				s.on(day(1), func() { s.acts("start", by(performer, casework.OpStart)) })
			}
			var back *acted
			var late, done *answer
			s.on(day(2), func() { back = s.acts("back", by(performer, operation)) })
			s.on(day(3), func() { late = s.completes("u1", performer, completion()) })
			s.on(day(4), func() { done = s.completes("u2", second, completion()) })
			require.Equal(t, casework.StageClosed, s.run().Stage)
			require.NoError(t, back.failed)
			require.Equal(t, casework.StageUnassigned, back.done.Stage)
			require.Equal(t, casework.FaultNotThePerformer, faultCode(t, late.rejected))
			require.NoError(t, done.failed)
			require.Equal(t, []string{"#1 by start", "back#1 by back"}, s.desk.lookedFor())
			require.Equal(t, 2, s.mailsOf(casework.MailTask), "each who was found is told")
		})
	}
}

// Declined by the only one there is: the task waits in the pool, operations are told, and the roster brings somebody.
func TestTask_GivenBackByTheOnlyOneWaitsInThePool(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	var shown string
	s.on(day(2), func() { s.acts("back", by(performer, casework.OpDecline)) })
	s.on(day(3), func() { shown = s.details() })
	s.on(day(4), func() { s.env.SignalWorkflow(casework.SignalReallocate, nil) })
	s.on(day(5), func() {
		s.desk.free = []string{third}
		s.env.SignalWorkflow(casework.SignalReallocate, nil)
	})
	s.on(day(6), func() { s.completes("u1", third, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Contains(t, shown, "ready, nobody has it")
	require.Equal(t, []string{"#1 by start", "back#1 by back", "back#2 by reallocate", "back#3 by reallocate"}, s.desk.lookedFor())
	require.Equal(t, 1, s.mailsOf(casework.MailNobody), "a look that changes nothing is no news")
}

// A named colleague has the task at once, and is told.
func TestTask_HandedToANamedPerformer(t *testing.T) {
	t.Parallel()
	delegated, led := by(performer, casework.OpDelegate), by(leader, casework.OpDelegate)
	delegated.To, led.To, led.Actor.Reason = second, second, "The examiner has too many."
	for name, row := range map[string]struct {
		message string
		request casework.TaskRequest
	}{
		"delegated by the holder":  {casework.MessageTask, delegated},
		"delegated by the leader":  {casework.MessageTask, led},
		"reassigned":               {casework.MessageTask, ordered(casework.OpReassign, second)},
		"reassigned under its own": {casework.MessageReassign, ordered("", second)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).people(performer)
			var got *acted
			s.on(day(2), func() { got = update[casework.TaskDone](s, row.message, "hand", row.request) })
			s.on(day(4), func() { s.completes("u2", second, completion()) })
			require.Equal(t, casework.StageClosed, s.run().Stage)
			require.NoError(t, got.rejected)
			require.NoError(t, got.failed)
			require.Equal(t, second, got.done.Assignee)
			require.Equal(t, second, s.decided[0].Actor.Subject)
			require.Len(t, s.desk.allocated, 1, "nobody is looked for")
			require.Equal(t, 2, s.mailsOf(casework.MailTask))
			require.Equal(t, casework.StepKey{
				Reference: reference, Step: casework.StepTask, About: "hand", Number: 1, Cause: "hand", At: s.desk.acted[0].Key.At,
			}, s.desk.acted[0].Key)
		})
	}
}

// Reassigned to nobody in particular: whom the rule finds.
func TestTask_ReassignedToWhomTheRuleFinds(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer, second)
	s.on(day(1), func() { s.acts("start", by(performer, casework.OpStart)) })
	s.on(day(2), func() { update[casework.TaskDone](s, casework.MessageReassign, "away", ordered("", "")) })
	s.on(day(4), func() { s.completes("u2", second, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, []string{"#1 by start", "away#1 by away"}, s.desk.lookedFor())
}

// A task in the pool is somebody's who claims it; they need no mail about it.
func TestTask_ClaimedFromThePool(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people()
	var got *acted
	s.on(day(1), func() { got = s.acts("mine", by(second, casework.OpClaim)) })
	s.on(day(2), func() { s.env.SignalWorkflow(casework.SignalReallocate, nil) })
	s.on(day(3), func() { s.completes("u1", second, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, got.failed)
	require.Equal(t, casework.TaskReserved, got.done.State)
	require.Equal(t, []string{"#1 by start"}, s.desk.lookedFor(), "nobody is looked for once somebody has it")
	require.Equal(t, []string{"acknowledgement", "nobody-eligible", "outcome"}, s.mailed())
}

// Issue C, point 2: of a thousand who claim at the same moment one wins, and the others leave no trace in the case.
func TestTask_AThousandClaimsAndOneWinner(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people()
	var got []*acted
	s.on(day(1), func() {
		for n := range 1000 {
			got = append(got, s.acts(fmt.Sprint("claim-", n), by(fmt.Sprint("ex-", n), casework.OpClaim)))
		}
	})
	s.on(day(3), func() { s.completes("u1", "ex-0", completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, got[0].failed)
	for _, loser := range got[1:] {
		require.Equal(t, casework.FaultTaskTaken, faultCode(t, loser.rejected))
	}
	require.Len(t, s.desk.asked, 1, "the register was asked once")
}

// What the task does not allow is refused without a trace.
func TestTask_RefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		request casework.TaskRequest
		code    string
	}{
		"a stranger starts":          {by(second, casework.OpStart), casework.FaultNotThePerformer},
		"released before it started": {by(performer, casework.OpRelease), casework.FaultNotStarted},
		"a claim of what is held":    {by(second, casework.OpClaim), casework.FaultTaskTaken},
		"an operator without reason": {by("op-1", casework.OpReassign), casework.FaultOperationInvalid},
		"an examiner reassigns": {func() casework.TaskRequest {
			r := ordered(casework.OpReassign, second)
			r.Actor.Role = casework.RoleExaminer
			return r
		}(), casework.FaultNotPermitted},
		"another task":         {func() casework.TaskRequest { r := by(performer, casework.OpStart); r.Task += "7"; return r }(), casework.FaultAnotherTask},
		"nothing that is done": {by(performer, "juggle"), casework.FaultOperationInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).people(performer)
			var got *acted
			s.on(day(1), func() { got = s.acts("x", row.request) })
			s.on(day(2), func() { s.completes("u1", performer, completion()) })
			s.run()
			require.Equal(t, row.code, faultCode(t, got.rejected))
			require.Empty(t, s.desk.asked)
		})
	}
}

// Who leads whom only the register knows, so its step says no, and before that nothing tells a stranger who has the task.
func TestTask_AStrangerIsNotToldWhoseItIs(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"to a third": second, "to who has it": performer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).people(performer)
			foreign := by("ex-0009", casework.OpDelegate)
			foreign.To, foreign.Actor.Reason = to, "They are not mine."
			var got *acted
			s.on(day(1), func() { got = s.acts("x", foreign) })
			s.on(day(2), func() { s.completes("u1", performer, completion()) })
			s.run()
			require.NoError(t, got.rejected)
			require.Equal(t, casework.FaultNotThePerformer, faultCode(t, got.failed))
			require.Empty(t, s.desk.acted)
		})
	}
}

// A task that a lead has stopped is completed when it is let go on, and not before.
func TestTask_SuspendedTakesNoCompletion(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	stop := by(leader, casework.OpSuspend)
	stop.Actor.Reason = "The scripts of this centre are looked at first."
	on := stop
	on.Operation = casework.OpResume
	var stopped *answer
	var twice *acted
	shown := ""
	s.on(day(1), func() { s.acts("stop", stop) })
	s.on(day(2), func() {
		stopped, twice, shown = s.completes("u1", performer, completion()), s.acts("stop2", stop), s.details()
	})
	s.on(day(3), func() { s.acts("on", on) })
	s.on(day(4), func() { s.completes("u2", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, casework.FaultTaskSuspended, faultCode(t, stopped.rejected))
	require.Equal(t, casework.FaultTaskSuspended, faultCode(t, twice.rejected))
	require.Contains(t, shown, "suspended, with "+performer)
	require.Contains(t, shown, `"operation": "resume"`)
	require.Len(t, s.decided, 1)
}

// Taken away while it is suspended, the task is given to somebody else only when it goes on.
func TestTask_TakenAwayWhileSuspendedWaitsToGoOn(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer, second)
	s.on(day(1), func() { s.acts("stop", ordered(casework.OpSuspend, "")) })
	s.on(day(2), func() { s.acts("away", ordered(casework.OpReassign, "")) })
	s.on(day(5), func() { s.acts("on", ordered(casework.OpResume, "")) })
	s.on(day(6), func() { s.completes("u1", second, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Len(t, s.desk.allocated, 2)
	require.WithinDuration(t, day(5), s.desk.allocated[1].At, time.Second)
}

// A completion that waits while the task changes hands is its new holder's to make.
func TestTask_CompletionBehindAHandOverIsRefused(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	s.broken["ActOnTask"] = 3
	var late *answer
	s.on(day(1), func() { s.acts("away", ordered(casework.OpReassign, second)) })
	s.on(day(1).Add(time.Second), func() { late = s.completes("u1", performer, completion()) })
	s.on(day(2), func() { s.completes("u2", second, completion()) })
	s.run()
	require.NoError(t, late.rejected)
	require.Equal(t, casework.FaultNotThePerformer, faultCode(t, late.failed))
	require.Len(t, s.decided, 1)
}

// Start and complete in one breath: the completion waits for its turn and is taken.
func TestTask_CompletionBehindAStartIsTaken(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	s.broken["ActOnTask"] = 3
	var done *answer
	s.on(day(1), func() { s.acts("start", by(performer, casework.OpStart)) })
	s.on(day(1).Add(time.Second), func() { done = s.completes("u1", performer, completion()) })
	s.run()
	require.NoError(t, done.failed)
	require.Less(t, s.first("ActOnTask"), s.first("RecordDecision"))
}
