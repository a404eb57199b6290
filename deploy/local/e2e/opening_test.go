package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// architecture §2, "Opening, exactly": the same key and body is the same case, however often it is sent.
func TestOpening_RepeatIsTheSameCase(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	officer := w.as(t, p.officer())
	enquiry := w.enquiry(t, p, "review-of-marking")
	first, status, err := officer.Ask(t.Context(), "repeat", enquiry)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, status)
	again, status, err := officer.Ask(t.Context(), "repeat", enquiry)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, status)
	require.Equal(t, first, again)

	other := enquiry
	other.Service = "clerical-check"
	_, _, err = officer.Ask(t.Context(), "repeat", other)
	w.problem(t, err, http.StatusUnprocessableEntity, "idempotency-key-reused")
	_, _, err = officer.Ask(t.Context(), "another-key", enquiry)
	w.problem(t, err, http.StatusConflict, "already-requested")
	require.Equal(t, "1", w.text(t, `SELECT count(*) FROM cases WHERE centre = $1 AND candidate = $2 AND component = $3`, p.centre, p.candidate, p.component))
}

// Ten officers' clicks at once, each with a key of its own: one case, nine conflicts.
func TestOpening_ManyAtOnceOpenOneCase(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	officer := w.as(t, p.officer())
	enquiry := w.enquiry(t, p, "clerical-check")
	const clicks = 10
	statuses := make(chan int, clicks)
	for i := range clicks {
		go func() {
			body, _ := json.Marshal(enquiry)
			answer, err := officer.Send(t.Context(), http.MethodPost, "/v1/enquiries", body, person.Key(string(rune('a'+i))))
			if err != nil {
				statuses <- 0
				return
			}
			statuses <- answer.Status
		}()
	}
	count := map[int]int{}
	for range clicks {
		count[<-statuses]++
	}
	require.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: clicks - 1}, count)
}

// With no worker the request is accepted and opens when a worker returns, with the receipt that it had.
func TestOpening_WithoutAWorkerIsAcceptedAndOpensLater(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	w.halt(t, "worker")
	asked := w.now(t)
	opened, status, err := w.as(t, p.officer()).Ask(t.Context(), "no-worker", w.enquiry(t, p, "clerical-check"))
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, status)
	_, err = w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	w.problem(t, err, http.StatusNotFound, "")

	w.restart(t, "worker")
	w.stage(t, opened.Reference, "assigned")
	c, err := w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	require.WithinDuration(t, asked, c.ReceivedAt, 2*time.Second, "the receipt decides, not the worker")
	again, status, err := w.as(t, p.officer()).Ask(t.Context(), "no-worker", w.enquiry(t, p, "clerical-check"))
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, status)
	require.Equal(t, opened.Reference, again.Reference)
}

// Without Temporal nothing is accepted, and the answer says so.
func TestOpening_WithoutTemporalIsNotAccepted(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	w.halt(t, "temporal")
	enquiry := w.enquiry(t, p, "clerical-check")
	body, err := json.Marshal(enquiry)
	require.NoError(t, err)
	answer, err := w.as(t, p.officer()).Send(t.Context(), http.MethodPost, "/v1/enquiries", body, person.Key("no-temporal"))
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, answer.Status)
	require.NotEmpty(t, answer.Header.Get("Retry-After"))

	w.restart(t, "temporal")
	w.await(t, "the same request is accepted", func() bool {
		_, status, err := w.as(t, p.officer()).Ask(t.Context(), "no-temporal", enquiry)
		return err == nil && status == http.StatusCreated
	})
}

// The worker dies while the opening is in its hands: the next one opens the case, once.
func TestOpening_WorkerKilledInBetween(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	officer, enquiry := w.as(t, p.officer()), w.enquiry(t, p, "review-of-marking")
	tx, err := w.register.Begin(t.Context())
	require.NoError(t, err)
	// The opening step waits for this lock, so that the worker is killed in the middle of it.
	_, err = tx.Exec(t.Context(), `LOCK TABLE steps IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	answered := make(chan int, 1)
	go func() {
		_, status, _ := officer.Ask(t.Context(), "killed", enquiry)
		answered <- status
	}()
	w.await(t, "the step waits for the lock", func() bool { return w.waiting(t, tx) })
	require.NoError(t, w.stack.Kill("worker"))
	require.NoError(t, tx.Rollback(t.Context()))
	require.Contains(t, []int{http.StatusCreated, http.StatusAccepted, http.StatusServiceUnavailable, 0}, <-answered)
	w.await(t, "the request opens one case", func() bool {
		_, status, err := officer.Ask(t.Context(), "killed", enquiry)
		return err == nil && status == http.StatusCreated
	})
	require.Equal(t, "1", w.text(t, `SELECT count(*) FROM cases WHERE centre = $1 AND candidate = $2 AND component = $3`, p.centre, p.candidate, p.component))
}
