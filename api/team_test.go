package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

func performerOf(subject string) oidctest.Claims {
	return oidctest.Claims{Subject: subject, Roles: []string{"examiner"}, AMR: []string{"pwd", "otp"}}
}

// team is a live service with one review under way, its holder and who leads them.
func team(t *testing.T, options ...option) (w *world, reference string, holder, head oidctest.Claims) {
	t.Helper()
	w = live(t, options...)
	reference = w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder = w.performer(t, reference)
	w.leads(t, holder.Subject)
	return w, reference, holder, performerOf(leader)
}

// The leader reads the team's tasks, stops one and lets it go on, and works on none.
func TestTeam_ALeaderSeesAndStopsTheTeamsTasks(t *testing.T) {
	t.Parallel()
	w, reference, holder, head := team(t)
	upload := read[api.UploadTarget](t, w.do(t, call{method: "POST", path: taskPath(reference) + "/uploads", as: holder, body: goodUpload}))
	draft := call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: fmt.Sprintf(`{"annotated":%d}`, upload.ID), header: map[string]string{"If-None-Match": "*"}}
	require.Equal(t, 200, w.do(t, draft).status)
	require.Len(t, get[api.TaskList](t, w.house, "/v1/tasks?view=team", head).Items, 1)
	require.Empty(t, get[api.TaskList](t, w.house, "/v1/tasks?view=team", holder).Items)
	require.Empty(t, get[api.TaskList](t, w.house, "/v1/tasks?view=mine", head).Items)
	shown := get[api.Task](t, w.house, taskPath(reference), head)
	require.Equal(t, holder.Subject, shown.Assignee)
	require.Equal(t, upload.ID, shown.Draft.Annotated, "the draft whole, with the file that the holder announced")
	require.False(t, shown.StartBy.IsZero() && shown.CompleteBy.IsZero(), "its deadlines")

	draft.as, draft.header = head, map[string]string{"If-Match": `"1"`}
	for _, c := range []call{
		draft,
		{method: "POST", path: taskPath(reference) + "/uploads", as: head, body: goodUpload},
		{method: "POST", path: taskPath(reference) + "/questions", as: head, body: `{"question":"Why?"}`},
		{method: "POST", path: taskPath(reference) + "/complete", as: head, body: `{"items":[],"checklist":[]}`, header: map[string]string{"Idempotency-Key": "k"}},
	} {
		require.Equal(t, "not-the-performer", problem(t, w.do(t, c)).Code, c.path)
	}

	task := taskPath(reference)
	require.Equal(t, 422, w.act(t, head, task, "suspend", "", "k").status, "a leader says why")
	stopped := w.act(t, head, task, "suspend", `{"reason":"Look at the scheme first."}`, "k1")
	require.Equal(t, 200, stopped.status, "%s", stopped.body)
	require.Equal(t, api.TaskStateSuspended, read[api.TaskOperationDone](t, stopped).State)
	require.Equal(t, "task-suspended", problem(t, w.act(t, holder, task, "start", "", "k2")).Code)
	require.Equal(t, "not-permitted", problem(t, w.act(t, holder, task, "resume", `{"reason":"I have."}`, "k3")).Code)
	require.Equal(t, api.TaskStateReserved, read[api.TaskOperationDone](t, w.act(t, caseworker, task, "resume", `{"reason":"Settled."}`, "k4")).State)
	require.Equal(t, api.TaskStateInProgress, read[api.TaskOperationDone](t, w.act(t, holder, task, "start", "", "k5")).State)
	require.False(t, get[api.Task](t, w.house, task, holder).StartedAt.IsZero())
	require.Equal(t, "task-started", problem(t, w.act(t, holder, task, "decline", `{"why":"unwell"}`, "k6")).Code)
}

