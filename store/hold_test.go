package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

var caseworker = casework.Actor{Subject: "cw-asker", Role: casework.RoleCaseworker, Reason: "The consent is dated before the results."}

// holdInput asks for a hold as a caseworker does whose colleague agreed.
func holdInput(ref casework.Reference, cause casework.HoldCause, at time.Time) casework.HoldInput {
	in := casework.HoldInput{Key: key(ref, casework.StepHold, 1, at), Request: casework.HoldRequest{Cause: cause, ApprovedBy: storetest.Approver, Actor: caseworker}}
	in.Key.About = "hold-" + string(cause) + at.String()
	return in
}

func resumeInput(ref casework.Reference, cause casework.HoldCause, at time.Time, delivered bool) casework.ResumeInput {
	in := casework.ResumeInput{Key: key(ref, casework.StepResume, 1, at), Request: casework.ResumeRequest{Cause: cause, Delivered: delivered, Actor: caseworker}}
	in.Key.About = "resume-" + string(cause) + at.String()
	return in
}

func (o office) hold(ref casework.Reference, cause casework.HoldCause, at time.Time) casework.Held {
	o.t.Helper()
	held, err := o.HoldCase(o.t.Context(), holdInput(ref, cause, at), o.book)
	require.NoError(o.t, err)
	return held
}

func (o office) resume(ref casework.Reference, cause casework.HoldCause, at time.Time, delivered bool) casework.Held {
	o.t.Helper()
	held, err := o.ResumeCase(o.t.Context(), resumeInput(ref, cause, at, delivered), o.book)
	require.NoError(o.t, err)
	return held
}

func (o office) taskState(ref casework.Reference) (state string) {
	o.t.Helper()
	require.NoError(o.t, o.Pool().QueryRow(o.t.Context(), "SELECT state FROM tasks WHERE reference = $1 ORDER BY number DESC LIMIT 1", ref).Scan(&state))
	return state
}

