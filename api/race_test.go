package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/store/storetest"
)

// atOnce sends the calls at the same time and returns their answers in the order of the calls.
func atOnce(t *testing.T, h *house, calls ...call) []answer {
	t.Helper()
	answers := make([]answer, len(calls))
	var sent sync.WaitGroup
	for i, c := range calls {
		sent.Go(func() { answers[i] = h.do(t, c) })
	}
	sent.Wait()
	return answers
}

func statuses(answers []answer) map[int]int {
	counted := map[int]int{}
	for _, a := range answers {
		counted[a.status]++
	}
	return counted
}

// TestDraft_OfManyWindowsThatSaveAtOnceOneWinsEachRound: nothing that was answered 200 is ever lost without a trace.
func TestDraft_OfManyWindowsThatSaveAtOnceOneWinsEachRound(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	const windows = 6
	version := map[string]string{"If-None-Match": "*"}
	for round := range 4 {
		var calls []call
		for window := range windows {
			body := fmt.Sprintf(`{"items":[{"item":"Q1","mark":%d}]}`, 100*round+window)
			calls = append(calls, call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: body, header: version})
		}
		answers := atOnce(t, w.house, calls...)
		require.Equal(t, map[int]int{200: 1, 412: windows - 1}, statuses(answers), "round %d", round)
		shown := w.do(t, call{method: "GET", path: taskPath(reference) + "/draft", as: holder})
		for _, a := range answers {
			if a.status == 200 {
				require.Equal(t, string(a.body), string(shown.body), "what was confirmed is what is kept")
			} else {
				require.Equal(t, "draft-changed", problem(t, a).Code)
			}
		}
		require.Equal(t, fmt.Sprintf("%q", fmt.Sprint(round+1)), shown.header.Get("ETag"))
		version = map[string]string{"If-Match": shown.header.Get("ETag")}
	}
}

func TestDraft_OnlyTheVersionItselfIsAMatch(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	save := func(header map[string]string) answer {
		return w.do(t, call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: `{"unchangedReason":"x"}`, header: header})
	}
	require.Equal(t, 412, save(map[string]string{"If-Match": `"1"`}).status, "there is none yet")
	require.Equal(t, 200, save(map[string]string{"If-None-Match": " * "}).status)
	for name, row := range map[string]struct {
		header map[string]string
		status int
	}{
		"nothing":               {nil, 428},
		"another than any":      {map[string]string{"If-None-Match": `"1"`}, 428},
		"a version before":      {map[string]string{"If-Match": `"0"`}, 412},
		"a version to come":     {map[string]string{"If-Match": `"2"`}, 412},
		"a negative version":    {map[string]string{"If-Match": `"-1"`}, 412},
		"a fraction":            {map[string]string{"If-Match": `"1.0"`}, 412},
		"beyond 64 bits":        {map[string]string{"If-Match": `"18446744073709551617"`}, 412},
		"any at all":            {map[string]string{"If-Match": `*`}, 412},
		"two versions":          {map[string]string{"If-Match": `"1", "2"`}, 412},
		"first, and a version":  {map[string]string{"If-None-Match": "*", "If-Match": `"5"`}, 412},
		"first, for the second": {map[string]string{"If-None-Match": "*"}, 412},
	} {
		require.Equal(t, row.status, save(row.header).status, name)
	}
	require.Equal(t, int64(1), get[api.Draft](t, w.house, taskPath(reference)+"/draft", holder).Version, "nothing of that was saved")
}

// TestDraft_IsOverWhenTheTaskIs: working that arrives with or after the completion changes nothing.
func TestDraft_IsOverWhenTheTaskIs(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	completion := w.completion(t, reference, 1)
	answers := atOnce(t, w.house,
		call{method: "POST", path: taskPath(reference) + "/complete", as: holder, body: completion, header: map[string]string{"Idempotency-Key": "k"}},
		call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: `{}`, header: map[string]string{"If-None-Match": "*"}},
		call{method: "POST", path: taskPath(reference) + "/uploads", as: holder, body: strings.Replace(goodUpload, "9f86", "0000", 1)},
	)
	require.Equal(t, 200, answers[0].status, "%s", answers[0].body)
	require.Contains(t, []int{200, 409}, answers[1].status, "%s", answers[1].body)
	require.Contains(t, []int{201, 409}, answers[2].status, "%s", answers[2].body)
	late := w.do(t, call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: `{}`, header: map[string]string{"If-Match": `"1"`}})
	require.Equal(t, "already-completed", problem(t, late).Code)
	task := get[api.Task](t, w.house, taskPath(reference), holder)
	require.Equal(t, api.TaskStateCompleted, task.State)
	require.False(t, task.CompletedAt.IsZero())
}

