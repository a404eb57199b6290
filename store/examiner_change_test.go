package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// refusal is the fault of a request that is wrong by its form.
func refusal(t *testing.T, err error, code string) *casework.Fault {
	t.Helper()
	fault(t, err, casework.Invalid, code)
	var refused *casework.Fault
	require.ErrorAs(t, err, &refused)
	return refused
}

func TestChangeExaminer_ReplacesWhatIsNamedAndSaysWhatWas(t *testing.T) {
	t.Parallel()
	o := setup(t)
	before := o.roster()
	changed, err := o.ChangeExaminer(t.Context(), "ex-1001", docket.ExaminerChange{
		Version: 1, Roles: &[]casework.PerformerRole{casework.Reviewer, casework.Moderator}, Rank: new(casework.RankLead), Leader: new("ex-1002"),
		Components: &[]string{storetest.Maths2}, Subjects: &[]string{"numeracy", "geography"}, Tiers: &[]string{"higher"}, Capacity: new(9),
		ContractFrom: new(date("2026-01-01")), ContractUntil: new(date("2026-12-31")), TrainedUntil: new(date("2026-10-31")), Active: new(false),
	}, keeper, later)
	require.NoError(t, err)
	require.Equal(t, o.examiner("ex-1001"), changed)
	require.Equal(t, docket.Examiner{
		ID: "ex-1001", Body: "cambria", Name: "Rowan Teller", Email: "ex-1001@cambria.example", Roles: []casework.PerformerRole{casework.Moderator, casework.Reviewer},
		Rank: casework.RankLead, Leader: "ex-1002", Components: []string{storetest.Maths2}, Subjects: []string{"geography", "numeracy"}, Tiers: []string{"higher"},
		Capacity: 9, ContractFrom: date("2026-01-01"), ContractUntil: date("2026-12-31"), TrainedUntil: date("2026-10-31"), Version: 2,
		Absences: []docket.Absence{}, Conflicts: []docket.Conflict{},
	}, changed)
	require.Equal(t, before+1, o.roster(), "cases in the pool look again")

	trail := o.changes("ex-1001")
	require.Len(t, trail, 1)
	require.Equal(t, later, trail[0].At)
	require.Equal(t, keeper, trail[0].Actor)
	require.Equal(t, "changed", trail[0].What)
	require.Equal(t, []docket.Fact{
		{Name: "roles", Value: "moderator reviewer"},
		{Name: "rolesBefore", Value: "reviewer"},
		{Name: "rank", Value: "lead"},
		{Name: "rankBefore", Value: "senior"},
		{Name: "leader", Value: "ex-1002"},
		{Name: "leaderBefore", Value: ""},
		{Name: "components", Value: "M1-02"},
		{Name: "componentsBefore", Value: "G2-01 G2-02 M1-01 M1-02"},
		{Name: "subjects", Value: "geography numeracy"},
		{Name: "subjectsBefore", Value: ""},
		{Name: "tiers", Value: "higher"},
		{Name: "tiersBefore", Value: ""},
		{Name: "capacity", Value: "9"},
		{Name: "capacityBefore", Value: "4"},
		{Name: "contractFrom", Value: "2026-01-01"},
		{Name: "contractFromBefore", Value: ""},
		{Name: "contractUntil", Value: "2026-12-31"},
		{Name: "contractUntilBefore", Value: ""},
		{Name: "trainedUntil", Value: "2026-10-31"},
		{Name: "trainedUntilBefore", Value: ""},
		{Name: "active", Value: "no"},
		{Name: "activeBefore", Value: "yes"},
	}, trail[0].Facts)

	// What is not named stays; a zero date takes an end away.
	changed, err = o.ChangeExaminer(t.Context(), "ex-1001", docket.ExaminerChange{Version: 2, TrainedUntil: new(calendar.Date{}), Leader: new("")}, keeper, later)
	require.NoError(t, err)
	require.Equal(t, 9, changed.Capacity)
	require.Empty(t, changed.Leader)
	require.True(t, changed.TrainedUntil.IsZero())
	require.Len(t, o.changes("ex-1001"), 2)
}

func TestChangeExaminer_NothingNewIsNoChange(t *testing.T) {
	t.Parallel()
	o := setup(t)
	before := o.roster()
	same := o.examiner("ex-1001")
	changed, err := o.ChangeExaminer(t.Context(), "ex-1001", docket.ExaminerChange{
		Version: 1, Capacity: new(4), Components: &[]string{"M1-02", "G2-02", "M1-01", "G2-01"},
	}, keeper, later)
	require.NoError(t, err)
	require.Equal(t, same, changed)
	require.Equal(t, before, o.roster())
	require.Empty(t, o.changes("ex-1001"))
}

