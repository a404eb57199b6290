package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// deadlineOf finds the first deadline of an act in a plan.
func deadlineOf(t testing.TB, plan casework.Plan, act casework.Act) casework.Deadline {
	t.Helper()
	i := slices.IndexFunc(plan, func(d casework.Deadline) bool { return d.Act == act })
	require.GreaterOrEqual(t, i, 0, "no %s in %v", act, plan)
	return plan[i]
}

// pass records a deadline under its own name, as a case does.
func (o office) pass(ref casework.Reference, d casework.Deadline, detected time.Time) casework.Alerted {
	o.t.Helper()
	alerted, err := o.RecordAlert(o.t.Context(), about(ref, d, detected))
	require.NoError(o.t, err)
	return alerted
}

func TestRecordAlert_NamesWhoHoldsTheTask(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	allocated := o.allocate(opened.Reference)
	warn, _ := instants(t, opened)
	require.Equal(t, allocated.Assignee, o.pass(opened.Reference, warn, warn.At).Assignee)
}

// Issue C, point 3: reminder, then the lead, the chief and operations, once each.
func TestRecordAlert_ATasksDeadlinesAreNoticedOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	plan := o.allocate(ref).Times.Plan
	first, ok := plan.Next()
	require.True(t, ok)
	require.Equal(t, first.Fires(), o.page(ref).NextActionAt, "whoever looks for what is overdue sees the task's deadlines too")
	for _, act := range []casework.Act{casework.ActRemind, casework.ActEscalateLead, casework.ActEscalateChief, casework.ActEscalateOperations} {
		d := deadlineOf(t, plan, act)
		before := o.count("SELECT jsonb_array_length(task_plan) FROM cases")
		alerted := o.pass(ref, d, d.At.Add(time.Second))
		require.True(t, alerted.Due, act)
		require.NotEmpty(t, alerted.Assignee, act)
		require.Equal(t, 1, alerted.Number, act)
		require.Equal(t, casework.SLAOnTime, alerted.SLAState, "the promise to the centre is another matter")
		require.Equal(t, alerted, o.pass(ref, d, d.At.Add(time.Second)), "the step's repeat")
		require.Equal(t, before-1, o.count("SELECT jsonb_array_length(task_plan) FROM cases"), act)
	}
	require.Equal(t, []string{"opened", "allocated", "task-reminded", "task-escalated", "task-escalated", "task-escalated"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Len(t, entries, 1, "the centre reads nothing of it")
	o.whole()
}

func TestRecordAlert_ADeadlineOfATaskThatWaitsConcernsNobody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	remind := deadlineOf(t, o.allocate(ref).Times.Plan, casework.ActRemind)
	o.hold(ref, casework.HoldOther, days(1))
	require.False(t, o.pass(ref, remind, remind.At).Due)
	require.Zero(t, o.count("SELECT count(*) FROM task_alerts"))
}

func TestRecordAlert_OfAClockThatStandsStillConcernsNobody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	ref := opened.Reference
	warn, breach := instants(t, opened)
	o.hold(ref, casework.HoldConsent, days(2))
	for _, d := range []casework.Deadline{warn, breach} {
		require.Equal(t, casework.Alerted{SLAState: casework.SLAPaused}, o.pass(ref, d, d.At.Add(time.Minute)), "it was on its way when the case was held")
	}
	require.Zero(t, o.count("SELECT count(*) FROM clock_alerts"))
	held := o.resume(ref, casework.HoldConsent, days(5), true)
	require.True(t, o.pass(ref, deadlineOf(t, held.Plan, casework.ActBreach), held.OutcomeDue).Due)
	o.whole()
}

// domain §8.1: a duty is chased and flagged; it neither warns nor breaches and changes no state.
func TestRecordAlert_ADutyIsChasedAndLapses(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	held := o.hold(ref, casework.HoldConsent, days(2))
	chases := 0
	for _, d := range held.Plan {
		alerted := o.pass(ref, d, d.Fires())
		require.True(t, alerted.Due)
		require.Equal(t, casework.SLAPaused, alerted.SLAState)
		if d.Act == casework.ActChase {
			chases++
			require.Equal(t, chases, alerted.Number, "each reminder is a mail of its own")
		}
	}
	require.Equal(t, 2, chases)
	page := o.page(ref)
	require.True(t, page.NextActionAt.IsZero(), "nothing more happens by itself")
	require.True(t, clock(t, page, casework.ClockConsentInspection).BreachedAt.IsZero(), "a duty is never breached")
	require.Equal(t, []string{"opened", "held", "hold-asked", "duty-chased", "duty-chased", "duty-lapsed"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Equal(t, "duty-lapsed", entries[len(entries)-1].What, "the centre sees what it owed")
	o.resume(ref, casework.HoldConsent, days(20), true)
	require.Equal(t, days(20), clock(t, o.page(ref), casework.ClockConsentInspection).MetAt, "late is better than never")
	o.whole()
}

func TestRecordAlert_ACancelledDutyIsNotChased(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	chase := deadlineOf(t, o.hold(ref, casework.HoldConsent, days(2)).Plan, casework.ActChase)
	o.resume(ref, casework.HoldConsent, days(3), false)
	require.False(t, o.pass(ref, chase, chase.At).Due)
}

// Issue C, point 5: whoever listens is told by the same transaction, once, with ids and instants alone.
func TestRecordAlert_QueuesAnEventForEachWarningAndBreach(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), `INSERT INTO webhooks (id, url, events, made_by, made_at)
		VALUES ('wh_1', 'https://receiver.example', '{*}', 'op-1', $1), ('wh_2', 'https://other.example', '{case.clock.breached}', 'op-1', $1)`, days(0))
	require.NoError(t, err)
	opened := o.try(ask())
	ref := opened.Reference
	warn, breach := instants(t, opened)
	for range 2 {
		o.pass(ref, warn, warn.At)
	}
	o.pass(ref, breach, breach.At.Add(time.Hour))
	require.Equal(t, 1, o.count("SELECT count(*) FROM webhook_deliveries WHERE event = 'case.clock.warned'"))
	require.Equal(t, 2, o.count("SELECT count(*) FROM webhook_deliveries WHERE event = 'case.clock.breached'"))
	var body string
	require.NoError(t, o.Pool().QueryRow(t.Context(), "SELECT body FROM webhook_deliveries WHERE webhook = 'wh_2'").Scan(&body))
	require.Contains(t, body, breach.At.Format(time.RFC3339))
	require.NotContains(t, body, "4001")
	require.NotContains(t, body, "64101")

	other := o.open(of("4002", "M1-01"))
	o.hold(other, casework.HoldConsent, days(2))
	o.resume(other, casework.HoldConsent, days(3), true)
	for _, event := range []docket.EventType{docket.EventHeld, docket.EventResumed} {
		require.Equal(t, 1, o.count("SELECT count(*) FROM webhook_deliveries WHERE event = $1", event))
	}
}
