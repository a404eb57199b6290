package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/ruling"
	"github.com/recourse-exams/recourse/store/storetest"
)

// exec runs statements on the register, past the store.
func (o office) exec(statements ...string) {
	o.t.Helper()
	for _, sql := range statements {
		_, err := o.Pool().Exec(o.t.Context(), sql)
		require.NoError(o.t, err, sql)
	}
}

// tried allocates a case's task in the round of a number and returns the answer with the proof that was kept of it.
func (o office) tried(ref casework.Reference, number int, at time.Time) (casework.Allocated, allocation.Proof) {
	o.t.Helper()
	allocated, err := o.Allocate(o.t.Context(), key(ref, casework.StepAllocate, number, at), o.book)
	require.NoError(o.t, err)
	kept, err := o.Allocations(o.t.Context(), ref)
	require.NoError(o.t, err)
	require.NotEmpty(o.t, kept)
	return allocated, kept[len(kept)-1].Proof
}

// excluded are the reasons of a proof against one person; absent from it is a failure.
func excluded(t *testing.T, proof allocation.Proof, person string) []string {
	t.Helper()
	for _, finding := range proof.Findings {
		if finding.Performer == person {
			return finding.Excluded
		}
	}
	require.Failf(t, "nobody thought of", "%s in %+v", person, proof)
	return nil
}

// Everything that the register says against a person reaches the rule: each row spoils ex-1005, who would have the task
// of candidate 4001's first maths paper.
func TestAllocate_TheRegisterSpeaksAgainstAPerson(t *testing.T) {
	t.Parallel()
	// storetest.Now is a Thursday, 27 August 2026.
	for name, row := range map[string]struct{ sql, reason string }{
		"another role":            {"UPDATE performers SET roles = '{moderator,panel}' WHERE id = 'ex-1005'", allocation.WrongRole},
		"another tier":            {"UPDATE components SET tier = 'higher'; UPDATE performers SET tiers = '{foundation}' WHERE id = 'ex-1005'", allocation.WrongTier},
		"inactive":                {"UPDATE performers SET active = false WHERE id = 'ex-1005'", allocation.Inactive},
		"a contract to come":      {"UPDATE performers SET contract_from = '2026-08-28' WHERE id = 'ex-1005'", allocation.NoContract},
		"a contract that ended":   {"UPDATE performers SET contract_until = '2026-08-26' WHERE id = 'ex-1005'", allocation.NoContract},
		"training that ran out":   {"UPDATE performers SET trained_until = '2026-08-26' WHERE id = 'ex-1005'", allocation.TrainingExpired},
		"an absence":              {"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-27', '2026-08-27', 'illness')", allocation.Absent},
		"another interest":        {"INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('ex-1005', 'other', '64101', '4001')", allocation.OtherConflict},
		"a marked item":           {"UPDATE item_marks SET marker = 'ex-1005' WHERE item = 'Q4'", allocation.MarkedItem},
		"a second-marked item":    {"UPDATE item_checks SET checker = 'ex-1005'", allocation.SecondMarkedItem},
		"a back-read item":        {"UPDATE item_checks SET checker = 'ex-1005', role = 'back-reader'", allocation.BackReadItem},
		"a checked item":          {"UPDATE item_checks SET checker = 'ex-1005', role = 'checker'", allocation.CheckedItem},
		"a moderated cohort":      {"INSERT INTO moderations VALUES ('64101', 'M1-01', 'demo', true, 'held', 'ex-1005', 'mo-1')", allocation.ModeratedCohort},
		"a checked moderation":    {"INSERT INTO moderations VALUES ('64101', 'M1-01', 'demo', true, 'held', 'mo-1', 'ex-1005')", allocation.CheckedModeration},
		"a task that they left":   {"INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at) SELECT reference || '/1', reference, 1, 'review', 'ready', 'reviewer', component, centre, '{}', received_at, received_at FROM cases; INSERT INTO task_leavings SELECT id, 'ex-1005', created_at, 'decline', 'no-time', '' FROM tasks", allocation.GaveTaskBack},
		"an earlier task of it":   {"INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at, assignee, completed_at) SELECT reference || '/1', reference, 1, 'review', 'completed', 'reviewer', component, centre, '{}', received_at, received_at, 'ex-1005', received_at FROM cases; INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at) SELECT reference || '/2', reference, 2, 'second-look', 'ready', 'reviewer', component, centre, '{}', received_at, received_at FROM cases", allocation.EarlierStage},
		"a task that was sent up": {"INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at, least_rank) SELECT reference || '/1', reference, 1, 'review', 'ready', 'reviewer', component, centre, '{}', received_at, received_at, 'chief' FROM cases; UPDATE performers SET rank = 'chief' WHERE id = 'ex-1006'", allocation.RankTooLow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open()
			o.exec(row.sql)
			allocated, proof := o.tried(ref, 1, storetest.Now)
			require.Equal(t, []string{row.reason}, excluded(t, proof, "ex-1005"))
			require.NotEqual(t, "ex-1005", allocated.Assignee)
		})
	}
}