// days after the opening, at noon in London.
func days(n int) time.Time {
	at, err := calendar.DateOf(storetest.Now).AddDays(n).At(calendar.TimeOfDay{Hour: 12})
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

func acts(plan casework.Plan) []string {
	var names []string
	for _, d := range plan {
		names = append(names, string(d.Clock)+"/"+string(d.Act))
	}
	return names
}

// domain §5.5 and issue C, points 3 and 4: the task is suspended, the clocks stand still whose rule names the cause, and
// the centre owes what it was asked for.
func TestHoldCase_StopsTheTaskAndTheClocksThatTheRuleNames(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	promised := clock(t, o.page(ref), casework.ClockOutcome)

	held := o.hold(ref, casework.HoldConsent, days(2))
	require.Equal(t, []casework.HoldCause{casework.HoldConsent}, held.Causes)
	require.Equal(t, 1, held.Number)
	require.Equal(t, casework.SLAPaused, held.SLAState)
	require.Equal(t, casework.TaskSuspended, held.TaskState)
	require.Equal(t, casework.TaskTimes{StartBy: given.Times.StartBy, CompleteBy: given.Times.CompleteBy}, held.Times, "the task's deadlines stand still")
	require.Equal(t, []string{"consent-inspection/chase", "consent-inspection/chase", "consent-inspection/lapse"}, acts(held.Plan))
	require.Equal(t, "suspended", o.taskState(ref))

	page := o.page(ref)
	require.Equal(t, casework.SLAPaused, page.SLAState)
	require.Equal(t, casework.WaitingCentre, page.WaitingOn, "the centre acts next")
	require.Equal(t, []docket.Hold{{
		Number: 1, Cause: casework.HoldConsent, Reason: caseworker.Reason, AskedBy: "cw-asker", ApprovedBy: storetest.Approver,
		ApproverName: "Imogen Vale", BeganAt: days(2),
	}}, page.Holds)
	outcome := clock(t, page, casework.ClockOutcome)
	require.True(t, outcome.Standing())
	require.Equal(t, promised.Ends, outcome.Ends)
	require.Equal(t, storetest.Approver, outcome.Pauses[0].ApprovedBy)
	duty := clock(t, page, casework.ClockConsentInspection)
	require.Equal(t, casework.ClockDuty, duty.Kind)
	require.Equal(t, days(2), duty.StartedAt)
	require.Empty(t, duty.Pauses, "what the centre owes does not wait for itself")
	next, ok := held.Plan.Next()
	require.True(t, ok)
	require.Equal(t, next.Fires(), page.NextActionAt)
	o.whole()
}

func TestHoldCase_TheCentreReadsWhyAndNeverWho(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hold(ref, casework.HoldConsent, days(2))
	o.resume(ref, casework.HoldConsent, days(5), true)
	require.Equal(t, []string{"opened", "held", "hold-asked", "resumed", "resume-asked"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	for _, e := range entries[1:] {
		require.Equal(t, casework.System(), e.Actor)
		require.Contains(t, e.Facts, docket.Fact{Name: "cause", Value: "consent-inspection"})
		require.Contains(t, e.Facts, docket.Fact{Name: "reason", Value: caseworker.Reason})
		for _, f := range e.Facts {
			require.NotContains(t, f.Value, "cw-")
			require.NotContains(t, f.Value, "Imogen")
		}
	}
	all, err := o.Timeline(t.Context(), ref, false)
	require.NoError(t, err)
	require.Equal(t, caseworker, all[2].Actor)
	require.Contains(t, all[2].Facts, docket.Fact{Name: "approvedBy", Value: storetest.Approver})
	require.Contains(t, all[2].Facts, docket.Fact{Name: "approverName", Value: "Imogen Vale"})
}

// domain §8.1: a day for whose end the clock stood still does not count.
func TestResumeCase_TheClockRunsOnAndTheTaskGoesOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	promised := clock(t, o.page(ref), casework.ClockOutcome)
	o.hold(ref, casework.HoldConsent, days(2))

	held := o.resume(ref, casework.HoldConsent, days(7), true)
	require.Empty(t, held.Causes)
	require.Equal(t, 1, held.Number)
	require.Equal(t, casework.SLAOnTime, held.SLAState)
	require.Equal(t, casework.TaskReserved, held.TaskState)
	moved := calendar.DateOf(promised.Ends).AddDays(5).Start()
	require.Equal(t, moved, held.OutcomeDue.In(moved.Location()))
	require.Equal(t, []string{"outcome/warn", "outcome/breach"}, acts(held.Plan))
	require.NotEmpty(t, held.Times.Plan, "its deadlines count again")
	require.True(t, held.Times.CompleteBy.After(days(7)))

	page := o.page(ref)
	outcome := clock(t, page, casework.ClockOutcome)
	require.Equal(t, promised.Ends, outcome.OriginalEnds, "what was promised first stays to be seen")
	require.Equal(t, days(7), outcome.Pauses[0].Until)
	require.Equal(t, days(7), clock(t, page, casework.ClockConsentInspection).MetAt)
	require.True(t, page.Holds[0].Delivered)
	require.Equal(t, "cw-asker", page.Holds[0].EndedBy)
	require.Equal(t, casework.WaitingReviewer, page.WaitingOn)
	require.Equal(t, "reserved", o.taskState(ref))
	require.Equal(t, 1, o.count("SELECT count(*) FROM tasks WHERE due = $1", outcome.Due()), "performers' lists follow")
	o.whole()
}

func TestResumeCase_WhatNobodyAsksForAnyMoreIsCancelled(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hold(ref, casework.HoldConsent, days(2))
	o.resume(ref, casework.HoldConsent, days(3), false)
	duty := clock(t, o.page(ref), casework.ClockConsentInspection)
	require.Equal(t, days(3), duty.CancelledAt)
	require.True(t, duty.MetAt.IsZero())
	require.Empty(t, duty.Plan(0))

	o.hold(ref, casework.HoldConsent, days(4))
	again := clock(t, o.page(ref), casework.ClockConsentInspection)
	require.True(t, again.CancelledAt.IsZero(), "the centre is asked again")
	require.Equal(t, days(4), again.StartedAt)
	require.Len(t, o.page(ref).Holds, 2)
	o.whole()
}

// Several causes may last at once; the last one to end lets the case go on.
func TestResumeCase_WaitsForTheLastCause(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	o.hold(ref, casework.HoldConsent, days(2))
	require.Equal(t, []casework.HoldCause{casework.HoldConsent, casework.HoldOther}, o.hold(ref, casework.HoldOther, days(3)).Causes)
	held := o.resume(ref, casework.HoldConsent, days(4), true)
	require.Equal(t, []casework.HoldCause{casework.HoldOther}, held.Causes)
	require.Equal(t, casework.SLAPaused, held.SLAState)
	require.Equal(t, casework.TaskSuspended, held.TaskState)
	require.Equal(t, casework.WaitingBody, o.page(ref).WaitingOn, "the centre has done its part")
	held = o.resume(ref, casework.HoldOther, days(6), false)
	require.Equal(t, casework.TaskReserved, held.TaskState)
	require.Equal(t, 2, held.Number)
	o.whole()
}

// A cause that the rules do not name stops the work and leaves the promise running.
func TestHoldCase_AnotherCauseLeavesTheClockRunning(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	ref := opened.Reference
	o.allocate(ref)
	before := clock(t, o.page(ref), casework.ClockOutcome)
	held := o.hold(ref, casework.HoldPayment, days(2))
	require.Equal(t, casework.SLAOnTime, held.SLAState)
	require.Equal(t, casework.TaskSuspended, held.TaskState)
	require.Equal(t, []string{"outcome/warn", "outcome/breach"}, acts(held.Plan))
	_, breach := instants(t, opened)
	alerted := o.alert(ref, 1, breach, breach.At)
	require.Equal(t, casework.SLABreached, alerted.SLAState)
	require.Equal(t, before.Ends, clock(t, o.page(ref), casework.ClockOutcome).BreachedAt)
	resumed := o.resume(ref, casework.HoldPayment, breach.At.Add(time.Hour), true)
	require.Empty(t, resumed.Plan, "a broken promise is told once")
	o.whole()
}

func TestHoldCase_ATaskInThePoolWaitsToo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET active = false")
	require.NoError(t, err)
	ref := o.open()
	_, err = o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, days(1)), o.book)
	require.NoError(t, err)
	require.Equal(t, casework.TaskSuspended, o.hold(ref, casework.HoldOther, days(2)).TaskState)
	held := o.resume(ref, casework.HoldOther, days(3), false)
	require.Equal(t, casework.TaskReady, held.TaskState)
	require.Zero(t, held.Times)
	o.whole()
}

