package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestInside_ShowsWhoHoldsTheTaskAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	inside, err := o.Inside(t.Context(), ref)
	require.NoError(t, err)
	require.Len(t, inside.Tasks, 1)
	task := inside.Tasks[0]
	require.Equal(t, casework.TaskOf(ref, 1), task.ID)
	require.Equal(t, casework.TaskReview, task.Kind)
	require.Equal(t, casework.TaskReserved, task.State)
	require.Equal(t, allocated.Assignee, task.Assignee)
	require.NotEmpty(t, task.AssigneeName)
	require.True(t, task.ReservedAt.Equal(storetest.Now.Add(2*time.Second)))
	require.False(t, task.Due.IsZero())
	require.True(t, task.CompletedAt.IsZero())
	require.Empty(t, inside.Findings)

	// Nobody recorded the end of the case's clock, so the watcher finds it; when it is recorded it is gone.
	due := clock(t, o.page(ref), casework.ClockOutcome).Ends
	found, err := o.FindUnrecorded(t.Context(), due.Add(time.Hour), time.Minute)
	require.NoError(t, err)
	require.Positive(t, found)
	inside, err = o.Inside(t.Context(), ref)
	require.NoError(t, err)
	require.NotEmpty(t, inside.Findings)
	for _, f := range inside.Findings {
		require.Equal(t, ref, f.Reference)
		require.Equal(t, docket.FindingUnrecorded, f.Kind)
		require.True(t, f.FoundAt.Equal(due.Add(time.Hour)))
	}

	none, err := o.Inside(t.Context(), "R-2222-2222-2222-2")
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestInside_OfATaskInThePoolNamesNobody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	_, err := o.Pool().Exec(t.Context(), `UPDATE performers SET active = false`)
	require.NoError(t, err)
	allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now.Add(2*time.Second)), o.book)
	require.NoError(t, err)
	require.Empty(t, allocated.Assignee)
	inside, err := o.Inside(t.Context(), ref)
	require.NoError(t, err)
	require.Len(t, inside.Tasks, 1)
	require.Equal(t, casework.TaskReady, inside.Tasks[0].State)
	require.Empty(t, inside.Tasks[0].Assignee)
	require.Empty(t, inside.Tasks[0].AssigneeName)
}
