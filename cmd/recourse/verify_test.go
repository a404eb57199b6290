package main_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// ListWorkflowExecutions lists no workflow: each is asked after by itself.
func (f *frontend) ListWorkflowExecutions(context.Context, *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	return &workflowservice.ListWorkflowExecutionsResponse{}, nil
}

// DescribeWorkflowExecution knows the one workflow whose status a test gives.
func (f *frontend) DescribeWorkflowExecution(_ context.Context, request *workflowservice.DescribeWorkflowExecutionRequest) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	status := enums.WorkflowExecutionStatus(f.status.Load())
	if status == enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED {
		return nil, serviceerror.ToStatus(serviceerror.NewNotFound("no such workflow")).Err()
	}
	return &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: &workflow.WorkflowExecutionInfo{
		Execution: &common.WorkflowExecution{WorkflowId: request.GetExecution().GetWorkflowId()}, Type: &common.WorkflowType{Name: "Enquiry"}, Status: status, SearchAttributes: &common.SearchAttributes{},
	}}, nil
}

// rollOf are the settings of a roll call of a register.
func rollOf(register *store.Store, temporal string) map[string]string {
	settings := settingsOf(register)
	settings["RECOURSE_TEMPORAL_ADDRESS"] = temporal
	return settings
}

// A case whose workflow was terminated or lost is found, and the status tells a finding from a roll that could not
// be called.
func TestVerifyRunning_StatusSaysWhetherEveryOpenCaseHasItsWorkflow(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	temporal := newFrontend(t, nil)
	require.Equal(t, outcome{out: "0 open cases, each with its workflow\n"}, recourse(t, rollOf(register, temporal.address), "verify", "--running"))

	ref := opened(t, register)
	temporal.status.Store(int32(enums.WORKFLOW_EXECUTION_STATUS_RUNNING))
	require.Equal(t, outcome{out: "1 open cases, each with its workflow\n"}, recourse(t, rollOf(register, temporal.address), "verify", "--running"))

	for status, shown := range map[enums.WorkflowExecutionStatus]string{
		enums.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated", enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED: "none",
	} {
		temporal.status.Store(int32(status))
		got := recourse(t, rollOf(register, temporal.address), "verify", "--running")
		require.Equal(t, 3, got.status, got.errors)
		require.Equal(t, []string{"CASE", "STAGE", "WORKFLOW", string(ref), "unassigned", shown}, strings.Fields(got.out))
		require.Contains(t, got.errors, "1 of 1 open cases have no workflow that runs")
	}
}

func TestVerifyRunning_WithoutTemporalNothingIsKnown(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	opened(t, register)
	got := recourse(t, rollOf(register, "127.0.0.1:1"), "verify", "--running")
	require.Equal(t, 1, got.status, got.out)
	require.Empty(t, got.out)
}
