package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// architecture §2, "Opening, exactly": the same key and body is the same case, however often it is sent.
func TestOpening_RepeatIsTheSameCase(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	officer := w.as(t, p.officer())
	enquiry := w.enquiry(t, p, "review-of-marking")
	first := w.asks(t, officer, "repeat", enquiry)
	again := w.asks(t, officer, "repeat", enquiry)
	require.Equal(t, first, again)

	other := enquiry
	other.Service = "clerical-check"
	_, _, err := officer.Ask(t.Context(), "repeat", other)
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
	body, err := json.Marshal(enquiry)
	require.NoError(t, err)
	for i := range clicks {
		go func() { statuses <- insist(t.Context(), officer, string(rune('a'+i)), body) }()
	}
	count := map[int]int{}
	for range clicks {
		count[<-statuses]++
	}
	require.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: clicks - 1}, count)
}

// insist sends a request again while the answer is not final, as a careful client does.
func insist(ctx context.Context, officer *person.Person, key string, body []byte) int {
	for {
		answer, err := officer.Send(ctx, http.MethodPost, "/v1/enquiries", body, person.Key(key))
		if err != nil {
			return 0
		}
		if answer.Status != http.StatusAccepted && answer.Status != http.StatusServiceUnavailable {
			return answer.Status
		}
	}
}

// With no worker the request is accepted and opens when a worker returns, with the receipt that it had.
func TestOpening_WithoutAWorkerIsAcceptedAndOpensLater(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	w.halt(t, "worker")
	enquiry := w.enquiry(t, p, "clerical-check")
	var opened person.Opened
	w.await(t, "the request is accepted", func() bool {
		var status int
		opened, status, _ = w.as(t, p.officer()).Ask(t.Context(), "no-worker", enquiry)
		return status == http.StatusAccepted
	})
	_, err := w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	w.problem(t, err, http.StatusNotFound, "")

	restarted := w.now(t)
	w.restart(t, "worker")
	w.stage(t, opened.Reference, "assigned")
	c, err := w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	require.True(t, c.ReceivedAt.Before(restarted), "the receipt decides, not the worker")
	require.Equal(t, opened.Reference, w.asks(t, w.as(t, p.officer()), "no-worker", enquiry).Reference)
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
	w.asks(t, w.as(t, p.officer()), "no-temporal", enquiry)
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
	w.asks(t, officer, "killed", enquiry)
	require.Equal(t, "1", w.text(t, `SELECT count(*) FROM cases WHERE centre = $1 AND candidate = $2 AND component = $3`, p.centre, p.candidate, p.component))
}
