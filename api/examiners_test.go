package api_test

import (
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

func (h *house) change(t *testing.T, version, body string) answer {
	t.Helper()
	c := call{method: "PATCH", path: "/v1/examiners/ex-1001", as: caseworker, body: body, header: map[string]string{}}
	if version != "" {
		c.header["If-Match"] = version
	}
	return h.do(t, c)
}

func TestExaminers_PagesHoldEverybodyOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := get[api.ExaminerList](t, h, "/v1/examiners?limit=2", caseworker)
	require.Equal(t, []string{"ex-1001", "ex-1002"}, []string{first.Items[0].ID, first.Items[1].ID})
	require.Equal(t, "/v1/examiners/ex-1001", first.Items[0].Href)
	second := get[api.ExaminerList](t, h, "/v1/examiners?limit=2&cursor="+first.Next, operator)
	require.Len(t, second.Items, 1)
	require.Empty(t, second.Next)
	other := problem(t, h.do(t, call{method: "GET", path: "/v1/examiners/ex-1001/changes?cursor=" + first.Next, as: caseworker}))
	require.Equal(t, "invalid-cursor", other.Code, "a place in another list")
}

func TestExaminers_TheFilterIsHandedOnWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	get[api.ExaminerList](t, h, "/v1/examiners?role=moderator&rank=senior&component=MA1-1H&leader=ex-1005&absentOn=2026-09-14&limit=7", caseworker)
	require.Equal(t, docket.ExaminerFilter{
		Role: casework.Moderator, Rank: casework.RankSenior, Component: "MA1-1H", Leader: "ex-1005",
		AbsentOn: calendar.Date{Year: 2026, Month: time.September, Day: 14}, Limit: 8,
	}, h.staff.filter)
	for query, parameter := range map[string]string{
		"role=examiner": "role", "absentOn=yesterday": "absentOn", "absentOn=2026-02-30": "absentOn", "limit=0": "limit", "limit=201": "limit", "tier=higher": "tier",
	} {
		p := problem(t, h.do(t, call{method: "GET", path: "/v1/examiners?" + query, as: caseworker}))
		require.Equal(t, 400, p.Status, query)
		require.Equal(t, parameter, p.Errors[0].Parameter)
		require.NotEmpty(t, p.Errors[0].Remedy)
	}
}

// A performer reads themselves and nobody else; what was noted when they declined a task would tell whose script it
// was (domain §8.3, reading 9).
func TestExaminer_APerformerReadsThemselvesOnly(t *testing.T) {
	t.Parallel()
	h := setup(t)
	held := casework.TaskOf(someReference(), 1)
	h.staff.examiners[0].Conflicts = []docket.Conflict{
		{ID: 1, Kind: "worked-at", Centre: "71203", StandsAgainst: []casework.TaskID{held}},
		{ID: 2, Kind: "other", Centre: "64101", Candidate: "0117"},
	}
	h.staff.examiners[0].Absences = []docket.Absence{{ID: 3, From: calendar.Date{Year: 2026, Month: 9, Day: 14}, Until: calendar.Date{Year: 2026, Month: 9, Day: 18}, Reason: "holiday"}}
	own := get[api.Examiner](t, h, "/v1/examiners/ex-1001", examiner)
	require.Equal(t, []api.ExaminerConflict{{ID: 1, Kind: "worked-at", Centre: "71203"}, {ID: 2, Kind: "other"}}, own.Conflicts)
	require.Equal(t, "2026-09-18", own.Absences[0].Until.String())
	require.Equal(t, []int{12, 4, 7}, []int{own.Capacity, own.OpenTasks, own.WeekTasks})
	for _, as := range []oidctest.Claims{caseworker, operator} {
		all := get[api.Examiner](t, h, "/v1/examiners/ex-1001", as)
		require.Equal(t, "0117", all.Conflicts[1].Candidate)
		require.Equal(t, "/v1/tasks/"+string(held), all.Conflicts[0].StandsAgainst[0].Href, "whose task it is, keepers may know")
	}
	for _, path := range []string{"/v1/examiners/ex-1002", "/v1/examiners/nobody"} {
		got := h.do(t, call{method: "GET", path: path, as: examiner})
		require.Equal(t, 404, got.status)
		require.Equal(t, "not-found", problem(t, got).Code)
	}
	require.Equal(t, 404, h.do(t, call{method: "GET", path: "/v1/examiners/nobody", as: caseworker}).status)
	for _, path := range []string{"/v1/examiners", "/v1/examiners/ex-1001/changes"} {
		require.Equal(t, 403, h.do(t, call{method: "GET", path: path, as: examiner}).status, "not even of themselves: %s", path)
	}
}

