package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"

	"github.com/recourse-exams/recourse/casework"
)

// practice lets a task be started within two days and completed within ten: a reminder the day before, and escalations as
// each passes, a day apart.
func (s *story) practice() *story {
	s.desk.times = func(at time.Time, started bool) casework.TaskTimes {
		times := casework.TaskTimes{CompleteBy: at.AddDate(0, 0, 10)}
		times.Plan = escalating(casework.ClockCompleteBy, times.CompleteBy)
		if !started {
			times.StartBy = at.AddDate(0, 0, 2)
			times.Plan = append(escalating(casework.ClockStartBy, times.StartBy), times.Plan...)
		}
		return times
	}
	return s
}

func escalating(clock casework.ClockID, ends time.Time) casework.Plan {
	return casework.Plan{
		{Clock: clock, Act: casework.ActRemind, At: ends.AddDate(0, 0, -1)},
		{Clock: clock, Act: casework.ActEscalateLead, At: ends},
		{Clock: clock, Act: casework.ActEscalateChief, At: ends.AddDate(0, 0, 1)},
		{Clock: clock, Act: casework.ActEscalateOperations, At: ends.AddDate(0, 0, 2)},
	}
}

// told lists the mails about a task's deadlines, in the order in which they were sent.
func (s *story) toldOfTask() []string {
	var told []string
	for _, mail := range s.mails {
		if mail.Kind == casework.MailReminder || mail.Kind == casework.MailEscalation {
			told = append(told, string(mail.Clock)+" "+string(mail.Kind)+" "+mail.About)
		}
	}
	return told
}

// Issue C, point 3: a performer who does not start is reminded, and then lead, chief and operations are told, once each.
func TestTaskDeadlines_RemindAndEscalateOnceEach(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).practice()
	s.on(day(7), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, []string{
		"start-by task-reminder ", "start-by task-escalation escalate-lead", "start-by task-escalation escalate-chief",
		"start-by task-escalation escalate-operations",
	}, s.toldOfTask())
	for i, alert := range s.alerts {
		require.WithinDuration(t, s.start.AddDate(0, 0, i+1), alert.Key.At, time.Second)
		require.Equal(t, alert.Deadline.Name(), alert.Key.About)
	}
	require.Empty(t, s.instants(casework.ActWarn))
}

// Once started there is nothing to remind of but the completion; completed, nothing at all.
func TestTaskDeadlines_StartTakesStartByAway(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).practice()
	shown := []string{}
	s.on(s.start.Add(time.Hour), func() { shown = append(shown, s.details()) })
	s.on(s.start.Add(2*time.Hour), func() { s.acts("start", by(performer, casework.OpStart)) })
	s.on(s.start.Add(3*time.Hour), func() { shown = append(shown, s.details()) })
	s.on(day(9).Add(12*time.Hour), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, []string{"complete-by task-reminder "}, s.toldOfTask())
	require.Contains(t, shown[0], "| Start by | ")
	require.Contains(t, shown[0], "remind, the task's start-by at 2026-09-25")
	require.NotContains(t, shown[1], "| Start by | ")
	require.Contains(t, shown[1], "| Complete by | ")
}

