package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// A review of marking from the request to the closed case, on time (issue: the two services whole).
func TestReviewOfMarking_OneWholeCase(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "review-of-marking")
	require.Len(t, opened.Fees, 2, "the review and the copy that was ordered")

	holder := w.holder(t, opened.Reference)
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	w.seesNobody(t, holder, opened.Reference, p, task)
	w.savesDraft(t, holder, task)

	item := changeable(t, task)
	completed, err := holder.Complete(t.Context(), "k1"+opened.Reference, task, task.Changed(item.Item, item.Original+1))
	require.NoError(t, err)
	require.Equal(t, "appeal-window", completed.Stage)
	w.await(t, "the outcome is mailed", func() bool { return len(w.sent(t, opened.Reference, "outcome")) == 1 })

	c, err := w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	require.Equal(t, c.Outcome.MarkBefore+1, c.Outcome.MarkAfter)
	require.True(t, c.Outcome.Settled)
	require.ElementsMatch(t, []string{"outcome-letter-html", "outcome-letter-pdf", "reviewed-script"}, kinds(c.Documents))
	for _, document := range c.Documents {
		body, err := w.as(t, p.officer()).Open(t.Context(), document)
		require.NoError(t, err)
		require.Len(t, body, int(document.Size))
	}

	w.forward(t, 16*day)
	w.stage(t, opened.Reference, "closed")
	w.finished(t, opened.Reference)
	spent := w.spent(t, opened.Reference)
	require.LessOrEqual(t, spent.events, 60, "events: %v", spent.names)
	require.LessOrEqual(t, spent.actions, 18)
	t.Logf("review of marking with task mail, script copy and window: %d events, %d actions", spent.events, spent.actions)
	w.record(t, opened.Reference, "review-of-marking-on-time")
}

func TestClericalCheck_OneWholeCase(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	holder := w.holder(t, opened.Reference)
	require.True(t, strings.HasPrefix(holder.ID, "cl-"), "a clerical performer, not an examiner")
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	require.False(t, task.Rules.AnnotatedScript)

	academic := task.Changed(changeable(t, task).Item, changeable(t, task).Original+1)
	for i := range academic.Items {
		if academic.Items[i].Reason != "" {
			academic.Items[i].Reason = "levels-scheme-misapplied"
		}
	}
	_, err = holder.Complete(t.Context(), "academic"+opened.Reference, task, academic)
	w.problem(t, err, http.StatusUnprocessableEntity, "reason-not-accepted")

	w.completes(t, opened.Reference)
	w.forward(t, 16*day)
	w.stage(t, opened.Reference, "closed")
	w.finished(t, opened.Reference)
	spent := w.spent(t, opened.Reference)
	require.LessOrEqual(t, spent.events, 52, "events: %v", spent.names)
	require.LessOrEqual(t, spent.actions, 15)
	t.Logf("clerical check with acknowledgement, outcome mail and window: %d events, %d actions", spent.events, spent.actions)
	w.record(t, opened.Reference, "clerical-check-on-time")
}

// domain §8.1: the outcome clock warns and breaches, once each, with the true instant; the case still finishes.
func TestDeadline_WarnsAndBreachesOnce(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	w.announced(t, opened.Reference)
	before := w.spentInQuiet(t, opened.Reference)
	w.forward(t, 12*day)
	w.await(t, "operations and the holder are told of both", func() bool {
		return len(w.sent(t, opened.Reference, "sla-warning")) == 2 && len(w.sent(t, opened.Reference, "sla-breach")) == 2
	})
	after := w.spentInQuiet(t, opened.Reference)
	// The task's own deadlines have passed as well; each alert has the same budget.
	alerts, err := strconv.Atoi(w.text(t, `
		SELECT (SELECT count(*) FROM clock_alerts WHERE reference = $1) + (SELECT count(*) FROM task_alerts WHERE task = $1 || '/1')`, opened.Reference))
	require.NoError(t, err)
	require.GreaterOrEqual(t, alerts, 2)
	require.LessOrEqual(t, after.events-before.events, alerts*13, "events: %v", after.names)
	require.LessOrEqual(t, after.actions-before.actions, alerts*4)
	t.Logf("%d alerts: %d events, %d actions", alerts, after.events-before.events, after.actions-before.actions)

	c, err := w.as(t, p.officer()).Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	require.Equal(t, "breached", c.SLAState)
	clock := outcomeClock(t, c)
	require.True(t, clock.BreachedAt.Equal(clock.Ends), "the breach has the instant at which the clock ran out")
	w.completes(t, opened.Reference)
	w.forward(t, 16*day)
	w.stage(t, opened.Reference, "closed")
	w.finished(t, opened.Reference)
	require.Equal(t, "breached", w.text(t, `SELECT sla_state FROM cases WHERE reference = $1`, opened.Reference), "a breach is never forgotten")
	w.record(t, opened.Reference, "clerical-check-breached")
}

