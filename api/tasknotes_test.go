package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func (h *house) note(t *testing.T, as oidctest.Claims, task, body, key string) answer {
	t.Helper()
	return h.do(t, call{method: "POST", path: task + "/notes", as: as, body: body, header: map[string]string{"Idempotency-Key": key}})
}

func TestTaskNotes_AreKeptOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	first := h.note(t, examiner, task, `{"text":"Question 4 is on the back."}`, "k")
	require.Equal(t, 201, first.status, "%s", first.body)
	require.Equal(t, string(first.body), string(h.note(t, examiner, task, `{ "text": "Question 4 is on the back." }`, "k").body), "a repeat")
	reused := h.note(t, examiner, task, `{"text":"Something else."}`, "k")
	require.Equal(t, "idempotency-key-reused", problem(t, reused).Code)
	shown := get[api.TaskNoteList](t, h, task+"/notes", examiner)
	require.Equal(t, []api.TaskNote{{ID: 1, Author: "ex-1001", At: now, Text: "Question 4 is on the back."}}, shown.Items)
}

func TestTaskNotes_SayWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	for body, want := range map[string]struct {
		status        int
		code, pointer string
	}{
		`{}`:              {400, "missing-field", "/text"},
		`{"text":""}`:     {400, "value-not-allowed", "/text"},
		`{"text":" \n "}`: {400, "value-not-allowed", "/text"},
		`{"text":"` + strings.Repeat("é", 4001) + `"}`: {400, "value-not-allowed", "/text"},
		`{"text":"x","upload":0}`:                      {400, "value-not-allowed", "/upload"},
		`{"text":"x","upload":9}`:                      {422, "unknown-upload", "/upload"},
		`{"text":"x","centre":"64101"}`:                {400, "unknown-field", "/centre"},
	} {
		p := problem(t, h.note(t, examiner, task, body, "k"))
		require.Equal(t, want.status, p.Status)
		require.Equal(t, want.code, p.Code)
		require.Equal(t, []string{want.pointer}, pointers(p))
		require.NotEmpty(t, p.Errors[0].Remedy)
	}
	require.Equal(t, "idempotency-key-invalid", problem(t, h.note(t, examiner, task, `{"text":"x"}`, "two words")).Code)
	require.Empty(t, h.staff.notes)
	require.Equal(t, 201, h.note(t, examiner, task, `{"text":"`+strings.Repeat("é", 4000)+`"}`, "k").status, "4,000 characters, not bytes")
}

// A file is uploaded first, by the same way as an annotated script; a clerical check has no such script and may have
// notes with files.
func TestTaskNotes_HaveAFile(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t, clerical)
	note := strings.Replace(goodUpload, "{", `{"purpose":"note",`, 1)
	require.Equal(t, 422, h.do(t, call{method: "POST", path: task + "/uploads", as: clerk, body: goodUpload}).status)
	target := read[api.UploadTarget](t, h.do(t, call{method: "POST", path: task + "/uploads", as: clerk, body: note}))
	require.Equal(t, int64(1), target.ID)
	got := h.note(t, clerk, task, `{"text":"The last page is missing.","upload":1}`, "k")
	require.Equal(t, 201, got.status, "%s", got.body)
	require.Contains(t, read[api.TaskNote](t, got).File.URL, "-note-1.pdf")
	require.Equal(t, "v1", h.staff.notes[0].File.Version, "the file is pinned")

	h.files.verify = func() error { return casework.NewFault(casework.Invalid, "upload-missing", "It has not arrived.") }
	p := problem(t, h.note(t, clerk, task, `{"text":"Another.","upload":1}`, "k2"))
	require.Equal(t, "upload-missing", p.Code)
	require.Equal(t, []string{"/upload"}, pointers(p))
	require.Len(t, h.staff.notes, 1)
}

// People who know the centre read what performers write and write nothing there: it would reach the performer.
func TestTaskNotes_WhoReadsAndWhoWrites(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	h.register.add(h.register.opened(casework.EnquiryInput{Reference: someReference(), Request: casework.EnquiryRequest{CentreNumber: "64101"}, ReceivedAt: now}))
	h.staff.notes = []docket.TaskNote{{ID: 1, Task: reviewTask().ID, Author: "ex-1001", At: now, Text: "A note."}, {ID: 2, Task: "R-1/1", Text: "Elsewhere."}}
	colleague := examiner
	colleague.Subject = "ex-1002"
	for name, row := range map[string]struct {
		as           oidctest.Claims
		reads, write int
	}{
		"holder": {examiner, 200, 201}, "colleague": {colleague, 404, 404}, "caseworker": {caseworker, 200, 403}, "operator": {operator, 200, 403},
		"exams officer": {examsOfficer, 403, 403}, "finance": {finance, 403, 403},
	} {
		got := h.do(t, call{method: "GET", path: task + "/notes", as: row.as})
		require.Equal(t, row.reads, got.status, "%s: %s", name, got.body)
		if row.reads == 200 {
			require.Equal(t, "A note.", read[api.TaskNoteList](t, got).Items[0].Text, name)
		}
		require.Equal(t, row.write, h.note(t, row.as, task, `{"text":"Mine."}`, "k").status, name)
	}
}
