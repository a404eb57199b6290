package timetravel_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/deploy/local/stack"
	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

func TestManyCasesMoveTogetherAndAreCounted(t *testing.T) {
	w := newWorld(t)
	const open, closing = 30, 10
	var staying, ending []client.WorkflowRun
	for n := range open {
		staying = append(staying, w.start(longCase, []string{"Quick", "Slow"}[n%2]))
	}
	for range closing {
		ending = append(ending, w.start(briefCase, "Quick"))
	}
	report := w.move(12 * day)
	require.Equal(t, open, report.Moved)
	require.Equal(t, closing, report.Closed)
	require.Positive(t, report.Elapsed)
	for _, run := range staying {
		require.InDelta(t, 12*day, w.skipped(run), exactly, run.GetID())
	}
	for _, run := range ending {
		require.NoError(t, run.Get(t.Context(), nil))
		require.Less(t, w.skipped(run), 12*day, "a case skips nothing after its end")
	}
}

func TestMovesAddUp(t *testing.T) {
	w := newWorld(t)
	run := w.start(longCase, "Quick")
	var total time.Duration
	for _, amount := range []time.Duration{2 * time.Second, 9 * day, 3*time.Hour + 7*time.Millisecond, 30 * day} {
		report := w.move(amount)
		total += amount
		require.Equal(t, total, report.Offset)
	}
	offset, pending := w.offset()
	require.Equal(t, total, offset)
	require.Zero(t, pending)
	require.InDelta(t, total, w.skipped(run), 4*exactly, "no move loses what is below the tolerance of another")
	later := w.start(longCase, "Quick")
	require.Zero(t, w.skipped(later), "a case that opens now starts with the offset instead")
}

func TestWithoutACaseTheClockMovesAlone(t *testing.T) {
	w := newWorld(t)
	report := w.move(3 * day)
	require.Zero(t, report.Moved)
	require.Zero(t, report.Closed)
	require.Equal(t, 3*day, report.Offset)
	offset, _ := w.offset()
	require.Equal(t, 3*day, offset)
}

func TestACaseWithoutAWorkerStandsStillAndIsNamed(t *testing.T) {
	w := newWorld(t)
	moving, queue := w.start(longCase, "Quick"), t.Name()+"/nobody"
	stuck, err := w.engine.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: t.Name() + "/stuck", TaskQueue: queue}, longCase, "Quick")
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = w.engine.TerminateWorkflow(context.Background(), stuck.GetID(), stuck.GetRunID(), "the test is over")
	})
	w.traveller.Patience = time.Second
	_, err = w.traveller.Move(t.Context(), 5*day)
	require.ErrorContains(t, err, stuck.GetID()+" stands still: it waits for a worker")
	offset, pending := w.offset()
	require.Zero(t, offset, "no case opens by a clock that the others do not have")
	require.Equal(t, 5*day, pending)

	late := worker.New(w.engine, queue, worker.Options{})
	late.RegisterWorkflow(longCase)
	late.RegisterActivity(w.acts)
	require.NoError(t, late.Start())
	t.Cleanup(late.Stop)
	w.traveller.Patience = 20 * time.Second
	report := w.move(5 * day)
	require.Equal(t, 2, report.Moved)
	require.InDelta(t, 5*day, w.skipped(moving), exactly, "it does not move twice")
	require.InDelta(t, 5*day, w.skipped(stuck), exactly)
}

// A schedule is the engine's own workflow. If it moved, what it starts would come at no time of the wall clock.
func TestSchedulesStayWithTheWallClock(t *testing.T) {
	w := newWorld(t)
	schedule, err := w.engine.ScheduleClient().Create(t.Context(), client.ScheduleOptions{
		ID:   t.Name(),
		Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: 30 * day}}},
		Action: &client.ScheduleWorkflowAction{
			ID: t.Name() + "/monthly", Workflow: briefCase, Args: []any{"Quick"}, TaskQueue: w.queue,
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, schedule.Delete(context.Background())) })
	report := w.move(60 * day)
	require.Zero(t, report.Moved+report.Closed)
	described, err := schedule.Describe(t.Context())
	require.NoError(t, err)
	require.Zero(t, described.Info.NumActions, "nothing was started")
}

func TestAMoveThatNeverBeganLeavesNothing(t *testing.T) {
	w := newWorld(t)
	run := w.start(longCase, "Quick")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	other := newTraveller(w) // the end of a context closes the connection
	_, err := other.Move(ctx, day)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, w.skipped(run))
	report := w.move(2 * day)
	require.Equal(t, 2*day, report.Offset, "another amount may be asked for")
}

func TestConnectSaysWhichDatabaseIsAway(t *testing.T) {
	w := newWorld(t)
	const nowhere = "postgres://recourse:x@127.0.0.1:1/recourse?connect_timeout=1"
	for says, urls := range map[string][2]string{
		"the register":        {nowhere, endpoints.EngineURL},
		"Temporal's database": {endpoints.DatabaseURL, nowhere},
	} {
		_, _, err := timetravel.Connect(t.Context(), w.engine, stack.Namespace, urls[0], urls[1])
		require.ErrorContains(t, err, says)
	}
	traveller, done, err := timetravel.Connect(t.Context(), w.engine, stack.Namespace, endpoints.DatabaseURL, endpoints.EngineURL)
	require.NoError(t, err)
	_, err = traveller.Move(t.Context(), time.Hour)
	require.NoError(t, err)
	done()
	require.True(t, traveller.Register.IsClosed())
	require.True(t, traveller.Engine.IsClosed())

	traveller, done, err = timetravel.Connect(t.Context(), w.engine, "nobody", endpoints.DatabaseURL, endpoints.EngineURL)
	require.NoError(t, err)
	defer done()
	_, err = traveller.Move(t.Context(), time.Hour)
	require.ErrorContains(t, err, "namespace nobody", "and which namespace is unknown")
}
