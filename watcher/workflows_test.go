package watcher_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher"
	"github.com/recourse-exams/recourse/watcher/rollcall"
)

// caseOf is a reference that differs for every letter.
func caseOf(letter byte) casework.Reference {
	digest := make([]byte, 16)
	digest[15] = letter
	return casework.NewReference(digest)
}

// findings is the register's part: what was recorded, cleared, and is open.
type findings struct {
	recorded []docket.Finding
	cleared  []string
	still    map[docket.FindingKind][]casework.Reference
	open     []docket.Finding
	away     error
}

func (f *findings) RecordFinding(_ context.Context, finding docket.Finding) (bool, error) {
	f.recorded = append(f.recorded, finding)
	return true, f.away
}

func (f *findings) ClearFinding(_ context.Context, reference casework.Reference, kind docket.FindingKind, about string, _ time.Time) error {
	f.cleared = append(f.cleared, string(reference)+" "+string(kind)+" "+about)
	return f.away
}

func (f *findings) ClearOtherFindings(_ context.Context, kind docket.FindingKind, still []casework.Reference, at time.Time) error {
	if f.still == nil {
		f.still = map[docket.FindingKind][]casework.Reference{}
	}
	f.still[kind] = append([]casework.Reference{}, still...)
	if !at.Equal(now) {
		return errors.New("another instant")
	}
	return f.away
}

func (f *findings) OpenFindings(_ context.Context, kind docket.FindingKind, _ int) ([]docket.Finding, error) {
	if kind != docket.FindingActivity {
		return nil, errors.New("only findings about activities are looked at again")
	}
	return f.open, f.away
}

// visibility is Temporal's part: pages of failing workflows, and what each case's workflow waits for.
type visibility struct {
	pages     [][]*workflow.WorkflowExecutionInfo
	asked     []string
	described map[string]*workflowservice.DescribeWorkflowExecutionResponse
	away      error
}

func (v *visibility) ListWorkflow(_ context.Context, request *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	if v.away != nil {
		return nil, v.away
	}
	v.asked = append(v.asked, request.GetQuery())
	page := 0
	if token := request.GetNextPageToken(); len(token) > 0 {
		page = int(token[0])
	}
	if page >= len(v.pages) {
		return &workflowservice.ListWorkflowExecutionsResponse{}, nil
	}
	answer := &workflowservice.ListWorkflowExecutionsResponse{Executions: v.pages[page]}
	if page+1 < len(v.pages) {
		answer.NextPageToken = []byte{byte(page + 1)}
	}
	return answer, nil
}

func (v *visibility) DescribeWorkflowExecution(_ context.Context, workflowID, _ string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	if v.away != nil {
		return nil, v.away
	}
	if found, ok := v.described[workflowID]; ok {
		return found, nil
	}
	return nil, serviceerror.NewNotFound("no such workflow")
}

// failing is a workflow with what the server reports of it.
func failing(t *testing.T, id string, problems ...string) *workflow.WorkflowExecutionInfo {
	t.Helper()
	info := &workflow.WorkflowExecutionInfo{Execution: &common.WorkflowExecution{WorkflowId: id}}
	if len(problems) > 0 {
		payload, err := converter.GetDefaultDataConverter().ToPayload(problems)
		require.NoError(t, err)
		info.SearchAttributes = &common.SearchAttributes{IndexedFields: map[string]*common.Payload{"TemporalReportedProblems": payload}}
	}
	return info
}

func TestWorkflows_TakesOverWhatTemporalReports(t *testing.T) {
	t.Parallel()
	a, b := caseOf('a'), caseOf('b')
	temporal := &visibility{pages: [][]*workflow.WorkflowExecutionInfo{
		{failing(t, casework.WorkflowID(casework.KindEnquiry, a), "category=WorkflowTaskFailed", "cause=WorkflowTaskFailedCauseNonDeterministicError")},
		{failing(t, "invoice-run/cambria/2026-10"), failing(t, casework.WorkflowID(casework.KindEnquiry, b))},
	}}
	register := &findings{}
	require.NoError(t, watcher.Workflows(register, temporal, at)(t.Context()))
	require.Equal(t, []docket.Finding{
		{
			Reference: a, Kind: docket.FindingWorkflow, FoundAt: now,
			Detail: "The workflow task fails again and again (category=WorkflowTaskFailed, cause=WorkflowTaskFailedCauseNonDeterministicError).",
		},
		{Reference: b, Kind: docket.FindingWorkflow, FoundAt: now, Detail: "The workflow task fails again and again."},
	}, register.recorded, "what is no case has no finding")
	require.Equal(t, []casework.Reference{a, b}, register.still[docket.FindingWorkflow])
	require.Equal(t, `TemporalReportedProblems IS NOT NULL AND ExecutionStatus = "Running"`, temporal.asked[0])
}

