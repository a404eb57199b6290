package starter_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/starter"
)

func input() casework.EnquiryInput {
	return casework.EnquiryInput{
		Reference: "R-2345-6789-BCDF-G",
		Request: casework.EnquiryRequest{
			Service: casework.ReviewOfMarking, CentreNumber: "64101", CandidateNumber: "4001", Series: "demo", Component: "M1-01",
			Reason: casework.ReasonNearBoundary,
		},
		Actor: casework.Actor{Subject: "eo-64101", Role: casework.RolePostResults}, RequestSHA256: "abc",
		ReceivedAt: time.Date(2026, 8, 27, 9, 0, 0, 0, time.UTC),
	}
}

func TestStartOptions_OneRunForEverUnderTheBusinessID(t *testing.T) {
	t.Parallel()
	options := starter.StartOptions(input(), "recourse")
	require.Equal(t, "enquiry/R-2345-6789-BCDF-G", options.ID)
	require.Equal(t, "recourse", options.TaskQueue)
	require.Equal(t, enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING, options.WorkflowIDConflictPolicy)
	require.Equal(t, enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE, options.WorkflowIDReusePolicy)
	require.Zero(t, options.WorkflowExecutionTimeout, "a case lives for weeks")
	require.Zero(t, options.WorkflowRunTimeout)
}

func TestStartOptions_OperatorsFilterWithoutPersonalData(t *testing.T) {
	t.Parallel()
	options := starter.StartOptions(input(), "recourse")
	found := map[string]string{}
	for key, value := range options.TypedSearchAttributes.GetUntypedValues() {
		found[key.GetName()] = value.(string)
	}
	require.Equal(t, map[string]string{
		"CaseKind": "enquiry", "Service": "review-of-marking", "Stage": "unassigned", "CentreNumber": "64101", "Series": "demo",
		"WaitingOn": "awarding body", "SlaState": "on-time",
	}, found)
	for name := range found {
		require.Contains(t, casework.KeywordAttributes(), name, "it is registered")
	}
	shown, err := json.Marshal([]any{options.StaticSummary, options.Memo, found})
	require.NoError(t, err)
	for _, personal := range []string{"4001", "eo-64101", "near-boundary"} {
		require.NotContains(t, string(shown), personal)
	}
	require.Equal(t, "Review of marking · M1-01 · demo · centre 64101", options.StaticSummary)
}

func TestStartOptions_AReviewGoesBeforeAClericalCheckAndCentresAreServedFairly(t *testing.T) {
	t.Parallel()
	review, check := input(), input()
	check.Request.Service = casework.ClericalCheck
	require.Equal(t, temporal.Priority{PriorityKey: 3, FairnessKey: "64101"}, starter.StartOptions(review, "q").Priority)
	require.Equal(t, temporal.Priority{PriorityKey: 4, FairnessKey: "64101"}, starter.StartOptions(check, "q").Priority)
}

// server is a Temporal that gives the answers of a test and keeps what it was asked.
type server struct {
	started  client.StartWorkflowOptions
	input    casework.EnquiryInput
	workflow any
	// arguments are those of a workflow that was started without an Update.
	arguments []any

	update   client.UpdateWorkflowOptions
	accept   error
	answer   answer
	run      *client.WorkflowExecutionDescription
	describe error
}

var _ starter.Temporal = (*server)(nil)

func (s *server) NewWithStartWorkflowOperation(options client.StartWorkflowOptions, workflow any, args ...any) client.WithStartWorkflowOperation {
	s.started = options
	if workflow == "Enquiry" && len(args) == 1 {
		s.input, _ = args[0].(casework.EnquiryInput)
	}
	return nil
}

func (s *server) UpdateWithStartWorkflow(_ context.Context, options client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	s.update = options.UpdateOptions
	return s.answer, s.accept
}

func (s *server) UpdateWorkflow(_ context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	s.update = options
	return s.answer, s.accept
}

func (s *server) ExecuteWorkflow(_ context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	s.started, s.workflow, s.arguments = options, workflow, args
	return nil, s.accept
}

func (s *server) DescribeWorkflow(context.Context, string, string) (*client.WorkflowExecutionDescription, error) {
	return s.run, s.describe
}

// answer is the handle of an Update whose outcome is known.
type answer struct {
	opened casework.Opened
	err    error
}

func (a answer) WorkflowID() string { return "enquiry/R-2345-6789-BCDF-G" }
func (a answer) RunID() string      { return "run" }
func (a answer) UpdateID() string   { return "update" }

func (a answer) Get(_ context.Context, into any) error {
	if opened, ok := into.(*casework.Opened); ok {
		*opened = a.opened
	}
	return a.err
}

func running(t *testing.T, status enums.WorkflowExecutionStatus, hash string) *client.WorkflowExecutionDescription {
	t.Helper()
	payload, err := converter.GetDefaultDataConverter().ToPayload(hash)
	require.NoError(t, err)
	run := &client.WorkflowExecutionDescription{}
	run.Status = status
	run.Memo = &common.Memo{Fields: map[string]*common.Payload{"requestSha256": payload}}
	return run
}

