package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/store/storetest"
)

// importedRoster is a store with the small register and nothing else.
func importedRoster(t *testing.T) office {
	t.Helper()
	o := office{Store: storetest.Open(t), t: t}
	require.NoError(t, importInto(t, o.Store, imported("1001")))
	return o
}

func TestImportRegister_BringsPerformersWithTheirTerms(t *testing.T) {
	t.Parallel()
	o := importedRoster(t)
	e := o.examiner("ex-1")
	require.Len(t, e.Absences, 1)
	require.Len(t, e.Conflicts, 2)
	e.Absences, e.Conflicts = nil, nil
	require.Equal(t, docket.Examiner{
		ID: "ex-1", Body: "cambria", Name: "Helen Marsh", Email: "h@cambria.example", Roles: []casework.PerformerRole{casework.Moderator, casework.Reviewer},
		Rank: casework.RankSenior, Leader: "ex-2", Components: []string{"M1", "M2"}, Subjects: []string{}, Tiers: []string{"higher"}, Capacity: 4,
		ContractFrom: date("2026-01-01"), ContractUntil: date("2026-12-31"), TrainedUntil: date("2026-11-30"), Active: true, Version: 1,
	}, e)
	require.Equal(t, "mathematics", o.text("SELECT subject FROM qualifications"))
	require.Equal(t, "back-reader checker second-marker", o.text("SELECT string_agg(DISTINCT role, ' ' ORDER BY role) FROM item_checks"))

	var trail []string
	for _, change := range o.changes("ex-1") {
		trail = append(trail, change.What)
		require.Equal(t, casework.Actor{Subject: "import", Role: casework.RoleSystem}, change.Actor)
		require.Equal(t, storetest.Now, change.At)
	}
	require.Equal(t, []string{"absence-added", "conflict-declared", "conflict-declared", "imported"}, trail)
	require.Len(t, o.changes("ex-2"), 1)
	require.Equal(t, 2, o.roster(), "it was 1 before anything was imported")
}

// What an import changes about a performer stands in the audit with the old values; the order of a list is no change.
func TestImportRegister_NotesWhatItChangesInTheRoster(t *testing.T) {
	t.Parallel()
	o := importedRoster(t)
	set := imported("1001")
	set.Performers[0].Rank, set.Performers[0].Capacity, set.Performers[0].Components = casework.RankPrincipal, 6, []string{"M1"}
	set.Performers[0].Roles = []casework.PerformerRole{casework.Moderator, casework.Reviewer}
	set.Performers[0].TrainedUntil = calendar.Date{}
	require.NoError(t, importInto(t, o.Store, set))
	e := o.examiner("ex-1")
	require.Equal(t, int64(2), e.Version)
	require.Equal(t, []string{"M1"}, e.Components)
	require.Equal(t, 3, o.roster())
	require.Equal(t, int64(1), o.examiner("ex-2").Version)
	change := o.changes("ex-1")[0]
	require.Equal(t, "imported", change.What)
	require.Equal(t, []docket.Fact{
		{Name: "rank", Value: "principal"},
		{Name: "rankBefore", Value: "senior"},
		{Name: "components", Value: "M1"},
		{Name: "componentsBefore", Value: "M1 M2"},
		{Name: "capacity", Value: "6"},
		{Name: "capacityBefore", Value: "4"},
		{Name: "trainedUntil", Value: ""},
		{Name: "trainedUntilBefore", Value: "2026-11-30"},
	}, change.Facts)
}

