package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// untaken opens a case whose task nobody could take at first.
func (o office) untaken(changes ...func(*casework.EnquiryRequest)) casework.Reference {
	o.t.Helper()
	ref := o.open(changes...)
	o.sql("UPDATE performers SET active = false")
	allocated, err := o.Allocate(o.t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
	require.NoError(o.t, err)
	require.Empty(o.t, allocated.Assignee)
	o.sql("UPDATE performers SET active = true")
	return ref
}

// gate takes the gate for 15 seconds.
func (o office) gate(ref casework.Reference, performer string, at time.Time) error {
	return o.TakeClaim(o.t.Context(), casework.TaskOf(ref, 1), performer, "key", at, at.Add(15*time.Second))
}

func TestTakeClaim_HoldsTheGateUntilItRunsOut(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.untaken()
	require.NoError(t, o.gate(ref, first, soon))
	require.NoError(t, o.gate(ref, first, soon.Add(time.Second)), "the same person may ask again")
	fault(t, o.gate(ref, second, soon.Add(2*time.Second)), casework.Conflict, casework.FaultTaskTaken)
	require.NoError(t, o.gate(ref, second, soon.Add(16*time.Second)), "whoever did not go on leaves it to the next")
	fault(t, o.gate(ref, first, soon.Add(17*time.Second)), casework.Conflict, casework.FaultTaskTaken)
}

func TestTakeClaim_IsForThoseWhosePoolShowsTheTask(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.untaken()
	for _, performer := range []string{"ex-1001", "ex-1003", "ex-1004", "cl-2001", "ex-none"} {
		fault(t, o.gate(ref, performer, soon), casework.Refused, casework.FaultNotEligible)
	}
	require.NoError(t, o.gate(ref, second, soon), "who may not have it keeps it from nobody")
	fault(t, o.gate(reference("none"), first, soon), casework.NotFound, "unknown-task")
}

func TestTakeClaim_OfATaskThatIsGivenIsTooLate(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.untaken()
	require.NoError(t, o.gate(ref, first, soon))
	done := o.act(ref, asked(ref, casework.OpClaim, examiner(first)))
	require.Equal(t, casework.TaskReserved, done.State)
	require.Equal(t, first, done.Assignee)
	require.Equal(t, casework.StageAssigned, done.Stage)
	require.False(t, done.Times.StartBy.IsZero())
	require.Equal(t, 1, o.openTasks(first))
	fault(t, o.gate(ref, second, soon.Add(time.Hour)), casework.Conflict, casework.FaultTaskTaken)
	o.refuse(ref, asked(ref, casework.OpClaim, examiner(second)), casework.Conflict, casework.FaultTaskTaken)
	fault(t, o.gate(ref, first, soon.Add(time.Hour)), casework.Conflict, casework.FaultHoldsAlready)
	o.refuse(ref, asked(ref, casework.OpClaim, examiner(first)), casework.Conflict, casework.FaultHoldsAlready)
	require.Equal(t, []string{"opened", "no-performer", "task-claimed"}, o.trail(ref))

	o.act(ref, asked(ref, casework.OpDecline, examiner(first), because(casework.DeclineTime)))
	require.NoError(t, o.gate(ref, second, soon), "back in the pool it is free at once")
	o.whole()
}

// Issue of the product: 1,000 parallel claims of one task have exactly one winner within ten seconds, and the others are
// told from the task's row.
func TestTakeClaim_AThousandAtOnceHaveOneWinner(t *testing.T) {
	t.Parallel()
	const crowd = 1000
	o := setup(t)
	ref := o.untaken()
	o.sql(`INSERT INTO performers (id, body, name, email, roles, rank, capacity)
		SELECT 'crowd-' || n, 'cambria', 'Crowd ' || n, 'crowd-' || n || '@cambria.example', '{reviewer}', 'senior', 4 FROM generate_series(1, $1) n`, crowd)
	o.sql("INSERT INTO performer_components (performer, component) SELECT id, $1 FROM performers WHERE id LIKE 'crowd-%'", storetest.Maths1)

	var wait sync.WaitGroup
	var won, late atomic.Int64
	var winner atomic.Value
	began := time.Now()
	for n := range crowd {
		wait.Go(func() {
			performer := fmt.Sprintf("crowd-%d", n+1)
			err := o.gate(ref, performer, soon)
			var no *casework.Fault
			switch {
			case err == nil:
				won.Add(1)
				winner.Store(performer)
			case errors.As(err, &no) && no.Code == casework.FaultTaskTaken && no.Kind == casework.Conflict:
				late.Add(1)
			default:
				t.Errorf("claim of %s: %v", performer, err)
			}
		})
	}
	wait.Wait()
	require.Equal(t, int64(1), won.Load())
	require.Equal(t, int64(crowd-1), late.Load())
	require.Less(t, time.Since(began), 10*time.Second)
	name, _ := winner.Load().(string)
	require.Equal(t, name, o.act(ref, asked(ref, casework.OpClaim, examiner(name))).Assignee)
	o.whole()
}

// Without the gate the case's own lock decides: however many steps run at the same moment, one person gets the task.
func TestActOnTask_ClaimsAtTheSameMomentHaveOneWinner(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.untaken()
	var wait sync.WaitGroup
	var won atomic.Int64
	winners := make([]string, 24)
	codes := make([]string, 24)
	for n := range 24 {
		wait.Go(func() {
			performer := []string{first, second}[n%2]
			_, err := o.ActOnTask(t.Context(), acting(ref, asked(ref, casework.OpClaim, examiner(performer)), soon), o.book)
			var no *casework.Fault
			switch {
			case err == nil:
				won.Add(1)
				winners[n] = performer
			case errors.As(err, &no):
				codes[n] = no.Code
			default:
				t.Errorf("claim: %v", err)
			}
		})
	}
	wait.Wait()
	require.Equal(t, int64(1), won.Load())
	winner := strings.Join(winners, "")
	for n, code := range codes {
		switch {
		case winners[n] != "":
		case winner == []string{first, second}[n%2]:
			require.Equal(t, casework.FaultHoldsAlready, code, "the winner's other claims say that the task is theirs")
		default:
			require.Equal(t, casework.FaultTaskTaken, code)
		}
	}
	require.Equal(t, 1, o.count("SELECT sum(open_tasks) FROM performers"))
	o.whole()
}