func TestChangeExaminer_AnotherVersionIsAnotherPersonsChange(t *testing.T) {
	t.Parallel()
	o := setup(t)
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wait.Go(func() {
			_, errs[i] = o.ChangeExaminer(t.Context(), "ex-1001", docket.ExaminerChange{Version: 1, Capacity: new(20 + i)}, keeper, later)
		})
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		fault(t, err, casework.Conflict, "examiner-changed")
	}
	require.Equal(t, 1, won)
	require.Equal(t, int64(2), o.examiner("ex-1001").Version)
	_, err := o.ChangeExaminer(t.Context(), "ex-9999", docket.ExaminerChange{Version: 1}, keeper, later)
	fault(t, err, casework.NotFound, "unknown-examiner")
}

// Every field at fault is named with what may stand there, and nothing is written.
func TestChangeExaminer_SaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec(
		"INSERT INTO awarding_bodies (id, name, ranks) VALUES ('other', 'Another', '{assessor}')",
		"INSERT INTO performers (id, body, name, email, roles, rank, capacity) VALUES ('as-1', 'other', 'A', 'a@other.example', '{reviewer}', 'assessor', 1)",
		"UPDATE performers SET leader = 'ex-1001' WHERE id = 'ex-1002'", "UPDATE performers SET leader = 'ex-1002' WHERE id = 'ex-1003'",
	)
	for name, row := range map[string]struct {
		change   docket.ExaminerChange
		pointers []string
	}{
		"no role":                 {docket.ExaminerChange{Roles: &[]casework.PerformerRole{}}, []string{"/roles"}},
		"a role that is none":     {docket.ExaminerChange{Roles: &[]casework.PerformerRole{casework.Reviewer, "wizard"}}, []string{"/roles/1"}},
		"another body's rank":     {docket.ExaminerChange{Rank: new(casework.Rank("assessor"))}, []string{"/rank"}},
		"no rank":                 {docket.ExaminerChange{Rank: new(casework.Rank(""))}, []string{"/rank"}},
		"a leader from nowhere":   {docket.ExaminerChange{Leader: new("ex-9999")}, []string{"/leader"}},
		"another body's leader":   {docket.ExaminerChange{Leader: new("as-1")}, []string{"/leader"}},
		"themselves":              {docket.ExaminerChange{Leader: new("ex-1001")}, []string{"/leader"}},
		"a circle of two":         {docket.ExaminerChange{Leader: new("ex-1002")}, []string{"/leader"}},
		"a circle of three":       {docket.ExaminerChange{Leader: new("ex-1003")}, []string{"/leader"}},
		"a component of nobody":   {docket.ExaminerChange{Components: &[]string{"M1-01", "X", "Y"}}, []string{"/components/1", "/components/2"}},
		"a subject of nobody":     {docket.ExaminerChange{Subjects: &[]string{"alchemy"}}, []string{"/subjects/0"}},
		"a tier of nothing":       {docket.ExaminerChange{Tiers: &[]string{"middle"}}, []string{"/tiers/0"}},
		"less than nothing":       {docket.ExaminerChange{Capacity: new(-1)}, []string{"/capacity"}},
		"a contract backwards":    {docket.ExaminerChange{ContractFrom: new(date("2026-09-02")), ContractUntil: new(date("2026-09-01"))}, []string{"/contractUntil"}},
		"several things together": {docket.ExaminerChange{Rank: new(casework.Rank("x")), Leader: new("ex-1001"), Capacity: new(-4)}, []string{"/rank", "/leader", "/capacity"}},
	} {
		row.change.Version = 1
		_, err := o.ChangeExaminer(t.Context(), "ex-1001", row.change, keeper, later)
		refused := refusal(t, err, "examiner-invalid")
		var pointers []string
		for _, reason := range refused.Reasons {
			pointers = append(pointers, reason.Pointer)
			require.NotEmpty(t, reason.Detail, name)
			require.NotEmpty(t, reason.Remedy, name)
		}
		require.Equal(t, row.pointers, pointers, name)
	}
	require.Equal(t, int64(1), o.examiner("ex-1001").Version)
	require.Empty(t, o.changes("ex-1001"))
}