func TestChangeExaminer_NeedsTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	shown := h.do(t, call{method: "GET", path: "/v1/examiners/ex-1001", as: caseworker})
	require.Equal(t, `"3"`, shown.header.Get("ETag"))
	for version, want := range map[string]struct {
		status int
		code   string
	}{
		"": {428, "version-required"}, `"2"`: {412, "examiner-changed"}, `"x"`: {412, "examiner-changed"}, `*`: {412, "examiner-changed"}, `"0"`: {412, "examiner-changed"},
	} {
		got := h.change(t, version, `{"capacity":9}`)
		require.Equal(t, want.status, got.status, "%q: %s", version, got.body)
		require.Equal(t, want.code, problem(t, got).Code)
		require.NotEmpty(t, problem(t, got).Errors[0].Remedy)
	}
	require.Empty(t, h.staff.changes, "nothing was changed")
	got := h.change(t, shown.header.Get("ETag"), `{"capacity":9,"reason":"Contract prolonged."}`)
	require.Equal(t, 200, got.status, "%s", got.body)
	require.Equal(t, `"4"`, got.header.Get("ETag"))
	require.Equal(t, 9, read[api.Examiner](t, got).Capacity)
	require.Equal(t, []casework.Actor{{Subject: "cw-1", Role: casework.RoleCaseworker, Reason: "Contract prolonged."}}, h.staff.actors)
	require.Equal(t, 412, h.change(t, shown.header.Get("ETag"), `{"capacity":1}`).status, "a second window")
}

// Fields that are not sent stay; an empty list, an empty day and false are values like any other.
func TestChangeExaminer_ReplacesWhatIsSentAndNothingElse(t *testing.T) {
	t.Parallel()
	day := func(year int, month time.Month, d int) *calendar.Date {
		return &calendar.Date{Year: year, Month: month, Day: d}
	}
	for body, want := range map[string]docket.ExaminerChange{
		`{"active":false}`: {Active: new(false)},
		`{"leader":""}`:    {Leader: new("")},
		`{"tiers":[]}`:     {Tiers: &[]string{}},
		`{"capacity":0}`:   {Capacity: new(0)},
		`{"rank":"lead","roles":["moderator","panel"]}`: {
			Rank: new(casework.RankLead), Roles: &[]casework.PerformerRole{casework.Moderator, casework.Panellist},
		},
		`{"components":["MA1-1H"],"subjects":[]}`:              {Components: &[]string{"MA1-1H"}, Subjects: &[]string{}},
		`{"contractFrom":"2026-06-01","contractUntil":""}`:     {ContractFrom: day(2026, time.June, 1), ContractUntil: &calendar.Date{}},
		`{"trainedUntil":"2027-02-28","tiers":["foundation"]}`: {TrainedUntil: day(2027, time.February, 28), Tiers: &[]string{"foundation"}},
	} {
		h := setup(t)
		got := h.change(t, `"3"`, body)
		require.Equal(t, 200, got.status, "%s: %s", body, got.body)
		want.Version = 3
		require.Equal(t, want, h.staff.change, body)
	}
}

