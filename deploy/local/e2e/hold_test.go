package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// caseworker asks for holds; approver is who agreed, and no centre ever reads either name.
const (
	caseworker     = "cw-3001"
	approver       = "ops-5001"
	approversMails = "kate.munro@cambria.example"
)

// A case waits for the centre to show the consent: its clock stands still, its task rests, the centre reads why, and
// when it goes on the outcome is due later by as long as it waited (domain §5.5, §8.1).
func TestHold_ConsentInspectionMovesTheDueDate(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	holder := w.holder(t, opened.Reference)
	w.announced(t, opened.Reference)
	officer, clerk := w.as(t, p.officer()), w.as(t, caseworker)
	before, err := officer.Case(t.Context(), opened.Reference)
	require.NoError(t, err)

	w.problem(t, clerk.Hold(t.Context(), "alone", opened.Reference, "consent-inspection", "Please send the form.", caseworker), http.StatusUnprocessableEntity, "")
	w.problem(t, officer.Hold(t.Context(), "officer", opened.Reference, "consent-inspection", "Please send the form.", approver), http.StatusForbidden, "")
	require.NoError(t, clerk.Hold(t.Context(), "hold", opened.Reference, "consent-inspection", "Please send the form.", approver))
	require.NoError(t, clerk.Hold(t.Context(), "hold", opened.Reference, "consent-inspection", "Please send the form.", approver), "the same key is the same hold")
	w.await(t, "the approver is told that they are named", func() bool { return slices.Contains(w.sent(t, opened.Reference, "case-held"), approversMails) })

	var page json.RawMessage
	_, err = officer.Do(t.Context(), http.MethodGet, "/v1/cases/"+opened.Reference, nil, &page)
	require.NoError(t, err)
	require.Contains(t, string(page), "Please send the form.")
	require.NotContains(t, string(page), caseworker)
	require.NotContains(t, string(page), approver)
	require.Equal(t, "paused", w.text(t, `SELECT sla_state FROM cases WHERE reference = $1`, opened.Reference))
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	require.Equal(t, "suspended", task.State)
	_, err = holder.Complete(t.Context(), "held", task, task.Unchanged())
	w.problem(t, err, http.StatusConflict, "on-hold")

	w.forward(t, 13*day)
	require.Equal(t, "0", w.text(t, `SELECT count(*) FROM clock_alerts WHERE reference = $1 AND clock = 'outcome'`, opened.Reference), "what stands still neither warns nor breaches")
	w.await(t, "the centre's own duty has lapsed and it was told", func() bool { return len(w.sent(t, opened.Reference, "duty-lapsed")) > 0 })
	require.NoError(t, clerk.Resume(t.Context(), "resume", opened.Reference, "consent-inspection", true, ""))
	after, err := officer.Case(t.Context(), opened.Reference)
	require.NoError(t, err)
	// Thirteen midnights came while it stood; the first ended the day of receipt, which is not counted anyway.
	require.Equal(t, 12, int(outcomeClock(t, after).Ends.Sub(outcomeClock(t, before).Ends).Hours()/24), "as many days as the clock stood still")
	require.Equal(t, "on-time", after.SLAState)

	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
	told := w.sent(t, opened.Reference, "case-resumed")
	require.Len(t, told, 1)
	require.ElementsMatch(t, append(told, approversMails), w.sent(t, opened.Reference, "case-held"), "the centre and the approver once each")
	w.record(t, opened.Reference, "clerical-check-held")
}

