package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func reviewTask() docket.Task {
	reference := someReference()
	id := casework.TaskID(string(reference) + "/1")
	return docket.Task{
		ID: id, Reference: reference, State: casework.TaskReserved, Assignee: "ex-1001", Component: "MA1-1H", Title: "Paper 1", Due: now.Add(240 * time.Hour),
		Sheet: casework.TaskSheet{
			Task: id, Kind: casework.TaskReview, Service: casework.ReviewOfMarking,
			Items: []casework.SheetItem{{Item: "1", Max: 4, Original: 2}, {Item: "2", Max: 6, Original: 6}},
			Rules: casework.CompletionRules{
				ChangeReasons: []string{"totalling-error"}, UnchangedReasons: []string{"mark-scheme-applied-correctly"},
				Checklist: []string{"addition"}, AnnotatedScript: true,
			},
		},
		Script: casework.FileRef{Key: "anonymous/a.pdf"}, Scheme: casework.FileRef{Key: "components/scheme.pdf"}, Paper: casework.FileRef{Key: "components/paper.pdf"},
	}
}

// addTask gives the examiner a review of marking and returns the task's path.
func (h *house) addTask(t *testing.T, change ...func(*docket.Task)) string {
	t.Helper()
	task := reviewTask()
	for _, c := range change {
		c(&task)
	}
	h.register.tasks = append(h.register.tasks, task)
	return "/v1/tasks/" + string(task.ID)
}

func clerical(task *docket.Task) {
	task.Assignee, task.Sheet.Service, task.Sheet.Rules.AnnotatedScript = "cl-2001", casework.ClericalCheck, false
}

func TestGetTask_ShowsTheSheetAndNothingOfTheCentre(t *testing.T) {
	t.Parallel()
	h := setup(t)
	got := h.do(t, call{method: "GET", path: h.addTask(t), as: examiner})
	require.Equal(t, 200, got.status, "%s", got.body)
	task := read[api.Task](t, got)
	require.Equal(t, []api.SheetItem{{Item: "1", Max: 4, Original: 2}, {Item: "2", Max: 6, Original: 6}}, task.Items)
	require.Equal(t, now.Add(10*time.Minute), task.Links.Script.ExpiresAt)
	require.Contains(t, task.Links.Paper.URL, "question-paper.pdf")

	// Domain §8.3, reading 9: neither centre, candidate, grade, boundary nor why the review was asked for.
	var fields map[string]any
	require.NoError(t, json.Unmarshal(got.body, &fields))
	for _, secret := range []string{"centre", "candidate", "grade", "boundar", "qualification", "series", "\"reason\"", "requestedBy", "64101"} {
		require.NotContains(t, strings.ToLower(string(got.body)), secret)
	}
	require.ElementsMatch(t, []string{"id", "href", "kind", "assignee", "service", "state", "component", "due", "items", "rules", "links"}, keys(fields))
}

func keys(m map[string]any) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return names
}

func TestTasks_ArePersonal(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	colleague := examiner
	colleague.Subject = "ex-1002"
	for _, c := range []call{
		{method: "GET", path: path},
		{method: "GET", path: path + "/draft"},
		{method: "PUT", path: path + "/draft", body: `{}`, header: map[string]string{"If-None-Match": "*"}},
		{method: "POST", path: path + "/uploads", body: goodUpload},
		{method: "POST", path: path + "/complete", body: goodCompletion, header: map[string]string{"Idempotency-Key": "k"}},
	} {
		c.as = colleague
		require.Equal(t, 404, h.do(t, c).status, "%s %s", c.method, c.path)
		c.as = examsOfficer
		require.Equal(t, 403, h.do(t, c).status, "%s %s", c.method, c.path)
	}
	require.Empty(t, read[api.TaskList](t, h.do(t, call{method: "GET", path: "/v1/tasks", as: colleague})).Items)
	list := read[api.TaskList](t, h.do(t, call{method: "GET", path: "/v1/tasks?state=reserved", as: examiner}))
	require.Len(t, list.Items, 1)
	require.Equal(t, path, list.Items[0].Href)
}

func TestTasks_PagesHoldEveryTaskOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, number := range []string{"1", "2", "3"} {
		h.addTask(t, func(task *docket.Task) { task.ID = casework.TaskID(string(task.Reference) + "/" + number) })
	}
	first := read[api.TaskList](t, h.do(t, call{method: "GET", path: "/v1/tasks?limit=2", as: examiner}))
	require.Len(t, first.Items, 2)
	second := read[api.TaskList](t, h.do(t, call{method: "GET", path: "/v1/tasks?limit=2&cursor=" + first.Next, as: examiner}))
	require.Len(t, second.Items, 1)
	require.Empty(t, second.Next)
}

// A place in one of the views is none in another.
func TestTasks_ACursorBelongsToItsView(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, number := range []string{"1", "2"} {
		h.addTask(t, func(task *docket.Task) { task.ID = casework.TaskID(string(task.Reference) + "/" + number) })
	}
	for _, view := range []string{"mine", "pool", "team"} {
		page := read[api.TaskList](t, h.do(t, call{method: "GET", path: "/v1/tasks?limit=1&view=" + view, as: examiner}))
		require.Equal(t, docket.TaskFilter{Assignee: "ex-1001", Pool: view == "pool", Team: view == "team", Limit: 2, At: now}, h.register.taskFilter, "the pool is that of the day of the request")
		for _, other := range []string{"mine", "pool", "team"} {
			got := h.do(t, call{method: "GET", path: "/v1/tasks?view=" + other + "&cursor=" + page.Next, as: examiner})
			require.Equal(t, view == other, got.status == 200, "%s in %s", view, other)
		}
	}
	require.Equal(t, 400, h.do(t, call{method: "GET", path: "/v1/tasks?view=everybody", as: examiner}).status)
}

// Who stopped the work and for what is shown, but for a suspicion, which would colour the look at the script.
func TestTask_ASuspendedTaskSaysForWhatItWaits(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t, func(task *docket.Task) {
		task.State, task.StartBy, task.CompleteBy = casework.TaskSuspended, now.Add(time.Hour), now.Add(2*time.Hour)
		task.Held = []casework.HoldCause{casework.HoldSample, casework.HoldMalpractice, casework.HoldOther}
		task.Sheet.Kind, task.Sheet.Corrected = casework.TaskSecondLook, []casework.ItemMark{{Item: "1", Mark: 3, Reason: "totalling-error"}}
	})
	got := h.do(t, call{method: "GET", path: path, as: examiner})
	require.NotContains(t, string(got.body), "malpractice")
	task := read[api.Task](t, got)
	require.Equal(t, []string{"waiting-for-sample", "hold"}, task.WaitingFor)
	require.Equal(t, api.TaskKindSecondLook, task.Kind)
	require.Equal(t, []api.ItemMark{{Item: "1", Mark: 3, Reason: "totalling-error"}}, task.Corrected)
	require.Equal(t, now.Add(time.Hour), task.StartBy)
	listed := get[api.TaskList](t, h, "/v1/tasks", examiner).Items[0]
	require.Equal(t, []string{"waiting-for-sample", "hold"}, listed.WaitingFor)
	require.Equal(t, now.Add(2*time.Hour), listed.CompleteBy)
}

func TestTasks_APersonWithoutTheServicesRoleIsToldSo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t, clerical, func(task *docket.Task) { task.Assignee = "ex-1001" })
	require.Equal(t, "role-missing", problem(t, h.do(t, call{method: "GET", path: path, as: examiner})).Code)
}

