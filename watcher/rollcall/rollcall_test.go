package rollcall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher/rollcall"
)

// register is the cases of a register with their stages, as the first page and as a later look find them.
type register struct {
	open []casework.Reference
	// now is where a case stands by the second look; those that are not named are assigned.
	now  map[casework.Reference]casework.Stage
	away error
}

func (r *register) OpenReferences(_ context.Context, after casework.Reference, limit int) ([]casework.Reference, error) {
	from, found := slices.BinarySearch(r.open, after)
	if found {
		from++
	}
	return r.open[from:min(from+limit, len(r.open))], r.away
}

func (r *register) Case(_ context.Context, reference casework.Reference, _ docket.Scope) (docket.Case, error) {
	if stage, ok := r.now[reference]; ok {
		return docket.Case{Stage: stage}, nil
	}
	return docket.Case{Stage: casework.StageAssigned}, nil
}

// server is Temporal: the status of every workflow that it knows, and those that its list has not heard of yet.
type server struct {
	known    map[casework.Reference]enums.WorkflowExecutionStatus
	unlisted map[casework.Reference]bool
	away     error
	lists    int
	asked    []casework.Reference
}

func reference(workflowID string) casework.Reference {
	return casework.Reference(strings.TrimPrefix(workflowID, "enquiry/"))
}

func (s *server) ListWorkflow(_ context.Context, request *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	s.lists++
	answer := &workflowservice.ListWorkflowExecutionsResponse{}
	for ref, status := range s.known {
		named := strings.Contains(request.GetQuery(), `"enquiry/`+string(ref)+`"`)
		if named && status == enums.WORKFLOW_EXECUTION_STATUS_RUNNING && !s.unlisted[ref] {
			answer.Executions = append(answer.Executions, &workflow.WorkflowExecutionInfo{Execution: &common.WorkflowExecution{WorkflowId: "enquiry/" + string(ref)}})
		}
	}
	if len(answer.GetExecutions()) > int(request.GetPageSize()) {
		return nil, errors.New("the page is too small for the question")
	}
	return answer, s.away
}

func (s *server) DescribeWorkflow(_ context.Context, workflowID, _ string) (*client.WorkflowExecutionDescription, error) {
	s.asked = append(s.asked, reference(workflowID))
	status, ok := s.known[reference(workflowID)]
	if !ok {
		return nil, serviceerror.NewNotFound("no such workflow")
	}
	return &client.WorkflowExecutionDescription{WorkflowExecutionMetadata: client.WorkflowExecutionMetadata{Status: status}}, nil
}

// steady counts how often it was asked to hold back.
type steady struct{ waits int }

func (p *steady) Wait(ctx context.Context) error {
	p.waits++
	return ctx.Err()
}

func numbered(n int) casework.Reference { return casework.Reference(fmt.Sprintf("R-%06d", n)) }

// stage makes a register of n open cases that all run.
func stage(n int) (*register, *server) {
	r := &register{now: map[casework.Reference]casework.Stage{}}
	s := &server{known: map[casework.Reference]enums.WorkflowExecutionStatus{}, unlisted: map[casework.Reference]bool{}}
	for i := range n {
		r.open = append(r.open, numbered(i))
		s.known[numbered(i)] = enums.WORKFLOW_EXECUTION_STATUS_RUNNING
	}
	return r, s
}

func TestCall_NamesEveryOpenCaseThatNobodyWorksOn(t *testing.T) {
	t.Parallel()
	r, s := stage(2*rollcall.Batch + 1)
	delete(s.known, numbered(3))
	s.known[numbered(60)] = enums.WORKFLOW_EXECUTION_STATUS_TERMINATED
	s.known[numbered(2*rollcall.Batch)] = enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
	r.now[numbered(60)] = casework.StageDecided
	open, absent, err := rollcall.Roll{Cases: r, Workflows: s, Pace: &steady{}}.Call(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2*rollcall.Batch+1, open)
	require.Equal(t, []rollcall.Absent{
		{Reference: numbered(3), Stage: casework.StageAssigned, Workflow: "none"},
		{Reference: numbered(60), Stage: casework.StageDecided, Workflow: "terminated"},
		{Reference: numbered(2 * rollcall.Batch), Stage: casework.StageAssigned, Workflow: "completed"},
	}, absent)
}

// One question per batch, and one for each case that the list lacks, none of them without holding back first.
func TestCall_AsksInBatchesAndHoldsBackBeforeEach(t *testing.T) {
	t.Parallel()
	r, s := stage(3 * rollcall.Batch)
	s.unlisted[numbered(7)] = true
	pace := &steady{}
	_, absent, err := rollcall.Roll{Cases: r, Workflows: s, Pace: pace}.Call(t.Context())
	require.NoError(t, err)
	require.Empty(t, absent, "the list is a moment behind; the workflow itself is there")
	require.Equal(t, 3, s.lists)
	require.Equal(t, []casework.Reference{numbered(7)}, s.asked)
	require.Equal(t, 4, pace.waits)
}

func TestCall_ACaseThatEndsMeanwhileIsNotCalled(t *testing.T) {
	t.Parallel()
	for _, end := range casework.Stages() {
		r, s := stage(1)
		s.known[numbered(0)] = enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
		r.now[numbered(0)] = end
		_, absent, err := rollcall.Roll{Cases: r, Workflows: s, Pace: &steady{}}.Call(t.Context())
		require.NoError(t, err)
		require.Equal(t, end.Final(), len(absent) == 0, end)
	}
}

// What could not be asked is never counted as well.
func TestCall_AnOutageIsAnErrorAndNoFinding(t *testing.T) {
	t.Parallel()
	r, s := stage(1)
	s.away = serviceerror.NewUnavailable("connection refused")
	_, _, err := rollcall.Roll{Cases: r, Workflows: s, Pace: &steady{}}.Call(t.Context())
	require.ErrorIs(t, err, s.away)

	r, s = stage(1)
	r.away = errors.New("the register does not answer")
	_, _, err = rollcall.Roll{Cases: r, Workflows: s, Pace: &steady{}}.Call(t.Context())
	require.ErrorIs(t, err, r.away)

	r, s = stage(1)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = rollcall.Roll{Cases: r, Workflows: s, Pace: &steady{}}.Call(gone)
	require.ErrorIs(t, err, context.Canceled)
}

// Whatever is lost: those and no others are called.
func TestCall_FindsExactlyTheLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, s := stage(rapid.IntRange(0, 120).Draw(t, "cases"))
		var lost []casework.Reference
		for _, reference := range r.open {
			switch rapid.IntRange(0, 9).Draw(t, "fate") {
			case 0:
				delete(s.known, reference)
				lost = append(lost, reference)
			case 1:
				s.unlisted[reference] = true
			}
		}
		open, absent, err := rollcall.Roll{Cases: r, Workflows: s, Pace: &steady{}}.Call(context.Background())
		if err != nil || open != len(r.open) {
			t.Fatalf("%d of %d: %v", open, len(r.open), err)
		}
		var called []casework.Reference
		for _, a := range absent {
			called = append(called, a.Reference)
		}
		if !slices.Equal(lost, called) {
			t.Fatalf("lost %v, called %v", lost, called)
		}
	})
}
