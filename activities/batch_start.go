package activities

import (
	"context"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
)

// batchType is the workflow type of a batch.
const batchType = "Batch"

// Starts starts workflows; a client.Client does.
type Starts interface {
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
}

// StartBatch lets the workflow of a batch run on a task queue under its business id, once for ever: a repeat finds the
// one that runs or has ended. An error says that nobody knows whether it runs.
func StartBatch(ctx context.Context, temporal Starts, queue string, in casework.BatchInput) error {
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       casework.BatchWorkflowID(in.Batch),
		TaskQueue:                queue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary:            fmt.Sprintf("A batch of %d cases", in.Cases),
	}, batchType, in)
	if err != nil {
		return fmt.Errorf("start batch %s: %w", in.Batch, err)
	}
	return nil
}
