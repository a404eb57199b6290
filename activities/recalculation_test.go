package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// A no of the rules is the final word for Temporal, which would otherwise ask for ever.
func TestRecalculate_ANoOfTheRulesIsFinal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := casework.RecalculateInput{Key: key(ref, casework.StepRecalculate, decidedAt), Request: casework.RecalculateRequest{
		Policy: "cambria-2026.1", Expect: "00ff", Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "It was wrong."},
	}}
	_, err := o.caseFile().Recalculate(t.Context(), in)
	fault, no := activities.Fault(err)
	require.True(t, no)
	require.Equal(t, casework.FaultSamePolicy, fault.Code)
}
