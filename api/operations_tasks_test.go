package api_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
)

// act sends an operation on a task.
func (h *house) act(t *testing.T, as oidctest.Claims, task, operation, body, key string) answer {
	t.Helper()
	return h.do(t, call{method: "POST", path: task + "/" + operation, as: as, body: body, header: map[string]string{"Idempotency-Key": key}})
}

// goodOperations is, for each operation, a body that it takes.
var goodOperations = map[casework.Operation]string{
	casework.OpClaim: "", casework.OpStart: "", casework.OpRelease: `{"why":"unwell"}`, casework.OpDecline: `{"why":"other","reason":"I know the school."}`,
	casework.OpDelegate: `{"to":"ex-1002"}`, casework.OpForward: `{"reason":"It needs a senior."}`, casework.OpSuspend: `{"reason":"The script is asked for."}`,
	casework.OpResume: `{"reason":"The script is here."}`, casework.OpReassign: `{"to":"ex-1002","reason":"Absent."}`,
}

// TestActOnTask_WhoMayAskForWhat: a row for each operation, a column for each role; whether the task is theirs the case
// says.
func TestActOnTask_WhoMayAskForWhat(t *testing.T) {
	t.Parallel()
	people := map[string]oidctest.Claims{
		"examiner": examiner, "clerk": clerk, "moderator": moderator, "panel": panellist, "caseworker": caseworker, "operator": operator,
		"finance": finance, "exams officer": examsOfficer, "reader": reader,
	}
	// Reviews of marking are the examiners' and checks the clerks'; no service has a task for the others yet.
	services := map[string]casework.Service{"examiner": casework.ReviewOfMarking, "clerk": casework.ClericalCheck}
	perform := []string{"examiner", "clerk"}
	body := []string{"caseworker", "operator"}
	for _, operation := range casework.Operations() {
		may := perform
		switch operation {
		case casework.OpClaim:
			// Whether a task of the pool is for them the claim says.
			may = []string{"examiner", "clerk", "moderator", "panel"}
		case casework.OpReassign:
			may = body
		case casework.OpSuspend, casework.OpResume:
			may = slices.Concat(perform, body)
		case casework.OpStart, casework.OpRelease, casework.OpDecline, casework.OpDelegate, casework.OpForward:
		}
		for name, person := range people {
			h := setup(t)
			h.register.add(h.register.opened(casework.EnquiryInput{Reference: someReference(), Request: casework.EnquiryRequest{CentreNumber: "64101"}, ReceivedAt: now}))
			task := reviewTask()
			task.Assignee = person.Subject
			if service, ok := services[name]; ok {
				task.Sheet.Service = service
			}
			h.register.tasks = append(h.register.tasks, task)
			got := h.act(t, person, "/v1/tasks/"+string(task.ID), string(operation), goodOperations[operation], "k")
			if !slices.Contains(may, name) {
				require.Equal(t, 403, got.status, "%s as %s: %s", operation, name, got.body)
				require.Equal(t, "role-missing", problem(t, got).Code)
				require.Empty(t, h.acts.requests)
				continue
			}
			require.Equal(t, 200, got.status, "%s as %s: %s", operation, name, got.body)
			require.Equal(t, operation, h.acts.requests[0].Operation)
		}
	}
}

func TestActOnTask_TheCaseIsToldWhoWantsWhatAndWhy(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	got := h.act(t, examiner, task, "decline", `{"why":"conflict-of-interest","reason":"My son sits there."}`, "k")
	require.Equal(t, 200, got.status, "%s", got.body)
	asked := h.acts.requests[0]
	require.NotEmpty(t, asked.Key)
	require.NotContains(t, asked.Key, "k-", "the key itself is the client's")
	asked.Key = ""
	require.Equal(t, casework.TaskRequest{
		Task: reviewTask().ID, Operation: casework.OpDecline, Why: casework.DeclineConflict, ReceivedAt: now,
		Actor: casework.Actor{Subject: "ex-1001", Role: casework.RoleExaminer, Reason: "My son sits there."},
	}, asked)
	shown := read[api.TaskOperationDone](t, got)
	require.Equal(t, api.TaskOperationDone{
		Task: string(reviewTask().ID), Href: task, Operation: "decline", State: "reserved", Assignee: "ex-1001",
		StartBy: now.Add(24 * time.Hour), CompleteBy: now.Add(72 * time.Hour),
	}, shown)
}

