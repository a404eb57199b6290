package api_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

func (h *house) work(count int) {
	for i := range count {
		performer := "ex-1001"
		if i%2 == 1 {
			performer = "ex-1002"
		}
		h.staff.work = append(h.staff.work, docket.Work{
			Task: casework.TaskID(fmt.Sprintf("R-2345-6789-BCDF-G/%04d", i)), Performer: performer, Kind: casework.TaskReview, Service: casework.ReviewOfMarking,
			Component: "MA1-1H", ReservedAt: now, CompletedAt: now.Add(time.Hour), Items: 5, Changed: 1,
		})
	}
}

func TestWork_AMonthOfOnesOwnOrOfEverybody(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.work(5)
	for name, row := range map[string]struct {
		as          oidctest.Claims
		path        string
		status, has int
	}{
		"one's own":           {examiner, "", 200, 3},
		"one's own by name":   {examiner, "&performer=ex-1001", 200, 3},
		"a colleague's":       {examiner, "&performer=ex-1002", 403, 0},
		"a clerk's":           {clerk, "", 200, 0},
		"finance":             {finance, "", 200, 5},
		"finance, one person": {finance, "&performer=ex-1002", 200, 2},
		"caseworker":          {caseworker, "", 200, 5},
		"operator":            {operator, "", 200, 5},
		"a centre":            {examsOfficer, "", 403, 0},
	} {
		got := h.do(t, call{method: "GET", path: "/v1/work?month=2026-08" + row.path, as: row.as})
		require.Equal(t, row.status, got.status, "%s: %s", name, got.body)
		if row.status == 200 {
			require.Len(t, read[api.WorkList](t, got).Items, row.has, name)
		}
	}
	p := problem(t, h.do(t, call{method: "GET", path: "/v1/work?month=2026-08&performer=ex-1002", as: examiner}))
	require.Equal(t, "performer", p.Errors[0].Parameter)
	first := get[api.WorkList](t, h, "/v1/work?month=2026-12&limit=3", finance)
	require.Equal(t, calendar.Date{Year: 2026, Month: time.December, Day: 1}, h.staff.workAsked.Month)
	second := get[api.WorkList](t, h, "/v1/work?month=2026-12&limit=3&cursor="+first.Next, finance)
	require.Len(t, second.Items, 2)
	require.Equal(t, first.Items[2].CompletedAt, h.staff.workAsked.AfterCompleted)
	for _, month := range []string{"", "month=", "month=2026", "month=2026-13", "month=2026-8", "month=2026-08-01", "month=2026-08&format=xml"} {
		require.Equal(t, 400, h.do(t, call{method: "GET", path: "/v1/work?" + month, as: finance}).status, month)
	}
}

// The table holds the whole month, however many pages that is.
func TestWork_AsATable(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.work(451)
	h.staff.work[0].StartedAt = now
	got := h.do(t, call{method: "GET", path: "/v1/work?month=2026-08&format=csv&limit=2", as: finance})
	require.Equal(t, 200, got.status)
	require.Equal(t, "text/csv", got.header.Get("Content-Type"))
	rows, err := csv.NewReader(strings.NewReader(string(got.body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 452)
	require.Equal(t, []string{"task", "performer", "kind", "service", "component", "reservedAt", "startedAt", "completedAt", "items", "changed"}, rows[0])
	require.Equal(t, []string{"R-2345-6789-BCDF-G/0000", "ex-1001", "review", "review-of-marking", "MA1-1H", "2026-08-27T09:00:00Z", "2026-08-27T09:00:00Z", "2026-08-27T10:00:00Z", "5", "1"}, rows[1])
	require.Empty(t, rows[2][6], "completed without a start of its own")
	require.Equal(t, "R-2345-6789-BCDF-G/0450", rows[451][0])
	own, err := csv.NewReader(strings.NewReader(string(h.do(t, call{method: "GET", path: "/v1/work?month=2026-08&format=csv", as: examiner}).body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, own, 227, "a performer's table is their own")
}
