package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// after is this story told again after an operator's reset to before its first deadline: the register remembers what
// it recorded, the case remembers nothing and may hear other messages than before.
func (s *story) after(reset *story) *story {
	s.recorded, s.alerts, s.refusals = reset.recorded, reset.alerts, reset.refusals
	return s
}

// slowFiles keep the reviewed script from the centre for longer than its clock allows.
func (s *story) slowFiles() {
	s.env.OnActivity("ReleaseScript", mock.Anything, mock.Anything).After(26*time.Hour).
		Return(casework.Released{At: day(30), SLAState: casework.SLABreached}, nil)
}

// The first run warned and breached the outcome. Reset, it hears the completion sooner, which the register answers as it
// did; the script is late this time, and an answer that was stored about the outcome must not stand for its breach.
func TestReset_DeadlineIsNeverAnsweredWithAnothersRecord(t *testing.T) {
	t.Parallel()
	late := given(t, casework.ReviewOfMarking)
	late.on(day(25), func() { late.completes("u1", performer, completion()) })
	late.run()
	require.Len(t, late.alerts, 2)

	s := given(t, casework.ReviewOfMarking).after(late)
	s.slowFiles()
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Len(t, s.alerts, 3, "the script's breach is recorded beside the two of the outcome")
	require.Equal(t, casework.ClockScript, s.alerts[2].Deadline.Clock)
	require.Equal(t, []string{"acknowledgement", "outcome", "sla-breach", "sla-breach", "task"}, s.mailed(), "the ledger knows the first")
}

// The same deadlines pass again: nothing is recorded twice, and the mails carry the numbers by which the ledger knows
// that they are sent.
func TestReset_SameDeadlinesAreRecordedOnceAndMailedUnderTheSameNumber(t *testing.T) {
	t.Parallel()
	tell := func(s *story) []casework.MailInput {
		s.on(day(25), func() { s.completes("u1", performer, completion()) })
		s.run()
		var alerts []casework.MailInput
		for _, mail := range s.mails {
			if mail.Clock != "" {
				mail.At = time.Time{}
				alerts = append(alerts, mail)
			}
		}
		return alerts
	}
	first := given(t, casework.ClericalCheck)
	mailed := tell(first)
	again := given(t, casework.ClericalCheck).after(first)
	require.ElementsMatch(t, mailed, tell(again))
	require.Len(t, again.alerts, 2)
}

// Two warn points of one clock are two mails, each with a number of its own.
func TestEnquiry_EveryWarnPointIsMailed(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.opened.Plan = append(s.opened.Plan, casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: outcomeEnds.Add(-24 * time.Hour)})
	s.on(day(25), func() { s.completes("u1", performer, completion()) })
	s.run()
	numbers := map[casework.MailKind][]int{}
	for _, mail := range s.mails {
		numbers[mail.Kind] = append(numbers[mail.Kind], mail.Number)
	}
	require.ElementsMatch(t, []int{1, 2}, numbers[casework.MailWarning])
	require.Equal(t, []int{1}, numbers[casework.MailBreach])
}

// signals tells a story in which an operator's completion comes too late to be taken, under the given reason.
func (s *story) signals(at time.Time, reason string) {
	s.on(at, func() {
		s.env.SignalWorkflow(casework.MessageComplete, casework.CompleteRequest{
			Completion: completion(), Actor: casework.Actor{Subject: "op-1", Reason: reason},
		})
	})
}

// A refusal is written down under what was refused. Reset, the case may hear another signal first: its refusal is not
// taken for the one of before; and one that is heard again is not written down twice.
func TestReset_RefusalIsKnownByItsMessage(t *testing.T) {
	t.Parallel()
	tell := func(s *story, reasons ...string) *story {
		s.on(day(2), func() { s.completes("u1", performer, completion()) })
		for i, reason := range reasons {
			s.signals(day(3+i), reason)
		}
		s.run()
		return s
	}
	first := tell(given(t, casework.ClericalCheck), "the examiner telephoned")
	require.Len(t, first.refusals, 1)

	other := tell(given(t, casework.ClericalCheck).after(first), "the examiner is ill")
	require.Len(t, other.refusals, 2, "another message is another refusal")
	require.NotEqual(t, other.refusals[0].Key.About, other.refusals[1].Key.About)

	both := tell(given(t, casework.ClericalCheck).after(other), "the examiner is ill", "the examiner telephoned")
	require.Len(t, both.refusals, 2, "both are written down already")
	require.Zero(t, both.did("refused:already-completed"))
}

// Within one run every refusal counts, also of a message that was sent twice.
func TestEnquiry_SameSignalTwiceIsRefusedTwice(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	s.signals(day(3), "the examiner telephoned")
	s.signals(day(4), "the examiner telephoned")
	s.run()
	require.Equal(t, 2, s.did("refused:already-completed"))
	for i, refused := range s.refusals {
		require.Equal(t, i+1, refused.Key.Number)
		require.True(t, refused.Actor.Claimed, "the sender's name is what the sender wrote")
		require.Equal(t, performer, refused.Actor.OnBehalfOf)
	}
}

// A decline brought the second performer. Reset and told otherwise, the case asks anew for whom it looks: who was found
// because of one message is never the answer to another (architecture §3.3).
func TestReset_WhoWasFoundForOneMessageIsNeverTheAnswerToAnother(t *testing.T) {
	t.Parallel()
	first := given(t, casework.ReviewOfMarking).people(performer, second)
	first.on(day(1), func() { first.acts("no", by(performer, casework.OpDecline)) })
	first.on(day(2), func() { first.completes("u1", second, completion()) })
	first.run()
	require.Equal(t, []string{"#1 by start", "no#1 by no"}, first.desk.lookedFor())

	// The same messages find the same answers, and nothing is written again.
	same := given(t, casework.ReviewOfMarking).people().after(first)
	same.on(day(1), func() { same.acts("no", by(performer, casework.OpDecline)) })
	same.on(day(2), func() { same.completes("u1", second, completion()) })
	same.run()
	require.Empty(t, same.desk.acted)
	require.Empty(t, same.desk.allocated)

	// Another message is another step: the operator's reassignment finds who is free now.
	other := given(t, casework.ReviewOfMarking).people(third).after(first)
	other.desk.task.Holder, other.desk.task.State = second, casework.TaskReserved
	other.on(day(1), func() { other.acts("away", ordered(casework.OpReassign, "")) })
	other.on(day(2), func() { other.completes("u1", third, completion()) })
	require.Equal(t, casework.StageClosed, other.run().Stage)
	require.Equal(t, []string{"away#1 by away"}, other.desk.lookedFor())
}