// What is over or elsewhere speaks against nobody.
func TestAllocate_WhatIsOverOrElsewhereDoesNot(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.exec(
		"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-01', '2026-08-26', 'holiday'), ('ex-1005', '2026-08-28', '2026-09-02', 'holiday')",
		"INSERT INTO absences (performer, from_day, until_day, reason, ended_on) VALUES ('ex-1005', '2026-08-20', '2026-09-20', 'illness', '2026-08-27')",
		"INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('ex-1005', 'works-at', '71203', NULL), ('ex-1005', 'other', '64101', '4002')",
		"INSERT INTO moderations VALUES ('71203', 'M1-01', 'demo', true, 'held', 'ex-1005', NULL), ('64101', 'M1-02', 'demo', true, 'held', 'ex-1005', NULL)",
		"UPDATE item_marks SET marker = 'ex-1005' WHERE result IN (SELECT id FROM component_results WHERE candidate <> '4001' OR component <> 'M1-01')",
		"UPDATE performers SET contract_from = '2026-08-27', contract_until = '2026-08-27', trained_until = '2026-08-27', tiers = '{foundation}' WHERE id = 'ex-1005'",
	)
	allocated, proof := o.tried(ref, 1, storetest.Now)
	require.Equal(t, "ex-1005", allocated.Assignee)
	require.Empty(t, excluded(t, proof, "ex-1005"))
}

// Whoever performs the subject performs each of its components, and a person of another body none.
func TestAllocate_KnowsAPersonByTheirSubjectAndBody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec(
		"DELETE FROM performer_components WHERE performer = 'ex-1006'", "UPDATE performers SET subjects = '{geography,mathematics}' WHERE id = 'ex-1006'",
		"UPDATE performers SET active = false WHERE id = 'ex-1005'",
		"DELETE FROM performer_components WHERE performer = 'cl-2001'", "UPDATE performers SET subjects = '{geography}' WHERE id = 'cl-2001'",
		"INSERT INTO awarding_bodies (id, name) VALUES ('other', 'Another')", "UPDATE performers SET body = 'other' WHERE id = 'ex-1001'",
	)
	allocated, proof := o.tried(o.open(), 1, storetest.Now)
	require.Equal(t, "ex-1006", allocated.Assignee)
	var thought []string
	for _, finding := range proof.Findings {
		thought = append(thought, finding.Performer)
	}
	require.Equal(t, []string{"cl-2002", "ex-1002", "ex-1003", "ex-1004", "ex-1005", "ex-1006"}, thought, "whom the paper or its subject concerns")
}

// The London week counts from Monday. What was given in an earlier one is forgotten, what is held is not.
func TestAllocate_CountsTheLondonWeek(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET active = false WHERE id <> 'ex-1006'", "UPDATE performers SET capacity = 2 WHERE id = 'ex-1006'")
	// Monday, 31 August 2026, begins in London an hour before it does in UTC.
	monday := time.Date(2026, time.August, 30, 23, 0, 0, 0, time.UTC)
	candidates := storetest.Cohort(t, o.Store, 5)
	give := func(candidate string, at time.Time) string {
		t.Helper()
		allocated, _ := o.tried(o.open(of(candidate, storetest.Maths1)), 1, at)
		o.exec("UPDATE performers SET open_tasks = 0") // As if it were handed in at once.
		return allocated.Assignee
	}
	require.Equal(t, "ex-1006", give(candidates[0], storetest.Now))
	require.Equal(t, "ex-1006", give(candidates[1], monday.Add(-time.Second)), "Sunday evening still")
	require.Empty(t, give(candidates[2], monday.Add(-time.Second)), "the week is full")
	require.Equal(t, 2, o.count("SELECT week_tasks FROM performers WHERE id = 'ex-1006' AND week = '2026-08-24'"))
	require.Equal(t, "ex-1006", give(candidates[3], monday))
	require.Equal(t, 1, o.count("SELECT week_tasks FROM performers WHERE id = 'ex-1006' AND week = '2026-08-31'"))

	// A step that was held up over the week's end counts in the week that has begun.
	require.Equal(t, "ex-1006", give(candidates[4], monday.Add(-time.Hour)))
	require.Equal(t, 2, o.count("SELECT week_tasks FROM performers WHERE id = 'ex-1006' AND week = '2026-08-31'"))
}

