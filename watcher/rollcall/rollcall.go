// Package rollcall finds open cases that no workflow works on. A workflow that somebody terminated, or that was lost
// with its namespace, leaves a case in the register that nobody moves and no timer reminds of.
package rollcall

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Batch is how many cases one question to Temporal is about.
const Batch = 50

// Cases is the register's part.
type Cases interface {
	// OpenReferences lists open cases by reference, from the one after the given on.
	OpenReferences(ctx context.Context, after casework.Reference, limit int) ([]casework.Reference, error)
	Case(ctx context.Context, reference casework.Reference, scope docket.Scope) (docket.Case, error)
}

// Workflows is Temporal's part; client.Client has it.
type Workflows interface {
	ListWorkflow(ctx context.Context, request *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error)
	DescribeWorkflow(ctx context.Context, workflowID, runID string) (*client.WorkflowExecutionDescription, error)
}

// Pace holds back before each question, so that a roll call never crowds out the work itself; rate.Limiter has it.
type Pace interface {
	Wait(ctx context.Context) error
}

// Absent is an open case that no workflow works on.
type Absent struct {
	Reference casework.Reference
	Stage     casework.Stage
	// Workflow is what became of it: "none" if Temporal knows nothing of it, else the status in which it ended.
	Workflow string
}

// Roll compares the register with Temporal.
type Roll struct {
	Cases     Cases
	Workflows Workflows
	Pace      Pace
}

// Call asks after every open case and returns how many there are and which of them are absent, by reference.
func (r Roll) Call(ctx context.Context) (open int, absent []Absent, err error) {
	after := casework.Reference("")
	for {
		batch, err := r.Cases.OpenReferences(ctx, after, Batch)
		if err != nil || len(batch) == 0 {
			return open, absent, err
		}
		missing, err := r.unlisted(ctx, batch)
		if err != nil {
			return open, absent, err
		}
		for _, reference := range missing {
			found, gone, err := r.absent(ctx, reference)
			if err != nil {
				return open, absent, err
			}
			if gone {
				absent = append(absent, found)
			}
		}
		open += len(batch)
		after = batch[len(batch)-1]
	}
}

// unlisted are the cases of a batch that Temporal's list of running workflows does not name. The list follows the
// workflows by a moment, so a case that it lacks is asked after by itself.
func (r Roll) unlisted(ctx context.Context, batch []casework.Reference) ([]casework.Reference, error) {
	if err := r.Pace.Wait(ctx); err != nil {
		return nil, err
	}
	quoted := make([]string, len(batch))
	for i, reference := range batch {
		quoted[i] = `"` + casework.WorkflowID(casework.KindEnquiry, reference) + `"`
	}
	listed, err := r.Workflows.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
		Query:    `ExecutionStatus = "Running" AND WorkflowId IN (` + strings.Join(quoted, ", ") + `)`,
		PageSize: int32(len(batch)), // One running workflow has an id at most.
	})
	if err != nil {
		return nil, fmt.Errorf("list the workflows that run: %w", err)
	}
	running := make(map[string]bool, len(batch))
	for _, execution := range listed.GetExecutions() {
		running[execution.GetExecution().GetWorkflowId()] = true
	}
	var missing []casework.Reference
	for _, reference := range batch {
		if !running[casework.WorkflowID(casework.KindEnquiry, reference)] {
			missing = append(missing, reference)
		}
	}
	return missing, nil
}

// absent asks after one case, first in Temporal and then in the register, so that a case that came to its end
// meanwhile is not called.
func (r Roll) absent(ctx context.Context, reference casework.Reference) (found Absent, gone bool, err error) {
	if err := r.Pace.Wait(ctx); err != nil {
		return Absent{}, false, err
	}
	found = Absent{Reference: reference, Workflow: "none"}
	described, err := r.Workflows.DescribeWorkflow(ctx, casework.WorkflowID(casework.KindEnquiry, reference), "")
	var unknown *serviceerror.NotFound
	switch {
	case errors.As(err, &unknown):
	case err != nil:
		return Absent{}, false, fmt.Errorf("ask after the workflow of case %s: %w", reference, err)
	case described.Status == enums.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return Absent{}, false, nil
	default:
		found.Workflow = strings.ToLower(described.Status.String())
	}
	page, err := r.Cases.Case(ctx, reference, docket.Scope{})
	if err != nil {
		return Absent{}, false, fmt.Errorf("read case %s again: %w", reference, err)
	}
	found.Stage = page.Stage
	return found, !page.Stage.Final(), nil
}
