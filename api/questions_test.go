package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
)

func TestQuestions_GoToTheLeaderAndComeBackAnswered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	asked := h.do(t, call{method: "POST", path: task + "/questions", as: examiner, body: `{"question":"Does the other method earn the mark?"}`})
	require.Equal(t, 201, asked.status, "%s", asked.body)
	question := read[api.Question](t, asked)
	require.Equal(t, api.Question{
		ID: 1, Task: string(reviewTask().ID), TaskHref: task, AskedBy: "ex-1001", AskedAt: now, Question: "Does the other method earn the mark?", Leader: "ex-1005",
	}, question)
	answer := call{method: "POST", path: "/v1/questions/1/answer", as: examiner, body: `{"answer":"Yes, if shown."}`}
	require.Equal(t, "not-the-leader", problem(t, h.do(t, answer)).Code, "nobody answers their own")
	answer.as = lead
	got := h.do(t, answer)
	require.Equal(t, 200, got.status, "%s", got.body)
	require.Equal(t, "ex-1005", read[api.Question](t, got).AnsweredBy)
	require.Equal(t, []casework.Actor{{Subject: "ex-1005", Role: casework.RoleExaminer}}, h.staff.actors)
	for _, as := range []string{"open=true", ""} {
		list := get[api.QuestionList](t, h, "/v1/questions?"+as, examiner)
		require.Len(t, list.Items, map[string]int{"open=true": 0, "": 1}[as])
	}
	require.Equal(t, "ex-1001", h.staff.asked)
	get[api.QuestionList](t, h, "/v1/questions", caseworker)
	require.Empty(t, h.staff.asked, "the awarding body reads everybody's")
}

// Operations answer where nobody leads who asked: the register knows them by their role.
func TestQuestions_OperationsAnswerInTheirOwnRole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.do(t, call{method: "POST", path: h.addTask(t) + "/questions", as: examiner, body: `{"question":"Who leads me?"}`})
	h.staff.questions[0].Leader = "op-1"
	got := h.do(t, call{method: "POST", path: "/v1/questions/1/answer", as: operator, body: `{"answer":"I find out."}`})
	require.Equal(t, 200, got.status, "%s", got.body)
	require.Equal(t, casework.RoleOperator, h.staff.actors[0].Role)
}

func TestQuestions_SayWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := h.addTask(t)
	for path, field := range map[string]string{task + "/questions": "question", "/v1/questions/1/answer": "answer"} {
		for body, code := range map[string]string{
			`{}`: "missing-field", `{"FIELD":" "}`: "value-not-allowed", `{"FIELD":"` + strings.Repeat("x", 4001) + `"}`: "value-not-allowed", `{"FIELD":7}`: "wrong-type",
		} {
			p := problem(t, h.do(t, call{method: "POST", path: path, as: examiner, body: strings.ReplaceAll(body, "FIELD", field)}))
			require.Equal(t, code, p.Code, "%s %s", path, body)
			require.Equal(t, []string{"/" + field}, pointers(p))
		}
	}
	require.Empty(t, h.staff.questions)
	colleague := examiner
	colleague.Subject = "ex-1002"
	good := call{method: "POST", path: task + "/questions", as: colleague, body: `{"question":"Whose is it?"}`}
	require.Equal(t, 404, h.do(t, good).status, "a question about somebody else's task")
	good.path, good.body = "/v1/questions/9/answer", `{"answer":"Yes."}`
	require.Equal(t, 404, h.do(t, good).status)
	good.path = "/v1/questions/0/answer"
	require.Equal(t, 400, h.do(t, good).status)
	require.Equal(t, 400, h.do(t, call{method: "GET", path: "/v1/questions?open=perhaps", as: examiner}).status)
}