func TestOpen_AnswersWithTheOpenedCase(t *testing.T) {
	t.Parallel()
	opened := casework.Opened{Reference: "R-2345-6789-BCDF-G", Stage: casework.StageUnassigned, Policy: "cambria-2026.1"}
	temporalServer := &server{answer: answer{opened: opened}}
	got, err := starter.NewDispatcher(temporalServer, "q").Open(t.Context(), input())
	require.NoError(t, err)
	require.Equal(t, opened, got)
	require.Equal(t, input(), temporalServer.input, "the start carries everything that decides the case")
	require.Equal(t, "enquiry/R-2345-6789-BCDF-G", temporalServer.started.ID)
	require.Equal(t, client.UpdateWorkflowOptions{
		WorkflowID: temporalServer.started.ID, UpdateID: "open", UpdateName: casework.UpdateOpen, WaitForStage: client.WorkflowUpdateStageCompleted,
	}, temporalServer.update, "the Update has no arguments and only waits")
}

func TestOpen_TellsAcceptedFromNotAccepted(t *testing.T) {
	t.Parallel()
	late := client.NewWorkflowUpdateServiceTimeoutOrCanceledError(context.DeadlineExceeded)
	refusal := casework.NewFault(casework.Conflict, "already-requested", "Asked before.")
	for name, row := range map[string]struct {
		update, describe error
		run              *client.WorkflowExecutionDescription
		want             func(t *testing.T, err error)
	}{
		"no worker answers and the run exists": {late, nil, running(t, enums.WORKFLOW_EXECUTION_STATUS_RUNNING, "abc"), func(t *testing.T, err error) {
			require.ErrorIs(t, err, api.ErrPending)
		}},
		"the run that exists is another request's": {late, nil, running(t, enums.WORKFLOW_EXECUTION_STATUS_RUNNING, "other"), func(t *testing.T, err error) {
			requireFault(t, err, "idempotency-key-reused")
		}},
		"no run exists": {late, serviceerror.NewNotFound("no such workflow"), nil, func(t *testing.T, err error) {
			require.NotErrorIs(t, err, api.ErrPending)
			require.ErrorContains(t, err, "no such workflow")
		}},
		"Temporal is away": {serviceerror.NewUnavailable("connection refused"), serviceerror.NewUnavailable("connection refused"), nil, func(t *testing.T, err error) {
			require.NotErrorIs(t, err, api.ErrPending)
		}},
		"the run has ended": {errors.New("workflow finished"), nil, running(t, enums.WORKFLOW_EXECUTION_STATUS_COMPLETED, "abc"), func(t *testing.T, err error) {
			require.NotErrorIs(t, err, api.ErrPending)
		}},
		"the workflow says no": {activities.Failure(refusal), nil, nil, func(t *testing.T, err error) {
			requireFault(t, err, "already-requested")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := starter.NewDispatcher(&server{answer: answer{err: row.update}, run: row.run, describe: row.describe}, "q").Open(t.Context(), input())
			require.Error(t, err)
			row.want(t, err)
		})
	}
}

func requireFault(t *testing.T, err error, code string) {
	t.Helper()
	var fault *casework.Fault
	require.ErrorAs(t, err, &fault)
	require.Equal(t, code, fault.Code)
}

func TestComplete_IsPendingOnlyOnceItStandsInHistory(t *testing.T) {
	t.Parallel()
	refusal := casework.NewFault(casework.Invalid, "completion-invalid", "The completion cannot be taken.")
	late := client.NewWorkflowUpdateServiceTimeoutOrCanceledError(context.DeadlineExceeded)
	for name, row := range map[string]struct {
		accept, get error
		want        func(t *testing.T, err error)
	}{
		"recorded":                   {nil, nil, func(t *testing.T, err error) { require.NoError(t, err) }},
		"accepted, no answer yet":    {nil, late, func(t *testing.T, err error) { require.ErrorIs(t, err, api.ErrPending) }},
		"accepted and refused":       {nil, activities.Failure(refusal), func(t *testing.T, err error) { requireFault(t, err, "completion-invalid") }},
		"refused by the validator":   {activities.Failure(refusal), nil, func(t *testing.T, err error) { requireFault(t, err, "completion-invalid") }},
		"the case has ended":         {serviceerror.NewNotFound("workflow execution already completed"), nil, func(t *testing.T, err error) { requireFault(t, err, "already-completed") }},
		"no worker, nothing durable": {late, nil, func(t *testing.T, err error) { require.NotErrorIs(t, err, api.ErrPending); require.Error(t, err) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := casework.CompleteRequest{Completion: casework.Completion{Task: "R-2345-6789-BCDF-G/1"}}
			temporalServer := &server{accept: row.accept, answer: answer{err: row.get}}
			_, err := starter.NewDispatcher(temporalServer, "q").Complete(t.Context(), "R-2345-6789-BCDF-G", "u-1", request)
			require.Equal(t, client.UpdateWorkflowOptions{
				WorkflowID: "enquiry/R-2345-6789-BCDF-G", UpdateID: "u-1", UpdateName: casework.MessageComplete,
				Args: []any{request}, WaitForStage: client.WorkflowUpdateStageAccepted,
			}, temporalServer.update)
			row.want(t, err)
		})
	}
}