// Whoever gives a task back does not see it any more, and asking again, after a lost answer, says what it said.
func TestTeam_ATaskGivenBackGoesToSomebodyElse(t *testing.T) {
	t.Parallel()
	w, reference, holder, _ := team(t)
	task := taskPath(reference)
	body := `{"why":"conflict-of-interest","reason":"I tutor there."}`
	first := w.act(t, holder, task, "decline", body, "k")
	require.Equal(t, 200, first.status, "%s", first.body)
	next := w.performer(t, reference)
	require.NotEqual(t, holder.Subject, next.Subject)
	require.Equal(t, 404, w.do(t, call{method: "GET", path: task, as: holder}).status)
	require.Equal(t, string(first.body), string(w.act(t, holder, task, "decline", body, "k").body))
	require.Equal(t, 404, w.act(t, holder, task, "decline", body, "other").status)
	require.Equal(t, next, w.performer(t, reference), "nothing was done twice")

	own := w.do(t, call{method: "GET", path: "/v1/examiners/" + holder.Subject, as: holder})
	require.Equal(t, 200, own.status)
	require.NotContains(t, string(own.body), storetest.Centre, "the interest does not tell whose task it was")
	kept := get[api.Examiner](t, w.house, "/v1/examiners/"+holder.Subject, caseworker)
	require.Equal(t, "4001", kept.Conflicts[len(kept.Conflicts)-1].Candidate)
	changes := get[api.RosterChangeList](t, w.house, "/v1/examiners/"+holder.Subject+"/changes", caseworker)
	require.NotEmpty(t, changes.Items, "and the register says where it comes from")

	// The rules exclude who has given it back, whoever names them; those who may know are told why.
	refused := problem(t, w.act(t, operator, task, "reassign", fmt.Sprintf(`{"to":%q,"reason":"Try again."}`, holder.Subject), "r"))
	require.Equal(t, []string{"/to"}, pointers(refused)[:1], "%v", refused)
	hidden := w.act(t, next, task, "delegate", fmt.Sprintf(`{"to":%q}`, holder.Subject), "d")
	require.Equal(t, "not-eligible", problem(t, hidden).Code)
	require.NotContains(t, string(hidden.body), "other-conflict")
}

// With everybody full a task waits in the pool; those who may take it see it there, and one of them has it.
func TestTeam_OfManyWhoClaimOneHasTheTask(t *testing.T) {
	t.Parallel()
	w := live(t)
	_, err := w.store.Pool().Exec(t.Context(), "UPDATE performers SET capacity = 0")
	require.NoError(t, err)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	var calls []call
	for number := 1001; number <= 1006; number++ {
		as := performerOf(fmt.Sprintf("ex-%d", number))
		pool := get[api.TaskList](t, w.house, "/v1/tasks?view=pool", as).Items
		claim := call{method: "POST", path: taskPath(reference) + "/claim", as: as, header: map[string]string{"Idempotency-Key": "k"}}
		if len(pool) == 0 {
			require.Equal(t, "not-eligible", problem(t, w.do(t, claim)).Code, "%s marked it, or works there", as.Subject)
			continue
		}
		require.Equal(t, 404, w.do(t, call{method: "GET", path: taskPath(reference), as: as}).status, "the pool shows what is needed to choose and no more")
		calls = append(calls, claim)
	}
	require.Less(t, len(calls), 6)
	require.Greater(t, len(calls), 1)
	answers := atOnce(t, w.house, calls...)
	require.Equal(t, map[int]int{200: 1, 409: len(calls) - 1}, statuses(answers))
	for i, got := range answers {
		if got.status == http.StatusOK {
			require.Equal(t, calls[i].as.Subject, w.performer(t, reference).Subject)
			require.Equal(t, string(got.body), string(w.do(t, calls[i]).body), "asking again is no second claim")
			// Whose answer was lost, and who asks under another key, reads that the task is theirs.
			calls[i].header = map[string]string{"Idempotency-Key": "another"}
			again := problem(t, w.do(t, calls[i]))
			require.Equal(t, "holds-already", again.Code)
			require.Contains(t, again.Detail, "You have task "+reference+"/1 already.")
			continue
		}
		require.Equal(t, "task-taken", problem(t, got).Code)
	}
}

