package store_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/store/storetest"
)

// held locks a performer's row, as an allocation does that is about to give them a task. It is given back by the
// transaction's end.
func (o office) held(performer string) pgx.Tx {
	o.t.Helper()
	tx, err := o.Pool().Begin(o.t.Context())
	require.NoError(o.t, err)
	_, err = tx.Exec(o.t.Context(), "SELECT FROM performers WHERE id = $1 FOR UPDATE", performer)
	require.NoError(o.t, err)
	o.t.Cleanup(func() { _ = tx.Rollback(context.Background()) }) // A failed test must not wait for itself.
	return tx
}

// Whoever is being given a task at this moment counts as having it, and nobody queues for them while another is free.
func TestAllocate_PassesOverWhoeverIsBeingGivenATask(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	tx := o.held("ex-1005")
	allocated, proof := o.tried(ref, 1, storetest.Now)
	require.Equal(t, "ex-1006", allocated.Assignee)
	for _, finding := range proof.Findings {
		if finding.Performer == "ex-1005" {
			require.Equal(t, allocation.Finding{Performer: "ex-1005", OpenTasks: 1, WeekTasks: 1, Capacity: 4}, finding, "the proof says why they are not the least loaded")
		}
	}
	require.NoError(t, tx.Rollback(t.Context()))
}

// Where there is nobody else, the allocation waits for the one, and finds what is true then.
func TestAllocate_WaitsForTheOnlyOne(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ meanwhile, want string }{
		"nothing came of it":        {"SELECT", "ex-1005"},
		"they took the last task":   {"UPDATE performers SET open_tasks = 4 WHERE id = 'ex-1005'", ""},
		"they declared an interest": {"INSERT INTO conflicts (performer, kind, centre) VALUES ('ex-1005', 'worked-at', '64101')", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			o.exec("UPDATE performers SET active = false WHERE id <> 'ex-1005'", "UPDATE performers SET open_tasks = 3 WHERE id = 'ex-1005'")
			ref := o.open()
			tx := o.held("ex-1005")
			answered := make(chan casework.Allocated, 1)
			go func() {
				allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
				if err != nil {
					t.Errorf("allocate: %v", err)
				}
				answered <- allocated
			}()
			for waits := 0; waits == 0; { // Until the server says that it waits for the row.
				select {
				case early := <-answered:
					require.Failf(t, "it did not wait", "%+v", early)
				default:
					waits = o.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
				}
			}
			_, err := tx.Exec(t.Context(), row.meanwhile)
			require.NoError(t, err)
			require.NoError(t, tx.Commit(t.Context()))
			require.Equal(t, row.want, (<-answered).Assignee)
		})
	}
}

// A person who was given a task since the roster was read is not the least loaded any more: the next one is locked in the
// same round trip.
func TestAllocate_SeesWhoWasOvertakenWithoutAnotherRoundTrip(t *testing.T) {
	t.Parallel()
	plain := setup(t)
	o, made := plain.counted()
	candidates := storetest.Cohort(t, plain.Store, 2)
	plain.exec("UPDATE performers SET active = false WHERE id NOT IN ('ex-1001', 'ex-1002', 'ex-1005')")
	var cost int64
	var assignees []string
	for _, candidate := range candidates { // The second time has the statements prepared.
		ref := plain.open(of(candidate, storetest.Maths1))
		calls := 0
		overtaken := choosing{o.book, func(task allocation.Task, roster []allocation.Performer) allocation.Proof {
			if calls++; calls == 1 {
				plain.exec("UPDATE performers SET open_tasks = open_tasks + 1, week_tasks = week_tasks + 1 WHERE id = 'ex-1001'")
			}
			return allocation.Choose(task, roster)
		}}
		before := made.made.Load()
		allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), overtaken)
		require.NoError(t, err)
		cost, assignees = made.made.Load()-before, append(assignees, allocated.Assignee)
		plain.exec("UPDATE performers SET open_tasks = 0, week_tasks = 0, idle_since = NULL WHERE id = 'ex-1001'")
	}
	require.Equal(t, []string{"ex-1002", "ex-1005"}, assignees)
	require.Equal(t, int64(3), cost)
}

// Two services for the same paper are given out at the same moment: whoever has got the one has taken part in the other.
func TestAllocate_NeverGivesTwoServicesForOnePaperToOnePerson(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.exec("UPDATE performers SET active = false WHERE id <> 'ex-1005'", "UPDATE performers SET roles = '{reviewer,clerical}' WHERE id = 'ex-1005'")
	check, review := o.open(clerical, withoutScript), o.open()
	calls := 0
	overtaken := choosing{o.book, func(task allocation.Task, roster []allocation.Performer) allocation.Proof {
		if calls++; calls == 1 {
			require.Equal(t, "ex-1005", o.allocate(check).Assignee)
		}
		return allocation.Choose(task, roster)
	}}
	allocated, err := o.Allocate(t.Context(), key(review, casework.StepAllocate, 1, storetest.Now), overtaken)
	require.NoError(t, err)
	require.Empty(t, allocated.Assignee)
	kept, err := o.Allocations(t.Context(), review)
	require.NoError(t, err)
	require.Equal(t, []string{allocation.EarlierStage}, excluded(t, kept[0].Proof, "ex-1005"))
}