// TestActOnTask_TheUpdateIsNamedAfterPersonTaskOperationKeyAndBody: a repeat is one attempt, anything else another.
func TestActOnTask_TheUpdateIsNamedAfterPersonTaskOperationKeyAndBody(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	h.act(t, examiner, task, "decline", `{"why":"no-time"}`, "k1")
	h.act(t, examiner, task, "decline", `{ "why": "no-time" }`, "k1")
	h.act(t, examiner, task, "decline", `{"why":"unwell"}`, "k1")
	h.act(t, examiner, task, "decline", `{"why":"no-time"}`, "k2")
	h.act(t, examiner, task, "release", `{"why":"no-time"}`, "k1")
	ids := h.acts.updateIDs
	require.Len(t, ids, 5)
	require.Equal(t, ids[0], ids[1], "the same request, however it is written")
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(ids))), 4)
	asked := h.acts.requests
	require.Equal(t, asked[0].Key, asked[2].Key, "the case refuses another body under the same key")
	require.NotEqual(t, asked[0].Key, asked[4].Key, "each operation has keys of its own")
}

// TestActOnTask_SaysWhatIsMissingOrTooMuch: with the pointer of the field, and the case learns nothing of it.
func TestActOnTask_SaysWhatIsMissingOrTooMuch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		operation, body string
		as              oidctest.Claims
		status          int
		pointer         string
	}{
		{"delegate", "", examiner, 422, "/to"},
		{"delegate", `{"to":"ex-1001"}`, examiner, 422, "/to"},
		{"delegate", `{"to":""}`, examiner, 400, "/to"},
		{"claim", `{"to":"ex-1002"}`, examiner, 422, "/to"},
		{"start", `{"why":"no-time"}`, examiner, 422, "/why"},
		{"decline", `{}`, examiner, 422, "/why"},
		{"release", "", examiner, 422, "/why"},
		{"decline", `{"why":"boredom"}`, examiner, 400, "/why"},
		{"decline", `{"why":"other"}`, examiner, 422, "/reason"},
		{"decline", `{"why":"other","reason":" "}`, examiner, 400, "/reason"},
		{"suspend", `{}`, caseworker, 422, "/reason"},
		{"resume", "", operator, 422, "/reason"},
		{"reassign", `{"to":"ex-1002"}`, operator, 422, "/reason"},
		{"reassign", `{"reason":"` + strings.Repeat("x", 501) + `"}`, operator, 400, "/reason"},
		{"forward", `{"rank":"chief"}`, examiner, 400, "/rank"},
	} {
		h := setup(t)
		got := h.act(t, row.as, h.addTask(t), row.operation, row.body, "k")
		require.Equal(t, row.status, got.status, "%s %s: %s", row.operation, row.body, got.body)
		p := problem(t, got)
		require.Equal(t, []string{row.pointer}, pointers(p), "%s %s", row.operation, row.body)
		require.NotEmpty(t, p.Errors[0].Remedy)
		require.Empty(t, h.acts.requests)
		require.Zero(t, h.staff.claimed)
	}
	h := setup(t)
	task := h.addTask(t)
	require.Equal(t, "operation", problem(t, h.act(t, examiner, task, "destroy", "", "k")).Errors[0].Parameter)
	require.Equal(t, "idempotency-key-invalid", problem(t, h.act(t, examiner, task, "start", "", "two words")).Code)
	require.Equal(t, "idempotency-key-missing", problem(t, h.do(t, call{method: "POST", path: task + "/start", as: examiner})).Code)
	require.Equal(t, "invalid-reference", problem(t, h.act(t, examiner, "/v1/tasks/R-1/1", "start", "", "k")).Code)
	plain := call{method: "POST", path: task + "/decline", as: examiner, body: `{"why":"unwell"}`, header: map[string]string{"Idempotency-Key": "k", "Content-Type": "text/plain"}}
	require.Equal(t, "unsupported-media-type", problem(t, h.do(t, plain)).Code, "a body may be left out and not be something else")
}

// TestActOnTask_SomebodyElsesTaskDoesNotExist: neither the register nor the case says more.
func TestActOnTask_SomebodyElsesTaskDoesNotExist(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	colleague := examiner
	colleague.Subject = "ex-1002"
	for _, operation := range []string{"start", "release", "decline", "delegate", "forward", "suspend", "resume"} {
		got := h.act(t, colleague, task, operation, strings.ReplaceAll(goodOperations[casework.Operation(operation)], "ex-1002", "ex-1003"), "k")
		require.Equal(t, 404, got.status, "%s: %s", operation, got.body)
	}
	got := h.act(t, operator, task, "reassign", goodOperations[casework.OpReassign], "k")
	require.Equal(t, 404, got.status, "there is no such case")
	require.Empty(t, h.acts.requests)
}

