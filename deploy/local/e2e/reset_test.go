package e2e

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// firstTask is the event with which the case's first workflow task was completed: a reset to it forgets everything
// that the case knows of itself.
func (w *world) firstTask(t *testing.T, workflow string) int64 {
	t.Helper()
	events := w.temporal.GetWorkflowHistory(t.Context(), workflow, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		if event.GetEventType() == enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			return event.GetEventId()
		}
	}
	require.Fail(t, "no workflow task was completed")
	return 0
}

// A terminated case is found by the roll call and goes on after a reset, as the runbook says: every step that was
// recorded answers with what was stored, so nothing is opened, decided, charged or mailed a second time.
func TestReset_TerminatedCaseIsFoundAndGoesOnFromItsRecords(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	workflow := "enquiry/" + opened.Reference
	w.announced(t, opened.Reference)
	require.NoError(t, w.temporal.TerminateWorkflow(t.Context(), workflow, "", "by mistake"))
	w.await(t, "the roll call misses the case", func() bool {
		found, err := w.recourse(t, "verify", "--running")
		return err != nil && len(found) > 0
	})
	found, err := w.recourse(t, "verify", "--running")
	require.ErrorContains(t, err, "exit status 3")
	require.Regexp(t, opened.Reference+` +assigned +terminated`, found)

	_, err = w.temporal.ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: stack.Namespace, WorkflowExecution: &common.WorkflowExecution{WorkflowId: workflow}, Reason: "terminated by mistake",
		WorkflowTaskFinishEventId: w.firstTask(t, workflow), RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	w.completes(t, opened.Reference)
	w.stage(t, opened.Reference, "appeal-window")
	_, err = w.recourse(t, "verify", "--running")
	require.NoError(t, err, "everybody is there again")
	w.forward(t, 16*day)
	w.stage(t, opened.Reference, "closed")
	w.finished(t, opened.Reference)
	for _, kind := range []string{"acknowledgement", "task", "outcome"} {
		require.Len(t, w.sent(t, opened.Reference, kind), 1, kind)
	}
}
