package main_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/store/storetest"
)

// frontend stands in for Temporal's frontend: it takes starts and answers each with a run that has ended already.
type frontend struct {
	workflowservice.UnimplementedWorkflowServiceServer
	address string
	// result is what the run answered; nil is a run that failed.
	result *casework.InvoiceRunResult
	// status is the enums.WorkflowExecutionStatus of every workflow that is asked after; unspecified if there is none.
	status atomic.Int32

	mu     sync.Mutex
	starts []*workflowservice.StartWorkflowExecutionRequest
}

func newFrontend(t *testing.T, result *casework.InvoiceRunResult) *frontend {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := &frontend{address: listener.Addr().String(), result: result}
	server := grpc.NewServer()
	workflowservice.RegisterWorkflowServiceServer(server, f)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return f
}

func (f *frontend) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

func (f *frontend) StartWorkflowExecution(_ context.Context, request *workflowservice.StartWorkflowExecutionRequest) (*workflowservice.StartWorkflowExecutionResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.starts = append(f.starts, request)
	return &workflowservice.StartWorkflowExecutionResponse{RunId: "run", Started: true}, nil
}

func (f *frontend) GetWorkflowExecutionHistory(context.Context, *workflowservice.GetWorkflowExecutionHistoryRequest) (*workflowservice.GetWorkflowExecutionHistoryResponse, error) {
	last := &history.HistoryEvent{EventId: 9, EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED, Attributes: &history.HistoryEvent_WorkflowExecutionTerminatedEventAttributes{
		WorkflowExecutionTerminatedEventAttributes: &history.WorkflowExecutionTerminatedEventAttributes{Reason: "stopped by hand"},
	}}
	if f.result != nil {
		payloads, err := converter.GetDefaultDataConverter().ToPayloads(f.result)
		if err != nil {
			return nil, err
		}
		last = &history.HistoryEvent{EventId: 9, EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, Attributes: completed(payloads)}
	}
	return &workflowservice.GetWorkflowExecutionHistoryResponse{History: &history.History{Events: []*history.HistoryEvent{last}}}, nil
}

func completed(result *common.Payloads) *history.HistoryEvent_WorkflowExecutionCompletedEventAttributes {
	return &history.HistoryEvent_WorkflowExecutionCompletedEventAttributes{
		WorkflowExecutionCompletedEventAttributes: &history.WorkflowExecutionCompletedEventAttributes{Result: result},
	}
}

// standing are the settings of a register whose clock shows an instant, as near as a test can tell.
func standing(t *testing.T, at time.Time) map[string]string {
	t.Helper()
	register := storetest.Open(t)
	_, err := register.Pool().Exec(t.Context(), "INSERT INTO clock_offset (offset_ms) VALUES ($1)", time.Until(at).Milliseconds())
	require.NoError(t, err)
	settings := settingsOf(register)
	settings["RECOURSE_MOVABLE_CLOCK"] = "true"
	return settings
}

// A month is over at midnight in London, which in summer is 23:00 UTC.
func TestInvoicesRun_WaitsForTheMonthsEnd(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		now   time.Time
		month string
		says  string
	}{
		"in its middle":                  {time.Date(2026, time.September, 15, 12, 0, 0, 0, time.UTC), "2026-09", "run it from 2026-10-01 on"},
		"before midnight in London":      {time.Date(2026, time.September, 30, 22, 50, 0, 0, time.UTC), "2026-09", "2026-09 is not over yet: fees may still fall due in it; run it from 2026-10-01 on"},
		"after midnight in London":       {time.Date(2026, time.September, 30, 23, 0, 1, 0, time.UTC), "2026-09", ""},
		"a winter's evening":             {time.Date(2027, time.January, 31, 23, 30, 0, 0, time.UTC), "2027-01", "run it from 2027-02-01 on"},
		"December, of which January is":  {time.Date(2026, time.December, 31, 12, 0, 0, 0, time.UTC), "2026-12", "run it from 2027-01-01 on"},
		"February, which is short":       {time.Date(2027, time.February, 28, 12, 0, 0, 0, time.UTC), "2027-02", "run it from 2027-03-01 on"},
		"February, when it is over":      {time.Date(2027, time.March, 1, 0, 0, 1, 0, time.UTC), "2027-02", ""},
		"a month that is still to come":  {time.Date(2026, time.September, 15, 12, 0, 0, 0, time.UTC), "2027-01", "run it from 2027-02-01 on"},
		"a month that is long over":      {time.Date(2027, time.September, 15, 12, 0, 0, 0, time.UTC), "2026-09", ""},
		"the last day of the year after": {time.Date(2027, time.December, 31, 23, 59, 0, 0, time.UTC), "2027-11", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temporal := newFrontend(t, &casework.InvoiceRunResult{})
			settings := standing(t, row.now)
			settings["RECOURSE_TEMPORAL_ADDRESS"] = temporal.address
			got := recourse(t, settings, "invoices", "run", "--month", row.month)
			if row.says == "" {
				require.Zero(t, got.status, got.errors)
				require.Len(t, temporal.starts, 1)
				return
			}
			require.Equal(t, 1, got.status)
			require.Contains(t, got.errors, row.says)
			require.Empty(t, temporal.starts, "nothing was started")
		})
	}
}