func TestChangeExaminer_SaysWhichFieldIsWrong(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct{ code, pointer string }{
		`{}`:                             {"missing-field", ""},
		`{"reason":"Because."}`:          {"missing-field", ""},
		`{"roles":[]}`:                   {"value-not-allowed", "/roles"},
		`{"roles":["examiner"]}`:         {"value-not-allowed", "/roles/0"},
		`{"tiers":["middle"]}`:           {"value-not-allowed", "/tiers/0"},
		`{"capacity":-1}`:                {"value-not-allowed", "/capacity"},
		`{"capacity":"many"}`:            {"wrong-type", "/capacity"},
		`{"capacity":null}`:              {"wrong-type", "/capacity"},
		`{"contractUntil":"2026-02-30"}`: {"value-not-allowed", "/contractUntil"},
		`{"trainedUntil":"soon"}`:        {"value-not-allowed", "/trainedUntil"},
		`{"name":"Another"}`:             {"unknown-field", "/name"},
		`{"active":true,"reason":"  "}`:  {"value-not-allowed", "/reason"},
	} {
		h := setup(t)
		got := h.change(t, `"3"`, body)
		require.Equal(t, 400, got.status, "%s: %s", body, got.body)
		p := problem(t, got)
		require.Equal(t, want.code, p.Code, body)
		require.Equal(t, []string{want.pointer}, pointers(p), body)
		require.NotEmpty(t, p.Errors[0].Remedy, body)
		require.Empty(t, h.staff.changes, body)
	}
	both := problem(t, setup(t).change(t, `"3"`, `{"contractUntil":"2026-02-30","trainedUntil":"2026-13-01"}`))
	require.Equal(t, []string{"/contractUntil", "/trainedUntil"}, pointers(both), "everything that is wrong at once")
}

// What the register itself refuses is shown with its pointers.
func TestChangeExaminer_TheRegisterDecides(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.staff.says = casework.NewFault(casework.Invalid, "examiner-invalid", "It cannot be taken.",
		casework.Reason{Code: "unknown-rank", Pointer: "/rank", Detail: "No such rank.", Remedy: "Use one of the body's."})
	got := h.change(t, `"3"`, `{"rank":"marshal"}`)
	require.Equal(t, 422, got.status)
	require.Equal(t, []string{"/rank"}, pointers(problem(t, got)))
}

func TestAbsences_AreEnteredAndTakenOut(t *testing.T) {
	t.Parallel()
	h := setup(t)
	add := func(body string) answer {
		return h.do(t, call{method: "POST", path: "/v1/examiners/ex-1001/absences", as: operator, body: body})
	}
	got := add(`{"from":"2026-09-14","until":"2026-09-14","reason":"illness"}`)
	require.Equal(t, 201, got.status, "%s", got.body)
	require.Equal(t, int64(12), read[api.Absence](t, got).ID)
	require.Equal(t, casework.Actor{Subject: "op-1", Role: casework.RoleOperator}, h.staff.actors[0])
	out := h.do(t, call{method: "DELETE", path: "/v1/examiners/ex-1001/absences/12", as: caseworker})
	require.Equal(t, 204, out.status)
	require.Empty(t, out.body)
	for body, want := range map[string]struct{ code, pointer string }{
		`{"from":"2026-09-31","until":"2026-10-01","reason":"holiday"}`:    {"value-not-allowed", "/from"},
		`{"from":"2026-09-14","until":"2026-09-18"}`:                       {"missing-field", "/reason"},
		`{"from":"2026-09-14","until":"2026-09-18","reason":"sabbatical"}`: {"value-not-allowed", "/reason"},
	} {
		p := problem(t, add(body))
		require.Equal(t, 400, p.Status)
		require.Equal(t, want.code, p.Code)
		require.Equal(t, []string{want.pointer}, pointers(p))
	}
	require.Len(t, h.staff.changes, 2)
	require.Equal(t, 404, h.do(t, call{method: "DELETE", path: "/v1/examiners/nobody/absences/12", as: caseworker}).status)
	require.Equal(t, 400, h.do(t, call{method: "DELETE", path: "/v1/examiners/ex-1001/absences/last", as: caseworker}).status)
}

func TestConflicts_AreEnteredAndTakenBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	declare := func(body string) answer {
		return h.do(t, call{method: "POST", path: "/v1/examiners/ex-1001/conflicts", as: caseworker, body: body})
	}
	for body, want := range map[string]api.ExaminerConflict{
		`{"kind":"works-at","centre":"64101"}`:                      {ID: 7, Kind: "works-at", Centre: "64101"},
		`{"kind":"related-to","centre":"64101","candidate":"0117"}`: {ID: 7, Kind: "related-to", Centre: "64101", Candidate: "0117"},
	} {
		got := declare(body)
		require.Equal(t, 201, got.status, "%s", got.body)
		require.Equal(t, want, read[api.ExaminerConflict](t, got))
	}
	require.Equal(t, 204, h.do(t, call{method: "DELETE", path: "/v1/examiners/ex-1001/conflicts/7", as: caseworker}).status)
	for body, want := range map[string]struct{ code, pointer string }{
		`{"kind":"works-at","centre":"6410"}`:                     {"value-not-allowed", "/centre"},
		`{"kind":"works-at"}`:                                     {"missing-field", "/centre"},
		`{"kind":"dislikes","centre":"64101"}`:                    {"value-not-allowed", "/kind"},
		`{"kind":"works-at","centre":"64101","candidate":"117"}`:  {"value-not-allowed", "/candidate"},
		`{"kind":"works-at","centre":"64101","note":"My school"}`: {"unknown-field", "/note"},
	} {
		p := problem(t, declare(body))
		require.Equal(t, 400, p.Status, body)
		require.Equal(t, want.code, p.Code, body)
		require.Equal(t, []string{want.pointer}, pointers(p), body)
	}
	require.Len(t, h.staff.changes, 3)
}