// A note, a question and its answer travel between holder and leader; nobody of the centre sees any of it, and the
// performer sees nothing of the centre there.
func TestTeam_NotesAndQuestionsStayBetweenThoseWhoWorkOnTheTask(t *testing.T) {
	t.Parallel()
	w, reference, holder, head := team(t)
	task := taskPath(reference)
	for i, as := range []oidctest.Claims{holder, head} {
		got := w.note(t, as, task, fmt.Sprintf(`{"text":"Note %d."}`, i), "k")
		require.Equal(t, 201, got.status, "%s", got.body)
		require.Equal(t, string(got.body), string(w.note(t, as, task, fmt.Sprintf(`{"text":"Note %d."}`, i), "k").body))
	}
	ask := call{method: "POST", path: task + "/questions", as: holder, body: `{"question":"Is the other method allowed?"}`}
	asked := w.do(t, ask)
	require.Equal(t, 201, asked.status, "%s", asked.body)
	require.Equal(t, string(asked.body), string(w.do(t, ask).body), "the same question is one question")
	question := read[api.Question](t, asked)
	require.Equal(t, leader, question.Leader)
	answer := call{method: "POST", path: fmt.Sprintf("/v1/questions/%d/answer", question.ID), as: holder, body: `{"answer":"Yes."}`}
	require.Equal(t, 403, w.do(t, answer).status)
	answer.as = head
	require.Equal(t, "Yes.", read[api.Question](t, w.do(t, answer)).Answer)
	answer.body = `{"answer":"No."}`
	require.Equal(t, "question-answered", problem(t, w.do(t, answer)).Code)
	for _, as := range []oidctest.Claims{holder, head, caseworker} {
		require.Len(t, get[api.QuestionList](t, w.house, "/v1/questions", as).Items, 1)
		require.Len(t, get[api.TaskNoteList](t, w.house, task+"/notes", as).Items, 2)
	}
	for _, path := range []string{"/v1/cases/" + reference, "/v1/cases/" + reference + "/timeline"} {
		shown := string(w.do(t, call{method: "GET", path: path, as: examsOfficer}).body)
		for _, secret := range []string{"Note 0", "other method", holder.Subject, leader} {
			require.NotContains(t, shown, secret, path)
		}
	}
	for _, as := range []oidctest.Claims{holder, head} {
		for _, path := range []string{
			task, task + "/notes", "/v1/tasks", "/v1/tasks?view=team", "/v1/questions", "/v1/monitoring", "/v1/work?month=2026-08", "/v1/examiners/" + as.Subject,
		} {
			shown := strings.ToLower(string(w.do(t, call{method: "GET", path: path, as: as}).body))
			for _, secret := range []string{"fenwick", "4001", "ashdown", "near-boundary", `"grade`, "eo-64101"} {
				require.NotContains(t, shown, secret, "%s as %s", path, as.Subject)
			}
		}
	}
}

// A completed task is work done: the performer finds it in their log, finance in everybody's.
func TestTeam_CompletedTasksAreWork(t *testing.T) {
	t.Parallel()
	w, reference, holder, head := team(t)
	w.act(t, holder, taskPath(reference), "start", "", "k")
	w.decide(t, reference, 1)
	month := "/v1/work?month=" + storetest.Now.Format("2006-01")
	for as, want := range map[string]int{holder.Subject: 1, head.Subject: 0} {
		require.Len(t, get[api.WorkList](t, w.house, month, performerOf(as)).Items, want, as)
	}
	entry := get[api.WorkList](t, w.house, month, finance).Items[0]
	require.Equal(t, []any{string(casework.TaskOf(casework.Reference(reference), 1)), holder.Subject, api.TaskKindReview, 1},
		[]any{entry.Task, entry.Performer, entry.Kind, entry.Changed})
	require.Empty(t, get[api.WorkList](t, w.house, "/v1/work?month=2026-01", finance).Items)
	late := w.note(t, holder, taskPath(reference), `{"text":"Too late."}`, "k")
	require.Equal(t, "already-completed", problem(t, late).Code)
}