func TestDraft_TwoWindowsNeverOverwriteEachOther(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t) + "/draft"
	save := func(header, value, body string) answer {
		return h.do(t, call{method: "PUT", path: path, as: examiner, body: body, header: map[string]string{header: value}})
	}
	require.Equal(t, "no-draft", problem(t, h.do(t, call{method: "GET", path: path, as: examiner})).Code)
	got := save("If-Match", "", `{}`)
	require.Equal(t, 428, got.status)
	require.Equal(t, "version-required", problem(t, got).Code)

	first := save("If-None-Match", "*", `{"items":[{"item":"1","mark":3}]}`)
	require.Equal(t, 200, first.status, "%s", first.body)
	require.Equal(t, `"1"`, first.header.Get("ETag"))
	require.Equal(t, 412, save("If-None-Match", "*", `{}`).status, "somebody saved before")
	second := save("If-Match", `"1"`, `{"items":[{"item":"1","mark":4,"reason":"totalling-error"}],"checklist":[{"check":"addition","correct":false}]}`)
	require.Equal(t, `"2"`, second.header.Get("ETag"))
	stale := save("If-Match", `"1"`, `{}`)
	require.Equal(t, 412, stale.status)
	require.Equal(t, "draft-changed", problem(t, stale).Code)
	require.Equal(t, 412, save("If-Match", `"x"`, `{}`).status)

	shown := h.do(t, call{method: "GET", path: path, as: examiner})
	require.Equal(t, `"2"`, shown.header.Get("ETag"))
	require.Equal(t, []api.ItemMark{{Item: "1", Mark: 4, Reason: "totalling-error"}}, read[api.Draft](t, shown).Items)
	require.Equal(t, int64(2), read[api.Task](t, h.do(t, call{method: "GET", path: strings.TrimSuffix(path, "/draft"), as: examiner})).Draft.Version)
	require.Empty(t, h.dispatcher.completed, "a draft is never a fact of the case")
}

const goodUpload = `{"mediaType":"application/pdf","size":1000,"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}`

func TestUpload_IsKnownByItsContent(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	upload := func(body string) answer {
		return h.do(t, call{method: "POST", path: path + "/uploads", as: examiner, body: body})
	}
	first := read[api.UploadTarget](t, upload(goodUpload))
	require.Equal(t, []api.Fact{{Name: "Content-Type", Value: "application/pdf"}, {Name: "X-Amz-Checksum-Sha256", Value: "abc"}}, first.Headers)
	require.NotContains(t, first.URL, string(someReference()), "the key says nothing about the case")
	require.Equal(t, first.ID, read[api.UploadTarget](t, upload(goodUpload)).ID)

	for name, body := range map[string]string{
		"too large":     strings.Replace(goodUpload, "1000", "52428801", 1),
		"empty":         strings.Replace(goodUpload, "1000", "0", 1),
		"not a PDF":     strings.Replace(goodUpload, "application/pdf", "image/png", 1),
		"upper-case":    strings.Replace(goodUpload, "9f86d", "9F86D", 1),
		"short hash":    strings.Replace(goodUpload, "9f86d", "", 1),
		"fraction":      strings.Replace(goodUpload, "1000", "10.5", 1),
		"beyond 64 bit": strings.Replace(goodUpload, "1000", "99999999999999999999", 1),
	} {
		require.Equal(t, 400, upload(body).status, name)
	}
}

func TestUpload_OnlyAReviewThatIsOpenTakesOne(t *testing.T) {
	t.Parallel()
	h := setup(t)
	check := h.addTask(t, clerical)
	got := h.do(t, call{method: "POST", path: check + "/uploads", as: clerk, body: goodUpload})
	require.Equal(t, 422, got.status)
	require.Equal(t, "annotated-script-not-wanted", problem(t, got).Code)

	done := h.addTask(t, func(task *docket.Task) { task.State = casework.TaskCompleted })
	require.Equal(t, 409, h.do(t, call{method: "POST", path: done + "/uploads", as: examiner, body: goodUpload}).status)
	require.Equal(t, 409, h.do(t, call{method: "PUT", path: done + "/draft", as: examiner, body: `{}`, header: map[string]string{"If-None-Match": "*"}}).status)
}
