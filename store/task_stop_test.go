package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// london is an instant as London's clocks show it.
func london(at time.Time) string { return at.In(calendar.London()).Format("Mon 2 Jan 15:04") }

// facts of a plan, as people read them.
func planned(plan casework.Plan) (lines []string) {
	for _, d := range plan {
		lines = append(lines, string(d.Clock)+" "+string(d.Act)+" "+london(d.At))
	}
	return lines
}

// actAt does something with a task at an instant.
func (o office) actAt(ref casework.Reference, request casework.TaskRequest, at time.Time) casework.TaskDone {
	o.t.Helper()
	done, err := o.ActOnTask(o.t.Context(), acting(ref, request, at), o.book)
	require.NoError(o.t, err)
	return done
}

// stoppedFor stops a case's task from an instant to another, in one of two ways, and answers with its deadlines meanwhile
// and afterwards.
func (o office) stoppedFor(ref casework.Reference, way string, from, until time.Time) (meanwhile, after casework.TaskTimes) {
	o.t.Helper()
	if way == "a hold" {
		meanwhile = o.hold(ref, casework.HoldConsent, from).Times
		o.whole()
		return meanwhile, o.resume(ref, casework.HoldConsent, until, true).Times
	}
	meanwhile = o.actAt(ref, asked(ref, casework.OpSuspend, operations), from).Times
	o.whole()
	return meanwhile, o.actAt(ref, asked(ref, casework.OpResume, operations), until).Times
}

// Thursday's task is to be begun by Tuesday at five, the Monday being a holiday, and completed by Friday.
func TestStop_OfATaskErasesNoDeadlineAndTellsNobodyTwice(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"a hold", "a person"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open()
			given := o.allocate(ref)
			require.Equal(t, "Tue 1 Sep 17:00", london(given.Times.StartBy))
			for _, act := range []casework.Act{casework.ActRemind, casework.ActEscalateLead} {
				d := deadlineOf(t, given.Times.Plan, act)
				require.True(t, o.pass(ref, d, d.At).Due)
			}
			meanwhile, after := o.stoppedFor(ref, way, days(6), days(8))
			require.Equal(t, casework.TaskTimes{StartBy: given.Times.StartBy, CompleteBy: given.Times.CompleteBy}, meanwhile)
			require.Equal(t, given.Times.StartBy, after.StartBy, "what was missed stays missed")
			require.Equal(t, "Tue 8 Sep 17:00", london(after.CompleteBy), "Wednesday and Thursday do not count")
			require.Equal(t, []string{
				"start-by escalate-chief Fri 4 Sep 17:00", "start-by escalate-operations Mon 7 Sep 17:00",
				"complete-by remind Mon 7 Sep 09:00", "complete-by escalate-lead Tue 8 Sep 17:00",
				"complete-by escalate-chief Wed 9 Sep 17:00", "complete-by escalate-operations Thu 10 Sep 17:00",
			}, planned(after.Plan), "neither the reminder nor the lead again")
			next, _ := after.Plan.Next()
			require.Equal(t, next.Fires(), o.page(ref).NextActionAt)
			o.whole()
		})
	}
}

// Operations read from when on a task is stopped, and mails know that its dates stand still.
func TestStop_OfATaskIsShown(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	shows := func(since time.Time) {
		t.Helper()
		inside, err := o.Inside(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, since, inside.Tasks[0].StoppedAt)
		notice, err := o.Notice(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, !since.IsZero(), notice.Task.Stopped)
		require.False(t, notice.Task.CompleteBy.IsZero())
	}
	shows(time.Time{})
	o.actAt(ref, asked(ref, casework.OpSuspend, operations), days(4))
	shows(days(4))
	o.actAt(ref, asked(ref, casework.OpResume, operations), days(5))
	shows(time.Time{})
}

// What passed just before the task was stopped, and is recorded just after, is told: it came while somebody could work.
func TestStop_OfATaskLosesNothingThatWasOnItsWay(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	missed := deadlineOf(t, given.Times.Plan, casework.ActEscalateLead)
	remind := deadlineOf(t, given.Times.Plan, casework.ActRemind)
	o.pass(ref, remind, remind.At)

	held := o.hold(ref, casework.HoldConsent, missed.At)
	require.Equal(t, casework.Plan{missed}, held.Times.Plan)
	require.Equal(t, missed.At, o.page(ref).NextActionAt, "somebody has still to record it")
	o.whole()
	alerted := o.pass(ref, missed, missed.At.Add(time.Second))
	require.True(t, alerted.Due)
	require.Equal(t, given.Assignee, alerted.Assignee)
	require.Equal(t, 2, o.count("SELECT count(*) FROM task_alerts"))
	require.NotContains(t, planned(o.resume(ref, casework.HoldConsent, days(9), true).Times.Plan), "start-by escalate-lead Tue 1 Sep 17:00")
	o.whole()
}