// TestActOnTask_ARepeatIsAnsweredAlsoAfterTheTaskIsGone: whoever has declined a task does not see it any more, and
// whose answer was lost asks again.
func TestActOnTask_ARepeatIsAnsweredAlsoAfterTheTaskIsGone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	h.act(t, examiner, task, "decline", `{"why":"no-time"}`, "k")
	h.staff.done[h.acts.updateIDs[0]] = casework.TaskDone{Task: reviewTask().ID, State: casework.TaskReady, Stage: casework.StageUnassigned}
	h.register.tasks = nil
	again := h.act(t, examiner, task, "decline", `{"why":"no-time"}`, "k")
	require.Equal(t, 200, again.status, "%s", again.body)
	require.Equal(t, api.TaskState("ready"), read[api.TaskOperationDone](t, again).State)
	require.Len(t, h.acts.requests, 1, "the case was not troubled")
	require.Equal(t, 404, h.act(t, examiner, task, "decline", `{"why":"unwell"}`, "k").status, "another request is none that was done")

	h.act(t, examiner, task, "claim", "", "c")
	h.staff.done[h.acts.updateIDs[1]] = casework.TaskDone{Task: reviewTask().ID, State: casework.TaskReserved, Assignee: "ex-1001"}
	h.staff.claims[reviewTask().ID] = "somebody"
	require.Equal(t, 200, h.act(t, examiner, task, "claim", "", "c").status, "a won claim is not lost by asking again")
}

// TestClaim_OfAThousandOneAsksTheCase: the others are told from the task's row (issue C, point 2).
func TestClaim_OfAThousandOneAsksTheCase(t *testing.T) {
	t.Parallel()
	const many = 1_000
	h := setup(t, func(c *api.Config) { c.Timeout = time.Hour })
	task := "/v1/tasks/" + string(reviewTask().ID)
	tokens := make([]string, many)
	for i := range tokens {
		tokens[i] = "Bearer " + h.issuer.Token(t, now, oidctest.Claims{Subject: fmt.Sprintf("ex-%d", i), Roles: []string{"examiner"}, AMR: []string{"otp"}})
	}
	answers := make([]answer, many)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = h.do(t, call{method: "POST", path: task + "/claim", token: tokens[i], header: map[string]string{"Idempotency-Key": "k"}})
		})
	}
	all.Wait()
	won := 0
	for _, got := range answers {
		if got.status == 200 {
			won++
			continue
		}
		require.Equal(t, 409, got.status, "%s", got.body)
		require.Equal(t, "task-taken", problem(t, got).Code)
	}
	require.Equal(t, 1, won)
	require.Len(t, h.acts.requests, 1)
	require.Equal(t, many, h.staff.claimed)
}

func TestActOnTask_TheCaseDecides(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"excluded":            {casework.NotEligible("R-2345-6789-BCDF-G/1", "ex-1002", casework.Actor{Role: casework.RoleExaminer}, []string{"works-at-centre"}), 422, "not-eligible"},
		"somebody was faster": {casework.TaskTaken("R-2345-6789-BCDF-G/1"), 409, "task-taken"},
		"no say":              {casework.NotThePerformer("R-2345-6789-BCDF-G/1"), 403, "not-the-performer"},
		"no answer":           {errors.New("connection refused"), 503, "acceptance-unknown"},
		"the key is used":     {casework.NewFault(casework.Invalid, casework.FaultKeyReused, "Used before."), 422, "idempotency-key-reused"},
	} {
		h := setup(t)
		h.acts.act = func(casework.TaskRequest) (casework.TaskDone, error) { return casework.TaskDone{}, row.err }
		got := h.act(t, examiner, h.addTask(t), "delegate", `{"to":"ex-1002"}`, "k")
		require.Equal(t, row.status, got.status, "%s: %s", name, got.body)
		require.Equal(t, row.code, problem(t, got).Code, name)
		require.NotContains(t, string(got.body), "works-at-centre", "a performer is not told why")
	}
	h := setup(t)
	task := h.addTask(t)
	h.acts.act = func(casework.TaskRequest) (casework.TaskDone, error) { return casework.TaskDone{}, api.ErrPending }
	got := h.act(t, examiner, task, "start", "", "k")
	require.Equal(t, 202, got.status, "%s", got.body)
	require.Equal(t, task, got.header.Get("Location"))
	require.Equal(t, "2", got.header.Get("Retry-After"))
	require.Equal(t, api.TaskOperation("start"), read[api.TaskOperationPending](t, got).Operation)
}
