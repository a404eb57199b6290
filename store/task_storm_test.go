package store_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestStorm_OfOperationsKeepsTheCounters lets a dozen people do anything with the same few tasks at the same moment,
// while the rule gives away what comes back. Whoever comes first, the counters count what is held, nobody has what they
// gave back, and no two steps wait for each other for ever.
func TestStorm_OfOperationsKeepsTheCounters(t *testing.T) {
	t.Parallel()
	o := led(t)
	o.sql("UPDATE performers SET capacity = 5, subjects = '{mathematics}', roles = '{reviewer}'")
	var refs []casework.Reference
	for _, candidate := range storetest.Cohort(t, o.Store, 6) {
		ref := o.open(of(candidate, storetest.Maths1))
		o.allocate(ref)
		refs = append(refs, ref)
	}
	people := []casework.Actor{examiner(first), examiner(second), examiner(boss), examiner("cl-2001"), examiner("cl-2002"), operations}
	var wait sync.WaitGroup
	var done, refused, rounds atomic.Int64
	for n := range uint64(12) {
		dice := rand.New(rand.NewPCG(n, 7))
		wait.Go(func() {
			for range 40 {
				ref := refs[dice.IntN(len(refs))]
				if dice.IntN(4) == 0 {
					_, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1+int(rounds.Add(1)), soon), o.book)
					tally(t, err, &done, &refused)
					continue
				}
				request := asked(ref, casework.Operations()[dice.IntN(len(casework.Operations()))], people[dice.IntN(len(people))])
				switch request.Operation {
				case casework.OpDecline, casework.OpRelease:
					request.Why = casework.DeclineTime
				case casework.OpDelegate, casework.OpReassign:
					request.To = people[dice.IntN(5)].Subject
				case casework.OpClaim, casework.OpStart, casework.OpForward, casework.OpSuspend, casework.OpResume:
				}
				_, err := o.ActOnTask(t.Context(), acting(ref, request, soon), o.book)
				tally(t, err, &done, &refused)
				if dice.IntN(8) == 0 {
					o.sql("DELETE FROM task_leavings WHERE performer <> coalesce((SELECT assignee FROM tasks WHERE id = task), '')")
				}
			}
		})
	}
	wait.Wait()
	require.Greater(t, done.Load(), int64(30), "much was done")
	require.Positive(t, refused.Load(), "and much was refused")
	o.Pool().Reset() // The server writes its counters when a session ends.
	require.Zero(t, o.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
	o.whole()
}

// tally counts what was done and what was refused; anything else than a no is a mistake of the program.
func tally(t *testing.T, err error, done, refused *atomic.Int64) {
	var no *casework.Fault
	switch {
	case err == nil:
		done.Add(1)
	case errors.As(err, &no) && no.Kind != casework.Unavailable:
		refused.Add(1)
	default:
		t.Errorf("act: %v", err)
	}
}