// While a malpractice is being looked into (indicator Q) no review goes on; the watcher sees that the register says so
// and that it no longer does.
func TestHold_MalpracticeFollowsTheIndicator(t *testing.T) {
	w := theWorld
	p := w.paper(t)
	opened := w.opens(t, p, "clerical-check")
	holder := w.holder(t, opened.Reference)
	clerk := w.as(t, caseworker)
	w.problem(t, clerk.Hold(t.Context(), "nobody", opened.Reference, "consent-inspection", "Please send the form.", "nobody-at-all"), http.StatusUnprocessableEntity, "unknown-approver")
	w.problem(t, clerk.Hold(t.Context(), "sample", opened.Reference, "waiting-for-sample", "Please send the sample.", approver), http.StatusUnprocessableEntity, "nothing-to-wait-for")
	require.Equal(t, "0", w.text(t, `SELECT count(*) FROM holds WHERE reference = $1`, opened.Reference), "a no changes nothing")
	indicator := func(value string) {
		_, err := w.register.Exec(t.Context(), `UPDATE component_results SET indicator = $2 WHERE id = $1::bigint`, p.result, value)
		require.NoError(t, err)
	}
	indicator("Q")
	task, err := holder.Task(t.Context(), href(opened.Reference))
	require.NoError(t, err)
	_, err = holder.Complete(t.Context(), "q", task, task.Unchanged())
	w.problem(t, err, http.StatusConflict, "on-hold")
	w.await(t, "the case is held", func() bool {
		return w.text(t, `SELECT array_to_string(held_for, ' ') FROM cases WHERE reference = $1`, opened.Reference) == "malpractice"
	})
	officer := w.as(t, p.officer())
	for _, path := range []string{"", "/timeline", "/clocks/outcome/worksheet"} {
		var read json.RawMessage
		_, err := officer.Do(t.Context(), http.MethodGet, "/v1/cases/"+opened.Reference+path, nil, &read)
		require.NoError(t, err)
		require.Regexp(t, "result-pending|the result is pending", string(read), "what the centre reads at %q", path)
		require.NotRegexp(t, "(?i)malpractice|suspicion", string(read), "what the centre does not read at %q", path)
	}
	indicator("")
	w.await(t, "the case goes on", func() bool {
		return w.text(t, `SELECT cardinality(held_for) FROM cases WHERE reference = $1`, opened.Reference) == "0"
	})
	require.NotContains(t, w.sent(t, opened.Reference, "case-held"), approversMails, "nobody agreed to what the system did")
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}

// A performer is away: what they hold is shown first, then given to others, each judged by the rule.
func TestExaminer_AbsentAndEverythingReassigned(t *testing.T) {
	w := theWorld
	opened := w.opens(t, w.paper(t), "clerical-check")
	holder := w.holder(t, opened.Reference)
	operator := w.as(t, approver)
	today := w.today(t)
	_, err := operator.Do(t.Context(), http.MethodPost, "/v1/examiners/"+holder.ID+"/absences",
		map[string]string{"from": today, "until": today, "reason": "illness"}, nil, person.Key("ill"+opened.Reference))
	require.NoError(t, err)

	var plan struct {
		Count  int    `json:"count"`
		Digest string `json:"digest"`
	}
	path := "/v1/examiners/" + holder.ID + "/reassignments"
	_, err = operator.Do(t.Context(), http.MethodPost, path, map[string]any{"reason": "The examiner is ill.", "dryRun": true}, &plan, person.Key("dry"+opened.Reference))
	require.NoError(t, err)
	require.Positive(t, plan.Count)
	require.Equal(t, holder.ID, w.text(t, `SELECT assignee FROM tasks WHERE reference = $1`, opened.Reference), "a dry run changes nothing")

	_, err = operator.Do(t.Context(), http.MethodPost, path, map[string]any{"reason": "The examiner is ill.", "expect": "another"}, nil, person.Key("wrong"+opened.Reference))
	require.Error(t, err)
	_, err = operator.Do(t.Context(), http.MethodPost, path, map[string]any{"reason": "The examiner is ill.", "expect": plan.Digest}, nil, person.Key("do"+opened.Reference))
	require.NoError(t, err)
	next := w.handedTo(t, opened.Reference, holder.ID)
	require.NotEqual(t, holder.ID, next.ID)
	w.await(t, "nothing is left with who is away", func() bool {
		return w.text(t, `SELECT count(*) FROM tasks WHERE assignee = $1 AND state IN ('reserved', 'in-progress', 'suspended')`, holder.ID) == "0"
	})
	w.completes(t, opened.Reference)
	w.ends(t, opened.Reference)
}