func TestAbsence_KeepsAPersonFromTasksUntilItEnds(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET active = false WHERE id NOT IN ('ex-1005')")
	before := o.roster()
	away := docket.Absence{From: date("2026-08-27"), Until: date("2026-09-10"), Reason: "illness"}
	added, err := o.AddAbsence(t.Context(), "ex-1005", away, keeper, later)
	require.NoError(t, err)
	away.ID = added.ID
	require.Equal(t, away, added)
	require.Equal(t, before, o.roster(), "nobody becomes eligible by an absence")
	require.Equal(t, int64(2), o.examiner("ex-1005").Version)
	again, err := o.AddAbsence(t.Context(), "ex-1005", docket.Absence{From: away.From, Until: away.Until, Reason: "holiday"}, keeper, later)
	require.NoError(t, err)
	require.Equal(t, added, again, "what stands already is answered as it stands")
	require.Equal(t, int64(2), o.examiner("ex-1005").Version)
	ref := o.open()
	allocated, _ := o.tried(ref, 1, storetest.Now)
	require.Empty(t, allocated.Assignee)

	require.NoError(t, o.EndAbsence(t.Context(), "ex-1005", added.ID, keeper, storetest.Now))
	require.NoError(t, o.EndAbsence(t.Context(), "ex-1005", added.ID, keeper, storetest.Now), "a repeat changes nothing")
	require.Equal(t, before+1, o.roster())
	require.Empty(t, o.examiner("ex-1005").Absences, "it was called off on its first day")
	allocated, _ = o.tried(ref, 2, storetest.Now)
	require.Equal(t, "ex-1005", allocated.Assignee)

	revived, err := o.AddAbsence(t.Context(), "ex-1005", away, keeper, later)
	require.NoError(t, err)
	require.Equal(t, added, revived)
	require.Len(t, o.examiner("ex-1005").Absences, 1)
	var trail []string
	for _, change := range o.changes("ex-1005") {
		trail = append(trail, change.What)
		require.Equal(t, []docket.Fact{{Name: "from", Value: "2026-08-27"}, {Name: "until", Value: "2026-09-10"}, {Name: "reason", Value: "illness"}}, change.Facts)
	}
	require.Equal(t, []string{"absence-added", "absence-ended", "absence-added"}, trail)
}

func TestEndAbsence_EndsWithTheDayBefore(t *testing.T) {
	t.Parallel()
	o := setup(t)
	add := func(from, until string) docket.Absence {
		t.Helper()
		added, err := o.AddAbsence(t.Context(), "ex-1005", docket.Absence{From: date(from), Until: date(until), Reason: "holiday"}, keeper, storetest.Now)
		require.NoError(t, err)
		return added
	}
	running, over, tocome := add("2026-08-20", "2026-09-10"), add("2026-08-01", "2026-08-26"), add("2026-10-01", "2026-10-02")
	for _, absence := range []docket.Absence{running, over, tocome} {
		require.NoError(t, o.EndAbsence(t.Context(), "ex-1005", absence.ID, keeper, storetest.Now))
	}
	running.Until = date("2026-08-26")
	require.Equal(t, []docket.Absence{over, running}, o.examiner("ex-1005").Absences, "one that is over stays, one to come is called off")
	require.Len(t, o.changes("ex-1005"), 5)

	fault(t, o.EndAbsence(t.Context(), "ex-1005", 99, keeper, later), casework.NotFound, "unknown-absence")
	fault(t, o.EndAbsence(t.Context(), "ex-1006", running.ID, keeper, later), casework.NotFound, "unknown-absence")
	fault(t, o.EndAbsence(t.Context(), "ex-9999", running.ID, keeper, later), casework.NotFound, "unknown-examiner")
	_, err := o.AddAbsence(t.Context(), "ex-9999", running, keeper, later)
	fault(t, err, casework.NotFound, "unknown-examiner")
}

func TestAddAbsence_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for pointer, absence := range map[string]docket.Absence{
		"/from":   {Until: date("2026-09-01"), Reason: "holiday"},
		"/until":  {From: date("2026-09-02"), Until: date("2026-09-01"), Reason: "holiday"},
		"/reason": {From: date("2026-09-01"), Until: date("2026-09-01"), Reason: "fishing"},
	} {
		_, err := o.AddAbsence(t.Context(), "ex-1005", absence, keeper, later)
		refused := refusal(t, err, "absence-invalid")
		require.Len(t, refused.Reasons, 1)
		require.Equal(t, pointer, refused.Reasons[0].Pointer)
		require.NotEmpty(t, refused.Reasons[0].Remedy)
	}
	_, err := o.AddAbsence(t.Context(), "ex-1005", docket.Absence{}, keeper, later)
	require.Len(t, refusal(t, err, "absence-invalid").Reasons, 3, "both days and the reason")
	require.Empty(t, o.changes("ex-1005"))
}

func TestConflict_StandsFromItsDeclarationUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET active = false WHERE id NOT IN ('ex-1005')")
	before := o.roster()
	declared, err := o.DeclareConflict(t.Context(), "ex-1005", docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4001"}, keeper, later)
	require.NoError(t, err)
	require.Equal(t, docket.Conflict{ID: declared.ID, Kind: "related-to", Centre: storetest.Centre, Candidate: "4001", StandsAgainst: []casework.TaskID{}}, declared)
	again, err := o.DeclareConflict(t.Context(), "ex-1005", docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4001"}, keeper, later)
	require.NoError(t, err)
	require.Equal(t, declared, again)
	require.Equal(t, before, o.roster())
	ref := o.open()
	allocated, _ := o.tried(ref, 1, storetest.Now)
	require.Empty(t, allocated.Assignee)

	require.NoError(t, o.TakeBackConflict(t.Context(), "ex-1005", declared.ID, keeper, later))
	require.Equal(t, before+1, o.roster())
	allocated, _ = o.tried(ref, 2, storetest.Now)
	require.Equal(t, "ex-1005", allocated.Assignee)
	e := o.examiner("ex-1005")
	require.Empty(t, e.Conflicts)
	require.Equal(t, int64(3), e.Version)
	trail := o.changes("ex-1005")
	require.Equal(t, []string{"conflict-taken-back", "conflict-declared"}, []string{trail[0].What, trail[1].What})
	require.Equal(t, []docket.Fact{{Name: "kind", Value: "related-to"}, {Name: "centre", Value: storetest.Centre}, {Name: "candidate", Value: "4001"}}, trail[0].Facts)

	fault(t, o.TakeBackConflict(t.Context(), "ex-1005", declared.ID, keeper, later), casework.NotFound, "unknown-conflict")
	fault(t, o.TakeBackConflict(t.Context(), "ex-9999", declared.ID, keeper, later), casework.NotFound, "unknown-examiner")
	other := o.examiner("ex-1003").Conflicts[0].ID
	fault(t, o.TakeBackConflict(t.Context(), "ex-1005", other, keeper, later), casework.NotFound, "unknown-conflict")
	_, err = o.DeclareConflict(t.Context(), "ex-9999", worksAt(storetest.Centre), keeper, later)
	fault(t, err, casework.NotFound, "unknown-examiner")
}

func TestDeclareConflict_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for code, conflict := range map[string]docket.Conflict{
		"value-not-allowed": {Kind: "dislikes", Centre: storetest.Centre},
		"centre-unknown":    {Kind: "works-at", Centre: "99999"},
		"candidate-unknown": {Kind: "other", Centre: storetest.OtherCentre, Candidate: "4001"},
		"candidate-missing": {Kind: "related-to", Centre: storetest.Centre},
	} {
		_, err := o.DeclareConflict(t.Context(), "ex-1005", conflict, keeper, later)
		refused := refusal(t, err, "conflict-invalid")
		require.Len(t, refused.Reasons, 1)
		require.Equal(t, code, refused.Reasons[0].Code)
		require.NotEmpty(t, refused.Reasons[0].Pointer)
		require.NotEmpty(t, refused.Reasons[0].Remedy)
	}
	require.Empty(t, o.changes("ex-1005"))
}

func TestRosterChanges_PagesNeitherSkipNorRepeat(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for i := range 5 {
		_, err := o.ChangeExaminer(t.Context(), "ex-1001", docket.ExaminerChange{Version: int64(1 + i), Capacity: new(10 + i)}, keeper, later)
		require.NoError(t, err)
	}
	_, err := o.ChangeExaminer(t.Context(), "ex-1002", docket.ExaminerChange{Version: 1, Capacity: new(77)}, keeper, later)
	require.NoError(t, err)
	var seen []string
	var last int64
	for {
		page, err := o.RosterChanges(t.Context(), "ex-1001", last, 2)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, change := range page {
			seen, last = append(seen, change.Facts[0].Value), change.ID
		}
	}
	require.Equal(t, []string{"14", "13", "12", "11", "10"}, seen)
}