// A task's deadlines go with its holder: the next one has their own, and the clocks run on beside both.
func TestTaskDeadlines_GoWithTheHolder(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer, second).practice()
	s.on(s.start.Add(36*time.Hour), func() { s.acts("no", by(performer, casework.OpDecline)) })
	s.on(s.start.Add(72*time.Hour), func() { s.completes("u1", second, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Equal(t, []string{"start-by task-reminder ", "start-by task-reminder "}, s.toldOfTask())
	require.WithinDuration(t, s.start.Add(60*time.Hour), s.alerts[1].Key.At, time.Second)
}

// A recalculation counts the clocks, and leaves the task's deadlines; an operation on the task leaves the clocks.
func TestTaskDeadlines_AndClocksAreTwoPlans(t *testing.T) {
	t.Parallel()
	ends := outcomeEnds.Add(5 * 24 * time.Hour)
	s := given(t, casework.ReviewOfMarking).recounts(ends).people(performer).practice()
	s.on(s.start.Add(time.Hour), func() { s.recalculates("r1", recalculation()) })
	s.on(s.start.Add(25*time.Hour), func() { s.acts("start", by(performer, casework.OpStart)) })
	s.on(day(30), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, []time.Time{ends}, s.breaches())
	require.Len(t, s.toldOfTask(), 5, "the reminder of the start, and all four of the completion")
}

// Quiet hours put the timer off and not the instant: it is recorded as what it is.
func TestTaskDeadlines_WaitForTheMorning(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	night := time.Date(2026, time.September, 26, 1, 0, 0, 0, time.UTC)
	s.desk.times = func(time.Time, bool) casework.TaskTimes {
		return casework.TaskTimes{Plan: casework.Plan{{Clock: casework.ClockStartBy, Act: casework.ActRemind, At: night, Grace: 5 * time.Hour}}}
	}
	s.on(day(7), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Len(t, s.alerts, 1)
	require.True(t, night.Equal(s.alerts[0].Deadline.At))
	require.WithinDuration(t, night.Add(5*time.Hour), s.alerts[0].Key.At, time.Second)
}

// The budgets of architecture §10 leave room for one timer more: the task's deadlines cost none if the first allocation
// answers at once, because the first timer waits for it.
func TestTaskDeadlines_CostNoTimerOfTheirOwn(t *testing.T) {
	t.Parallel()
	timers := func(s *story) int {
		armed := 0
		s.env.SetOnTimerScheduledListener(func(string, time.Duration) { armed++ })
		s.on(s.start.Add(time.Hour), func() { s.completes("u1", performer, completion()) })
		s.run()
		return armed
	}
	plain, with := given(t, casework.ClericalCheck).people(performer), given(t, casework.ClericalCheck).people(performer).practice()
	require.Equal(t, timers(plain), timers(with))
}

// An allocation that an outage holds up holds up no deadline.
func TestTaskDeadlines_ClocksPassWhileNobodyCanBeLookedFor(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	warn := s.start.Add(time.Hour)
	s.opened.Plan[0].At = warn
	s.slow("AllocateTask", 2*time.Hour, func(ctx context.Context, _ casework.StepKey) (casework.Allocated, error) {
		if activity.GetInfo(ctx).IsLocalActivity {
			return casework.Allocated{}, errors.New("the database is away")
		}
		return s.reserved(), nil
	})
	s.on(s.start.Add(10*time.Second), func() { s.env.SetCurrentHistoryLength(10) })
	s.on(day(1), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Len(t, s.alerts, 1)
	require.WithinDuration(t, warn, s.alerts[0].Key.At, time.Second)
}

// A deadline that the task keeps when it changes hands, and that has passed, is not told again.
func TestTaskDeadlines_ThatHavePassedAreNotToldAgain(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer)
	ends := day(5)
	s.desk.times = func(time.Time, bool) casework.TaskTimes {
		return casework.TaskTimes{CompleteBy: ends, Plan: escalating(casework.ClockCompleteBy, ends)}
	}
	s.on(day(4).Add(time.Hour), func() { s.acts("hand", ordered(casework.OpReassign, second)) })
	s.on(day(5).Add(time.Hour), func() { s.completes("u1", second, completion()) })
	s.run()
	require.Equal(t, []string{"complete-by task-reminder ", "complete-by task-escalation escalate-lead"}, s.toldOfTask())
}

// A duty of the centre is chased and lapses, each with its mail; neither is a breach of the body's.
func TestDeadlines_OfADutyChaseAndLapse(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.opened.Plan = append(s.opened.Plan,
		casework.Deadline{Clock: casework.ClockSample, Act: casework.ActChase, At: day(1)},
		casework.Deadline{Clock: casework.ClockSample, Act: casework.ActLapse, At: day(2)},
		casework.Deadline{Clock: casework.ClockReasonsWindow, Act: casework.ActExpire, At: day(3)},
	)
	shown := ""
	s.on(day(4), func() { shown = s.details() })
	s.on(day(5), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, []string{"acknowledgement", "duty-chase", "duty-lapsed", "outcome", "task"}, s.mailed())
	require.Contains(t, shown, ", on-time")
	require.WithinDuration(t, day(5).AddDate(0, 0, 15).Truncate(24*time.Hour).Add(casework.ReceiptGrace), s.env.Now(), time.Second,
		"another window's end is not the end of the case")
}
