package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

type held = reply[casework.Held]

func (s *story) holds(id string, cause casework.HoldCause) *held {
	return update[casework.Held](s, casework.MessageHold, id, casework.HoldRequest{
		Cause: cause, ApprovedBy: "op-2", Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "Page 3 is missing."}, ReceivedAt: s.env.Now(),
	})
}

func (s *story) resumes(id string, cause casework.HoldCause) *held {
	return update[casework.Held](s, casework.MessageResume, id, casework.ResumeRequest{
		Cause: cause, Delivered: cause.AsksCentre(), ReceivedAt: s.env.Now(),
		Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "It can go on."},
	})
}

// standsStill lets the outcome clock stand still from a hold to its end, and end as much later.
func (s *story) standsStill() *story {
	var since time.Time
	var moved time.Duration
	s.desk.clocks = func(causes []casework.HoldCause, at time.Time) (casework.Plan, casework.SLAState) {
		if len(causes) > 0 {
			since = at
			return nil, casework.SLAPaused
		}
		moved += at.Sub(since)
		var plan casework.Plan
		for _, d := range s.opened.Plan {
			d.At = d.At.Add(moved)
			plan = append(plan, d)
		}
		return plan, casework.SLAOnTime
	}
	return s
}

// instants are when the case recorded warnings and breaches of its clocks.
func (s *story) instants(act casework.Act) []time.Time {
	var all []time.Time
	for _, alert := range s.alerts {
		if alert.Deadline.Act == act {
			all = append(all, alert.Deadline.At)
		}
	}
	return all
}

// A clock that stands still neither warns nor breaches; it does both as much later as it stood.
func TestHold_BeforeTheWarningMovesWarningAndBreach(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).standsStill()
	var began, ended *held
	var onHold *answer
	shown := ""
	s.on(day(2), func() { began = s.holds("h1", casework.HoldSample) })
	s.on(day(25), func() { onHold, shown = s.completes("u1", performer, completion()), s.details() })
	s.on(day(32), func() { ended = s.resumes("r1", casework.HoldSample) })
	s.on(day(60), func() { s.completes("u2", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.NoError(t, began.failed)
	require.Equal(t, []casework.HoldCause{casework.HoldSample}, began.done.Causes)
	require.NoError(t, ended.failed)
	require.Equal(t, casework.FaultOnHold, faultCode(t, onHold.rejected))
	month := 30 * 24 * time.Hour
	require.Equal(t, []time.Time{s.opened.Plan[0].At.Add(month)}, s.instants(casework.ActWarn))
	require.Equal(t, []time.Time{outcomeEnds.Add(month)}, s.instants(casework.ActBreach))
	require.Equal(t, []string{"acknowledgement", "case-held", "case-resumed", "outcome", "sla-breach", "sla-warning", "task"}, s.mailed())
	require.Contains(t, shown, "| Acts next | centre |")
	require.Contains(t, shown, "| Waits for | waiting-for-sample |")
	require.Contains(t, shown, ", paused")
	require.Contains(t, shown, "suspended, with "+performer)
	require.NotContains(t, shown, "Next by itself", "nothing happens by itself")
}

// A case that waits for two causes goes on when both have ended.
func TestHold_TwoCausesEndOneByOne(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	var still *answer
	s.on(day(1), func() { s.holds("h1", casework.HoldSample) })
	s.on(day(2), func() { s.holds("h2", casework.HoldMalpractice) })
	s.on(day(3), func() { s.resumes("r1", casework.HoldSample) })
	s.on(day(4), func() { still = s.completes("u1", performer, completion()) })
	s.on(day(5), func() { s.resumes("r2", casework.HoldMalpractice) })
	s.on(day(6), func() { s.completes("u2", performer, completion()) })
	s.run()
	require.Equal(t, casework.FaultOnHold, faultCode(t, still.rejected))
	require.Len(t, s.decided, 1)
	require.Equal(t, 2, s.mailsOf(casework.MailHeld))
	require.Equal(t, 2, s.mailsOf(casework.MailResumed))
}

// The system holds a case whose result is under investigation; what it finds nobody has to approve of.
func TestHold_MalpracticeIsTheSystems(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	found := casework.System()
	found.Reason = "The result has the indicator Q."
	var got *held
	s.on(day(1), func() {
		got = update[casework.Held](s, casework.MessageHold, "q-1", casework.HoldRequest{Cause: casework.HoldMalpractice, Actor: found})
	})
	s.on(day(2), func() { s.resumes("r1", casework.HoldMalpractice) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.NoError(t, got.failed)
	require.Equal(t, casework.RoleSystem, s.desk.held[0].Request.Actor.Role)
	require.False(t, s.desk.held[0].Request.Actor.Claimed)
}

// A hold waits for a decision that is being recorded, and holds what comes after it.
func TestHold_DuringADecisionComesAfterIt(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck).people(performer)
	s.desk.clocks = func([]casework.HoldCause, time.Time) (casework.Plan, casework.SLAState) {
		return casework.Plan{{Clock: casework.ClockWindow, Act: casework.ActExpire, At: day(20)}}, casework.SLAMet
	}
	s.broken["RecordDecision"] = 4
	var got *held
	var done *answer
	s.on(day(3), func() { done = s.completes("u1", performer, completion()) })
	s.on(day(3).Add(time.Second), func() { got = s.holds("h1", casework.HoldOther) })
	s.on(day(25), func() { s.resumes("r1", casework.HoldOther) })
	s.run()
	require.NoError(t, done.failed)
	require.NoError(t, got.failed)
	require.Less(t, s.first("RecordDecision"), s.first("HoldCase"))
	require.Empty(t, got.done.TaskState, "the task is done")
	require.WithinDuration(t, day(25), s.env.Now(), time.Second, "a case is not closed while it waits")
}

// A completion that waits while the case is being held is not taken.
func TestHold_BeforeACompletionInTheSameMoment(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck).people(performer)
	s.broken["HoldCase"] = 3
	var late *answer
	s.on(day(1), func() { s.holds("h1", casework.HoldOther) })
	s.on(day(1).Add(time.Second), func() { late = s.completes("u1", performer, completion()) })
	s.on(day(2), func() { s.resumes("r1", casework.HoldOther) })
	s.on(day(3), func() { s.completes("u2", performer, completion()) })
	s.run()
	require.NoError(t, late.rejected)
	require.Equal(t, casework.FaultOnHold, faultCode(t, late.failed))
}

// In the appeal window a hold stops the window's clock: the case closes as much later, also if the old end came while the
// hold was being recorded.
func TestHold_InTheAppealWindow(t *testing.T) {
	t.Parallel()
	ends := day(2).AddDate(0, 0, 15).Truncate(24 * time.Hour)
	for name, at := range map[string]time.Time{"in the middle": day(5), "as it ends": ends.Add(casework.ReceiptGrace - time.Minute)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ClericalCheck).people(performer)
			later := ends.Add(10 * 24 * time.Hour)
			window := casework.Plan{{Clock: casework.ClockWindow, Act: casework.ActExpire, At: later, Grace: casework.ReceiptGrace}}
			s.env.OnActivity("HoldCase", mock.Anything, mock.Anything).After(time.Hour).
				Return(casework.Held{Causes: []casework.HoldCause{casework.HoldMalpractice}, Number: 1, SLAState: casework.SLAMet}, nil)
			s.env.OnActivity("ResumeCase", mock.Anything, mock.Anything).
				Return(casework.Held{Number: 1, Plan: window, SLAState: casework.SLAMet}, nil)
			s.on(day(2), func() { s.completes("u1", performer, completion()) })
			s.on(at, func() { s.holds("h1", casework.HoldMalpractice) })
			s.on(at.Add(5*24*time.Hour), func() { s.resumes("r1", casework.HoldMalpractice) })
			require.Equal(t, casework.StageClosed, s.run().Stage)
			require.WithinDuration(t, later.Add(casework.ReceiptGrace), s.env.Now(), time.Second)
		})
	}
}

