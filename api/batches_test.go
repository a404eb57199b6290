package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

func batch(key, body string) call { return hook("/v1/batches", key, body) }

// planned is what a dry run shows.
func planned(t *testing.T, w *world, body string) api.BatchPlan {
	t.Helper()
	got := w.do(t, batch("dry", strings.Replace(body, "{", `{"dryRun":true,`, 1)))
	require.Equal(t, 200, got.status, "%s", got.body)
	return read[api.BatchPlan](t, got)
}

// agreed is a request with the digest of what was shown.
func agreed(body, digest string) string {
	return strings.Replace(body, "{", fmt.Sprintf(`{"expect":%q,`, digest), 1)
}

const (
	holdAll  = `{"action":"hold","cause":"consent-inspection","reason":"We ask every centre.","approvedBy":"cw-approver","filter":{"centre":"64101"}}`
	nudgeAll = `{"action":"nudge","reason":"The series ends.","filter":{"series":"demo"}}`
)

// three are three open cases: two of the first centre, assigned, and one of another.
func three(t *testing.T, w *world) (one, two, elsewhere string) {
	t.Helper()
	return w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking"), w.open(t, examsOfficer, "4002", storetest.Maths2, "clerical-check"),
		w.open(t, bryn, "5001", storetest.Maths2, "review-of-marking")
}

// Issue C, point 6: first what would be done, which changes nothing; then exactly that, once, with what became of each.
func TestBatch_ShowsFirstAndThenDoesExactlyThat(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, two, elsewhere := three(t, w)
	plan := planned(t, w, holdAll)
	require.Equal(t, 2, plan.Count)
	for _, reference := range []string{one, two, elsewhere} {
		require.Empty(t, get[api.Case](t, w.house, "/v1/cases/"+reference, caseworker).Holds, "nothing changed")
	}
	got := w.do(t, batch("k", agreed(holdAll, plan.Digest)))
	require.Equal(t, 202, got.status, "%s", got.body)
	made := read[api.Batch](t, got)
	require.Equal(t, made.Href, got.header.Get("Location"))
	require.Equal(t, 2, made.Count)
	done := get[api.Batch](t, w.house, made.Href, operator)
	require.Equal(t, []int{0, 2, 0}, []int{done.Waiting, done.Done, done.Refused})
	require.False(t, done.EndedAt.IsZero())
	require.Equal(t, "op-1", done.MadeBy)
	require.Equal(t, storetest.Approver, done.ApprovedBy)
	for _, reference := range []string{one, two} {
		require.Equal(t, "We ask every centre.", get[api.Case](t, w.house, "/v1/cases/"+reference, caseworker).Holds[0].Reason)
	}
	require.Empty(t, get[api.Case](t, w.house, "/v1/cases/"+elsewhere, caseworker).Holds)

	again := w.do(t, batch("k", agreed(holdAll, plan.Digest)))
	require.Equal(t, 202, again.status, "a repeat finds the batch, although its cases fit no more: %s", again.body)
	require.Equal(t, made.ID, read[api.Batch](t, again).ID)
	require.Equal(t, "batch-empty", problem(t, w.do(t, batch("k2", agreed(holdAll, plan.Digest)))).Code)
	for _, other := range []string{agreed(nudgeAll, plan.Digest[:10]), agreed(nudgeAll, plan.Digest), agreed(strings.Replace(holdAll, "every", "your", 1), plan.Digest)} {
		require.Equal(t, "idempotency-key-reused", problem(t, w.do(t, batch("k", other))).Code, other)
	}
	require.Len(t, get[api.BatchList](t, w.house, "/v1/batches", caseworker).Items, 1)
}

// What has moved since somebody looked is not done: they look again.
func TestBatch_IsRefusedWhenItsCasesHaveMoved(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, _, _ := three(t, w)
	plan := planned(t, w, holdAll)
	require.Equal(t, 200, w.do(t, act(one, "holds", "k", consentAsked)).status)
	p := problem(t, w.do(t, batch("k", agreed(holdAll, plan.Digest))))
	require.Equal(t, "batch-changed", p.Code)
	_, err := w.store.Pool().Exec(t.Context(), "INSERT INTO approvers (body, id, name, email) VALUES ('cambria', 'cw-other', 'Una Reed', 'una@cambria.example')")
	require.NoError(t, err)
	require.Equal(t, []string{"/expect"}, pointers(p))
	require.Empty(t, get[api.BatchList](t, w.house, "/v1/batches", operator).Items)
	for i, change := range [][2]string{{"every centre", "some centres"}, {storetest.Approver, "cw-other"}, {`"centre":"64101"`, `"series":"demo"`}} {
		other := strings.Replace(holdAll, change[0], change[1], 1)
		require.Equal(t, "batch-changed", problem(t, w.do(t, batch(fmt.Sprint("k", i), agreed(other, planned(t, w, holdAll).Digest)))).Code, change[1])
	}
}

