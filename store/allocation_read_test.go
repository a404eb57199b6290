package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// architecture §5: the proof is stored, and whoever works for the awarding body may read it: of the round that found
// nobody too.
func TestAllocations_ListEveryRoundWithItsProof(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	list := func(ref casework.Reference) []docket.Allocation {
		t.Helper()
		allocations, err := o.Allocations(t.Context(), ref)
		require.NoError(t, err)
		return allocations
	}
	require.Empty(t, list(ref))

	round := func(number int, active bool) casework.Allocated {
		t.Helper()
		_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET active = $1", active)
		require.NoError(t, err)
		allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, number, storetest.Now.Add(time.Duration(number)*time.Hour)), o.book)
		require.NoError(t, err)
		return allocated
	}
	round(1, false)
	chosen := round(2, true).Assignee
	found := list(ref)
	require.Len(t, found, 2)
	require.Equal(t, 1, found[0].Number)
	require.Empty(t, found[0].Proof.Chosen)
	require.Equal(t, storetest.Now.Add(2*time.Hour), found[1].At)
	require.Equal(t, chosen, found[1].Proof.Chosen)
	require.NotEmpty(t, found[1].Proof.Findings)
	require.Empty(t, list(o.open(of("4001", storetest.Maths2))), "a case has its own")
}