// Two components of one award: outcomes come one by one, grade, fees and letters when both are there (seed 000).
func TestLinkedComponents_ShareOneAwardReview(t *testing.T) {
	w := theWorld
	pair := w.papers(t, 2)
	first := w.opens(t, pair[0], "review-of-marking")
	second := w.opens(t, pair[1], "review-of-marking")
	w.completes(t, first.Reference)
	w.await(t, "the component's outcome is mailed", func() bool { return len(w.sent(t, first.Reference, "component-outcome")) == 1 })
	c, err := w.as(t, pair[0].officer()).Case(t.Context(), first.Reference)
	require.NoError(t, err)
	require.Equal(t, "decided", c.Stage)
	require.False(t, c.Outcome.Settled)
	require.Equal(t, "linked case", c.WaitingOn)
	require.Equal(t, "quoted", c.Fees[0].State, "nothing is due before the set is complete")

	w.completes(t, second.Reference)
	for _, reference := range []string{first.Reference, second.Reference} {
		w.await(t, "the outcome of "+reference+" is mailed", func() bool { return len(w.sent(t, reference, "outcome")) == 1 })
	}
	w.forward(t, 16*day)
	for _, reference := range []string{first.Reference, second.Reference} {
		w.stage(t, reference, "closed")
		w.finished(t, reference)
	}
	w.record(t, first.Reference, "linked-first-decided")
	w.record(t, second.Reference, "linked-last-decided")
}

// seesNobody checks that a performer's task names neither centre nor candidate nor grade nor reason (domain §8.3, 9).
func (w *world) seesNobody(t *testing.T, holder *person.Person, reference string, p paper, task person.Task) {
	t.Helper()
	answer, err := holder.Send(t.Context(), http.MethodGet, href(reference), nil)
	require.NoError(t, err)
	page := strings.ToLower(string(answer.Body))
	name := strings.ToLower(w.text(t, `SELECT name FROM candidates WHERE centre = $1 AND number = $2`, p.centre, p.candidate))
	for _, secret := range []string{`"centre`, `"candidate`, "grade", `"boundaries":`, "unexpected-mark", name, p.centre} {
		require.NotContains(t, page, secret)
	}
	script, err := holder.Download(t.Context(), task.Links.Script)
	require.NoError(t, err)
	require.NotContains(t, strings.ToLower(string(script)), name)
	for _, link := range []*person.Link{task.Links.Scheme, task.Links.Paper} {
		body, err := holder.Download(t.Context(), link)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(body), "%PDF-"))
	}
	_, err = holder.Case(t.Context(), reference)
	w.problem(t, err, http.StatusForbidden, "")
}

func (w *world) savesDraft(t *testing.T, holder *person.Person, task person.Task) {
	t.Helper()
	draft := map[string]any{"items": []person.Mark{{Item: task.Items[0].Item, Mark: 0}}}
	_, err := holder.Do(t.Context(), http.MethodPut, task.Href+"/draft", draft, nil, person.Header{Name: "If-None-Match", Value: "*"})
	require.NoError(t, err)
	var got struct{ Items []person.Mark }
	_, err = holder.Do(t.Context(), http.MethodGet, task.Href+"/draft", nil, &got)
	require.NoError(t, err)
	require.Equal(t, 0, got.Items[0].Mark)
}

func changeable(t *testing.T, task person.Task) person.Item {
	t.Helper()
	for _, item := range task.Items {
		if item.Original < item.Max {
			return item
		}
	}
	require.Fail(t, "every item has its maximum")
	return person.Item{}
}

func kinds(documents []person.Document) []string {
	var names []string
	for _, d := range documents {
		names = append(names, d.Kind)
	}
	return names
}

func outcomeClock(t *testing.T, c person.Case) person.Clock {
	t.Helper()
	for _, clock := range c.Clocks {
		if clock.ID == "outcome" {
			return clock
		}
	}
	require.Fail(t, "the case has no outcome clock")
	return person.Clock{}
}
