package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// pending sets the indicator of a result's or an award's of candidate 4001.
func (o office) pending(table, indicator string) {
	o.t.Helper()
	_, err := o.Pool().Exec(o.t.Context(), "UPDATE "+table+" SET indicator = $1 WHERE candidate = '4001'", indicator)
	require.NoError(o.t, err)
}

func (o office) malpractice() (hold, resume []docket.Suspicion) {
	o.t.Helper()
	hold, resume, err := o.MalpracticeHolds(o.t.Context())
	require.NoError(o.t, err)
	return hold, resume
}

// Issue C, point 6: the indicator Q of the result, or of its award, stops a review.
func TestMalpracticeHolds_FollowsTheIndicator(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"component_results", "awards"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open()
			o.open(of("4002", "M1-01"))
			hold, resume := o.malpractice()
			require.Empty(t, hold)
			require.Empty(t, resume)

			o.pending(table, "Q")
			hold, resume = o.malpractice()
			require.Equal(t, []docket.Suspicion{{Reference: ref, Number: 1}}, hold)
			require.Empty(t, resume)

			system := casework.System()
			system.Reason = "The result is pending."
			in := holdInput(ref, casework.HoldMalpractice, days(2))
			in.Request.Actor, in.Request.ApprovedBy = system, ""
			_, err := o.HoldCase(t.Context(), in, o.book)
			require.NoError(t, err, "nobody has to approve of what the register says")
			require.Empty(t, o.page(ref).Holds[0].ApproverName)
			require.Empty(t, o.holdMailTo(ref, 1), "so nobody is told that they agreed")
			hold, resume = o.malpractice()
			require.Empty(t, hold, "once is enough")
			require.Empty(t, resume)

			o.pending(table, "")
			hold, resume = o.malpractice()
			require.Empty(t, hold)
			require.Equal(t, []docket.Suspicion{{Reference: ref, Number: 1}}, resume)
			back := resumeInput(ref, casework.HoldMalpractice, days(3), false)
			back.Request.Actor = system
			_, err = o.ResumeCase(t.Context(), back, o.book)
			require.NoError(t, err)
			_, resume = o.malpractice()
			require.Empty(t, resume)

			o.pending(table, "Q")
			hold, _ = o.malpractice()
			require.Equal(t, []docket.Suspicion{{Reference: ref, Number: 2}}, hold, "it waits for the second time, which is another request")
		})
	}
}

func TestMalpracticeHolds_WhatAPersonAskedForAPersonEnds(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hold(ref, casework.HoldMalpractice, days(2))
	hold, resume := o.malpractice()
	require.Empty(t, hold)
	require.Empty(t, resume, "the result is not pending yet, and somebody knows more")
}

func TestMalpracticeHolds_ADecidedCaseIsNoReviewAnyMore(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, withoutScript)
	o.pending("component_results", "Q")
	hold, _ := o.malpractice()
	require.Empty(t, hold)
}