// Causes that overlap are one stop, and a stop of no length is none.
func TestStop_OfATaskForSeveralCausesLosesADayOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	o.hold(ref, casework.HoldConsent, days(5))
	o.actAt(ref, asked(ref, casework.OpSuspend, operations), days(6))
	require.Equal(t, casework.TaskSuspended, o.resume(ref, casework.HoldConsent, days(7), true).TaskState)
	on := o.actAt(ref, asked(ref, casework.OpResume, operations), days(8))
	require.Equal(t, casework.TaskReserved, on.State)
	require.Equal(t, []string{"Fri 4 Sep 17:00", "Wed 9 Sep 17:00"}, []string{london(on.Times.StartBy), london(on.Times.CompleteBy)})
	require.Equal(t, 1, o.count("SELECT jsonb_array_length(stops) FROM tasks WHERE stops -> 0 ->> 'from' = '2026-09-01T11:00:00Z' AND stops -> 0 ->> 'until' = '2026-09-04T11:00:00Z'"))

	_, after := o.stoppedFor(ref, "a hold", days(8), days(8))
	require.Equal(t, on.Times, after)
	require.NotEqual(t, given.Times, after)
	o.whole()
}

// Who is given a stopped task has all the time from when it goes on.
func TestStop_OfATaskThatIsPassedOnMeanwhile(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	lead := deadlineOf(t, given.Times.Plan, casework.ActEscalateLead)
	o.pass(ref, lead, lead.At)
	o.hold(ref, casework.HoldOther, days(6))
	named := o.actAt(ref, asked(ref, casework.OpReassign, operations, to(second)), days(7))
	require.Equal(t, casework.TaskSuspended, named.State)
	require.Equal(t, []string{"Mon 7 Sep 17:00", "Thu 10 Sep 17:00"}, []string{london(named.Times.StartBy), london(named.Times.CompleteBy)})
	require.Empty(t, named.Times.Plan, "they stand still")
	o.whole()
	on := o.resume(ref, casework.HoldOther, days(11), false)
	require.Equal(t, []string{"Tue 8 Sep 17:00", "Fri 11 Sep 17:00"}, []string{london(on.Times.StartBy), london(on.Times.CompleteBy)},
		"the Friday is lost; on the Monday at five they could work")
	require.Contains(t, planned(on.Times.Plan), "start-by escalate-lead Tue 8 Sep 17:00", "for a new holder the lead is told again")
	o.whole()
}

// The hold moves the promise too. What was missed by the earlier promise stays missed.
func TestStop_OfATaskThatThePromiseBound(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, days(14)), o.book)
	require.NoError(t, err)
	require.Equal(t, "Mon 14 Sep 17:00", london(given.Times.CompleteBy), "two days before the promise of the 16th")
	o.actAt(ref, asked(ref, casework.OpStart, examiner(given.Assignee)), days(15))
	_, after := o.stoppedFor(ref, "a hold", days(19), days(23))
	require.Equal(t, "Sun 20 Sep 23:59", london(clock(t, o.page(ref), casework.ClockOutcome).Due()))
	require.Equal(t, given.Times.CompleteBy, after.CompleteBy)
	o.whole()
}

// A warning whose instant came before the case was held is told, whenever it is recorded; one that came after is not.
func TestRecordAlert_ThatWasOnItsWayAsTheCaseWasHeld(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		held time.Duration // after the warning's instant
		due  bool
	}{
		"held a moment later": {time.Second, true}, "held as it came": {0, false}, "held a moment before": {-time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			opened := o.try(ask())
			ref := opened.Reference
			warn, _ := instants(t, opened)
			o.hold(ref, casework.HoldConsent, warn.At.Add(row.held))
			alerted := o.pass(ref, warn, warn.At.Add(2*time.Second))
			require.Equal(t, row.due, alerted.Due)
			require.Equal(t, casework.SLAPaused, alerted.SLAState)
			held := o.resume(ref, casework.HoldConsent, warn.At.Add(time.Hour), true)
			require.Equal(t, !row.due, held.Plan.Has(casework.Deadline{Clock: warn.Clock, Act: warn.Act, At: warn.At.Add(time.Hour)}), "it is told when the clock runs again")
			require.False(t, held.Plan.Has(warn))
			o.whole()
		})
	}
}
