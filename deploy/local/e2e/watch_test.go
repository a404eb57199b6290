package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// alarm is within what time operations must know of something that stands still.
const alarm = time.Minute

// found waits until the watcher has told operations of what it found about a case, and says how long that took.
func (w *world) found(t *testing.T, reference, kind, mail string) time.Duration {
	t.Helper()
	began := time.Now()
	w.await(t, "operations know of "+kind, func() bool {
		return w.text(t, `SELECT count(*) FROM findings WHERE reference = $1 AND kind = $2 AND cleared_at IS NULL`, reference, kind) == "1" &&
			len(w.sent(t, reference, mail)) == 1
	})
	return time.Since(began)
}

// cleared waits until the watcher sees that everything it found about a case is mended.
func (w *world) cleared(t *testing.T, reference string) {
	t.Helper()
	w.await(t, "the findings are closed", func() bool {
		return w.text(t, `SELECT count(*) FROM findings WHERE reference = $1 AND cleared_at IS NULL`, reference) == "0"
	})
}

// No worker runs as a promise is broken: the watcher raises the alarm from the database, and the breach is recorded with
// its true instant when a worker is back.
func TestWatcher_TellsOfABreachThatNobodyRecords(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	w.holder(t, opened.Reference)
	w.announced(t, opened.Reference)
	c, err := w.as(t, approver).Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	ends := outcomeClock(t, c).Ends
	w.forward(t, ends.Sub(w.now(t)).Truncate(time.Millisecond)-5*time.Second)
	w.halt(t, "worker")
	w.await(t, "the instant passes", func() bool { return w.now(t).After(ends) })
	took := w.found(t, opened.Reference, "clock-unrecorded", "clock-unrecorded")
	require.Less(t, took, alarm)
	t.Logf("operations knew %s after a promise had run out without a worker", took.Round(time.Millisecond))
	require.Empty(t, w.text(t, `SELECT breached_at FROM clocks WHERE reference = $1 AND id = 'outcome'`, opened.Reference), "the case alone writes its record")

	w.restart(t, "worker")
	w.await(t, "the breach is recorded", func() bool {
		return w.text(t, `SELECT count(*) FROM clocks WHERE reference = $1 AND breached_at = ends`, opened.Reference) == "1"
	})
	w.cleared(t, opened.Reference)
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}

// The file store is away: the letter cannot be stored, again and again. Operations know within a minute which activity
// of which case it is.
func TestWatcher_TellsOfAnActivityThatFails(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	w.holder(t, opened.Reference)
	w.announced(t, opened.Reference)
	w.halt(t, "s3")
	w.completes(t, opened.Reference)
	took := w.found(t, opened.Reference, "activity-failing", "case-stuck")
	require.Less(t, took, alarm)
	t.Logf("operations knew %s after the file store had gone", took.Round(time.Millisecond))
	w.restart(t, "s3")
	w.await(t, "the outcome is mailed", func() bool { return len(w.sent(t, opened.Reference, "outcome")) == 1 })
	w.cleared(t, opened.Reference)
	w.ends(t, opened.Reference)
}

// A case meets something that the program does not know: its workflow task fails until that is mended, and nothing of
// the case is lost. Operations know within a minute.
func TestWatcher_TellsOfAWorkflowThatFails(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	holder := w.holder(t, opened.Reference)
	w.announced(t, opened.Reference)
	// The search for the next performer looks for the clock under its name.
	rename := func(from, to string) {
		_, err := w.register.Exec(t.Context(), `UPDATE clocks SET id = $3 WHERE reference = $1 AND id = $2`, opened.Reference, from, to)
		require.NoError(t, err)
	}
	rename("outcome", "unknown")
	t.Cleanup(func() { _, _ = w.register.Exec(t.Context(), `UPDATE clocks SET id = 'outcome' WHERE id = 'unknown'`) })
	_, err := holder.Act(t.Context(), "decline", href(opened.Reference), "decline", person.Giving{Why: "no-time"})
	require.NoError(t, err)
	took := w.found(t, opened.Reference, "workflow-failing", "case-stuck")
	require.Less(t, took, alarm)
	t.Logf("operations knew %s after the case had met something unknown", took.Round(time.Millisecond))
	rename("unknown", "outcome")
	w.cleared(t, opened.Reference)
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}

// Somebody becomes free: the case that waited in the pool is told by itself.
func TestWatcher_CallsTheCasesOfThePool(t *testing.T) {
	w := theWorld
	restore := w.nobodyIsFree(t)
	opened := w.opens(t, w.paper(t), "clerical-check")
	w.stage(t, opened.Reference, "unassigned")
	w.await(t, "operations know that nobody is free", func() bool { return len(w.sent(t, opened.Reference, "nobody-eligible")) == 1 })
	restore()
	operator := w.as(t, approver)
	read, err := operator.Do(t.Context(), http.MethodGet, "/v1/examiners/cl-2001", nil, nil)
	require.NoError(t, err)
	_, err = operator.Do(t.Context(), http.MethodPatch, "/v1/examiners/cl-2001", map[string]int{"capacity": 130}, nil,
		person.Header{Name: "If-Match", Value: read.Header.Get("ETag")})
	require.NoError(t, err)
	w.stage(t, opened.Reference, "assigned")
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}

// A conflict is declared while somebody holds a task: whoever declares it learns of the task, the task cannot be completed
// any more, and operations know within a minute, until it is with somebody else.
func TestWatcher_TellsOfAHolderWithAConflict(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	holder := w.holder(t, opened.Reference)
	w.announced(t, opened.Reference)
	operator := w.as(t, approver)
	var declared struct {
		ID            int64 `json:"id"`
		StandsAgainst []struct {
			Task string `json:"task"`
		} `json:"standsAgainst"`
	}
	conflicts := "/v1/examiners/" + holder.ID + "/conflicts"
	_, err := operator.Do(t.Context(), http.MethodPost, conflicts, map[string]string{"kind": "related-to", "centre": p.centre, "candidate": p.candidate}, &declared)
	require.NoError(t, err)
	require.Len(t, declared.StandsAgainst, 1)
	require.Equal(t, opened.Reference+"/1", declared.StandsAgainst[0].Task)

	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	_, err = holder.Complete(t.Context(), "conflicted-"+opened.Reference, task, task.Unchanged())
	w.problem(t, err, http.StatusUnprocessableEntity, "not-eligible")
	took := w.found(t, opened.Reference, "holder-conflicted", "case-stuck")
	require.Less(t, took, alarm)
	t.Logf("operations knew %s after a conflict with a held task had been declared", took.Round(time.Millisecond))

	_, err = operator.Act(t.Context(), "pass-on-"+opened.Reference, href(opened.Reference), "reassign", person.Giving{Reason: "A conflict was declared."})
	require.NoError(t, err)
	w.handedTo(t, opened.Reference, holder.ID)
	w.cleared(t, opened.Reference)
	require.Len(t, w.sent(t, opened.Reference, "case-stuck"), 1, "they are told once")
	_, err = operator.Do(t.Context(), http.MethodDelete, fmt.Sprintf("%s/%d", conflicts, declared.ID), nil, nil)
	require.NoError(t, err, "other stories know of no conflict")
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}
