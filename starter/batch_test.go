package starter_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/starter"
)

// A batch has one workflow for ever: whoever repeats the request joins it.
func TestStartBatch_RunsOnceUnderTheBusinessID(t *testing.T) {
	t.Parallel()
	temporal := &server{}
	in := casework.BatchInput{Batch: "b_1", Cases: 12}
	require.NoError(t, starter.NewDispatcher(temporal, "recourse").StartBatch(t.Context(), in))
	require.Equal(t, "batch/b_1", temporal.started.ID)
	require.Equal(t, "recourse", temporal.started.TaskQueue)
	require.Equal(t, enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING, temporal.started.WorkflowIDConflictPolicy)
	require.Equal(t, enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, temporal.started.WorkflowIDReusePolicy)
	require.False(t, temporal.started.WorkflowExecutionErrorWhenAlreadyStarted, "one that has ended is no error")
	require.Equal(t, "A batch of 12 cases", temporal.started.StaticSummary)
	require.Equal(t, "Batch", temporal.workflow)
	require.Equal(t, []any{in}, temporal.arguments)
}

func TestStartBatch_SaysThatItMayNotHaveStarted(t *testing.T) {
	t.Parallel()
	temporal := &server{accept: errors.New("connection refused")}
	err := starter.NewDispatcher(temporal, "recourse").StartBatch(t.Context(), casework.BatchInput{Batch: "b_1"})
	require.ErrorContains(t, err, "start batch b_1: connection refused")
}
