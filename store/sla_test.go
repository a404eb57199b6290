package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestSLAState_SumsTheClocksUp follows the state through what can happen to a case with a promised outcome and a
// promised copy of the script: a warning lasts until its clock is met, a breach for ever.
func TestSLAState_SumsTheClocksUp(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for name, story := range map[string]struct {
		// outcome and script are when they come, relative to their ends; warned says whether a warning was given.
		outcome, script         time.Duration
		warned                  bool
		afterOutcome, afterCopy casework.SLAState
	}{
		"all in time":                 {outcome: -240 * hour, script: -20 * hour, afterOutcome: casework.SLAOnTime, afterCopy: casework.SLAMet},
		"warned and then met":         {outcome: -hour, script: -20 * hour, warned: true, afterOutcome: casework.SLAOnTime, afterCopy: casework.SLAMet},
		"late outcome, timely script": {outcome: hour, script: -20 * hour, warned: true, afterOutcome: casework.SLABreached, afterCopy: casework.SLABreached},
		"timely outcome, late script": {outcome: -hour, script: hour, afterOutcome: casework.SLAOnTime, afterCopy: casework.SLABreached},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			opened := o.try(ask())
			ref := opened.Reference
			allocated := o.allocate(ref)
			warn, breach := instants(t, opened)
			if story.warned {
				require.Equal(t, casework.SLAWarned, o.alert(ref, 1, warn, warn.At).SLAState)
			}
			decided, err := o.Decide(t.Context(), decision(ref, allocated, nil, breach.At.Add(story.outcome)), o.book, single)
			require.NoError(t, err)
			require.Equal(t, story.afterOutcome, decided.SLAState)

			due := clock(t, o.page(ref), casework.ClockScript).Ends
			file, err := o.ScriptSource(t.Context(), ref)
			require.NoError(t, err)
			released, err := o.ReleaseScript(t.Context(), key(ref, casework.StepScript, 1, due.Add(story.script)), file)
			require.NoError(t, err)
			require.Equal(t, story.afterCopy, released.SLAState)
			require.Equal(t, story.afterCopy, o.page(ref).SLAState)
			o.whole()
		})
	}
}

func TestDecide_PerformerIsIdleFromThenOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first := o.open()
	allocated := o.allocate(first)
	require.Equal(t, "ex-1005", allocated.Assignee)
	o.decide(first, allocated, nil)
	require.Equal(t, 1, o.count("SELECT count(*) FROM performers WHERE id = 'ex-1005' AND idle_since = $1", later))
	// Of equally loaded people the longest idle is chosen: nobody has asked ex-1004 yet.
	second := o.open(of("4002", storetest.Maths1))
	next, err := o.Allocate(t.Context(), key(second, casework.StepAllocate, 1, later.Add(time.Hour)), o.book)
	require.NoError(t, err)
	require.Equal(t, "ex-1004", next.Assignee)
}

func TestDecide_ObjectiveTestTakesAClericalCheck(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, clerical, of("4002", storetest.Numeracy), withoutScript)
	page := o.page(ref)
	require.Equal(t, 21, page.Outcome.MarkAfter)
	require.Equal(t, "Pass", page.Outcome.GradeAfter)
	require.Empty(t, page.Documents)
	require.Equal(t, casework.SLAMet, page.SLAState, "no copy is owed")
	_, err := o.ScriptSource(t.Context(), ref)
	fault(t, err, casework.NotFound, "unknown-script")
}

func TestDecide_ThreeLinkedCasesSettleWithTheLast(t *testing.T) {
	t.Parallel()
	o := setup(t)
	refs := []casework.Reference{o.open(clerical, withoutScript), o.open(), o.open(of("4001", storetest.Maths2))}
	tasks := make([]casework.Allocated, len(refs))
	for i, ref := range refs {
		tasks[i] = o.allocate(ref)
	}
	require.False(t, o.decide(refs[2], tasks[2], nil).Settled)
	require.False(t, o.decide(refs[0], tasks[0], nil).Settled)
	last := o.decide(refs[1], tasks[1], map[string]int{"Q2": 13})
	require.True(t, last.Settled)
	require.ElementsMatch(t, []casework.Reference{refs[0], refs[2]}, last.Members)
	for _, ref := range refs {
		page := o.page(ref)
		require.Len(t, page.Linked, 2)
		require.Equal(t, "5", page.Outcome.GradeAfter)
		require.Equal(t, docket.Linked{
			Reference: page.Linked[0].Reference, Component: o.page(page.Linked[0].Reference).Request.Component,
			Stage: o.page(page.Linked[0].Reference).Stage,
		}, page.Linked[0])
	}
	o.whole()
}
