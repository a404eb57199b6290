package watcher_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
	"github.com/recourse-exams/recourse/watcher"
)

// unended is a register with batches that have not ended.
type unended struct {
	batches []casework.BatchInput
	before  time.Time
	away    error
}

func (u *unended) UnendedBatches(_ context.Context, madeBefore time.Time) ([]casework.BatchInput, error) {
	u.before = madeBefore
	return u.batches, u.away
}

// runs is Temporal with the workflows that exist: a second start of one changes nothing.
type runs struct {
	started map[string]int
	wrong   map[string]error
}

func (r *runs) ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	if _, bounded := ctx.Deadline(); !bounded || workflow != "Batch" || options.TaskQueue != "recourse" || len(args) != 1 {
		return nil, errors.New("another start")
	}
	if err := r.wrong[options.ID]; err != nil {
		return nil, err
	}
	r.started[options.ID] = args[0].(casework.BatchInput).Cases
	return nil, nil
}

// One that cannot be started holds back no other, and the round is made again.
func TestBatches_StartsWhatHasNotEnded(t *testing.T) {
	t.Parallel()
	register := &unended{batches: []casework.BatchInput{{Batch: "b_1", Cases: 3}, {Batch: "b_2", Cases: 1}, {Batch: "b_3", Cases: 7}}}
	temporal := &runs{started: map[string]int{}, wrong: map[string]error{"batch/b_2": errors.New("no answer")}}
	start := watcher.Batches(register, temporal, "recourse", at)
	require.ErrorContains(t, start(t.Context()), "start batch b_2: no answer")
	require.Equal(t, map[string]int{"batch/b_1": 3, "batch/b_3": 7}, temporal.started)
	require.Equal(t, now.Add(-30*time.Second), register.before, "whoever made it has half a minute to start it")

	temporal.wrong = nil
	require.NoError(t, start(t.Context()))
	require.Equal(t, map[string]int{"batch/b_1": 3, "batch/b_2": 1, "batch/b_3": 7}, temporal.started)
	register.away = errors.New("the register is away")
	require.ErrorIs(t, start(t.Context()), register.away)
}

// A service wrote the batch down and died before it started the workflow: the watcher does it, from the register alone.
func TestBatches_ACrashBeforeTheStartIsMadeGood(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	command := casework.BatchCommand{Action: casework.BatchNudge, Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "late"}, ReceivedAt: now}
	_, err := register.MakeBatch(t.Context(), docket.Batch{ID: "b_1", Command: command, Digest: command.Digest(nil), MadeAt: now})
	require.NoError(t, err)
	temporal := &runs{started: map[string]int{}}
	clock := now.Add(30 * time.Second)
	start := watcher.Batches(register, temporal, "recourse", func() time.Time { return clock })
	require.NoError(t, start(t.Context()))
	require.Empty(t, temporal.started, "its maker may still do it")
	clock = clock.Add(time.Second)
	require.NoError(t, start(t.Context()))
	require.Contains(t, temporal.started, "batch/b_1")

	temporal.started = map[string]int{}
	_, err = register.EndBatch(t.Context(), "b_1", clock)
	require.NoError(t, err)
	require.NoError(t, start(t.Context()))
	require.Empty(t, temporal.started, "what has ended is done")
}
