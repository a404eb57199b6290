package casework_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

func TestNudgeRequest_SaysWhoAsksAndWhy(t *testing.T) {
	t.Parallel()
	require.Nil(t, casework.NudgeRequest{Actor: casework.Actor{Subject: "op-1", Reason: "The centre telephoned."}}.Check())
	fault := casework.NudgeRequest{Actor: casework.Actor{Reason: "\t"}}.Check()
	require.Equal(t, casework.Invalid, fault.Kind)
	require.Equal(t, casework.FaultNudgeInvalid, fault.Code)
	var pointers []string
	for _, reason := range fault.Reasons {
		require.NotEmpty(t, reason.Remedy)
		pointers = append(pointers, reason.Pointer)
	}
	require.Equal(t, []string{"/actor/subject", "/reason"}, pointers)
}

// Who acts next on a case that waits is whoever can end what it waits for.
func TestWaitingOn_OfAHeldCase(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		stage  casework.Stage
		causes []casework.HoldCause
		want   string
	}{
		"nothing":               {casework.StageAssigned, nil, casework.WaitingReviewer},
		"the sample":            {casework.StageAssigned, []casework.HoldCause{casework.HoldSample}, casework.WaitingCentre},
		"the consent":           {casework.StageUnassigned, []casework.HoldCause{casework.HoldConsent}, casework.WaitingCentre},
		"the payment":           {casework.StageAssigned, []casework.HoldCause{casework.HoldPayment}, casework.WaitingCentre},
		"an investigation":      {casework.StageAssigned, []casework.HoldCause{casework.HoldMalpractice}, casework.WaitingBody},
		"the body's own reason": {casework.StageAppealWindow, []casework.HoldCause{casework.HoldOther}, casework.WaitingBody},
		"both":                  {casework.StageAssigned, []casework.HoldCause{casework.HoldOther, casework.HoldSample}, casework.WaitingCentre},
		"nothing at its end":    {casework.StageClosed, []casework.HoldCause{casework.HoldOther}, casework.WaitingNobody},
	} {
		require.Equal(t, row.want, casework.WaitingOn(row.stage, row.causes), name)
	}
}
