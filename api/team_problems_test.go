package api_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// moodyActs may answer by itself, like the dispatcher whose mood it shares.
type moodyActs struct {
	api.TaskActs

	mood *moody
}

// Act implements api.TaskActs.
func (m moodyActs) Act(ctx context.Context, reference casework.Reference, id string, request casework.TaskRequest) (casework.TaskDone, error) {
	if m.mood.answer != nil {
		return casework.TaskDone{}, m.mood.answer
	}
	return m.TaskActs.Act(ctx, reference, id, request)
}

// people makes the problems that whoever does something with a task meets, in the order of the task's life.
func (s *scene) people(t *testing.T) map[string]answer {
	t.Helper()
	reference := s.world.open(t, examsOfficer, "4002", storetest.Maths1, "review-of-marking")
	holder, task := s.performer(t, reference), taskPath(reference)
	s.leads(t, holder.Subject)
	somebody := performerOf("ex-1004")
	if holder.Subject == somebody.Subject {
		somebody = performerOf("ex-1005")
	}
	round := 0
	act := func(as oidctest.Claims, operation, body string) answer {
		round++
		return s.act(t, as, task, operation, body, fmt.Sprint(round))
	}
	says := func(code string) answer {
		start := call{method: "POST", path: task + "/start", as: holder, header: map[string]string{"Idempotency-Key": code}}
		return s.when(t, start, s.says(casework.Conflict, code))
	}
	answers := map[string]answer{
		"operation-invalid":    act(holder, "decline", ""),
		"task-not-started":     act(holder, "release", `{"why":"unwell"}`),
		"holds-already":        act(operator, "reassign", fmt.Sprintf(`{"to":%q,"reason":"Again."}`, holder.Subject)),
		"unknown-performer":    act(operator, "reassign", `{"to":"ex-none","reason":"Works there."}`),
		"not-eligible":         act(operator, "reassign", `{"to":"ex-1003","reason":"Works there."}`),
		"task-not-suspended":   act(caseworker, "resume", `{"reason":"Go on."}`),
		"not-permitted":        act(holder, "resume", `{"reason":"Go on."}`),
		"task-taken":           act(somebody, "claim", ""),
		"another-task":         s.act(t, operator, "/v1/tasks/"+reference+"/2", "suspend", `{"reason":"Wait."}`, "other"),
		"on-hold":              says("on-hold"),
		"task-withdrawn":       says("task-withdrawn"),
		"task-in-pool":         says("task-in-pool"),
		"no-higher-rank":       says("no-higher-rank"),
		"correction-discarded": s.when(t, s.hands(t, "", ""), s.says(casework.Invalid, "correction-discarded")),
	}
	require.Equal(t, 200, act(caseworker, "suspend", `{"reason":"Wait."}`).status)
	answers["task-suspended"] = act(holder, "start", "")
	require.Equal(t, 200, act(caseworker, "resume", `{"reason":"Go on."}`).status)
	require.Equal(t, 200, act(holder, "start", "").status)
	answers["task-started"] = act(holder, "decline", `{"why":"unwell"}`)

	asked := s.do(t, call{method: "POST", path: task + "/questions", as: holder, body: `{"question":"Is it?"}`})
	reply := call{method: "POST", path: fmt.Sprintf("/v1/questions/%d/answer", read[api.Question](t, asked).ID), as: holder, body: `{"answer":"Yes."}`}
	answers["not-the-leader"] = s.do(t, reply)
	reply.as = performerOf(leader)
	require.Equal(t, 200, s.do(t, reply).status)
	reply.body = `{"answer":"No."}`
	answers["question-answered"] = s.do(t, reply)
	return answers
}

// roster makes the problems of the register of examiners and of the leaders' sample.
func (s *scene) roster(t *testing.T) map[string]answer {
	t.Helper()
	send := func(method, path, body string) answer {
		return s.do(t, call{method: method, path: "/v1/examiners/ex-1002" + path, as: caseworker, body: body, header: map[string]string{"If-Match": `"1"`}})
	}
	s.leads(t, s.checker.Subject)
	var drawn int64
	require.NoError(t, s.store.Pool().QueryRow(t.Context(), `
INSERT INTO monitoring (task, drawn_at, performer) VALUES ($1, $2, $3)
ON CONFLICT (task) DO UPDATE SET drawn_at = excluded.drawn_at RETURNING id`, s.done+"/1", storetest.Now, s.checker.Subject).Scan(&drawn))
	find := func(finding string) answer {
		return s.do(t, call{method: "POST", path: fmt.Sprintf("/v1/monitoring/%d/finding", drawn), as: performerOf(leader), body: finding})
	}
	require.Equal(t, 200, find(`{"finding":"agreed"}`).status)
	answers := map[string]answer{
		"examiner-invalid": send("PATCH", "", `{"rank":"marshal"}`),
		"absence-invalid":  send("POST", "/absences", `{"from":"2026-09-14","until":"2026-09-13","reason":"holiday"}`),
		"conflict-invalid": send("POST", "/conflicts", `{"kind":"works-at","centre":"99999"}`),
		"found-already":    find(`{"finding":"concern","note":"Item 4."}`),
	}
	require.Equal(t, 200, send("PATCH", "", `{"capacity":3}`).status)
	answers["examiner-changed"] = send("PATCH", "", `{"capacity":4}`)
	return answers
}
