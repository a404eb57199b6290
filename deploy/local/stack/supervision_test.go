package stack_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

const soon = 15 * time.Second

func ready(url string) bool {
	answer, err := http.Get(url + "/readyz")
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func pid(t *testing.T, s *stack.Stack, name string) int {
	t.Helper()
	number, err := s.PID(name)
	require.NoError(t, err)
	return number
}

// One stack serves the whole story: a start of its own for each part would cost seconds.
func TestTheProductIsStartedKilledAndRevived(t *testing.T) { //nolint:tparallel // the parts are one story
	t.Parallel()
	demo := t.TempDir()
	options := stack.Options{State: t.TempDir(), AutoPorts: true, Product: product(t), Demo: demo}
	s := start(t, options)
	require.Equal(t, []string{"migrate", "import --if-empty " + demo}, calls(t, s.Endpoints.DatabaseURL)[:2])
	require.True(t, ready(s.Endpoints.API))
	require.True(t, ready(s.Endpoints.Metrics))
	require.True(t, ready(s.Endpoints.WatcherMetrics))

	t.Run("a killed watcher comes back", func(t *testing.T) {
		old := pid(t, s, stack.Watcher)
		require.NoError(t, s.Kill(stack.Watcher))
		require.Eventually(t, func() bool {
			now := pid(t, s, stack.Watcher)
			return now != 0 && now != old && ready(s.Endpoints.WatcherMetrics)
		}, soon, 20*time.Millisecond)
		require.True(t, ready(s.Endpoints.Metrics), "the worker is another process")
		require.NotEmpty(t, s.Logs(stack.Watcher))
	})
	t.Run("a killed worker comes back", func(t *testing.T) {
		old := pid(t, s, stack.Worker)
		require.NoError(t, s.Kill(stack.Worker))
		require.Eventually(t, func() bool {
			now := pid(t, s, stack.Worker)
			return now != 0 && now != old && ready(s.Endpoints.Metrics)
		}, soon, 20*time.Millisecond)
		noted, err := look(t, options.State).PID(stack.Worker)
		require.NoError(t, err)
		require.Equal(t, pid(t, s, stack.Worker), noted, "whoever looks from outside finds the new process")
	})
	t.Run("a halted worker stays away until it is started", func(t *testing.T) {
		require.NoError(t, s.Halt(stack.Worker))
		require.Zero(t, pid(t, s, stack.Worker))
		require.Never(t, func() bool { return pid(t, s, stack.Worker) != 0 }, time.Second, 50*time.Millisecond)
		require.NoError(t, s.Restart(t.Context(), stack.Worker))
		require.True(t, ready(s.Endpoints.Metrics))
	})
	t.Run("a frozen database answers nobody, and then again", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), s.Endpoints.DatabaseURL)
		require.NoError(t, err)
		defer conn.Close(context.Background())
		require.NoError(t, s.Pause(stack.Postgres))
		answered := make(chan error, 1)
		go func() { answered <- conn.Ping(context.Background()) }()
		select {
		case err := <-answered:
			require.Fail(t, "an open session answers while the database is frozen", "%v", err)
		case <-time.After(300 * time.Millisecond):
		}
		require.NoError(t, s.Resume(stack.Postgres))
		require.NoError(t, <-answered)
	})
	t.Run("a killed database stays away until it is started", func(t *testing.T) {
		require.NoError(t, s.Kill(stack.Postgres))
		require.Zero(t, pid(t, s, stack.Postgres))
		require.False(t, ready(s.Endpoints.API))
		require.NoError(t, s.Restart(t.Context(), stack.Postgres))
		require.NotEmpty(t, calls(t, s.Endpoints.DatabaseURL), "what was committed is there")
	})
	t.Run("a killed engine comes back where it was", func(t *testing.T) {
		require.NoError(t, s.Kill(stack.Temporal))
		require.NoError(t, s.Restart(t.Context(), stack.Temporal))
		checkEngine(t, environment(s.Environment()))
	})
	t.Run("ends that were asked for are no failures", func(t *testing.T) {
		select {
		case err := <-s.Failed():
			require.NoError(t, err)
		default:
		}
	})
	t.Run("an unknown name is refused", func(t *testing.T) {
		require.ErrorContains(t, s.Kill("printer"), "printer")
	})
}
