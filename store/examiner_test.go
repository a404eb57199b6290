package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

var keeper = casework.Actor{Subject: "ops-5001", Role: casework.RoleOperator, Reason: "telephone call"}

func worksAt(centre string) docket.Conflict { return docket.Conflict{Kind: "works-at", Centre: centre} }

func date(text string) calendar.Date {
	day, err := calendar.ParseDate(text)
	if err != nil {
		panic(err) // A mistake of the test.
	}
	return day
}

// examiner reads one person of the roster.
func (o office) examiner(id string) docket.Examiner {
	o.t.Helper()
	e, err := o.Examiner(o.t.Context(), id)
	require.NoError(o.t, err)
	return e
}

// roster is the roster's version.
func (o office) roster() int {
	o.t.Helper()
	return o.count("SELECT version FROM roster_version")
}

// changes is the roster's audit about a person, the latest first.
func (o office) changes(id string) []docket.RosterChange {
	o.t.Helper()
	list, err := o.RosterChanges(o.t.Context(), id, 0, 50)
	require.NoError(o.t, err)
	return list
}

func TestExaminer_HasEverythingThatDecidesTheirTasks(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec(
		"UPDATE performers SET leader = 'ex-1006', subjects = '{geography}', tiers = '{higher}', contract_from = '2026-01-01', contract_until = '2026-12-31', trained_until = '2026-11-30' WHERE id = 'ex-1003'",
		"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1003', '2026-10-01', '2026-10-09', 'holiday')",
		"INSERT INTO absences (performer, from_day, until_day, reason, ended_on) VALUES ('ex-1003', '2026-09-01', '2026-09-20', 'illness', '2026-09-11'), ('ex-1003', '2026-12-01', '2026-12-09', 'holiday', '2026-12-01')",
	)
	e := o.examiner("ex-1003")
	require.Equal(t, []docket.Absence{
		{ID: e.Absences[0].ID, From: date("2026-09-01"), Until: date("2026-09-10"), Reason: "illness"},
		{ID: e.Absences[1].ID, From: date("2026-10-01"), Until: date("2026-10-09"), Reason: "holiday"},
	}, e.Absences, "one that ended early ends then, one that was called off is not there")
	require.Equal(t, []docket.Conflict{{ID: e.Conflicts[0].ID, Kind: "works-at", Centre: storetest.Centre, StandsAgainst: []casework.TaskID{}}}, e.Conflicts)
	e.Absences, e.Conflicts = nil, nil
	require.Equal(t, docket.Examiner{
		ID: "ex-1003", Body: "cambria", Name: "Tom Ashby", Email: "ex-1003@cambria.example", Roles: []casework.PerformerRole{casework.Reviewer},
		Rank: casework.RankSenior, Leader: "ex-1006", Components: []string{"G2-01", "G2-02", "M1-01", "M1-02"}, Subjects: []string{"geography"},
		Tiers: []string{"higher"}, Capacity: 4, ContractFrom: date("2026-01-01"), ContractUntil: date("2026-12-31"), TrainedUntil: date("2026-11-30"),
		Active: true, Version: 1,
	}, e)
	_, err := o.Examiner(t.Context(), "ex-9999")
	fault(t, err, casework.NotFound, "unknown-examiner")
}

func TestExaminer_CountsWhatTheyHoldAndWhatTheWeekBrought(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	e := o.examiner(allocated.Assignee)
	require.Equal(t, 1, e.OpenTasks)
	require.Equal(t, date("2026-08-24"), e.Week)
	require.Equal(t, 1, e.TasksInWeekOf(date("2026-08-30")))
	require.Zero(t, e.TasksInWeekOf(date("2026-08-31")))
	require.Zero(t, e.TasksInWeekOf(date("2026-08-23")))
	require.Zero(t, o.examiner("ex-1006").TasksInWeekOf(date("2026-08-27")), "never given any")
	held, err := o.TasksHeldBy(t.Context(), allocated.Assignee)
	require.NoError(t, err)
	require.Equal(t, []casework.TaskID{allocated.Sheet.Task}, held)
	o.exec("UPDATE tasks SET state = 'completed', completed_at = created_at")
	held, err = o.TasksHeldBy(t.Context(), allocated.Assignee)
	require.NoError(t, err)
	require.Empty(t, held)
}

func TestExaminers_AreListedByWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec(
		"UPDATE performers SET active = false, rank = 'lead' WHERE id = 'ex-1002'", "UPDATE performers SET leader = 'ex-1002' WHERE id IN ('ex-1004', 'ex-1005')",
		"UPDATE performers SET subjects = '{numeracy}' WHERE id = 'ex-1006'",
		"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1001', '2026-09-01', '2026-09-03', 'holiday')",
		"INSERT INTO absences (performer, from_day, until_day, reason, ended_on) VALUES ('ex-1003', '2026-09-01', '2026-09-03', 'holiday', '2026-09-02')",
	)
	for name, row := range map[string]struct {
		filter docket.ExaminerFilter
		want   []string
	}{
		"everybody":      {docket.ExaminerFilter{}, []string{"cl-2001", "cl-2002", "ex-1001", "ex-1002", "ex-1003", "ex-1004", "ex-1005", "ex-1006"}},
		"a page":         {docket.ExaminerFilter{AfterID: "ex-1001", Limit: 2}, []string{"ex-1002", "ex-1003"}},
		"a role":         {docket.ExaminerFilter{Role: casework.Clerk}, []string{"cl-2001", "cl-2002"}},
		"a rank":         {docket.ExaminerFilter{Rank: casework.RankLead}, []string{"ex-1002"}},
		"a team":         {docket.ExaminerFilter{Leader: "ex-1002"}, []string{"ex-1004", "ex-1005"}},
		"a paper":        {docket.ExaminerFilter{Component: storetest.Numeracy}, []string{"cl-2001", "cl-2002", "ex-1006"}},
		"who is away":    {docket.ExaminerFilter{AbsentOn: date("2026-09-01")}, []string{"ex-1001", "ex-1003"}},
		"who came back":  {docket.ExaminerFilter{AbsentOn: date("2026-09-02")}, []string{"ex-1001"}},
		"nobody at all":  {docket.ExaminerFilter{Role: casework.Panellist}, nil},
		"several things": {docket.ExaminerFilter{Role: casework.Reviewer, Leader: "ex-1002", AfterID: "ex-1004"}, []string{"ex-1005"}},
	} {
		list, err := o.Examiners(t.Context(), row.filter)
		require.NoError(t, err, name)
		var ids []string
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		require.Equal(t, row.want, ids, name)
	}
}

func TestLeads_IsTheTeamsLeaderAlone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET leader = 'ex-1002' WHERE id = 'ex-1001'", "UPDATE performers SET leader = 'ex-1003' WHERE id = 'ex-1002'")
	for pair, want := range map[[2]string]bool{
		{"ex-1002", "ex-1001"}: true, {"ex-1003", "ex-1002"}: true, {"ex-1003", "ex-1001"}: false, {"ex-1001", "ex-1001"}: false, {"ex-1001", "ex-1002"}: false, {"", "ex-1003"}: false,
	} {
		leads, err := o.Leads(t.Context(), pair[0], pair[1])
		require.NoError(t, err)
		require.Equal(t, want, leads, pair)
	}
}
