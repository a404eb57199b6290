package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// listed are the ids of a page of tasks.
func (o office) listed(filter docket.TaskFilter) []casework.TaskID {
	o.t.Helper()
	tasks, err := o.Tasks(o.t.Context(), filter)
	require.NoError(o.t, err)
	ids := make([]casework.TaskID, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return ids
}

// pool are the tasks that a person may claim at an instant.
func (o office) pool(performer string, at time.Time) []casework.TaskID {
	o.t.Helper()
	return o.listed(docket.TaskFilter{Assignee: performer, Pool: true, At: at})
}

func TestTasks_PoolShowsWhatThePersonMayClaim(t *testing.T) {
	t.Parallel()
	o := setup(t)
	check := o.untaken(clerical, withoutScript)
	ref := o.untaken()
	pool := func(performer string) []casework.TaskID { return o.pool(performer, soon) }
	one, two := []casework.TaskID{casework.TaskOf(ref, 1)}, []casework.TaskID{casework.TaskOf(check, 1)}
	for performer, want := range map[string][]casework.TaskID{
		first: one, second: one, "cl-2001": two,
		"ex-1001": {}, "ex-1003": {}, "ex-1004": {}, "ex-none": {}, // They marked it, work at the centre, marked it second.
	} {
		require.Equal(t, want, pool(performer), performer)
	}
	task, err := o.Tasks(t.Context(), docket.TaskFilter{Assignee: first, Pool: true, At: soon})
	require.NoError(t, err)
	require.Equal(t, casework.TaskReady, task[0].State)
	require.Empty(t, task[0].Assignee)
	require.Equal(t, one, o.listed(docket.TaskFilter{Assignee: first, Pool: true, At: soon, State: casework.TaskReady}))
	require.Empty(t, o.listed(docket.TaskFilter{Assignee: first, Pool: true, At: soon, State: casework.TaskReserved}))

	o.sql("UPDATE performers SET active = false WHERE id = $1", second)
	require.Empty(t, pool(second))
	o.sql("UPDATE tasks SET least_rank = 'principal'")
	require.Empty(t, pool(first), "a senior is below a principal")
	o.sql("UPDATE performers SET rank = 'lead' WHERE id = $1", first)
	require.Equal(t, one, pool(first))
	o.act(ref, asked(ref, casework.OpClaim, examiner(first)))
	require.Empty(t, pool(first), "what somebody has is in nobody's pool")
	o.act(ref, asked(ref, casework.OpDecline, examiner(first), because(casework.DeclineTime)))
	require.Empty(t, pool(first), "and who gave it back is not offered it again")
}

// daysAgainst are statements by which a person's time stands against them on the London day 27 August 2026, and such that
// leave it free by a day.
var daysAgainst = map[string]bool{
	"UPDATE performers SET contract_from = '2026-08-28' WHERE id = 'ex-1005'":                                                                         true,
	"UPDATE performers SET contract_until = '2026-08-26' WHERE id = 'ex-1005'":                                                                        true,
	"UPDATE performers SET trained_until = '2026-08-26' WHERE id = 'ex-1005'":                                                                         true,
	"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-27', '2026-08-27', 'illness')":                         true,
	"INSERT INTO absences (performer, from_day, until_day, reason, ended_on) VALUES ('ex-1005', '2026-08-20', '2026-09-20', 'holiday', '2026-08-28')": true,
	"INSERT INTO absences (performer, from_day, until_day, reason, ended_on) VALUES ('ex-1005', '2026-08-20', '2026-09-20', 'holiday', '2026-08-27')": false,
	"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-20', '2026-08-26', 'holiday')":                         false,
	"INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1005', '2026-08-28', '2026-08-30', 'holiday')":                         false,
	"UPDATE performers SET contract_from = '2026-08-27', contract_until = '2026-08-27', trained_until = '2026-08-27' WHERE id = 'ex-1005'":            false,
	"UPDATE performers SET contract_from = NULL, contract_until = NULL, trained_until = NULL WHERE id = 'ex-1005'":                                    false,
	"UPDATE performers SET capacity = 0 WHERE id = 'ex-1005'":                                                                                         false, // Whoever is full may take one more on purpose.
}

// What depends on the day stands in the pool, at the gate of claims and in the rule alike.
func TestTasks_PoolAndGateKnowTheDay(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, time.August, 27, 22, 59, 59, 0, time.UTC) // A second before midnight in London.
	for change, against := range daysAgainst {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.untaken()
			o.sql(change)
			_, err := o.ActOnTask(t.Context(), acting(ref, asked(ref, casework.OpClaim, examiner(first)), evening), o.book)
			require.Equal(t, against, err != nil, "the rule: %v", err)
			if err == nil {
				o.act(ref, asked(ref, casework.OpReassign, operations))
				o.sql("DELETE FROM task_leavings")
			}
			require.Equal(t, !against, len(o.pool(first, evening)) == 1, "the pool")
			if against {
				fault(t, o.gate(ref, first, evening), casework.Refused, casework.FaultNotEligible)
				require.Zero(t, o.count("SELECT count(*) FROM task_claims"), "who may not have it keeps it from nobody")
			}
			require.NoError(t, o.gate(ref, map[bool]string{true: second, false: first}[against], evening))
		})
	}
}