// Each thing on which eligibility hangs lets the cases in the pool look again; what nobody is chosen by does not matter,
// and a mark more or less is told too, because it brings other markers with it.
func TestImportRegister_RaisesTheRosterWhenAnythingIsAnother(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*register.Set){
		"a performer":         func(s *register.Set) { s.Performers[1].Capacity = 3 },
		"a performer's paper": func(s *register.Set) { s.Performers[0].Components = []string{"M1", "M2", "P1"} },
		"a new performer": func(s *register.Set) {
			s.Performers = append(s.Performers, s.Performers[1])
			s.Performers[2].ID = "ex-3"
		},
		"the order of ranks": func(s *register.Set) { s.Bodies[0].Ranks = []casework.Rank{"senior", "lead"} },
		"a subject":          func(s *register.Set) { s.Qualifications[0].Subject = "numeracy" },
		"a tier":             func(s *register.Set) { s.Components[0].Tier = "higher" },
		"a moderator":        func(s *register.Set) { s.Moderations[0].Moderator = "mo-9" },
		"a marker":           func(s *register.Set) { s.ItemMarks[0].Marker = "mk-9" },
		"a back-reader":      func(s *register.Set) { s.ItemMarks[0].BackReader = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := importedRoster(t)
			set := imported("1001")
			change(&set)
			require.NoError(t, importInto(t, o.Store, set))
			require.Equal(t, 3, o.roster())
			require.NoError(t, importInto(t, o.Store, set))
			require.Equal(t, 3, o.roster(), "the same again is nothing")
		})
	}
}

// People declare interests and absences here too: no folder takes them back, none brings an absence back that was ended.
func TestImportRegister_NeverTakesBackWhatWasDeclared(t *testing.T) {
	t.Parallel()
	o := importedRoster(t)
	declared, err := o.DeclareConflict(t.Context(), "ex-2", docket.Conflict{Kind: "worked-at", Centre: "64101"}, keeper, later)
	require.NoError(t, err)
	added, err := o.AddAbsence(t.Context(), "ex-2", docket.Absence{From: date("2026-11-01"), Until: date("2026-11-05"), Reason: "illness"}, keeper, later)
	require.NoError(t, err)
	require.NoError(t, o.EndAbsence(t.Context(), "ex-1", o.examiner("ex-1").Absences[0].ID, keeper, storetest.Now))
	_, err = o.ChangeExaminer(t.Context(), "ex-2", docket.ExaminerChange{Version: o.examiner("ex-2").Version, Active: new(false)}, keeper, later)
	require.NoError(t, err)
	before := o.roster()

	set := imported("1001")
	set.Conflicts, set.Absences[0].Reason = nil, "illness"
	require.NoError(t, importInto(t, o.Store, set))
	require.Equal(t, []docket.Conflict{declared}, o.examiner("ex-2").Conflicts)
	require.Equal(t, []docket.Absence{added}, o.examiner("ex-2").Absences)
	require.False(t, o.examiner("ex-2").Active, "whether somebody is active no folder says")
	require.Len(t, o.examiner("ex-1").Conflicts, 2)
	require.Empty(t, o.examiner("ex-1").Absences, "it was ended")
	require.Equal(t, before, o.roster(), "nothing has changed")
}

// What the steps count no folder touches.
func TestImportRegister_KeepsTheCountersOfTheSteps(t *testing.T) {
	t.Parallel()
	o := importedRoster(t)
	o.exec("UPDATE performers SET open_tasks = 3, week = '2026-08-24', week_tasks = 5 WHERE id = 'ex-1'")
	set := imported("1001")
	set.Performers[0].Name, set.Performers[0].Capacity = "Helen Marsh-Bell", 40
	require.NoError(t, importInto(t, o.Store, set))
	e := o.examiner("ex-1")
	require.Equal(t, 3, e.OpenTasks)
	require.Equal(t, 5, e.TasksInWeekOf(date("2026-08-27")))
	require.Equal(t, 40, e.Capacity)
	require.Equal(t, []docket.Fact{
		{Name: "name", Value: "Helen Marsh-Bell"}, {Name: "nameBefore", Value: "Helen Marsh"}, {Name: "capacity", Value: "40"}, {Name: "capacityBefore", Value: "4"},
	}, o.changes("ex-1")[0].Facts)
}
