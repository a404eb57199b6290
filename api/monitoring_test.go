package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func (h *house) draw() {
	for id := int64(1); id <= 3; id++ {
		h.staff.drawn = append(h.staff.drawn, docket.Monitored{
			ID: id, Task: reviewTask().ID, DrawnAt: now, Performer: "ex-1001", Component: "MA1-1H", Service: casework.ReviewOfMarking,
		})
	}
}

func TestMonitoring_ALeaderSaysWhatTheyFound(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.draw()
	first := get[api.MonitoringList](t, h, "/v1/monitoring?open=true&limit=2", lead)
	require.Equal(t, []int64{1, 2}, []int64{first.Items[0].ID, first.Items[1].ID})
	require.Equal(t, "ex-1005", h.staff.asked)
	second := get[api.MonitoringList](t, h, "/v1/monitoring?open=true&limit=2&cursor="+first.Next, lead)
	require.Len(t, second.Items, 1)
	require.Empty(t, second.Next)

	find := func(path, body string) answer {
		return h.do(t, call{method: "POST", path: path, as: lead, body: body})
	}
	agreed := find("/v1/monitoring/1/finding", `{"finding":"agreed"}`)
	require.Equal(t, 200, agreed.status, "%s", agreed.body)
	concern := read[api.Monitored](t, find("/v1/monitoring/2/finding", `{"finding":"concern","note":"Item 4 is a level higher."}`))
	require.Equal(t, []string{"ex-1005", "concern", "Item 4 is a level higher."}, []string{concern.Monitor, string(concern.Finding), concern.Note})
	require.Len(t, get[api.MonitoringList](t, h, "/v1/monitoring?open=true", operator).Items, 1)
	require.Empty(t, h.staff.asked, "operations see everybody's")

	for body, want := range map[string]struct{ code, pointer string }{
		`{"finding":"concern"}`:            {"missing-field", "/note"},
		`{"finding":"concern","note":" "}`: {"missing-field", "/note"},
		`{"finding":"doubt"}`:              {"value-not-allowed", "/finding"},
		`{"note":"Fine."}`:                 {"missing-field", "/finding"},
	} {
		p := problem(t, find("/v1/monitoring/3/finding", body))
		require.Equal(t, want.code, p.Code, body)
		require.Equal(t, []string{want.pointer}, pointers(p), body)
		require.NotEmpty(t, p.Errors[0].Remedy)
	}
	require.Empty(t, h.staff.drawn[2].Finding)
	require.Equal(t, 404, find("/v1/monitoring/9/finding", `{"finding":"agreed"}`).status)
	for _, as := range []string{caseworker.Subject, operator.Subject} {
		c := call{method: "POST", path: "/v1/monitoring/3/finding", body: `{"finding":"agreed"}`, as: caseworker}
		require.Equal(t, 403, h.do(t, c).status, "%s leads nobody", as)
	}
}