// A task in the pool is offered to nobody while its case waits, and at once when it goes on, whether or not the roster has
// changed meanwhile.
func TestHold_InThePool(t *testing.T) {
	t.Parallel()
	for name, wakes := range map[string]bool{"the roster changes": true, "it stays": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).people()
			var claim *acted
			s.on(day(1), func() { s.holds("h1", casework.HoldConsent) })
			s.on(day(2), func() {
				s.desk.free = []string{second}
				if wakes {
					s.env.SignalWorkflow(casework.SignalReallocate, nil)
				}
				claim = s.acts("mine", by(second, casework.OpClaim))
			})
			s.on(day(4), func() { s.resumes("r1", casework.HoldConsent) })
			s.on(day(5), func() { s.completes("u1", second, completion()) })
			require.Equal(t, casework.StageClosed, s.run().Stage)
			require.Equal(t, casework.FaultTaskTaken, faultCode(t, claim.rejected))
			require.Equal(t, []string{"#1 by start", "#2 by r1"}, s.desk.lookedFor())
			require.WithinDuration(t, day(4), s.desk.allocated[1].At, time.Second)
		})
	}
}

// What is missing is said at once; what only the register knows, by the step. Neither changes anything.
func TestHold_RefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck).people(performer)
	s.env.OnActivity("HoldCase", mock.Anything, mock.Anything).
		Return(casework.Held{}, activities.Failure(casework.NewFault(casework.Conflict, casework.FaultHeldAlready, "The case waits for it already.")))
	var silent, again *held
	s.on(day(1), func() {
		silent = update[casework.Held](s, casework.MessageHold, "h0", casework.HoldRequest{Cause: casework.HoldOther, Actor: why("")})
	})
	s.on(day(2), func() { again = s.holds("h1", casework.HoldOther) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, casework.FaultHoldInvalid, faultCode(t, silent.rejected))
	require.Equal(t, casework.FaultHeldAlready, faultCode(t, again.failed))
	require.Equal(t, []string{"acknowledgement", "outcome", "task"}, s.mailed())
}
