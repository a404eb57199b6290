package docket_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Issue C, point 6: a batch says before it does anything what it could not do.
func TestCheckApprover_OfAHoldMayAgreeForEveryCasesBody(t *testing.T) {
	t.Parallel()
	approvers := []docket.Approver{{ID: "cw-1", Body: "cambria"}, {ID: "cw-1", Body: "other"}, {ID: "cw-2", Body: "cambria"}}
	of := func(bodies ...string) []docket.BatchCandidate {
		var cases []docket.BatchCandidate
		for _, body := range bodies {
			cases = append(cases, docket.BatchCandidate{Body: body})
		}
		return cases
	}
	for name, row := range map[string]struct {
		action   casework.BatchAction
		approver string
		cases    []docket.BatchCandidate
		says     string
	}{
		"one of the body":       {casework.BatchHold, "cw-2", of("cambria", "cambria"), ""},
		"one of both bodies":    {casework.BatchHold, "cw-1", of("cambria", "other"), ""},
		"one of the first only": {casework.BatchHold, "cw-2", of("cambria", "other"), "“cw-2” is no approver of other."},
		"nobody":                {casework.BatchHold, "nobody-at-all", of("cambria"), "“nobody-at-all” is no approver of cambria."},
		"a body without any":    {casework.BatchHold, "cw-1", of("third"), "“cw-1” is no approver of third. Nobody is: none of its cases can be held."},
		"a nudge":               {casework.BatchNudge, "", of("third"), ""},
		"the end of a hold":     {casework.BatchResume, "", of("cambria"), ""},
	} {
		fault := docket.CheckApprover(casework.BatchCommand{Action: row.action, ApprovedBy: row.approver}, row.cases, approvers)
		if row.says == "" {
			require.Nil(t, fault, name)
			continue
		}
		require.NotNil(t, fault, name)
		require.Equal(t, casework.FaultUnknownApprover, fault.Code, name)
		require.Equal(t, row.says, fault.Reasons[0].Detail, name)
	}
}
