package engine_test

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/deploy/local/engine"
	"github.com/recourse-exams/recourse/deploy/local/postgres"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

// ports finds free loopback ports. They are all open at once, so that they differ.
func ports(t *testing.T, count int) []int {
	t.Helper()
	var found []int
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		found = append(found, listener.Addr().(*net.TCPAddr).Port)
	}
	return found
}

// database starts a PostgreSQL with the engine's two databases.
func database(t *testing.T, port int) *postgres.Cluster {
	t.Helper()
	spawner, dir := process.NewSpawner(), t.TempDir()
	t.Cleanup(spawner.Close)
	cluster, err := postgres.Prepare(t.Context(), spawner, postgres.Config{
		Dir: dir, Port: port, Password: "secret", LogFile: filepath.Join(dir, "log"),
	})
	require.NoError(t, err)
	p, err := cluster.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Stop(syscall.SIGINT, 10*time.Second)) })
	require.NoError(t, cluster.CreateDatabases(t.Context(), engine.MainDatabase, engine.VisibilityDatabase))
	return cluster
}

// run runs the engine until it is ready, calls check and stops it.
func run(t *testing.T, c engine.Config, check func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	require.NoError(t, engine.Run(ctx, c, func() error {
		check(ctx)
		cancel()
		return nil
	}))
}

func TestAnInterruptedSetUpIsFinishedByTheNextStart(t *testing.T) {
	t.Parallel()
	free := ports(t, 6)
	cluster := database(t, free[0])
	conn, err := cluster.Connect(t.Context(), engine.MainDatabase)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "create table executions (half boolean)")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))

	config := engine.Config{
		Namespace: "recourse", DatabaseAddress: net.JoinHostPort("127.0.0.1", strconv.Itoa(free[0])),
		DatabaseUser: postgres.User, DatabasePassword: "secret",
		FrontendPort: free[1], HistoryPort: free[2], MatchingPort: free[3], WorkerPort: free[4], UIPort: free[5],
	}
	run(t, config, func(ctx context.Context) {
		c, err := client.DialContext(ctx, client.Options{HostPort: config.Address(), Namespace: "recourse"})
		require.NoError(t, err)
		defer c.Close()
		_, err = c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: "Stage = 'open'"})
		require.NoError(t, err)
	})
	require.Equal(t, 4, shards(t, cluster), "the number of shards is part of the database")
}

func shards(t *testing.T, cluster *postgres.Cluster) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cluster.URL(engine.MainDatabase))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	var count int
	require.NoError(t, conn.QueryRow(t.Context(), "select count(*)::int from shards").Scan(&count))
	return count
}

func TestTheSearchAttributesFitIntoSQLVisibility(t *testing.T) {
	t.Parallel()
	count := make(map[string]int)
	for name, kind := range engine.SearchAttributes() {
		require.NotEqual(t, "Status", name, "the Web UI hides an attribute of that name")
		count[kind.String()]++
	}
	require.LessOrEqual(t, count["Keyword"], 10)
	require.LessOrEqual(t, count["Datetime"], 3)
	require.Len(t, count, 2)
}

// What the watcher asks Temporal for: a workflow whose task fails is on the list within a minute, and off it again when
// the task succeeds.
func TestAWorkflowWhoseTaskFailsIsListed(t *testing.T) {
	t.Parallel()
	free := ports(t, 6)
	database(t, free[0])
	config := engine.Config{
		Namespace: "recourse", DatabaseAddress: net.JoinHostPort("127.0.0.1", strconv.Itoa(free[0])),
		DatabaseUser: postgres.User, DatabasePassword: "secret",
		FrontendPort: free[1], HistoryPort: free[2], MatchingPort: free[3], WorkerPort: free[4], UIPort: free[5],
	}
	run(t, config, func(ctx context.Context) {
		c, err := client.DialContext(ctx, client.Options{HostPort: config.Address(), Namespace: "recourse"})
		require.NoError(t, err)
		defer c.Close()
		var mended atomic.Bool
		hands := worker.New(c, "recourse", worker.Options{})
		hands.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
			if !mended.Load() {
				panic("a mistake in the program")
			}
			return workflow.Sleep(ctx, time.Hour)
		}, workflow.RegisterOptions{Name: "Broken"})
		require.NoError(t, hands.Start())
		defer hands.Stop()
		_, err = c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "enquiry/broken", TaskQueue: "recourse"}, "Broken")
		require.NoError(t, err)
		listed := func() int {
			answer, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
				Query: `TemporalReportedProblems IS NOT NULL AND ExecutionStatus = "Running"`,
			})
			if err != nil {
				return -1
			}
			return len(answer.GetExecutions())
		}
		require.Eventually(t, func() bool { return listed() == 1 }, 30*time.Second, 100*time.Millisecond)
		mended.Store(true)
		require.Eventually(t, func() bool { return listed() == 0 }, 30*time.Second, 100*time.Millisecond)
	})
}
