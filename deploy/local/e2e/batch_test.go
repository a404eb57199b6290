package e2e

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// batchPlan is what a batch would do, and batchPage what became of it.
type batchPlan struct {
	Count  int    `json:"count"`
	Digest string `json:"digest"`
}

type batchPage struct {
	Href    string     `json:"href"`
	Count   int        `json:"count"`
	Waiting int        `json:"waiting"`
	Done    int        `json:"done"`
	Refused int        `json:"refused"`
	EndedAt *time.Time `json:"endedAt"`
	Items   []struct {
		Reference string `json:"reference"`
		State     string `json:"state"`
	} `json:"items"`
}

// tells shows first what a batch would do, and has it done exactly so.
func (w *world) tells(t *testing.T, clerk *person.Person, key string, command map[string]any) batchPage {
	t.Helper()
	ask := func(key, name string, value, into any) {
		t.Helper()
		body := maps.Clone(command)
		body[name] = value
		_, err := clerk.Do(t.Context(), http.MethodPost, "/v1/batches", body, into, person.Key(key))
		require.NoError(t, err)
	}
	var plan batchPlan
	ask(key+"-dry", "dryRun", true, &plan)
	require.Equal(t, len(command["references"].([]string)), plan.Count)
	var made, again batchPage
	ask(key, "expect", plan.Digest, &made)
	ask(key, "expect", plan.Digest, &again)
	require.Equal(t, made.Href, again.Href, "the same key is the same batch")
	return made
}

// batch reads a batch; an empty page while the service is away.
func (w *world) batch(t *testing.T, clerk *person.Person, href string) batchPage {
	t.Helper()
	var page batchPage
	_, _ = clerk.Do(t.Context(), http.MethodGet, href, nil, &page)
	return page
}

// toldAll waits until every case of a batch has done what it was told.
func (w *world) toldAll(t *testing.T, clerk *person.Person, href string, references []string) {
	t.Helper()
	var page batchPage
	w.await(t, "the batch has ended", func() bool {
		page = w.batch(t, clerk, href)
		return page.EndedAt != nil
	})
	require.Equal(t, []int{len(references), len(references), 0, 0}, []int{page.Count, page.Done, page.Refused, page.Waiting})
	var told []string
	for _, item := range page.Items {
		require.Equal(t, "done", item.State, item.Reference)
		told = append(told, item.Reference)
	}
	require.ElementsMatch(t, references, told)
}

// count counts rows of a case.
func (w *world) count(t *testing.T, from, reference string) string {
	t.Helper()
	return w.text(t, `SELECT count(*) FROM `+from+` AND reference = $1`, reference)
}

// Six cases are held by one batch and the worker dies while it is being told: two cases are in the midst of it. What goes
// on then goes on where it stopped, and nobody is told twice.
func TestBatch_SurvivesTheDeathOfTheWorker(t *testing.T) {
	w := theWorld
	clerk := w.as(t, caseworker)
	var references []string
	for range 6 {
		opened := w.opens(t, w.paper(t), "clerical-check")
		w.announced(t, opened.Reference)
		references = append(references, opened.Reference)
	}
	// The third and the last case cannot take their step yet, and can be written down.
	stuck, err := w.register.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = stuck.Rollback(t.Context()) }()
	_, err = stuck.Exec(t.Context(), `SELECT FROM cases WHERE reference = ANY ($1) ORDER BY reference FOR NO KEY UPDATE`, []string{references[2], references[5]})
	require.NoError(t, err)

	hold := w.tells(t, clerk, "hold-"+references[0], map[string]any{
		"action": "hold", "references": references, "cause": "hold", "approvedBy": approver, "reason": "A paper is being looked at again.",
	})
	w.await(t, "four cases are held and one waits for its step", func() bool { return w.batch(t, clerk, hold.Href).Done == 4 && w.waiting(t, stuck) })
	require.Equal(t, 2, w.batch(t, clerk, hold.Href).Waiting)
	w.halt(t, "worker")
	require.NoError(t, stuck.Rollback(t.Context()))
	require.Nil(t, w.batch(t, clerk, hold.Href).EndedAt, "nobody is there to end it")
	w.restart(t, "worker")

	w.toldAll(t, clerk, hold.Href, references)
	for _, reference := range references {
		require.Equal(t, "1", w.count(t, `holds WHERE cause = 'hold' AND ended_at IS NULL`, reference), "held once")
		require.Equal(t, "1", w.count(t, `steps WHERE step = 'hold'`, reference))
		require.Equal(t, "suspended", w.text(t, `SELECT state FROM tasks WHERE reference = $1`, reference))
		w.await(t, "the hold is mailed", func() bool { return len(w.sent(t, reference, "case-held")) > 0 })
		updates := 0
		for _, name := range w.spentInQuiet(t, reference).names {
			if name == "WorkflowExecutionUpdateAccepted" {
				updates++
			}
		}
		require.Equal(t, 2, updates, "the opening, and the hold once")
	}

	resume := w.tells(t, clerk, "resume-"+references[0], map[string]any{
		"action": "resume", "references": references, "cause": "hold", "reason": "The paper is in order.",
	})
	w.toldAll(t, clerk, resume.Href, references)
	for _, reference := range references {
		w.completes(t, reference)
		w.stage(t, reference, "appeal-window")
		w.await(t, "nothing is under way", func() bool { return w.quiet(t, reference) })
	}
	w.forward(t, 16*day)
	for _, reference := range references {
		w.stage(t, reference, "closed")
		w.finished(t, reference)
		for _, kind := range []string{"case-held", "case-resumed"} {
			recipients := w.sent(t, reference, kind)
			require.NotEmpty(t, recipients)
			require.Equal(t, w.text(t, `SELECT count(DISTINCT address) FROM mails WHERE reference = $1 AND kind = $2`, reference, kind),
				w.count(t, `mails WHERE kind = '`+kind+`' AND state = 'sent' AND NOT resent`, reference), "one %s for each recipient", kind)
		}
	}
}
