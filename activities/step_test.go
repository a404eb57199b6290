package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// heard is the key of a step that a message brought about.
func heard(ref casework.Reference, step casework.Step, cause string) casework.StepKey {
	k := key(ref, step, decidedAt)
	k.About, k.Cause = cause, cause
	return k
}

func operator(reason string) casework.Actor {
	return casework.Actor{Subject: "ops-1", Role: casework.RoleOperator, Reason: reason}
}

func (o office) operation(ref casework.Reference, who string, operation casework.Operation) casework.TaskInput {
	return casework.TaskInput{Key: heard(ref, casework.StepTask, string(operation)), Request: casework.TaskRequest{
		Task: casework.TaskOf(ref, 1), Operation: operation, Actor: casework.Actor{Subject: who, Role: casework.RoleExaminer},
	}}
}

func TestActOnTask_IsDoneOnceAndANoIsFinal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	holder := o.allocate(ref).Assignee
	_, err := o.caseFile().ActOnTask(t.Context(), o.operation(ref, "ex-9999", casework.OpStart))
	final(t, err, casework.Forbidden, casework.FaultNotThePerformer)

	var first casework.TaskDone
	for n := range 2 {
		done, err := o.caseFile().ActOnTask(t.Context(), o.operation(ref, holder, casework.OpStart))
		require.NoError(t, err)
		require.Equal(t, casework.TaskInProgress, done.State)
		require.True(t, done.Times.StartBy.IsZero(), "it is started")
		if n == 0 {
			first = done
		}
		require.Equal(t, first, done)
	}
}

// The practice of the body comes from the rulebook: who is given a task is told until when.
func TestAllocateTask_GivesTheTaskItsDeadlines(t *testing.T) {
	t.Parallel()
	o := setup(t)
	times := o.allocate(o.open()).Times
	require.True(t, times.StartBy.Before(times.CompleteBy))
	next, ok := times.Plan.Next()
	require.True(t, ok)
	require.Equal(t, casework.ClockStartBy, next.Clock)
}

// A held case takes no completion, whoever hands it in, and goes on where it was.
func TestHoldCase_StopsTheTaskUntilItIsResumed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	hold := casework.HoldInput{Key: heard(ref, casework.StepHold, "h1"), Request: casework.HoldRequest{
		Cause: casework.HoldOther, ApprovedBy: storetest.Approver, Actor: operator("Page 3 is missing."),
	}}
	var first casework.Held
	for n := range 2 {
		held, err := o.caseFile().HoldCase(t.Context(), hold)
		require.NoError(t, err)
		require.Equal(t, casework.TaskSuspended, held.TaskState)
		require.Equal(t, []casework.HoldCause{casework.HoldOther}, held.Causes)
		if n == 0 {
			first = held
		}
		require.Equal(t, first, held)
	}
	hold.Key = heard(ref, casework.StepHold, "h2")
	_, err := o.caseFile().HoldCase(t.Context(), hold)
	final(t, err, casework.Conflict, casework.FaultHeldAlready)
	decided, err := o.caseFile().RecordDecision(t.Context(), o.decision(ref, allocated, nil))
	require.NoError(t, err)
	require.Equal(t, casework.FaultOnHold, decided.Refusal.Code)

	resume := casework.ResumeInput{Key: heard(ref, casework.StepResume, "r1"), Request: casework.ResumeRequest{
		Cause: casework.HoldSample, Delivered: true, Actor: operator(""),
	}}
	_, err = o.caseFile().ResumeCase(t.Context(), resume)
	final(t, err, casework.Conflict, casework.FaultNotHeld)
	resume.Key = heard(ref, casework.StepResume, "r2")
	resume.Request = casework.ResumeRequest{Cause: casework.HoldOther, Actor: operator("The paper is in order.")}
	for range 2 {
		held, err := o.caseFile().ResumeCase(t.Context(), resume)
		require.NoError(t, err)
		require.Empty(t, held.Causes)
		require.Equal(t, casework.TaskReserved, held.TaskState)
	}
	decided, err = o.caseFile().RecordDecision(t.Context(), o.decision(ref, allocated, nil))
	require.NoError(t, err)
	require.Nil(t, decided.Refusal)
}

func TestNudge_IsCountedOnceEachAndSaysWhoActsNext(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	nudge := func(cause, reason string) (casework.Nudged, error) {
		return o.caseFile().Nudge(t.Context(), casework.NudgeInput{
			Key: heard(ref, casework.StepNudge, cause), Request: casework.NudgeRequest{Actor: operator(reason)},
		})
	}
	for _, row := range []struct {
		cause  string
		number int
	}{{"n1", 1}, {"n1", 1}, {"n2", 2}} {
		nudged, err := nudge(row.cause, "The centre telephoned.")
		require.NoError(t, err)
		require.Equal(t, row.number, nudged.Number)
		require.Equal(t, casework.WaitingReviewer, nudged.WaitingOn)
	}
	_, err := nudge("n3", "")
	final(t, err, casework.Invalid, casework.FaultNudgeInvalid)
}

// The practice comes from the rulebook too: a large change is looked at again before anything is published.
func TestRecordDecision_LargeChangeIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	marks := map[string]int{}
	for _, item := range allocated.Sheet.Items {
		if item.Original < item.Max {
			marks[item.Item] = item.Max
		}
	}
	decided, err := o.caseFile().RecordDecision(t.Context(), o.decision(ref, allocated, marks))
	require.NoError(t, err)
	require.Nil(t, decided.Refusal)
	require.Equal(t, casework.StageUnassigned, decided.Stage)
	require.True(t, decided.PublishedAt.IsZero())
	require.Empty(t, decided.Plan)

	again, err := (&activities.Allocation{Roster: o.Store, Staffing: o.book}).AllocateTask(t.Context(), heard(ref, casework.StepAllocate, "u1"))
	require.NoError(t, err)
	require.Equal(t, casework.TaskOf(ref, 2), again.Sheet.Task)
	require.Equal(t, casework.TaskSecondLook, again.Sheet.Kind)
	require.NotEqual(t, allocated.Assignee, again.Assignee)
	require.NotEmpty(t, again.Sheet.Corrected)
}
