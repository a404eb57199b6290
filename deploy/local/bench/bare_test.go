package bench_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/deploy/local/bench"
)

// steps plays the bare workflow with an open and a complete, and lists the steps that it wrote.
func steps(t *testing.T, alike bool) []string {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	environment := suite.NewTestWorkflowEnvironment()
	// A busy machine may take a second for what takes a moment.
	environment.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: 20 * time.Second})
	environment.RegisterWorkflowWithOptions(bench.BareWorkflow, workflow.RegisterOptions{Name: "Bare"})
	var mu sync.Mutex
	var written []string
	environment.RegisterActivityWithOptions(func(_ context.Context, row bench.BareRow) error {
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, "one", row.ID)
		written = append(written, row.Step)
		return nil
	}, activity.RegisterOptions{Name: "Insert"})
	answered := 0
	for delay, update := range map[time.Duration]string{0: "open", time.Minute: "complete"} {
		environment.RegisterDelayedCallback(func() {
			environment.UpdateWorkflow(update, update, &testsuite.TestUpdateCallback{
				OnAccept:   func() {},
				OnReject:   func(err error) { require.NoError(t, err) },
				OnComplete: func(_ any, err error) { require.NoError(t, err); answered++ },
			})
		}, delay)
	}
	environment.ExecuteWorkflow("Bare", "one", alike)
	require.True(t, environment.IsWorkflowCompleted())
	require.NoError(t, environment.GetWorkflowError())
	require.Equal(t, 2, answered)
	return written
}

func TestBare_HasThePrimitivesOfACaseAndNoMore(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"open", "allocate", "decide"}, steps(t, false))
}

func TestBare_AlikeHasAsManyActivitiesAsAClericalCheck(t *testing.T) {
	t.Parallel()
	require.ElementsMatch(t, []string{
		"open", "allocate", "errand-false-0", "errand-false-1", "decide", "errand-true-0", "errand-true-1",
	}, steps(t, true))
}
