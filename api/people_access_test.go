package api_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// leads makes the seed's leader that of somebody.
func (w *world) leads(t *testing.T, performer string) {
	t.Helper()
	_, err := w.store.Pool().Exec(t.Context(), "UPDATE performers SET leader = $1 WHERE id = $2", leader, performer)
	require.NoError(t, err)
}

// peopleRows are who may do what with the register of examiners and with tasks, apart from their working. Those who may
// are told what is wrong with the request, so that trying changes nothing.
func peopleRows(reference, holder string) map[string]accessRow {
	body := []string{"caseworker", "operator"}
	others := []string{"other examiner", "clerk", "moderator", "panel"}
	perform := append([]string{"holder", "lead"}, others...)
	send := func(method, path, sent string) call {
		return call{method: method, path: path, body: sent, header: map[string]string{"Idempotency-Key": "k", "If-Match": `"99"`}}
	}
	read := func(path string) call { return call{method: http.MethodGet, path: path} }
	examiner, task := "/v1/examiners/"+holder, taskPath(reference)
	rows := map[string]accessRow{
		"listExaminers":       {read("/v1/examiners"), expectation{200: body}},
		"getExaminer":         {read(examiner), expectation{200: append([]string{"holder"}, body...), 404: append([]string{"lead"}, others...)}},
		"changeExaminer":      {send(http.MethodPatch, examiner, `{"capacity":1}`), expectation{412: body}},
		"listExaminerChanges": {read(examiner + "/changes"), expectation{200: body}},
		"addAbsence":          {send(http.MethodPost, examiner+"/absences", `{"from":"2026-09-14","until":"2026-09-13","reason":"holiday"}`), expectation{422: body}},
		"endAbsence":          {send(http.MethodDelete, examiner+"/absences/9999", ""), expectation{404: body}},
		"declareConflict":     {send(http.MethodPost, examiner+"/conflicts", `{"kind":"related-to","centre":"64101"}`), expectation{422: body}},
		"takeBackConflict":    {send(http.MethodDelete, examiner+"/conflicts/9999", ""), expectation{404: body}},
		"listWork":            {read("/v1/work?month=2026-08"), expectation{200: slices.Concat(perform, body, []string{"finance", "finance reader"})}},
		"listTaskNotes":       {read(task + "/notes"), expectation{200: append([]string{"holder", "lead"}, body...), 404: others}},
		"addTaskNote":         {send(http.MethodPost, task+"/notes", `{"text":"See the file.","upload":9999}`), expectation{422: {"holder", "lead"}, 404: others}},
		"askQuestion":         {send(http.MethodPost, task+"/questions", `{"question":"Really?"}`), expectation{201: {"holder"}, 404: others}},
		"listQuestions":       {read("/v1/questions"), expectation{200: slices.Concat(perform, body)}},
		"answerQuestion":      {send(http.MethodPost, "/v1/questions/9999/answer", `{"answer":"Yes."}`), expectation{404: slices.Concat(perform, body)}},
		"listMonitoring":      {read("/v1/monitoring"), expectation{200: slices.Concat(perform, body)}},
		"recordFinding":       {send(http.MethodPost, "/v1/monitoring/9999/finding", `{"finding":"agreed"}`), expectation{404: perform}},
	}
	// What each operation does not take tells those who may use it from the others.
	for _, operation := range casework.Operations() {
		may, sent := perform, `{"to":"ex-1001"}`
		switch operation {
		case casework.OpDelegate:
			sent = `{}`
		case casework.OpSuspend, casework.OpResume:
			may = slices.Concat(perform, body)
		case casework.OpReassign:
			may, sent = body, `{"why":"no-time"}`
		case casework.OpClaim, casework.OpStart, casework.OpRelease, casework.OpDecline, casework.OpForward:
		}
		rows["actOnTask "+string(operation)] = accessRow{send(http.MethodPost, task+"/"+string(operation), sent), expectation{422: may}}
	}
	rows["actOnTask"] = rows["actOnTask start"]
	return rows
}