// A hold that nobody could have agreed to is refused before anybody looks at its cases, and before any of them is told.
func TestBatch_OfAHoldNeedsAnApproverOfEveryCase(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, two, _ := three(t, w)
	plan := planned(t, w, holdAll)
	nobody := strings.Replace(holdAll, storetest.Approver, "nobody-at-all", 1)
	for _, body := range []string{strings.Replace(nobody, "{", `{"dryRun":true,`, 1), agreed(nobody, plan.Digest)} {
		p := problem(t, w.do(t, batch("k", body)))
		require.Equal(t, "unknown-approver", p.Code, body)
		require.Equal(t, 422, p.Status)
		require.Equal(t, []string{"/approvedBy"}, pointers(p))
	}
	require.Empty(t, get[api.BatchList](t, w.house, "/v1/batches", operator).Items)
	for _, reference := range []string{one, two} {
		require.Empty(t, get[api.Case](t, w.house, "/v1/cases/"+reference, caseworker).Holds)
	}
	_, err := w.store.Pool().Exec(t.Context(), "UPDATE approvers SET active = false")
	require.NoError(t, err)
	require.Equal(t, "unknown-approver", problem(t, w.do(t, batch("k", agreed(holdAll, plan.Digest)))).Code, "who was an approver when it was shown")
	require.Equal(t, 2, planned(t, w, strings.Replace(nudgeAll, "demo\"", "demo\",\"centre\":\"64101\"", 1)).Count, "a nudge needs nobody's agreement")
}

func TestBatch_IsRefusedWithTheFieldAndTheRemedy(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, two, _ := three(t, w)
	require.Equal(t, 200, w.do(t, act(one, "holds", "k", consentAsked)).status)
	unknown := string(someReference())
	named := func(references ...string) string {
		return fmt.Sprintf(`{"action":"hold","cause":"consent-inspection","reason":"So.","approvedBy":"cw-approver","references":["%s"],"dryRun":true}`, strings.Join(references, `","`))
	}
	for body, want := range map[string]struct {
		status   int
		code     string
		pointers []string
	}{
		`{"action":"nudge","reason":"So.","dryRun":true}`:                                                                           {422, "batch-invalid", []string{"/filter"}},
		`{"action":"nudge","reason":"So.","filter":{},"dryRun":true}`:                                                               {422, "batch-invalid", []string{"/filter"}},
		`{"action":"nudge","reason":"So.","filter":{"series":"demo"},"references":["` + one + `"]}`:                                 {422, "batch-invalid", []string{"/filter"}},
		`{"action":"nudge","reason":" ","filter":{"series":"demo"},"dryRun":true}`:                                                  {422, "nudge-invalid", []string{"/reason"}},
		`{"action":"hold","reason":"So.","filter":{"series":"demo"},"dryRun":true}`:                                                 {422, "hold-invalid", []string{"/cause", "/approvedBy"}},
		`{"action":"nudge","reason":"So.","to":"ex-1","filter":{"series":"demo"},"dryRun":true}`:                                    {422, "batch-invalid", []string{"/to"}},
		`{"action":"nudge","reason":"So.","filter":{"series":"demo"}}`:                                                              {422, "batch-invalid", []string{"/expect"}},
		`{"action":"resume","cause":"waiting-for-sample","delivered":true,"reason":"So.","filter":{"series":"demo"},"dryRun":true}`: {422, "batch-empty", nil},
		`{"action":"resume","cause":"hold","delivered":true,"reason":"So.","filter":{"series":"demo"},"dryRun":true}`:               {422, "resume-invalid", []string{"/delivered"}},
		`{"action":"sing","reason":"So.","filter":{"series":"demo"}}`:                                                               {400, "value-not-allowed", []string{"/action"}},
		named(two, "R-1"):                {400, "invalid-reference", []string{"/references/1"}},
		named(two, strings.ToLower(two)): {422, "batch-invalid", []string{"/references/1"}},
		named(two, one, unknown):         {422, "case-unfit", []string{"/references/1", "/references/2"}},
	} {
		got := w.do(t, batch("k", body))
		require.Equal(t, want.status, got.status, "%s: %s", body, got.body)
		p := problem(t, got)
		require.Equal(t, want.code, p.Code, body)
		if want.pointers != nil {
			require.Equal(t, want.pointers, pointers(p), body)
		}
		require.NotEmpty(t, p.Errors[0].Remedy, body)
	}
	require.Equal(t, "not-found", strings.TrimPrefix(problem(t, w.do(t, call{method: "GET", path: "/v1/batches/b_" + strings.Repeat("0", 32), as: operator})).Type, "/docs/problems/"))
}

