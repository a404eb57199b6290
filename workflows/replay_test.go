package workflows_test

import (
	"io/fs"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/workflows"
)

// histories holds what released code recorded, one file per workflow, path and release (architecture §3.10). An
// open case of any of those releases must go on under this code.
const histories = "testdata/histories"

// recorded reads every recorded history by its file's name.
func recorded(t *testing.T) map[string]*history.History {
	t.Helper()
	if _, err := os.Stat(histories); os.IsNotExist(err) {
		t.Skip("no release has recorded its histories yet: `make replay-record` makes " + histories + " from released code")
	}
	folder := os.DirFS(histories)
	names, err := fs.Glob(folder, "*.json")
	require.NoError(t, err)
	require.NotEmpty(t, names, "%s is there and holds no history: nothing would be replayed", histories)
	all := map[string]*history.History{}
	for _, name := range names {
		file, err := folder.Open(name)
		require.NoError(t, err)
		all[name], err = client.HistoryFromJSON(file, client.HistoryJSONOptions{})
		require.NoError(t, err, name)
		require.NoError(t, file.Close())
	}
	return all
}

// replay runs a history against workflow code and returns how it fits.
func replay(t *testing.T, told *history.History, enquiry, invoiceRun any) error {
	t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{})
	require.NoError(t, err)
	replayer.RegisterWorkflowWithOptions(enquiry, workflow.RegisterOptions{Name: "Enquiry"})
	replayer.RegisterWorkflowWithOptions(invoiceRun, workflow.RegisterOptions{Name: "InvoiceRun"})
	return replayer.ReplayWorkflowHistory(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), told)
}

// delayedEnquiry and delayedRun are the workflows with a change that every open case would trip over: a timer
// before the first step.
func delayedEnquiry(ctx workflow.Context, in casework.EnquiryInput) (casework.EnquiryResult, error) {
	if err := workflow.Sleep(ctx, time.Minute); err != nil {
		return casework.EnquiryResult{}, err
	}
	return workflows.Enquiry(ctx, in)
}

func delayedRun(ctx workflow.Context, in casework.InvoiceRunInput) (casework.InvoiceRunResult, error) {
	if err := workflow.Sleep(ctx, time.Minute); err != nil {
		return casework.InvoiceRunResult{}, err
	}
	return workflows.InvoiceRun(ctx, in)
}

// nonDeterminism is the code under which the SDK reports that code and history differ.
const nonDeterminism = "TMPRL1100"

func TestReplay_EveryRecordedHistoryGoesOnUnderThisCode(t *testing.T) {
	t.Parallel()
	for name, told := range recorded(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, replay(t, told, workflows.Enquiry, workflows.InvoiceRun))
		})
	}
}

func TestReplay_EveryRecordedHistoryFindsAChange(t *testing.T) {
	t.Parallel()
	for name, told := range recorded(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, replay(t, told, delayedEnquiry, delayedRun), nonDeterminism)
		})
	}
}

// The replayer itself is no better than its tests: a history written down by hand fits, and a change is found in it
// wherever it stands.
func TestReplay_FindsWhatHasChanged(t *testing.T) {
	t.Parallel()
	told := told(t).run("CAMBRIA-000001", "CAMBRIA-000002")
	require.NoError(t, replay(t, told, workflows.Enquiry, workflows.InvoiceRun))

	longer := func(ctx workflow.Context, in casework.InvoiceRunInput) (casework.InvoiceRunResult, error) {
		result, err := workflows.InvoiceRun(ctx, in)
		if err != nil {
			return result, err
		}
		return result, workflow.Sleep(ctx, time.Minute)
	}
	forgetful := func(workflow.Context, casework.InvoiceRunInput) (casework.InvoiceRunResult, error) {
		return casework.InvoiceRunResult{}, nil
	}
	for name, changed := range map[string]any{"a timer at the start": delayedRun, "a timer at the end": longer, "no steps at all": forgetful} {
		require.ErrorContains(t, replay(t, told, workflows.Enquiry, changed), nonDeterminism, name)
	}
}

// A run that still waits for its second delivery is replayed as far as it went.
func TestReplay_OpenRunGoesOn(t *testing.T) {
	t.Parallel()
	told := told(t).run("CAMBRIA-000001", "CAMBRIA-000002")
	const firstDelivered = 13
	told.Events = told.Events[:firstDelivered]
	require.NoError(t, replay(t, told, workflows.Enquiry, workflows.InvoiceRun))
	require.ErrorContains(t, replay(t, told, workflows.Enquiry, delayedRun), nonDeterminism)
}
