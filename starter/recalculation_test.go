package starter_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/starter"
)

// TestRecalculate_TellsDoneAcceptedAndRefusedApart: "pending" is said only of what stands in the case's history.
func TestRecalculate_TellsDoneAcceptedAndRefusedApart(t *testing.T) {
	t.Parallel()
	stale := casework.NewFault(casework.Conflict, casework.FaultDifferenceChanged, "It is another by now.")
	for name, row := range map[string]struct {
		server  server
		fault   string
		pending bool
	}{
		"done":                         {server: server{}},
		"refused by the validator":     {server: server{accept: activities.Failure(stale)}, fault: casework.FaultDifferenceChanged},
		"refused by the step":          {server: server{answer: answer{err: activities.Failure(stale)}}, fault: casework.FaultDifferenceChanged},
		"a workflow that has ended":    {server: server{accept: serviceerror.NewNotFound("completed")}, fault: casework.FaultNotOpen},
		"accepted and no answer":       {server: server{answer: answer{err: context.DeadlineExceeded}}, pending: true},
		"nobody knows if it got there": {server: server{accept: errors.New("connection reset")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := casework.RecalculateRequest{Policy: "cambria-2026.2", Expect: "00ff"}
			_, err := starter.NewDispatcher(&row.server, "recourse").Recalculate(t.Context(), "R-2345-6789-BCDF-G", "u1", request)
			require.Equal(t, client.UpdateWorkflowOptions{
				WorkflowID: "enquiry/R-2345-6789-BCDF-G", UpdateID: "u1", UpdateName: "recalculate", Args: []any{request},
				WaitForStage: client.WorkflowUpdateStageAccepted,
			}, row.server.update)
			var fault *casework.Fault
			switch {
			case row.fault != "":
				require.ErrorAs(t, err, &fault)
				require.Equal(t, row.fault, fault.Code)
			case row.pending:
				require.ErrorIs(t, err, api.ErrPending)
			case row.server.accept != nil:
				require.NotErrorIs(t, err, api.ErrPending)
				require.NotErrorAs(t, err, &fault)
			default:
				require.NoError(t, err)
			}
		})
	}
}