func TestInvoicesRun_StartsOneRunPerBodyAndMonthAndListsItsNumbers(t *testing.T) {
	t.Parallel()
	temporal := newFrontend(t, &casework.InvoiceRunResult{Numbers: []string{"CAMBRIA-000001", "CAMBRIA-000002"}})
	settings := standing(t, time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC))
	settings["RECOURSE_TEMPORAL_ADDRESS"], settings["RECOURSE_TASK_QUEUE"], settings["RECOURSE_TEMPORAL_NAMESPACE"] = temporal.address, "reviews", "exams"
	got := recourse(t, settings, "invoices", "run", "--month", "2026-09")
	require.Zero(t, got.status, got.errors)
	require.Equal(t, "CAMBRIA-000001\nCAMBRIA-000002\n2 invoices for 2026-09\n", got.out)

	require.Len(t, temporal.starts, 1)
	start := temporal.starts[0]
	require.Equal(t, "invoice-run/cambria/2026-09", start.GetWorkflowId())
	require.Equal(t, "InvoiceRun", start.GetWorkflowType().GetName())
	require.Equal(t, "reviews", start.GetTaskQueue().GetName())
	require.Equal(t, "exams", start.GetNamespace())
	require.Equal(t, enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING, start.GetWorkflowIdConflictPolicy(), "a second operator waits for the first one's run")
	require.Equal(t, enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, start.GetWorkflowIdReusePolicy(), "a month may be run again, which changes nothing")
	var in casework.InvoiceRunInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(start.GetInput(), &in))
	require.Equal(t, "cambria", in.Body)
	require.Equal(t, calendar.Date{Year: 2026, Month: time.September, Day: 1}, in.Month)
	require.WithinDuration(t, time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC), time.Now().Add(in.ClockOffset), 10*time.Minute)
}

func TestInvoicesRun_SaysHowARunEnded(t *testing.T) {
	t.Parallel()
	temporal := newFrontend(t, nil)
	settings := standing(t, time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC))
	settings["RECOURSE_TEMPORAL_ADDRESS"] = temporal.address
	got := recourse(t, settings, "invoices", "run", "--month", "2026-09")
	require.Equal(t, 1, got.status)
	require.Contains(t, got.errors, "recourse: invoice run of 2026-09: ")
	require.True(t, strings.HasSuffix(strings.TrimSpace(got.errors), "terminated"), got.errors)
	require.Empty(t, got.out)
}

func TestInvoicesRun_NamesWhatCouldNotBeDelivered(t *testing.T) {
	t.Parallel()
	temporal := newFrontend(t, &casework.InvoiceRunResult{Numbers: []string{"CAMBRIA-000001", "CAMBRIA-000002"}, Failed: []string{"CAMBRIA-000002"}})
	settings := standing(t, time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC))
	settings["RECOURSE_TEMPORAL_ADDRESS"] = temporal.address
	got := recourse(t, settings, "invoices", "run", "--month", "2026-09")
	require.Equal(t, 1, got.status)
	require.Equal(t, "CAMBRIA-000001\nCAMBRIA-000002\n2 invoices for 2026-09\n", got.out, "both are issued")
	require.Contains(t, got.errors, "these invoices are issued and could not be delivered: CAMBRIA-000002;")
}