// What could not be listed is not mended.
func TestWorkflows_ClearsNothingWhileTemporalIsAway(t *testing.T) {
	t.Parallel()
	register := &findings{open: []docket.Finding{{Reference: caseOf('a'), Kind: docket.FindingActivity, About: "SendMails"}}}
	err := watcher.Workflows(register, &visibility{away: errors.New("no answer")}, at)(t.Context())
	require.ErrorContains(t, err, "list the workflows whose task fails")
	require.ErrorContains(t, err, "ask after the activities of case "+string(caseOf('a')))
	require.Empty(t, register.still)
	require.Empty(t, register.cleared)
	require.Error(t, watcher.Workflows(&findings{away: errors.New("no register")}, &visibility{}, at)(t.Context()))
}

// The worker that noted a failing activity may not live to see it succeed.
func TestWorkflows_ClearsActivitiesThatNoLongerFail(t *testing.T) {
	t.Parallel()
	described := func(status enums.WorkflowExecutionStatus, activity string, attempt int32) *workflowservice.DescribeWorkflowExecutionResponse {
		return &workflowservice.DescribeWorkflowExecutionResponse{
			WorkflowExecutionInfo: &workflow.WorkflowExecutionInfo{Status: status},
			PendingActivities:     []*workflow.PendingActivityInfo{{ActivityType: &common.ActivityType{Name: activity}, Attempt: attempt}},
		}
	}
	const running, ended = enums.WORKFLOW_EXECUTION_STATUS_RUNNING, enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
	id := func(letter byte) string { return casework.WorkflowID(casework.KindEnquiry, caseOf(letter)) }
	temporal := &visibility{described: map[string]*workflowservice.DescribeWorkflowExecutionResponse{
		id('f'): described(running, "SendMails", 7),
		id('s'): described(running, "SendMails", 4),
		id('o'): described(running, "StoreLetter", 9),
		id('e'): described(ended, "SendMails", 7),
	}}
	register := &findings{}
	for _, letter := range []byte("fsoeg") {
		register.open = append(register.open, docket.Finding{Reference: caseOf(letter), Kind: docket.FindingActivity, About: "SendMails"})
	}
	require.NoError(t, watcher.Workflows(register, temporal, at)(t.Context()))
	var cleared []string
	for _, letter := range []byte("soeg") { // Started again, another activity, ended, gone.
		cleared = append(cleared, string(caseOf(letter))+" activity-failing SendMails")
	}
	require.Equal(t, cleared, register.cleared)
}

// called answers a roll call.
type called struct {
	absent []rollcall.Absent
	away   error
}

func (c called) Call(context.Context) (int, []rollcall.Absent, error) { return 9, c.absent, c.away }

func TestAbsent_FindsOpenCasesWithoutAWorkflow(t *testing.T) {
	t.Parallel()
	register, gone := &findings{}, caseOf('g')
	look := watcher.Absent(register, called{absent: []rollcall.Absent{{Reference: gone, Workflow: "terminated"}}}, at)
	require.NoError(t, look(t.Context()))
	require.Equal(t, []docket.Finding{{
		Reference: gone, Kind: docket.FindingNoWorkflow, FoundAt: now, Detail: "The case is open and no workflow works on it (the last one: terminated).",
	}}, register.recorded)
	require.Equal(t, []casework.Reference{gone}, register.still[docket.FindingNoWorkflow])

	register = &findings{}
	require.Error(t, watcher.Absent(register, called{away: errors.New("no answer")}, at)(t.Context()))
	require.Empty(t, register.still, "what could not be looked at is not mended")
	require.NoError(t, watcher.Absent(register, called{}, at)(t.Context()))
	require.Empty(t, register.still[docket.FindingNoWorkflow])
}
