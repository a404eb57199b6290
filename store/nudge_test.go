package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func (o office) nudge(ref casework.Reference, about string) casework.Nudged {
	o.t.Helper()
	in := casework.NudgeInput{Key: key(ref, casework.StepNudge, 1, days(2)), Request: casework.NudgeRequest{Actor: caseworker}}
	in.Key.About = about
	nudged, err := o.Nudge(o.t.Context(), in)
	require.NoError(o.t, err)
	return nudged
}

func TestNudge_SaysWhoActsNext(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	require.Equal(t, casework.Nudged{Reference: ref, Stage: casework.StageUnassigned, Number: 1, WaitingOn: casework.WaitingBody}, o.nudge(ref, "a"))
	allocated := o.allocate(ref)
	require.Equal(t, casework.Nudged{Reference: ref, Stage: casework.StageAssigned, Number: 2, WaitingOn: casework.WaitingReviewer}, o.nudge(ref, "b"))
	require.Equal(t, 2, o.nudge(ref, "b").Number, "a repeat is the same nudge")
	o.hold(ref, casework.HoldOther, days(2))
	require.Equal(t, casework.WaitingBody, o.nudge(ref, "c").WaitingOn, "who stopped the case lets it go on")
	o.hold(ref, casework.HoldConsent, days(2))
	require.Equal(t, casework.WaitingCentre, o.nudge(ref, "d").WaitingOn, "the centre owes something, whatever else the case waits for")
	o.resume(ref, casework.HoldOther, days(3), false)
	o.resume(ref, casework.HoldConsent, days(3), true)
	require.Equal(t, o.page(ref).WaitingOn, o.nudge(ref, "e").WaitingOn)
	o.decide(ref, allocated, nil)
	require.Equal(t, casework.WaitingCentre, o.nudge(ref, "f").WaitingOn, "only the centre may act now")
	require.Equal(t, o.page(ref).WaitingOn, o.nudge(ref, "g").WaitingOn, "as its page says")

	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	for _, e := range entries {
		require.NotEqual(t, "nudged", e.What, "the centre reads nothing of it")
	}
	all, err := o.Timeline(t.Context(), ref, false)
	require.NoError(t, err)
	require.Contains(t, all[1].Facts, docket.Fact{Name: "waitingOn", Value: casework.WaitingBody})
	require.Equal(t, caseworker, all[1].Actor)
}

func TestNudge_OfAClosedCaseOrWithoutAReasonIsRefused(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, withoutScript)
	in := casework.NudgeInput{Key: key(ref, casework.StepNudge, 1, days(2))}
	_, err := o.Nudge(t.Context(), in)
	fault(t, err, casework.Invalid, casework.FaultNudgeInvalid)
	require.NoError(t, o.CloseCase(t.Context(), key(ref, casework.StepClose, 1, o.page(ref).AppealUntil.Add(casework.ReceiptGrace))))
	in.Request.Actor = caseworker
	_, err = o.Nudge(t.Context(), in)
	fault(t, err, casework.Conflict, casework.FaultNotOpen)
}
