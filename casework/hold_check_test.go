package casework_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

func holdRequest(change func(*casework.HoldRequest)) casework.HoldRequest {
	r := casework.HoldRequest{
		Cause: casework.HoldConsent, ApprovedBy: "cw-2",
		Actor: casework.Actor{Subject: "cw-1", Role: casework.RoleCaseworker, Reason: "The consent is older than the results."},
	}
	change(&r)
	return r
}

// Issue C, point 4: a pause has a reason code and an approver, who is another person.
func TestHoldRequest_ChecksCauseReasonAndApprover(t *testing.T) {
	t.Parallel()
	require.Nil(t, holdRequest(func(*casework.HoldRequest) {}).Check())
	for _, row := range []struct {
		pointer, code string
		change        func(*casework.HoldRequest)
	}{
		{"/cause", casework.FaultHoldInvalid, func(r *casework.HoldRequest) { r.Cause = "egg" }},
		{"/cause", casework.FaultHoldInvalid, func(r *casework.HoldRequest) { r.Cause = "" }},
		{"/reason", casework.FaultHoldInvalid, func(r *casework.HoldRequest) { r.Actor.Reason = " \n" }},
		{"/approvedBy", casework.FaultHoldInvalid, func(r *casework.HoldRequest) { r.ApprovedBy = "" }},
		{"/approvedBy", casework.FaultApproverIsAsker, func(r *casework.HoldRequest) { r.ApprovedBy = "cw-1" }},
		{"/approvedBy", casework.FaultApproverIsAsker, func(r *casework.HoldRequest) { r.ApprovedBy = " cw-1 " }},
	} {
		fault := holdRequest(row.change).Check()
		require.NotNil(t, fault, row.pointer)
		require.Equal(t, casework.Invalid, fault.Kind)
		require.Len(t, fault.Reasons, 1)
		require.Equal(t, row.pointer, fault.Reasons[0].Pointer)
		require.Equal(t, row.code, fault.Reasons[0].Code)
		require.NotEmpty(t, fault.Reasons[0].Remedy)
	}
	require.Len(t, casework.HoldRequest{}.Check().Reasons, 3, "everything at once")
}

// The remedy says who will read what is asked for.
func TestHoldRequest_SaysForWhomTheReasonIs(t *testing.T) {
	t.Parallel()
	for _, cause := range casework.HoldCauses() {
		held := holdRequest(func(r *casework.HoldRequest) { r.Cause, r.Actor.Reason = cause, "" }).Check()
		resumed := casework.ResumeRequest{Cause: cause}.Check()
		for _, fault := range []*casework.Fault{held, resumed} {
			require.Len(t, fault.Reasons, 1, cause)
			require.Equal(t, cause == casework.HoldMalpractice, strings.Contains(fault.Reasons[0].Remedy, "the centre does not read it"), cause)
		}
	}
	nothing := holdRequest(func(r *casework.HoldRequest) { r.Cause = "" }).Check()
	require.Equal(t, "It does not say for what the case waits.", nothing.Reasons[0].Detail)
}

func TestHoldRequest_NobodyApprovesOfWhatTheSystemFinds(t *testing.T) {
	t.Parallel()
	r := holdRequest(func(r *casework.HoldRequest) { r.ApprovedBy, r.Actor.Role = "", casework.RoleSystem })
	require.Nil(t, r.Check())
	r.Actor.Reason = ""
	require.NotNil(t, r.Check(), "the centre reads why all the same")
}

func TestResumeRequest_NeedsAReasonOnlyIfNothingWasDelivered(t *testing.T) {
	t.Parallel()
	request := casework.ResumeRequest{Cause: casework.HoldSample, Delivered: true, Actor: casework.Actor{Subject: "cw-1"}}
	require.Nil(t, request.Check())
	request.Delivered = false
	fault := request.Check()
	require.Equal(t, "/reason", fault.Reasons[0].Pointer)
	require.Equal(t, casework.FaultResumeInvalid, fault.Code)
	request.Actor.Reason = "The original is not needed."
	require.Nil(t, request.Check())
	request.Cause = "egg"
	require.Equal(t, "/cause", request.Check().Reasons[0].Pointer)
	require.Contains(t, request.Check().Reasons[0].Remedy, "waiting-for-sample, consent-inspection")
}