func TestHoldCase_ARepeatIsAnsweredWithWhatWasDone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := holdInput(ref, casework.HoldConsent, days(2))
	first, err := o.HoldCase(t.Context(), in, o.book)
	require.NoError(t, err)
	again, err := o.HoldCase(t.Context(), in, o.book)
	require.NoError(t, err)
	require.Equal(t, first, again)
	back := resumeInput(ref, casework.HoldConsent, days(4), true)
	ended, err := o.ResumeCase(t.Context(), back, o.book)
	require.NoError(t, err)
	repeated, err := o.ResumeCase(t.Context(), back, o.book)
	require.NoError(t, err)
	require.Equal(t, ended, repeated)
	require.Len(t, o.page(ref).Holds, 1)
}

func TestHoldCase_ANoChangesNothing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hold(ref, casework.HoldConsent, days(2))
	before := o.page(ref)
	for code, change := range map[string]func(*casework.HoldRequest){
		casework.FaultHeldAlready: func(*casework.HoldRequest) {},
		casework.FaultHoldInvalid: func(r *casework.HoldRequest) { r.Cause = "egg" },
	} {
		in := holdInput(ref, casework.HoldConsent, days(3))
		change(&in.Request)
		_, err := o.HoldCase(t.Context(), in, o.book)
		var f *casework.Fault
		require.ErrorAs(t, err, &f)
		require.Equal(t, code, f.Code)
	}
	_, err := o.ResumeCase(t.Context(), resumeInput(ref, casework.HoldOther, days(3), false), o.book)
	fault(t, err, casework.Conflict, casework.FaultNotHeld)
	require.Equal(t, before, o.page(ref))
	_, err = o.HoldCase(t.Context(), holdInput(reference("none"), casework.HoldOther, days(2)), o.book)
	fault(t, err, casework.NotFound, "unknown-case")
}

func TestHoldCase_AClosedCaseDoesNotWait(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, withoutScript)
	o.hold(ref, casework.HoldOther, days(6))
	ends := o.page(ref).AppealUntil
	require.NoError(t, o.CloseCase(t.Context(), key(ref, casework.StepClose, 1, ends.Add(casework.ReceiptGrace))))
	page := o.page(ref)
	require.False(t, page.Holds[0].EndedAt.IsZero(), "with the case ends what it waited for")
	require.Equal(t, casework.WaitingNobody, page.WaitingOn)
	_, err := o.HoldCase(t.Context(), holdInput(ref, casework.HoldConsent, ends.AddDate(0, 0, 1)), o.book)
	fault(t, err, casework.Conflict, casework.FaultNotOpen)
	o.whole()
}
