package api_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

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

// A large change is looked at by another performer first: the completion is taken, and nothing is published yet.
func TestCompleteTask_ASecondLookPublishesNothingYet(t *testing.T) {
	t.Parallel()
	h := setup(t)
	path := h.addTask(t)
	h.addUpload()
	h.dispatcher.complete = func(r casework.CompleteRequest) (casework.Completed, error) {
		return casework.Completed{Task: r.Completion.Task, Stage: casework.StageUnassigned}, nil
	}
	got := h.complete(t, path, goodCompletion, "key-1")
	require.Equal(t, 200, got.status, "%s", got.body)
	require.NotContains(t, string(got.body), "publishedAt")
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
