package e2e

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/deploy/local/person"
)

// update sends a completion to the workflow itself, as the REST service does after its own checks.
func (w *world) update(t *testing.T, reference, id string, request casework.CompleteRequest) error {
	t.Helper()
	handle, err := w.temporal.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: "enquiry/" + reference, UpdateName: casework.MessageComplete, UpdateID: id,
		WaitForStage: client.WorkflowUpdateStageCompleted, Args: []any{request},
	})
	if err != nil {
		return err
	}
	return handle.Get(t.Context(), nil)
}

// completion is a task's completion in the workflow's own words.
func completion(task person.Task) casework.Completion {
	unchanged := task.Unchanged()
	c := casework.Completion{Task: casework.TaskID(task.ID), UnchangedReason: unchanged.UnchangedReason}
	for _, mark := range unchanged.Items {
		c.Items = append(c.Items, casework.ItemMark{Item: mark.Item, Mark: mark.Mark})
	}
	for _, check := range unchanged.Checklist {
		c.Checklist = append(c.Checklist, casework.CheckAnswer{Check: check.Check, Correct: true})
	}
	return c
}

// architecture §3.8: what the validator refuses leaves no event.
func TestUpdate_RefusedLeavesNoEvent(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	holder := w.holder(t, opened.Reference)
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	w.announced(t, opened.Reference)
	before := w.spentInQuiet(t, opened.Reference).events
	wrong := completion(task)
	wrong.Items[0].Mark = task.Items[0].Max + 1
	err = w.update(t, opened.Reference, "wrong", casework.CompleteRequest{Completion: wrong, Actor: casework.Actor{Subject: holder.ID, Role: casework.RoleClerical}})
	fault, ok := activities.Fault(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "mark-out-of-range", fault.Reasons[0].Code)
	stranger := casework.Actor{Subject: "ex-1001", Role: casework.RoleExaminer}
	err = w.update(t, opened.Reference, "stranger", casework.CompleteRequest{Completion: completion(task), Actor: stranger})
	fault, ok = activities.Fault(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "not-the-performer", fault.Code)
	require.Equal(t, before, w.spentInQuiet(t, opened.Reference).events)
	w.completes(t, opened.Reference)
}

// An operator completes a task from the Web UI or a script: on behalf of the performer, with a reason, never as
// the performer. What cannot be taken is written down.
func TestSignal_OperatorCompletesOnBehalf(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	holder := w.holder(t, opened.Reference)
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	signal := func(request casework.CompleteRequest) {
		require.NoError(t, w.temporal.SignalWorkflow(t.Context(), "enquiry/"+opened.Reference, "", casework.MessageComplete, request))
	}
	wrong := completion(task)
	wrong.Items[0].Mark = task.Items[0].Max + 1
	signal(casework.CompleteRequest{Completion: wrong, Actor: casework.Actor{Subject: "ops-5001", Reason: "the performer is ill"}})
	w.await(t, "the refusal is written down", func() bool {
		return w.text(t, `SELECT count(*) FROM audit_entries WHERE reference = $1 AND what = 'signal-refused'`, opened.Reference) == "1"
	})
	signal(casework.CompleteRequest{Completion: completion(task), Actor: casework.Actor{Subject: holder.ID, Role: casework.RoleClerical}})
	w.await(t, "a signal without a reason is refused", func() bool {
		return w.text(t, `SELECT count(*) FROM audit_entries WHERE reference = $1 AND what = 'signal-refused'`, opened.Reference) == "2"
	})
	signal(casework.CompleteRequest{Completion: completion(task), Actor: casework.Actor{Subject: "ops-5001", Reason: "the performer is ill"}})
	w.stage(t, opened.Reference, "appeal-window")
	require.Equal(t, "operator", w.text(t, `SELECT actor->>'role' FROM decisions WHERE reference = $1`, opened.Reference))
	require.Equal(t, holder.ID, w.text(t, `SELECT actor->>'onBehalfOf' FROM decisions WHERE reference = $1`, opened.Reference))
	w.forward(t, 16*day)
	w.finished(t, opened.Reference)
	w.record(t, opened.Reference, "clerical-check-by-signal")
}

// Marks above the maximum, a missing reason, no annotated script, another's task: refused, and nothing changed.
func TestCompletion_BadInputIsRefusedByRest(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "review-of-marking")
	holder := w.holder(t, opened.Reference)
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	send := func(c person.Completion) error {
		_, err := holder.Do(t.Context(), http.MethodPost, task.Href+"/complete", c, nil, person.Key(uuid.NewString()))
		return err
	}
	above := task.Unchanged()
	above.Items[0].Mark = task.Items[0].Max + 1
	w.problem(t, send(above), http.StatusUnprocessableEntity, "mark-out-of-range")
	silent := task.Changed(changeable(t, task).Item, changeable(t, task).Original+1)
	for i := range silent.Items {
		silent.Items[i].Reason = ""
	}
	w.problem(t, send(silent), http.StatusUnprocessableEntity, "reason-missing")
	w.problem(t, send(task.Unchanged()), http.StatusUnprocessableEntity, "annotated-script-missing")
	for _, wrong := range []string{"this is no PDF, whatever it says", "%PDF-1.4\nand nothing that could be opened\n"} {
		upload, err := holder.Upload(t.Context(), task, []byte(wrong))
		require.NoError(t, err)
		text := task.Unchanged()
		text.Annotated = upload
		w.problem(t, send(text), http.StatusUnprocessableEntity, "not-a-pdf")
	}
	_, err = w.as(t, "cl-2001").Task(t.Context(), task.Href)
	w.problem(t, err, http.StatusNotFound, "")
	require.Equal(t, "assigned", w.text(t, `SELECT stage FROM cases WHERE reference = $1`, opened.Reference))
	w.completes(t, opened.Reference)
}