// TestUpload_AWrongAnnouncementCanBeCorrected: the file is known by its content, so announcing it again with its true
// size must count, or the performer could never hand that file in.
func TestUpload_AWrongAnnouncementCanBeCorrected(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	announce := func(size string) api.UploadTarget {
		body := strings.Replace(goodUpload, "1000", size, 1)
		got := w.do(t, call{method: "POST", path: taskPath(reference) + "/uploads", as: holder, body: body})
		require.Equal(t, 201, got.status, "%s", got.body)
		return read[api.UploadTarget](t, got)
	}
	wrong, right := announce("999"), announce("1000")
	require.Equal(t, wrong.ID, right.ID, "the same content is the same upload")
	w.decide(t, reference, 1)
	var size int64
	require.NoError(t, w.store.Pool().QueryRow(t.Context(), "SELECT annotated_size FROM decisions WHERE reference = $1", reference).Scan(&size))
	require.Equal(t, int64(1000), size, "the file was verified against what was announced last")
}

// TestUpload_BelongsToItsTask: an id of one task is unknown in another, also to the same performer.
func TestUpload_BelongsToItsTask(t *testing.T) {
	t.Parallel()
	w := live(t)
	byHolder := map[string]string{}
	var one, other string
	for _, candidate := range storetest.Cohort(t, w.store, 7) {
		reference := w.open(t, examsOfficer, candidate, storetest.Maths1, "review-of-marking")
		holder := w.performer(t, reference).Subject
		if earlier, ok := byHolder[holder]; ok {
			one, other = earlier, reference
			break
		}
		byHolder[holder] = reference
	}
	require.NotEmpty(t, other, "somebody has two tasks")
	holder := w.performer(t, one)
	body := w.completion(t, one, 1)
	elsewhere := w.do(t, call{method: "POST", path: taskPath(other) + "/complete", as: holder, body: body, header: map[string]string{"Idempotency-Key": "k"}})
	require.Equal(t, "unknown-upload", problem(t, elsewhere).Code)
	here := w.do(t, call{method: "POST", path: taskPath(one) + "/complete", as: holder, body: body, header: map[string]string{"Idempotency-Key": "k"}})
	require.Equal(t, 200, here.status, "%s", here.body)
}

// TestSubmitEnquiry_TheSameRequestSentAtOnceIsOneCase: an impatient client that repeats itself gets one case and one
// answer, whichever of its requests came first.
func TestSubmitEnquiry_TheSameRequestSentAtOnceIsOneCase(t *testing.T) {
	t.Parallel()
	w := live(t)
	c := ask(enquiry("4001", storetest.Maths1, "review-of-marking"), "impatient")
	answers := atOnce(t, w.house, c, c, c, c, c, c)
	for _, a := range answers {
		require.Equal(t, 201, a.status, "%s", a.body)
		require.Equal(t, string(answers[0].body), string(a.body))
	}
	require.Len(t, get[api.CaseList](t, w.house, "/v1/cases", examsOfficer).Items, 1)
	require.Len(t, get[api.FeeLineList](t, w.house, "/v1/fee-lines", finance).Items, 2, "and is charged once")
}

// TestSubmitEnquiry_OneKeyForTwoRequestsAtOnceOpensOne of them and says to the other that the key is taken.
func TestSubmitEnquiry_OneKeyForTwoRequestsAtOnceOpensOne(t *testing.T) {
	t.Parallel()
	w := live(t)
	var calls []call
	for _, component := range []string{storetest.Maths1, storetest.Maths2, storetest.Geography1} {
		calls = append(calls, ask(enquiry("4001", component, "clerical-check"), "one"))
	}
	for range 3 {
		require.Equal(t, map[int]int{201: 1, 422: 2}, statuses(atOnce(t, w.house, calls...)))
	}
	// The key belongs to the person: a colleague's request under the same one is another.
	colleague := ask(enquiry("4003", storetest.Maths2, "clerical-check"), "one")
	colleague.as = oidctest.Claims{Subject: "adm-64101", Centre: storetest.Centre, Roles: []string{"centre-administrator/gq"}, AMR: []string{"otp"}}
	require.Equal(t, 201, w.do(t, colleague).status)
	require.Len(t, get[api.CaseList](t, w.house, "/v1/cases", examsOfficer).Items, 2)
}