// A case that says no does not stop the others, and its sentence is kept.
func TestBatch_ACaseThatRefusesIsRecordedWithItsReason(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, two, _ := three(t, w)
	body := fmt.Sprintf(`{"action":"nudge","reason":"The series ends.","references":[%q,%q]}`, one, two)
	w.steps.no[one] = casework.NotOpen(casework.Reference(one), casework.StageClosed)
	made := read[api.Batch](t, w.do(t, batch("k", agreed(body, planned(t, w, body).Digest))))
	done := get[api.Batch](t, w.house, made.Href, caseworker)
	require.Equal(t, []int{0, 1, 1}, []int{done.Waiting, done.Done, done.Refused})
	require.Equal(t, api.BatchItemStateRefused, done.Items[0].State)
	require.Contains(t, done.Items[0].Why, "closed")
	require.Equal(t, api.BatchItemStateDone, done.Items[1].State)
}

// A start whose answer was lost is unknown, and the same request starts it again without making a second batch.
func TestBatch_ALostStartIsRepeatedUnderItsKey(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset")
	var passing *moody
	w := live(t, func(c *api.Config) {
		passing = &moody{Dispatcher: c.Dispatcher}
		c.Dispatcher = passing
	})
	three(t, w)
	body := agreed(nudgeAll, planned(t, w, nudgeAll).Digest)
	passing.answer = lost
	require.Equal(t, "acceptance-unknown", problem(t, w.do(t, batch("k", body))).Code)
	kept := get[api.BatchList](t, w.house, "/v1/batches", operator).Items
	require.Len(t, kept, 1)
	require.Equal(t, 3, kept[0].Waiting)
	passing.answer = nil
	made := read[api.Batch](t, w.do(t, batch("k", body)))
	require.Equal(t, kept[0].ID, made.ID)
	require.Equal(t, 3, get[api.Batch](t, w.house, made.Href, operator).Done)
}

// Issue C, point 2: who is away keeps no task; the count comes first, and nobody else's task is taken.
func TestReassignments_GiveThePersonsTasksToOthers(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, _, _ := three(t, w)
	holder := w.performer(t, one).Subject
	path := "/v1/examiners/" + holder + "/reassignments"
	got := w.do(t, hook(path, "dry", `{"reason":"Ill.","dryRun":true}`))
	require.Equal(t, 200, got.status, "%s", got.body)
	plan := read[api.BatchPlan](t, got)
	require.NotZero(t, plan.Count)
	for _, item := range plan.Items {
		require.Equal(t, holder, item.Holder)
	}
	got = w.do(t, hook(path, "k", fmt.Sprintf(`{"reason":"Ill.","expect":%q}`, plan.Digest)))
	require.Equal(t, 202, got.status, "%s", got.body)
	done := get[api.Batch](t, w.house, read[api.Batch](t, got).Href, caseworker)
	require.Equal(t, plan.Count, done.Done, "%v", done.Items)
	var after string
	require.NoError(t, w.store.Pool().QueryRow(context.Background(), "SELECT coalesce(assignee, '') FROM tasks WHERE reference = $1", one).Scan(&after))
	require.NotEqual(t, holder, after)
	require.Equal(t, "batch-empty", problem(t, w.do(t, hook(path, "dry", `{"reason":"Ill.","dryRun":true}`))).Code, "there is nothing left")
	require.Equal(t, "batch-invalid", problem(t, w.do(t, hook(path, "k2", `{"reason":"Ill."}`))).Code)
	require.Equal(t, "batch-invalid", problem(t, w.do(t, hook(path, "k3", `{"reason":" ","dryRun":true}`))).Code)
}

func TestBatches_ArePaged(t *testing.T) {
	t.Parallel()
	w := live(t)
	three(t, w)
	body := agreed(nudgeAll, planned(t, w, nudgeAll).Digest)
	for i := range 3 {
		require.Equal(t, 202, w.do(t, batch(fmt.Sprint("k", i), body)).status)
	}
	first := get[api.BatchList](t, w.house, "/v1/batches?limit=2", operator)
	require.Len(t, first.Items, 2)
	second := get[api.BatchList](t, w.house, "/v1/batches?limit=2&cursor="+first.Next, operator)
	require.Len(t, second.Items, 1)
	require.Empty(t, second.Next)
	require.NotContains(t, []string{first.Items[0].ID, first.Items[1].ID}, second.Items[0].ID)
}
