package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/deploy/local/person"
)

// handedTo waits until a case's latest task is held by somebody else than before, and lets them act.
func (w *world) handedTo(t *testing.T, reference, before string) *person.Person {
	t.Helper()
	var assignee string
	w.await(t, "somebody else has the task", func() bool {
		assignee = w.text(t, `SELECT assignee FROM tasks WHERE reference = $1 ORDER BY number DESC LIMIT 1`, reference)
		return assignee != "" && assignee != before
	})
	return w.as(t, assignee)
}

// A performer declines; the next one without a conflict gets the task, and the first sees it no more.
func TestTask_DeclinedGoesToTheNext(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "review-of-marking")
	first := w.holder(t, opened.Reference)
	_, err := first.Act(t.Context(), "silent", href(opened.Reference), "decline", person.Giving{})
	w.problem(t, err, http.StatusUnprocessableEntity, "")
	_, err = first.Act(t.Context(), "decline", href(opened.Reference), "decline", person.Giving{Why: "no-time"})
	require.NoError(t, err)
	next := w.handedTo(t, opened.Reference, first.ID)
	_, err = first.Task(t.Context(), href(opened.Reference))
	w.problem(t, err, http.StatusNotFound, "")
	done, err := next.Act(t.Context(), "start", href(opened.Reference), "start", person.Giving{})
	require.NoError(t, err)
	require.Equal(t, "in-progress", done.State)
	again, err := next.Act(t.Context(), "start", href(opened.Reference), "start", person.Giving{})
	require.NoError(t, err)
	require.Equal(t, done, again, "the same key is the same start")
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
	require.Equal(t, next.ID, w.text(t, `SELECT performer FROM work_log WHERE task = $1 || '/1'`, opened.Reference))
	require.Equal(t, "0", w.text(t, `SELECT open_tasks FROM performers WHERE id = $1`, first.ID))
	w.record(t, opened.Reference, "review-of-marking-declined")
}

// A large change is looked at by somebody else before it is published; a correction is never discarded (domain §8.3,
// reading 4), and nobody looks a third time.
func TestTask_SecondLookBeforePublication(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "review-of-marking")
	first := w.holder(t, opened.Reference)
	task, err := first.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	completed, err := first.Complete(t.Context(), "first", task, extremes(task))
	require.NoError(t, err)
	require.Equal(t, "unassigned", completed.Stage, "somebody looks again first")
	require.Equal(t, "0", w.text(t, `SELECT count(*) FROM decisions WHERE reference = $1`, opened.Reference))
	c, err := w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	require.Nil(t, c.Outcome, "the centre sees nothing before")

	second := w.handedTo(t, opened.Reference, first.ID)
	look := "/v1/tasks/" + opened.Reference + "/2"
	task, err = second.Task(t.Context(), look)
	require.NoError(t, err)
	undone := task.Unchanged()
	_, err = second.Complete(t.Context(), "undone", task, undone)
	w.problem(t, err, http.StatusUnprocessableEntity, "correction-discarded")
	done, err := second.Complete(t.Context(), "second", task, extremes(task))
	require.NoError(t, err)
	require.Equal(t, "appeal-window", done.Stage)
	w.ends(t, opened.Reference)
	require.Equal(t, "2", w.text(t, `SELECT count(*) FROM work_log WHERE task LIKE $1 || '/%'`, opened.Reference))
	w.record(t, opened.Reference, "review-of-marking-second-look")
}

// extremes is a completion that changes every mark as far as it can be.
func extremes(task person.Task) person.Completion {
	c := task.Unchanged()
	c.UnchangedReason = ""
	for i, item := range task.Items {
		c.Items[i].Mark, c.Items[i].Reason = item.Max, task.Rules.ChangeReasons[0]
		if 2*item.Original > item.Max {
			c.Items[i].Mark = 0
		}
	}
	return c
}

// nobodyIsFree takes every performer's capacity away until the story gives it back.
func (w *world) nobodyIsFree(t *testing.T) (restore func()) {
	t.Helper()
	do := func(sql string) {
		_, err := w.register.Exec(context.WithoutCancel(t.Context()), sql)
		require.NoError(t, err)
	}
	rows, err := w.register.Query(t.Context(), `SELECT id, capacity FROM performers`)
	require.NoError(t, err)
	capacities, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
		ID       string
		Capacity int
	}])
	require.NoError(t, err)
	do(`UPDATE performers SET capacity = 0`)
	return func() {
		for _, was := range capacities {
			_, err := w.register.Exec(context.WithoutCancel(t.Context()), `UPDATE performers SET capacity = $2 WHERE id = $1`, was.ID, was.Capacity)
			require.NoError(t, err)
		}
	}
}

// tries is how many claims of one task are made at the same moment, claimWait within what time one must have won.
const (
	tries     = 1000
	claimWait = 10 * time.Second
)

// A thousand claims of one task at once: one winner; the others are told by the task's row, and the case's history
// does not know of them.
func TestTask_OneOfAThousandClaimsWins(t *testing.T) {
	w := theWorld
	restore := w.nobodyIsFree(t)
	opened := w.opens(t, w.paper(t), "review-of-marking")
	w.stage(t, opened.Reference, "unassigned")
	eligible := w.couldClaim(t, opened.Reference)
	require.NotEmpty(t, eligible)
	before := w.spentInQuiet(t, opened.Reference)

	began := time.Now()
	statuses := make(chan int, tries)
	for i := range tries {
		claimant := eligible[i%len(eligible)]
		go func() { statuses <- claims(t, claimant, opened.Reference, i) }()
	}
	count := map[int]int{}
	for range tries {
		count[<-statuses]++
	}
	took := time.Since(began)
	restore()
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: tries - 1}, count)
	require.Less(t, took, claimWait, "a winner within ten seconds, and an answer for everybody")
	t.Logf("%d claims by %d people answered in %s", tries, len(eligible), took)
	after := w.spentInQuiet(t, opened.Reference)
	updates := 0
	for _, name := range after.names {
		if name == "WorkflowExecutionUpdateAccepted" {
			updates++
		}
	}
	require.Equal(t, 2, updates, "the opening and the winner's claim: %v", after.names[len(before.names):])
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
	w.record(t, opened.Reference, "review-of-marking-claimed")
}

// couldClaim lists who has no conflict with a case that waits in the pool, by the proof of its allocation.
func (w *world) couldClaim(t *testing.T, reference string) []*person.Person {
	t.Helper()
	var proof allocation.Proof
	text := w.text(t, `SELECT proof FROM allocations WHERE reference = $1 ORDER BY number DESC LIMIT 1`, reference)
	require.NoError(t, json.Unmarshal([]byte(text), &proof))
	var people []*person.Person
	for _, finding := range proof.Findings {
		if len(finding.Excluded) == 0 {
			people = append(people, w.as(t, finding.Performer))
		}
	}
	return people
}

// claims asks once, and again while the person asks faster than one may.
func claims(t *testing.T, claimant *person.Person, reference string, n int) int {
	for {
		answer, err := claimant.Send(t.Context(), http.MethodPost, href(reference)+"/"+string(casework.OpClaim), []byte("{}"), person.Key(fmt.Sprintf("claim-%d", n)))
		if err != nil {
			return 0
		}
		if answer.Status != http.StatusTooManyRequests {
			return answer.Status
		}
	}
}
