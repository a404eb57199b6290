package activities_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// gun is the part of Temporal's client that starts workflows.
type gun struct {
	options   client.StartWorkflowOptions
	workflow  any
	arguments []any
	away      error
}

func (g *gun) ExecuteWorkflow(_ context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	g.options, g.workflow, g.arguments = options, workflow, args
	return nil, g.away
}

// A batch has one workflow for ever: whoever repeats the start, a person or the watcher, joins it.
func TestStartBatch_RunsOnceUnderTheBusinessID(t *testing.T) {
	t.Parallel()
	temporal, in := &gun{}, casework.BatchInput{Batch: "b_1", Cases: 12}
	require.NoError(t, activities.StartBatch(t.Context(), temporal, "recourse", in))
	require.Equal(t, client.StartWorkflowOptions{
		ID: "batch/b_1", TaskQueue: "recourse", StaticSummary: "A batch of 12 cases",
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}, temporal.options, "one that has ended is no error")
	require.Equal(t, "Batch", temporal.workflow)
	require.Equal(t, []any{in}, temporal.arguments)

	temporal.away = errors.New("connection refused")
	require.ErrorContains(t, activities.StartBatch(t.Context(), temporal, "recourse", in), "start batch b_1: connection refused")
}
