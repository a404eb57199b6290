package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// outage is how long the stories keep a part away.
const outage = time.Minute

// SES has the mail and the worker dies before it could write that down: no second mail.
func TestCrash_WorkerKilledBetweenAMailAndItsRecord(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	w.announced(t, opened.Reference)
	w.fault(t, `{"mode":"hang-answer","count":1}`)
	defer w.clearFaults(t)
	w.completes(t, opened.Reference)
	w.await(t, "SES has the mail and the ledger does not know", func() bool {
		id := w.text(t, `SELECT id FROM mails WHERE reference = $1 AND kind = 'outcome' AND state = 'sending'`, opened.Reference)
		return id != "" && len(w.tagged(t, id)) == 1
	})
	require.NoError(t, w.stack.Kill("worker"))
	w.ends(t, opened.Reference)
	require.Len(t, w.sent(t, opened.Reference, "outcome"), 1)
}

// architecture §3.7: a breach found late has its true instant, and a window does not close on a request in time.
func TestCrash_WorkerDownOverADeadlineAndTheEndOfAWindow(t *testing.T) {
	w := theWorld
	inWindow := w.opens(t, w.paper(t), "clerical-check")
	w.completes(t, inWindow.Reference)
	w.forward(t, 4*day)
	late := w.opens(t, w.paper(t), "clerical-check")
	w.holder(t, late.Reference)
	c, err := w.as(t, "ops-5001").Case(t.Context(), late.Reference)
	require.NoError(t, err)
	ends := outcomeClock(t, c).Ends
	w.forward(t, ends.Sub(w.now(t)).Truncate(time.Millisecond)-5*time.Second)
	w.halt(t, "worker")
	w.await(t, "the instant passes", func() bool { return w.now(t).After(ends.Add(time.Second)) })
	w.restart(t, "worker")

	w.await(t, "the breach is recorded", func() bool {
		return w.text(t, `SELECT count(*) FROM clocks WHERE reference = $1 AND breached_at = ends`, late.Reference) == "1"
	})
	c, err = w.as(t, "ops-5001").Case(t.Context(), late.Reference)
	require.NoError(t, err)
	require.True(t, outcomeClock(t, c).BreachedAt.Equal(ends), "the true instant")
	require.True(t, outcomeClock(t, c).DetectedAt.After(ends), "and when it was found")
	require.Equal(t, "appeal-window", w.text(t, `SELECT stage FROM cases WHERE reference = $1`, inWindow.Reference), "the grace keeps the window's case open")
	w.forward(t, 6*time.Minute)
	w.stage(t, inWindow.Reference, "closed")
	w.finished(t, inWindow.Reference)
	w.completes(t, late.Reference)
	w.ends(t, late.Reference)
}

// The step has committed and Temporal dies before it hears so; the client never retries, and somebody else hands
// in other marks: one truth in both stores.
func TestCrash_TemporalKilledAfterTheCommitOfAnUpdateInFlight(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	holder := w.holder(t, opened.Reference)
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)

	tx, err := w.register.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `LOCK TABLE steps IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	gone := make(chan error, 1)
	go func() {
		_, err := holder.Complete(t.Context(), "in-flight", task, task.Unchanged())
		gone <- err
	}()
	w.await(t, "the step waits for the lock", func() bool { return w.waiting(t, tx) })
	require.NoError(t, w.stack.Pause("temporal"))
	require.NoError(t, tx.Rollback(t.Context()))
	w.await(t, "the step has committed", func() bool {
		return w.text(t, `SELECT count(*) FROM steps WHERE reference = $1 AND step = 'decide'`, opened.Reference) == "1"
	})
	w.halt(t, "temporal")
	<-gone // Whatever the client was told, it does not ask again.
	w.restart(t, "temporal")

	other := completion(task)
	item := changeable(t, task)
	for i := range other.Items {
		if other.Items[i].Item == item.Item {
			other.Items[i].Mark, other.Items[i].Reason = item.Original+1, task.Rules.ChangeReasons[0]
		}
	}
	other.UnchangedReason = ""
	w.await(t, "somebody else's marks are refused", func() bool {
		err := w.update(t, opened.Reference, "other marks", casework.CompleteRequest{
			Completion: other, Actor: casework.Actor{Subject: "ops-5001", Role: casework.RoleOperator, OnBehalfOf: holder.ID, Reason: "second attempt"},
		})
		fault, ok := activities.Fault(err)
		return ok && (fault.Code == "already-completed" || fault.Code == "being-completed")
	})
	w.ends(t, opened.Reference)
	require.Equal(t, "0", w.text(t, `SELECT count(*) FROM decision_items WHERE reference = $1 AND mark_before <> mark_after`, opened.Reference))
	require.Equal(t, holder.ID, w.text(t, `SELECT actor->>'subject' FROM decisions WHERE reference = $1`, opened.Reference))
}

// PostgreSQL, which holds the register and Temporal's own tables, is killed and stays away.
func TestCrash_PostgresKilledAndAwayForAMinute(t *testing.T) {
	w := theWorld
	p, q := w.paper(t), w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	w.holder(t, opened.Reference)
	enquiry := w.enquiry(t, q, "clerical-check")
	w.halt(t, "postgres")
	back := time.After(outage)
	_, _, err := w.as(t, q.officer()).Ask(t.Context(), "no-database", enquiry)
	w.problem(t, err, http.StatusServiceUnavailable, "")
	<-back
	w.restart(t, "postgres")
	w.asks(t, w.as(t, q.officer()), "no-database", enquiry)
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}

// S3 and SES are away while the outcome is to be stored and mailed.
func TestCrash_FilesAndMailAwayForAMinute(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	w.holder(t, opened.Reference)
	w.halt(t, "s3")
	w.halt(t, "mail")
	back := time.After(outage)
	w.completes(t, opened.Reference)
	require.Equal(t, "appeal-window", w.text(t, `SELECT stage FROM cases WHERE reference = $1`, opened.Reference), "the outcome is published all the same")
	<-back
	w.restart(t, "s3")
	w.restart(t, "mail")
	w.await(t, "the outcome is mailed", func() bool { return len(w.sent(t, opened.Reference, "outcome")) == 1 })
	w.ends(t, opened.Reference)
}

// SES accepts and its answer is lost: the delivery event settles it; without an event the mail is repeated once
// and listed.
func TestCrash_MailAcceptedAndTheAnswerDropped(t *testing.T) {
	w := theWorld
	for _, withheld := range []bool{false, true} {
		t.Run(fmt.Sprintf("event withheld %t", withheld), func(t *testing.T) {
			opened := w.opens(t, w.paper(t), "clerical-check")
			w.announced(t, opened.Reference)
			w.fault(t, fmt.Sprintf(`{"mode":"drop-answer","count":1,"withholdEvent":%t}`, withheld))
			defer w.clearFaults(t)
			w.completes(t, opened.Reference)
			w.await(t, "the outcome is mailed", func() bool { return len(w.sent(t, opened.Reference, "outcome")) == 1 })
			id := w.text(t, `SELECT id FROM mails WHERE reference = $1 AND kind = 'outcome'`, opened.Reference)
			listed, err := w.recourse(t, "mails")
			require.NoError(t, err)
			if withheld {
				require.Len(t, w.tagged(t, id), 2, "repeated once")
				require.Contains(t, listed, opened.Reference, "and listed")
			} else {
				require.Len(t, w.tagged(t, id), 1, "the event said that it was delivered")
				require.NotContains(t, listed, opened.Reference)
			}
			w.ends(t, opened.Reference)
		})
	}
}