// Whoever declares a conflict learns at once which tasks the person holds that they cannot complete any more.
func TestDeclareConflict_NamesTheTasksThatItStandsAgainst(t *testing.T) {
	t.Parallel()
	h := setup(t)
	one, two := casework.TaskOf(someReference(), 1), casework.TaskOf(someReference(), 2)
	h.staff.standsAgainst = []casework.TaskID{one, two}
	got := h.do(t, call{method: "POST", path: "/v1/examiners/ex-1001/conflicts", as: caseworker, body: `{"kind":"works-at","centre":"64101"}`})
	require.Equal(t, 201, got.status)
	against := read[api.ExaminerConflict](t, got).StandsAgainst
	require.Len(t, against, 2)
	for i, task := range []casework.TaskID{one, two} {
		require.Equal(t, string(task), against[i].Task)
		require.Equal(t, "/v1/tasks/"+string(task), against[i].Href)
		require.Equal(t, string(task.Reference()), against[i].Reference)
		require.Contains(t, against[i].Remedy, "Reassign")
	}
}

func TestExaminerChanges_TheLatestFirstWithWhoMadeThem(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for i := range 3 {
		require.Equal(t, 200, h.change(t, fmt.Sprintf(`"%d"`, 3+i), fmt.Sprintf(`{"capacity":%d,"reason":"Round %d."}`, i, i)).status)
	}
	first := get[api.RosterChangeList](t, h, "/v1/examiners/ex-1001/changes?limit=2", operator)
	require.Equal(t, []int64{3, 2}, []int64{first.Items[0].ID, first.Items[1].ID})
	require.Equal(t, "cw-1", first.Items[0].Actor.Subject)
	require.Equal(t, "Round 2.", first.Items[0].Reason)
	second := get[api.RosterChangeList](t, h, "/v1/examiners/ex-1001/changes?limit=2&cursor="+first.Next, operator)
	require.Equal(t, int64(1), second.Items[0].ID)
	require.Empty(t, second.Next)
	require.Equal(t, 404, h.do(t, call{method: "GET", path: "/v1/examiners/nobody/changes", as: operator}).status)
}

// TestExaminers_EveryWriteNeedsASecondFactor: also those that have no body.
func TestExaminers_EveryWriteNeedsASecondFactor(t *testing.T) {
	t.Parallel()
	h := setup(t)
	weak := caseworker
	weak.AMR = []string{"pwd", "sms"}
	for _, c := range []call{
		{method: "PATCH", path: "/v1/examiners/ex-1001", body: `{"capacity":1}`, header: map[string]string{"If-Match": `"3"`}},
		{method: "POST", path: "/v1/examiners/ex-1001/absences", body: `{}`},
		{method: "DELETE", path: "/v1/examiners/ex-1001/absences/1"},
		{method: "POST", path: "/v1/examiners/ex-1001/conflicts", body: `{}`},
		{method: "DELETE", path: "/v1/examiners/ex-1001/conflicts/1"},
	} {
		c.as = weak
		require.Equal(t, "second-factor-required", problem(t, h.do(t, c)).Code, "%s %s", c.method, c.path)
	}
	require.Empty(t, h.staff.changes)
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/v1/examiners/ex-1001", as: weak}).status)
	allowed := h.do(t, call{method: "PUT", path: "/v1/examiners/ex-1001", as: caseworker})
	require.Equal(t, 405, allowed.status)
	require.Equal(t, []string{"GET", "PATCH"}, strings.Split(allowed.header.Get("Allow"), ", "))
}
