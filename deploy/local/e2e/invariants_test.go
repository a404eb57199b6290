package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// finished checks what must hold of every case that has come to its end, whatever crashed on the way: the
// workflow completed, one outcome, every priced line in exactly one end, one mail per recipient or one listed as
// uncertain, the audit chain whole, and the same truth in Temporal and PostgreSQL.
func (w *world) finished(t *testing.T, reference string) {
	t.Helper()
	w.await(t, "the workflow of "+reference+" has completed", func() bool {
		found, err := w.temporal.DescribeWorkflowExecution(t.Context(), "enquiry/"+reference, "")
		return err == nil && found.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
	})
	require.Equal(t, "1", w.text(t, `SELECT count(*) FROM decisions WHERE reference = $1`, reference))
	require.Equal(t, "0", w.text(t, `SELECT count(*) FROM fee_lines WHERE reference = $1 AND state NOT IN ('due', 'invoiced', 'waived', 'cancelled')`, reference))
	// What the watcher tells operations of a case is none of the case's own mails: mending may overtake it.
	require.Equal(t, "0", w.text(t, `SELECT count(*) FROM mails WHERE reference = $1 AND state NOT IN ('sent', 'uncertain')
		AND kind NOT IN ('case-stuck', 'clock-unrecorded')`, reference))
	w.mailedOnce(t, reference)
	w.verified(t, reference)
}

// mailedOnce compares the ledger with what the mail service accepted.
func (w *world) mailedOnce(t *testing.T, reference string) {
	t.Helper()
	rows, err := w.register.Query(t.Context(), `SELECT id::text, state, resent FROM mails WHERE reference = $1`, reference)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, state string
		var resent bool
		require.NoError(t, rows.Scan(&id, &state, &resent))
		accepted := len(w.tagged(t, id))
		switch {
		case resent:
			require.LessOrEqual(t, accepted, 2, "row %s was repeated once, and is listed", id)
		case state == "sent":
			require.Equal(t, 1, accepted, "row %s of the ledger", id)
		default:
			require.LessOrEqual(t, accepted, 1, "row %s of the ledger", id)
		}
	}
	require.NoError(t, rows.Err())
}

// tagged lists the accepted mails of a row of the ledger.
func (w *world) tagged(t *testing.T, id string) []letter {
	t.Helper()
	var found []letter
	for _, l := range w.inbox(t, "") {
		if l.Tags["ledger"] == id {
			found = append(found, l)
		}
	}
	return found
}

// sent lists the rows of a kind that are sent, by recipient.
func (w *world) sent(t *testing.T, reference, kind string) []string {
	t.Helper()
	rows, err := w.register.Query(t.Context(), `SELECT address FROM mails WHERE reference = $1 AND kind = $2 AND state = 'sent'`, reference, kind)
	if err != nil {
		return nil
	}
	defer rows.Close()
	var to []string
	for rows.Next() {
		var address string
		require.NoError(t, rows.Scan(&address))
		to = append(to, address)
	}
	return to
}

// announced waits until the mails of an opened and allocated case are out.
func (w *world) announced(t *testing.T, reference string) {
	t.Helper()
	w.await(t, "the first mails are out", func() bool {
		return len(w.sent(t, reference, "acknowledgement")) == 1 && len(w.sent(t, reference, "task")) == 1
	})
}

// verified runs the product's own check of the audit chain.
func (w *world) verified(t *testing.T, reference string) {
	t.Helper()
	out, err := w.recourse(t, "verify", reference)
	require.NoError(t, err, out)
}

// recourse runs the product's command line against the stack.
func (w *world) recourse(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), w.product, arguments...)
	command.Env = append(os.Environ(), w.stack.Environment()...)
	out, err := command.CombinedOutput()
	return string(out), err
}

// problem expects a problem document with a status and, if given, a code in it or in one of its reasons.
func (w *world) problem(t *testing.T, err error, status int, code string) {
	t.Helper()
	var problem *person.Problem
	require.ErrorAs(t, err, &problem, "no problem document: %v", err)
	require.Equal(t, status, problem.Status, problem)
	if code == "" || problem.Code == code {
		return
	}
	for _, reason := range problem.Errors {
		if reason.Code == code {
			return
		}
	}
	require.Fail(t, "the problem does not name "+code, problem.Error())
}

// spending is what a case cost: history events and what Temporal Cloud would bill.
type spending struct {
	events, actions int
	names           []string
}

// spent counts a case's history without the skips of the local clock. Billable are the start, each Update and
// Signal, activity, timer and upsert, and each workflow task with local activities in it.
func (w *world) spent(t *testing.T, reference string) spending {
	t.Helper()
	var s spending
	var lastMarked int64
	history := w.temporal.GetWorkflowHistory(t.Context(), "enquiry/"+reference, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		require.NoError(t, err)
		switch event.GetEventType() {
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED:
			continue
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
			enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
			enums.EVENT_TYPE_TIMER_STARTED, enums.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
			s.actions++
		case enums.EVENT_TYPE_MARKER_RECORDED:
			if task := event.GetMarkerRecordedEventAttributes().GetWorkflowTaskCompletedEventId(); task != lastMarked {
				s.actions++
				lastMarked = task
			}
		default:
		}
		s.events++
		s.names = append(s.names, event.GetEventType().String())
	}
	return s
}

// record writes a case's history into the replay corpus when RECOURSE_RECORD_HISTORIES names its folder.
func (w *world) record(t *testing.T, reference, name string) {
	t.Helper()
	folder := os.Getenv("RECOURSE_RECORD_HISTORIES")
	if folder == "" {
		return
	}
	history := w.temporal.GetWorkflowHistory(t.Context(), "enquiry/"+reference, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	var whole historypb.History
	for history.HasNext() {
		event, err := history.Next()
		require.NoError(t, err)
		whole.Events = append(whole.Events, event)
	}
	body, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(&whole)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".json"), append(body, '\n'), 0o600))
}

// quiet reports whether nothing of a case is under way.
func (w *world) quiet(t *testing.T, reference string) bool {
	t.Helper()
	found, err := w.temporal.DescribeWorkflowExecution(t.Context(), "enquiry/"+reference, "")
	return err == nil && len(found.GetPendingActivities()) == 0 && found.GetPendingWorkflowTask() == nil
}

// spentInQuiet counts once nothing of the case is under way.
func (w *world) spentInQuiet(t *testing.T, reference string) spending {
	t.Helper()
	w.await(t, "nothing is under way", func() bool { return w.quiet(t, reference) })
	return w.spent(t, reference)
}