// Where the awarding body waits for itself, no centre was asked for anything: nothing can be delivered, and the reason stays due.
func TestResumeRequest_NothingIsDeliveredThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	for _, cause := range casework.HoldCauses() {
		request := casework.ResumeRequest{Cause: cause, Delivered: true, Actor: casework.Actor{Subject: "cw-1"}}
		if cause != casework.HoldOther && cause != casework.HoldMalpractice {
			require.True(t, cause.AsksCentre(), cause)
			require.Nil(t, request.Check(), cause)
			continue
		}
		require.False(t, cause.AsksCentre(), cause)
		reasons := request.Check().Reasons
		require.Len(t, reasons, 2, cause)
		require.Equal(t, "/delivered", reasons[0].Pointer, cause)
		require.Equal(t, "Nothing was asked of the centre: leave delivered out and say why the case goes on.", reasons[0].Remedy)
		require.Equal(t, "/reason", reasons[1].Pointer, cause)
		require.NotContains(t, reasons[1].Remedy, "delivered", cause)
		request.Actor.Reason = "The paper is in order."
		require.Len(t, request.Check().Reasons, 1, cause)
		request.Delivered = false
		require.Nil(t, request.Check(), cause)
	}
	require.False(t, casework.HoldPending.AsksCentre())
	unknown := casework.ResumeRequest{Cause: "egg", Delivered: true, Actor: caseworkerOne}
	require.Len(t, unknown.Check().Reasons, 1, "an unknown cause is one fault")
}

func TestHoldCause_EachHasWords(t *testing.T) {
	t.Parallel()
	said := map[string]casework.HoldCause{}
	for _, cause := range casework.HoldCauses() {
		words := cause.Words()
		require.NotEqual(t, string(cause)+"?", words)
		require.NotContains(t, words, "-", "%s is spelled out", cause)
		require.NotContains(t, said, words)
		said[words] = cause
	}
	require.Equal(t, "egg", casework.HoldCause("egg").Words())
}

func TestTargetOf_NamesTheGoalsOfAClock(t *testing.T) {
	t.Parallel()
	require.Equal(t, casework.ClockID("outcome-target"), casework.TargetOf(casework.ClockOutcome, 1))
	require.Equal(t, casework.ClockID("outcome-target-2"), casework.TargetOf(casework.ClockOutcome, 2))
	for _, id := range casework.ClockIDs() {
		require.Equal(t, id, id.Goals())
		require.Equal(t, id, casework.TargetOf(id, 1).Goals())
		require.Equal(t, id, casework.TargetOf(id, 3).Goals())
	}
}

// The remedy says where the people are found whom one can ask.
func TestUnknownApprover_NamesWhereApproversAreFound(t *testing.T) {
	t.Parallel()
	fault := casework.UnknownApprover("nobody-at-all", "cambria", true)
	require.Equal(t, casework.Invalid, fault.Kind)
	require.Equal(t, casework.FaultUnknownApprover, fault.Code)
	why := fault.Reasons[0]
	require.Equal(t, casework.FaultUnknownApprover, why.Code)
	require.Equal(t, "/approvedBy", why.Pointer)
	require.Equal(t, "“nobody-at-all” is no approver of cambria.", why.Detail)
	require.Contains(t, why.Remedy, "GET /v1/approvers")
	require.Contains(t, why.Remedy, "recourse cases approvers")

	why = casework.UnknownApprover("cw-2", "cambria", false).Reasons[0]
	require.Contains(t, why.Detail, "Nobody is: none of its cases can be held.")
	require.Contains(t, why.Remedy, "approvers.csv")
}

func TestNothingToWaitFor_SaysWhatTheServiceDoesNotAskFor(t *testing.T) {
	t.Parallel()
	for cause, asked := range map[casework.HoldCause]string{casework.HoldSample: "no sample", casework.HoldConsent: "no proof of consent"} {
		fault := casework.NothingToWaitFor(casework.ClericalCheck, cause)
		require.Equal(t, casework.FaultNothingToWaitFor, fault.Code)
		why := fault.Reasons[0]
		require.Equal(t, "/cause", why.Pointer)
		require.Equal(t, "A clerical check asks the centre for "+asked+", so nobody would be reminded of it.", why.Detail)
		require.Contains(t, why.Remedy, "“hold”")
	}
}