// The day is London's: in summer it begins an hour before that of UTC.
func TestTasks_ThePoolsDayIsLondons(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.untaken()
	midnight := time.Date(2026, time.August, 27, 23, 0, 0, 0, time.UTC)
	o.sql("UPDATE performers SET contract_from = '2026-08-28' WHERE id = $1", first)
	require.Empty(t, o.pool(first, midnight.Add(-time.Second)))
	fault(t, o.gate(ref, first, midnight.Add(-time.Second)), casework.Refused, casework.FaultNotEligible)
	require.Len(t, o.pool(first, midnight), 1)
	require.NoError(t, o.gate(ref, first, midnight))
}

// The pool says what the rule says, capacity aside.
func TestTasks_PoolAgreesWithTheRuleOfAllocation(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.sql("UPDATE performers SET subjects = '{mathematics}' WHERE id = 'ex-1004'")
	o.sql("DELETE FROM performer_components WHERE performer = 'ex-1004' OR performer = $1 AND component = $2", second, storetest.Maths2)
	o.sql("UPDATE components SET tier = 'higher' WHERE id = $1", storetest.Geography1)
	o.sql("UPDATE performers SET tiers = '{foundation}' WHERE id = 'ex-1002'")
	o.sql("INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('ex-1004', 'other', $1, '4002'), ('ex-1001', 'related-to', $1, '4003')", storetest.Centre)
	shown, judged := 0, 0
	for _, at := range []struct{ candidate, component string }{
		{"4001", storetest.Maths1},
		{"4001", storetest.Maths2},
		{"4002", storetest.Maths1},
		{"4002", storetest.Maths2},
		{"4003", storetest.Maths1},
		{"4003", storetest.Maths2},
		{"4001", storetest.Geography1},
		{"4001", storetest.Geography2},
	} {
		ref := o.untaken(of(at.candidate, at.component))
		var performers []string
		rows, err := o.Pool().Query(t.Context(), "SELECT id FROM performers ORDER BY id")
		require.NoError(t, err)
		for rows.Next() {
			var id string
			require.NoError(t, rows.Scan(&id))
			performers = append(performers, id)
		}
		require.NoError(t, rows.Err())
		o.sql("UPDATE performers SET active = true")
		for _, performer := range performers {
			inPool := slices.Contains(o.listed(docket.TaskFilter{Assignee: performer, Pool: true, At: soon}), casework.TaskOf(ref, 1))
			// Who may have it is told by giving it to them, in the operator's name: a no names every exclusion.
			_, err := o.ActOnTask(t.Context(), acting(ref, asked(ref, casework.OpReassign, operations, to(performer)), soon), o.book)
			require.Equal(t, inPool, err == nil, "%s and the task of %s %s: %v", performer, at.candidate, at.component, err)
			judged++
			if inPool {
				shown++
				o.sql("DELETE FROM task_leavings") // So that everybody is judged for the same task.
				o.act(ref, asked(ref, casework.OpReassign, operations))
				o.sql("DELETE FROM task_leavings")
			}
		}
	}
	require.Greater(t, shown, 8)
	require.Greater(t, judged-shown, 8)
}

