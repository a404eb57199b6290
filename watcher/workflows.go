package watcher

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// problemsAttribute is set by Temporal's server on a workflow whose task has failed several times in a row.
const problemsAttribute = "TemporalReportedProblems"

const (
	// listed is how many workflows one page of Temporal's list has.
	listed = 500
	// failingFrom is the attempt from which on an activity counts as failing; the workers go by the same number.
	failingFrom = 5
	// rechecked is how many open findings about activities are looked at again in one round.
	rechecked = 200
)

// failureRegister keeps the findings about failing workflows and activities.
type failureRegister interface {
	RecordFinding(ctx context.Context, finding docket.Finding) (news bool, err error)
	ClearFinding(ctx context.Context, reference casework.Reference, kind docket.FindingKind, about string, at time.Time) error
	ClearOtherFindings(ctx context.Context, kind docket.FindingKind, still []casework.Reference, at time.Time) error
	OpenFindings(ctx context.Context, kind docket.FindingKind, limit int) ([]docket.Finding, error)
}

// workflowLister is Temporal's part; client.Client has it.
type workflowLister interface {
	ListWorkflow(ctx context.Context, request *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error)
	DescribeWorkflowExecution(ctx context.Context, workflowID, runID string) (*workflowservice.DescribeWorkflowExecutionResponse, error)
}

// failures looks for cases whose workflow or activities fail again and again.
type failures struct {
	register failureRegister
	temporal workflowLister
	now      func() time.Time
}

// workflows takes over what Temporal reports of failing workflow tasks, and looks again at the activities that the
// workers reported.
func (f failures) workflows(ctx context.Context) error {
	return errors.Join(f.tasks(ctx), f.activities(ctx))
}

func (f failures) tasks(ctx context.Context) error {
	at := f.now()
	var still []casework.Reference
	request := &workflowservice.ListWorkflowExecutionsRequest{
		Query: problemsAttribute + ` IS NOT NULL AND ExecutionStatus = "Running"`, PageSize: listed,
	}
	for {
		page, err := f.temporal.ListWorkflow(ctx, request)
		if err != nil {
			return fmt.Errorf("list the workflows whose task fails: %w", err)
		}
		for _, execution := range page.GetExecutions() {
			id := execution.GetExecution().GetWorkflowId()
			reference, ok := casework.CaseOf(id)
			if !ok {
				slog.ErrorContext(ctx, "a workflow that is no case fails again and again", "workflow", id)
				continue
			}
			still = append(still, reference)
			problem := problems(execution.GetSearchAttributes().GetIndexedFields()[problemsAttribute])
			_, err := f.register.RecordFinding(ctx, docket.Finding{
				Reference: reference, Kind: docket.FindingWorkflow, FoundAt: at, Detail: "The workflow task fails again and again" + problem + ".",
			})
			if err != nil {
				return err
			}
		}
		request.NextPageToken = page.GetNextPageToken()
		if len(request.GetNextPageToken()) == 0 {
			return f.register.ClearOtherFindings(ctx, docket.FindingWorkflow, still, at)
		}
	}
}

// problems is what the server says about a failing workflow task, to be put behind a sentence; empty if it cannot be read.
func problems(payload *common.Payload) string {
	var said []string
	if err := converter.GetDefaultDataConverter().FromPayload(payload, &said); err != nil || len(said) == 0 {
		return ""
	}
	text := " (" + said[0]
	for _, more := range said[1:] {
		text += ", " + more
	}
	return text + ")"
}

// activities clears the findings about activities that have ended or do not fail any more: the worker that noted one may
// not live to see it succeed.
func (f failures) activities(ctx context.Context) error {
	open, err := f.register.OpenFindings(ctx, docket.FindingActivity, rechecked)
	if err != nil {
		return err
	}
	for _, finding := range open {
		failing, err := f.failing(ctx, finding)
		if err != nil {
			return err
		}
		if failing {
			continue
		}
		if err := f.register.ClearFinding(ctx, finding.Reference, finding.Kind, finding.About, f.now()); err != nil {
			return err
		}
	}
	return nil
}

// failing reports whether the activity of a finding is still waiting for its next attempt.
func (f failures) failing(ctx context.Context, finding docket.Finding) (bool, error) {
	described, err := f.temporal.DescribeWorkflowExecution(ctx, casework.WorkflowID(casework.KindEnquiry, finding.Reference), "")
	var gone *serviceerror.NotFound
	switch {
	case errors.As(err, &gone):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("ask after the activities of case %s: %w", finding.Reference, err)
	case described.GetWorkflowExecutionInfo().GetStatus() != enums.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return false, nil
	}
	for _, pending := range described.GetPendingActivities() {
		if pending.GetActivityType().GetName() == finding.About && pending.GetAttempt() >= failingFrom {
			return true, nil
		}
	}
	return false, nil
}

var _ workflowLister = client.Client(nil)
