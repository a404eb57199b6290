package api_test

import (
	"encoding/json"
	"errors"
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
			Task: id, Service: casework.ReviewOfMarking,
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
	require.ElementsMatch(t, []string{"id", "href", "service", "state", "component", "due", "items", "rules", "links"}, keys(fields))
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

const goodCompletion = `{"items":[{"item":"1","mark":3,"reason":"totalling-error"},{"item":"2","mark":6}],
	"checklist":[{"check":"addition","correct":false}],"annotated":1}`

// complete hands in a completion of the task, with an upload in place.
func (h *house) complete(t *testing.T, path, body, key string) answer {
	t.Helper()
	return h.do(t, call{method: "POST", path: path + "/complete", as: examiner, body: body, header: map[string]string{"Idempotency-Key": key}})
}

func (h *house) addUpload() {
	h.register.uploads = []docket.Upload{{ID: 1, Key: "uploads/x.pdf", SHA256: "ab", Size: 1000}}
}

func TestCompleteTask_HandsTheCompletionToTheCase(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	got := h.complete(t, path, goodCompletion, "key-1")
	require.Equal(t, 200, got.status, "%s", got.body)
	require.Equal(t, api.StageAppealWindow, read[api.TaskCompleted](t, got).Stage)
	require.NotEmpty(t, h.dispatcher.completed[0].Key)
	h.dispatcher.completed[0].Key = ""
	require.Equal(t, []casework.CompleteRequest{{
		Completion: casework.Completion{
			Task:      reviewTask().ID,
			Items:     []casework.ItemMark{{Item: "1", Mark: 3, Reason: "totalling-error"}, {Item: "2", Mark: 6}},
			Checklist: []casework.CheckAnswer{{Check: "addition"}},
			Annotated: &casework.FileRef{Key: "uploads/x.pdf", Version: "v1", SHA256: "ab", Size: 1000},
		},
		Actor: casework.Actor{Subject: "ex-1001", Role: casework.RoleExaminer}, ReceivedAt: now,
	}}, h.dispatcher.completed)
}

func TestCompleteTask_TheUpdateIsNamedAfterPersonKeyAndBody(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	h.complete(t, path, goodCompletion, "key-1")
	h.complete(t, path, strings.ReplaceAll(goodCompletion, "\n", " "), "key-1")
	h.complete(t, path, goodCompletion, "key-2")
	h.complete(t, path, strings.Replace(goodCompletion, `"mark":3`, `"mark":4`, 1), "key-1")
	ids := h.dispatcher.updateIDs
	require.Len(t, ids, 4)
	require.Equal(t, ids[0], ids[1], "the same request, however it is written")
	require.NotEqual(t, ids[0], ids[2])
	require.NotEqual(t, ids[0], ids[3], "other marks are another attempt, which the case refuses by itself")
	handed := h.dispatcher.completed
	require.Equal(t, handed[0].Key, handed[3].Key, "because it comes under the same key")
	require.NotEqual(t, handed[0].Key, handed[2].Key)
	require.NotContains(t, handed[0].Key, "key-1", "the key itself is the client's")
}

func TestCompleteTask_SaysEverythingThatIsWrongAndRecordsNothing(t *testing.T) {
	t.Parallel()
	with := func(old, replacement string) string { return strings.Replace(goodCompletion, old, replacement, 1) }
	for name, row := range map[string]struct {
		body     string
		status   int
		code     string
		codes    []string
		pointers []string
	}{
		"above the maximum":     {with(`"mark":3`, `"mark":5`), 422, "mark-out-of-range", []string{"mark-out-of-range"}, []string{"/items/0/mark"}},
		"below nothing":         {with(`"mark":3`, `"mark":-1`), 422, "mark-out-of-range", []string{"mark-out-of-range"}, []string{"/items/0/mark"}},
		"half a mark":           {with(`"mark":3`, `"mark":2.5`), 400, "wrong-type", []string{"wrong-type"}, []string{"/items/0/mark"}},
		"a reason is missing":   {with(`,"reason":"totalling-error"`, ``), 422, "reason-missing", []string{"reason-missing"}, []string{"/items/0/reason"}},
		"a reason is not ours":  {with("totalling-error", "kindness"), 422, "reason-not-accepted", []string{"reason-not-accepted"}, []string{"/items/0/reason"}},
		"no annotated script":   {with(`,"annotated":1`, ``), 422, "annotated-script-missing", []string{"annotated-script-missing"}, []string{"/annotated"}},
		"another's upload":      {with(`"annotated":1`, `"annotated":9`), 422, "unknown-upload", []string{"unknown-upload"}, []string{"/annotated"}},
		"nothing changes":       {strings.Replace(with(`"mark":3,"reason":"totalling-error"`, `"mark":2`), `"correct":false`, `"correct":true`, 1), 422, "unchanged-reason-missing", []string{"unchanged-reason-missing"}, []string{"/unchangedReason"}},
		"the checklist is open": {with(`{"check":"addition","correct":false}`, ``), 422, "completion-invalid", []string{"check-missing"}, []string{"/checklist"}},
		"several": {
			`{"items":[{"item":"1","mark":9}],"checklist":[]}`, 422, "completion-invalid",
			[]string{"mark-out-of-range", "item-missing", "check-missing", "annotated-script-missing"},
			[]string{"/items/0/mark", "/items", "/checklist", "/annotated"},
		},
		"an unknown field": {with(`"items"`, `"grade":"A","items"`), 400, "unknown-field", []string{"unknown-field"}, []string{"/grade"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			path := h.addTask(t)
			h.addUpload()
			got := h.complete(t, path, row.body, "key-1")
			require.Equal(t, row.status, got.status, "%s", got.body)
			p := problem(t, got)
			require.Equal(t, row.code, p.Code, "%s", got.body)
			require.Equal(t, row.codes, codes(p))
			require.Equal(t, row.pointers, pointers(p))
			for _, reason := range p.Errors {
				require.NotEmpty(t, reason.Remedy)
			}
			require.Empty(t, h.dispatcher.completed)
		})
	}
}

func TestCompleteTask_TheWrongFileIsRefusedAtTheFieldThatNamedIt(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"upload-missing", "upload-differs", "not-a-pdf"} {
		h := setup(t)
		path := h.addTask(t)
		h.addUpload()
		h.files.verify = func() error { return casework.NewFault(casework.Invalid, code, "The file is not what was announced.") }
		got := h.complete(t, path, goodCompletion, "key-1")
		require.Equal(t, 422, got.status)
		p := problem(t, got)
		require.Equal(t, code, p.Code)
		require.Equal(t, []string{"/annotated"}, pointers(p))
		require.NotEmpty(t, p.Errors[0].Remedy)
		require.Empty(t, h.dispatcher.completed)
	}
}

