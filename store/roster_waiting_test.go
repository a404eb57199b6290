package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// wakeable are the cases for which it may help to allocate again.
func (o office) wakeable(at time.Time, limit int) []casework.Reference {
	o.t.Helper()
	list, err := o.WaitingForRoster(o.t.Context(), at, limit)
	require.NoError(o.t, err)
	return list
}

// stranded opens cases of the cohort and finds nobody for them at storetest.Now, the first the most urgent.
func (o office) stranded(n int) []casework.Reference {
	o.t.Helper()
	var references []casework.Reference
	for i, candidate := range storetest.Cohort(o.t, o.Store, n) {
		at := storetest.Now.Add(time.Duration(i) * 24 * time.Hour)
		opened, err := o.OpenCase(o.t.Context(), opening(ask(of(candidate, storetest.Maths1)), at), o.book.Assess)
		require.NoError(o.t, err)
		require.Nil(o.t, opened.Refusal)
		allocated, _ := o.tried(opened.Reference, 1, storetest.Now)
		require.Empty(o.t, allocated.Assignee)
		references = append(references, opened.Reference)
	}
	return references
}

// Everything that may make somebody eligible lets every case in the pool look again, once.
func TestWaitingForRoster_AfterEachChangeOfTheRoster(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET active = false")
	refs := o.stranded(2)
	require.Empty(t, o.wakeable(storetest.Now, 10), "nothing has changed")
	for name, change := range map[string]func() error{
		"an examiner is changed": func() error {
			_, err := o.ChangeExaminer(t.Context(), "ex-1001", docket.ExaminerChange{Version: o.examiner("ex-1001").Version, Capacity: new(9)}, keeper, later)
			return err
		},
		"an absence ends": func() error {
			added, err := o.AddAbsence(t.Context(), "ex-1001", docket.Absence{From: date("2026-08-20"), Until: date("2026-09-20"), Reason: "illness"}, keeper, storetest.Now)
			require.NoError(t, err)
			return o.EndAbsence(t.Context(), "ex-1001", added.ID, keeper, storetest.Now)
		},
		"a conflict is taken back": func() error {
			return o.TakeBackConflict(t.Context(), "ex-1003", o.examiner("ex-1003").Conflicts[0].ID, keeper, storetest.Now)
		},
	} {
		require.NoError(t, change(), name)
		require.Equal(t, refs, o.wakeable(storetest.Now, 10), name)
		require.Equal(t, refs[:1], o.wakeable(storetest.Now, 1), "the most urgent first")
		for _, ref := range refs {
			o.tried(ref, 1+o.count("SELECT count(*) FROM allocations WHERE reference = $1", ref), storetest.Now)
		}
		require.Empty(t, o.wakeable(storetest.Now, 10), name)
	}
	o.exec("UPDATE roster_version SET version = version + 1", "UPDATE cases SET held_for = '{hold}' WHERE reference = '"+string(refs[0])+"'")
	require.Equal(t, refs[1:], o.wakeable(storetest.Now, 10), "a case that waits for something is told when it goes on")
}

// A person's own time changes nothing in the roster. Ten minutes after the last try at the earliest, whoever had nothing
// else against them wakes as many tasks as they can take.
func TestWaitingForRoster_WhenSomebodysTimeHasCome(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, time.August, 31, 8, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		before, after string
		at            time.Time
		want          int
	}{
		"a task is handed in":           {"UPDATE performers SET open_tasks = 4 WHERE id = 'ex-1005'", "UPDATE performers SET open_tasks = 3", storetest.Now.Add(10 * time.Minute), 1},
		"two tasks are handed in":       {"UPDATE performers SET open_tasks = 4 WHERE id = 'ex-1005'", "UPDATE performers SET open_tasks = 2", storetest.Now.Add(time.Hour), 2},
		"more than wait":                {"UPDATE performers SET open_tasks = 4 WHERE id = 'ex-1005'", "UPDATE performers SET open_tasks = 0", storetest.Now.Add(time.Hour), 3},
		"it is too early to ask again":  {"UPDATE performers SET open_tasks = 4 WHERE id = 'ex-1005'", "UPDATE performers SET open_tasks = 0", storetest.Now.Add(10*time.Minute - time.Microsecond), 0},
		"the week is over":              {"UPDATE performers SET week = '2026-08-24', week_tasks = 4 WHERE id = 'ex-1005'", "SELECT", monday, 3},
		"the week is not over":          {"UPDATE performers SET week = '2026-08-24', week_tasks = 4 WHERE id = 'ex-1005'", "SELECT", storetest.Now.Add(time.Hour), 0},
		"an absence is over":            {"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-27', '2026-08-30', 'illness')", "SELECT", monday, 3},
		"an absence is not over":        {"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-27', '2026-08-31', 'illness')", "SELECT", monday, 0},
		"a contract begins":             {"UPDATE performers SET contract_from = '2026-08-31' WHERE id = 'ex-1005'", "SELECT", monday, 3},
		"a contract has not begun":      {"UPDATE performers SET contract_from = '2026-09-01' WHERE id = 'ex-1005'", "SELECT", monday, 0},
		"back, and untrained by now":    {"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-27', '2026-08-30', 'illness'); UPDATE performers SET trained_until = '2026-08-30'", "SELECT", monday, 0},
		"back, and their contract over": {"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-27', '2026-08-30', 'illness'); UPDATE performers SET contract_until = '2026-08-30'", "SELECT", monday, 0},
		"a conflict stands whatever":    {"UPDATE performers SET open_tasks = 4; INSERT INTO conflicts (performer, kind, centre) VALUES ('ex-1005', 'works-at', '64101')", "UPDATE performers SET open_tasks = 0", monday, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			o.exec("UPDATE performers SET active = false WHERE id <> 'ex-1005'", row.before)
			refs := o.stranded(3)
			require.Empty(t, o.wakeable(storetest.Now, 10))
			o.exec(row.after)
			require.Equal(t, refs[:row.want], append([]casework.Reference{}, o.wakeable(row.at, 10)...))
			if row.want > 0 {
				allocated, _ := o.tried(refs[0], 2, row.at)
				require.Equal(t, "ex-1005", allocated.Assignee, "waking it was of use")
			}
		})
	}
}