func TestTasks_TeamIsWhatTheLedHold(t *testing.T) {
	t.Parallel()
	o := led(t)
	one, two := o.open(), o.open(of("4002", storetest.Maths1))
	holder := o.allocate(one).Assignee
	done := o.allocate(two)
	own := docket.TaskFilter{Assignee: boss, Team: true}
	require.Len(t, o.listed(own), 2)
	require.Empty(t, o.listed(docket.TaskFilter{Assignee: holder, Team: true}), "who leads nobody has no team")
	require.NotContains(t, o.listed(docket.TaskFilter{Assignee: boss}), casework.TaskOf(one, 1), "a team's tasks are not one's own")
	o.decide(two, done, nil)
	require.Equal(t, []casework.TaskID{casework.TaskOf(one, 1)}, o.listed(own), "what is done is nobody's worry")
	o.act(one, asked(one, casework.OpStart, examiner(holder)))
	own.State = casework.TaskReserved
	require.Empty(t, o.listed(own))
	own.State = casework.TaskInProgress
	require.Len(t, o.listed(own), 1)

	task, err := o.Task(t.Context(), casework.TaskOf(one, 1), boss)
	require.NoError(t, err, "a leader reads the task")
	require.Equal(t, holder, task.Assignee)
	_, err = o.Task(t.Context(), casework.TaskOf(one, 1), besides(holder))
	fault(t, err, casework.NotFound, "unknown-task")
}

func TestTasks_SuspendedSayWhatTheCaseWaitsFor(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	o.act(ref, asked(ref, casework.OpSuspend, operations))
	o.sql("UPDATE cases SET held_for = '{waiting-for-sample}'")
	task, err := o.Task(t.Context(), given.Sheet.Task, given.Assignee)
	require.NoError(t, err)
	require.Equal(t, casework.TaskSuspended, task.State)
	require.Equal(t, []casework.HoldCause{casework.HoldSample}, task.Held)
	require.Equal(t, []time.Time{given.Times.StartBy, given.Times.CompleteBy}, []time.Time{task.StartBy, task.CompleteBy}, "its deadlines stand still")
}

// Whatever the view, its pages neither skip nor repeat a task.
func TestTasks_PagesOfEveryView(t *testing.T) {
	t.Parallel()
	o := led(t)
	o.sql("UPDATE performers SET capacity = 100, active = (id = $1 OR id = $2 OR id = $3)", first, second, boss)
	for i, candidate := range storetest.Cohort(t, o.Store, 12) {
		ref := o.open(of(candidate, storetest.Maths1))
		o.allocate(ref)
		if i%2 == 0 {
			o.act(ref, asked(ref, casework.OpReassign, operations))
			o.sql("DELETE FROM task_leavings")
		}
	}
	o.sql("UPDATE tasks SET due = $1 WHERE random() < 0.5", later)
	for name, filter := range map[string]docket.TaskFilter{
		"pool": {Assignee: first, Pool: true, At: soon}, "team": {Assignee: boss, Team: true}, "mine": {Assignee: first},
	} {
		whole := o.listed(filter)
		require.NotEmpty(t, whole, name)
		var paged []casework.TaskID
		for page := filter; ; {
			page.Limit = 2
			tasks, err := o.Tasks(t.Context(), page)
			require.NoError(t, err)
			if len(tasks) == 0 {
				break
			}
			for _, task := range tasks {
				paged = append(paged, task.ID)
				page.AfterDue, page.AfterID = task.Due, task.ID
			}
		}
		require.Equal(t, whole, paged, name)
	}
}