// The centre is given the file, so it must open, whatever its first bytes say.
func TestCompleteTask_AFileThatDoesNotOpenIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	h.files.unreadable = casework.NewFault(casework.Invalid, "not-a-pdf", "It cannot be opened.")
	got := h.complete(t, path, goodCompletion, "key-1")
	require.Equal(t, 422, got.status)
	require.Equal(t, []string{"/annotated"}, pointers(problem(t, got)))
	require.Empty(t, h.dispatcher.completed)
}

func TestCompleteTask_TheCaseDecides(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"somebody else was first": {casework.NewFault(casework.Conflict, "already-completed", "The task is completed already."), 409, "already-completed"},
		"not the performer":       {casework.NewFault(casework.Forbidden, "not-the-performer", "It is somebody else's."), 403, "not-the-performer"},
		"no answer came back":     {errors.New("connection refused"), 503, "acceptance-unknown"},
		"the key is used":         {casework.NewFault(casework.Invalid, casework.FaultKeyReused, "Used before."), 422, "idempotency-key-reused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			path := h.addTask(t)
			h.addUpload()
			h.dispatcher.complete = func(casework.CompleteRequest) (casework.Completed, error) { return casework.Completed{}, row.err }
			got := h.complete(t, path, goodCompletion, "key-1")
			require.Equal(t, row.status, got.status, "%s", got.body)
			require.Equal(t, row.code, problem(t, got).Code)
		})
	}
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	h.dispatcher.complete = func(casework.CompleteRequest) (casework.Completed, error) {
		return casework.Completed{}, api.ErrPending
	}
	got := h.complete(t, path, goodCompletion, "key-1")
	require.Equal(t, 202, got.status)
	require.Equal(t, path, got.header.Get("Location"))
}

func TestCompleteTask_AClericalCheckHasNoAnnotatedScript(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t, clerical)
	c := call{method: "POST", path: path + "/complete", as: clerk, body: goodCompletion, header: map[string]string{"Idempotency-Key": "k"}}
	require.Equal(t, "annotated-script-not-wanted", problem(t, h.do(t, c)).Code)
	c.body = strings.Replace(c.body, `,"annotated":1`, "", 1)
	require.Equal(t, 200, h.do(t, c).status)
	require.Equal(t, casework.RoleClerical, h.dispatcher.completed[0].Actor.Role)
}