// The deadlines of a task come from the practice, are kept with it, and are planned with the case.
func TestAllocate_GivesTheTaskItsDeadlines(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	at := storetest.Now.Add(2 * time.Second)
	allocated := o.allocate(ref)
	want, err := o.book.TaskTimes(ruling.Assignment{
		Version: "cambria-2026.1", Service: casework.ReviewOfMarking, Kind: casework.TaskReview, GivenAt: at, OutcomeEnds: o.page(ref).Clocks[0].Ends,
	})
	require.NoError(t, err)
	require.Equal(t, want, allocated.Times)
	require.False(t, want.StartBy.IsZero())
	require.Equal(t, 1, o.count("SELECT count(*) FROM tasks WHERE reference = $1 AND start_by = $2 AND complete_by = $3 AND reserved_at = $4", ref, want.StartBy, want.CompleteBy, at))
}

// A task in the pool has no deadline and remembers the roster under which nobody was found.
func TestAllocate_ThePoolRemembersTheRoster(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET active = false", "UPDATE roster_version SET version = 41")
	ref := o.open()
	allocated, _ := o.tried(ref, 1, storetest.Now)
	require.Empty(t, allocated.Assignee)
	require.Zero(t, allocated.Times)
	require.Equal(t, 1, o.count("SELECT count(*) FROM tasks WHERE state = 'ready' AND roster = 41 AND start_by IS NULL AND complete_by IS NULL"))
	o.exec("UPDATE roster_version SET version = 42")
	o.tried(ref, 2, later)
	require.Equal(t, 42, o.count("SELECT roster FROM tasks"))
}

// A case that waits for something, and a task that somebody stopped, are left alone.
func TestAllocate_LeavesAHeldCaseAlone(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]string{
		"the case is held":    "UPDATE cases SET held_for = '{malpractice}'",
		"the task is stopped": "INSERT INTO tasks (id, reference, number, kind, state, suspended_from, suspended_by, role, component, centre, sheet, due, created_at) SELECT reference || '/1', reference, 1, 'review', 'suspended', 'ready', '{person}', 'reviewer', component, centre, '{}', received_at, received_at FROM cases",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open()
			o.exec(stop)
			before := o.page(ref).Version
			allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
			require.NoError(t, err)
			require.Equal(t, casework.StageUnassigned, allocated.Stage)
			require.Empty(t, allocated.Assignee)
			require.Equal(t, before, o.page(ref).Version)
			require.Zero(t, o.count("SELECT count(*) FROM allocations"))
			require.Zero(t, o.count("SELECT sum(open_tasks) FROM performers"))
		})
	}
}

// A second look is the case's second task: its sheet keeps what the first performer corrected, it asks for the rank of a
// second look, and the first performer never gets it.
func TestAllocate_ASecondLookKeepsWhatItStartsFrom(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open(of("4002", storetest.Maths1))
	first := o.allocate(ref)
	o.exec(
		"UPDATE tasks SET state = 'completed', completed_at = created_at", "UPDATE cases SET stage = 'unassigned'",
		`INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at)
		 SELECT reference || '/2', reference, 2, 'second-look', 'ready', role, component, centre, sheet || '{"corrected": [{"item": "Q2", "mark": 20, "reason": "mark-scheme-misapplied"}]}', due, created_at FROM tasks`,
	)
	second, proof := o.tried(ref, 2, later)
	require.NotEmpty(t, second.Assignee)
	require.NotEqual(t, first.Assignee, second.Assignee)
	require.Equal(t, []string{allocation.EarlierStage}, excluded(t, proof, first.Assignee))
	require.Equal(t, casework.TaskOf(ref, 2), second.Sheet.Task)
	require.Equal(t, casework.TaskSecondLook, second.Sheet.Kind)
	require.Equal(t, []casework.ItemMark{{Item: "Q2", Mark: 20, Reason: "mark-scheme-misapplied"}}, second.Sheet.Corrected)
	require.Equal(t, first.Sheet.Items, second.Sheet.Items)
	least, err := o.book.LeastRank("cambria-2026.1", casework.ReviewOfMarking, casework.TaskSecondLook)
	require.NoError(t, err)
	require.Equal(t, string(least), o.text("SELECT least_rank FROM tasks WHERE number = 2"))
	require.Equal(t, 2, o.count("SELECT max(number) FROM allocations"), "rounds count on over the tasks of a case")
}

// text reads one word.
func (o office) text(sql string, args ...any) string {
	o.t.Helper()
	var word string
	require.NoError(o.t, o.Pool().QueryRow(o.t.Context(), sql, args...).Scan(&word))
	return word
}
