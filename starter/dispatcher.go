package starter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
)

const (
	// enquiryType is the workflow type of an enquiry.
	enquiryType = "Enquiry"
	// answerWait is how long a client is kept waiting for the answer of a case's workflow (architecture §2).
	answerWait = 2 * time.Second
	// describeWait bounds the question whether a start was accepted, after the answer stayed away.
	describeWait = time.Second
	// hashMemo is the memo entry that tells whether two starts carried the same request.
	hashMemo = "requestSha256"
	// openUpdateID is the same for every repeat of a start, so that all wait for one answer.
	openUpdateID = "open"
)

// Temporal is what the dispatcher needs of a client.Client.
type Temporal interface {
	NewWithStartWorkflowOperation(options client.StartWorkflowOptions, workflow any, args ...any) client.WithStartWorkflowOperation
	UpdateWithStartWorkflow(ctx context.Context, options client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error)
	UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error)
	DescribeWorkflow(ctx context.Context, workflowID, runID string) (*client.WorkflowExecutionDescription, error)
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
}

// Dispatcher hands requests to the workflows of cases.
type Dispatcher struct {
	temporal Temporal
	queue    string
}

var _ api.Dispatcher = (*Dispatcher)(nil)

// NewDispatcher makes a dispatcher for the workers of a task queue.
func NewDispatcher(temporal Temporal, queue string) *Dispatcher {
	return &Dispatcher{temporal: temporal, queue: queue}
}

// Open starts an enquiry's workflow and waits for the opened case. A repeat joins the workflow that runs already.
func (d *Dispatcher) Open(ctx context.Context, in casework.EnquiryInput) (casework.Opened, error) {
	waiting, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	options := StartOptions(in, d.queue)
	handle, err := d.temporal.UpdateWithStartWorkflow(waiting, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: d.temporal.NewWithStartWorkflowOperation(options, enquiryType, in),
		UpdateOptions: client.UpdateWorkflowOptions{
			WorkflowID: options.ID, UpdateID: openUpdateID, UpdateName: casework.UpdateOpen, WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	var opened casework.Opened
	if err == nil {
		err = handle.Get(waiting, &opened)
	}
	if err == nil {
		return opened, nil
	}
	if fault, ok := activities.Fault(err); ok {
		return casework.Opened{}, fault
	}
	return casework.Opened{}, d.accepted(ctx, in, fmt.Errorf("open %s: %w", in.Reference, err))
}

// accepted tells a start that was accepted from one that was not. A run that exists goes on and opens the case when
// a worker returns, so anything but "pending" would be untrue.
func (d *Dispatcher) accepted(ctx context.Context, in casework.EnquiryInput, cause error) error {
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), describeWait)
	defer cancel()
	found, err := d.temporal.DescribeWorkflow(asking, casework.WorkflowID(casework.KindEnquiry, in.Reference), "")
	if err != nil {
		return errors.Join(cause, fmt.Errorf("ask whether %s was accepted: %w", in.Reference, err))
	}
	if found.Status != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		// It has ended, so its answer is in the register, where the caller looks next.
		return cause
	}
	var hash string
	if memo, ok := found.Memo.GetFields()[hashMemo]; ok {
		if err := converter.GetDefaultDataConverter().FromPayload(memo, &hash); err != nil {
			return errors.Join(cause, fmt.Errorf("read the memo of %s: %w", in.Reference, err))
		}
	}
	if hash != in.RequestSHA256 {
		return casework.NewFault(casework.Invalid, casework.FaultKeyReused,
			fmt.Sprintf("The Idempotency-Key was used a moment ago for another request, which has the reference %s.", in.Reference))
	}
	return api.ErrPending
}

// StartOptions are how an enquiry's workflow is started: under its business id, once for ever, with what operators
// filter by and without personal data (architecture §3).
func StartOptions(in casework.EnquiryInput, queue string) client.StartWorkflowOptions {
	request := in.Request
	return client.StartWorkflowOptions{
		ID:                       casework.WorkflowID(casework.KindEnquiry, in.Reference),
		TaskQueue:                queue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		Memo:                     map[string]any{hashMemo: in.RequestSHA256},
		StaticSummary:            fmt.Sprintf("%s · %s · %s · centre %s", request.Service.Short(), request.Component, request.Series, request.CentreNumber),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			keyword(casework.AttributeCaseKind, string(casework.KindEnquiry)),
			keyword(casework.AttributeService, string(request.Service)),
			keyword(casework.AttributeStage, string(casework.StageUnassigned)),
			keyword(casework.AttributeCentreNumber, request.CentreNumber),
			keyword(casework.AttributeSeries, request.Series),
			keyword(casework.AttributeWaitingOn, casework.StageUnassigned.WaitingOn()),
			keyword(casework.AttributeSLAState, string(casework.SLAOnTime)),
		),
		Priority: temporal.Priority{PriorityKey: priority(request.Service), FairnessKey: request.CentreNumber},
	}
}

func keyword(name, value string) temporal.SearchAttributeUpdate {
	return temporal.NewSearchAttributeKeyKeyword(name).ValueSet(value)
}

// priority orders the work of cases when workers cannot keep up: 1 is a priority review, 5 the end of the month
// (architecture §3.13).
func priority(service casework.Service) int {
	if service == casework.ReviewOfMarking {
		return 3
	}
	return 4
}
