package timetravel_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/deploy/local/stack"
	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

// The tests of this package share one stack and one clock, so they do not run in parallel.

const day = 24 * time.Hour

// endpoints are those of the stack that TestMain starts.
var endpoints stack.Endpoints

func TestMain(m *testing.M) {
	stack.MaybeChild()
	os.Exit(withStack(m))
}

func withStack(m *testing.M) int {
	dir, err := os.MkdirTemp("", "recourse-travel")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	s, err := stack.Start(context.Background(), stack.Options{State: dir, AutoPorts: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer s.Stop()
	endpoints = s.Endpoints
	return m.Run()
}

// world is one test's connections and its worker.
type world struct {
	t         *testing.T
	engine    client.Client
	register  *pgx.Conn
	traveller *timetravel.Traveller
	queue     string
	acts      *acts
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := t.Context()
	engine, err := client.DialContext(ctx, client.Options{
		HostPort: endpoints.TemporalAddress, Namespace: stack.Namespace,
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	require.NoError(t, err)
	t.Cleanup(engine.Close)
	w := &world{t: t, engine: engine, queue: t.Name(), acts: newActs()}
	w.register = w.connect(endpoints.DatabaseURL)
	_, err = w.register.Exec(ctx, `create table if not exists clock_offset (
		id boolean primary key default true check (id), offset_ms bigint not null,
		pending_ms bigint not null default 0, pending_id text)`)
	require.NoError(t, err)
	_, err = w.register.Exec(ctx, "delete from clock_offset")
	require.NoError(t, err)
	w.traveller = &timetravel.Traveller{
		Client: engine, Namespace: stack.Namespace, Register: w.register, Engine: w.connect(endpoints.EngineURL),
		Concurrency: 8, Patience: 20 * time.Second,
	}
	w.work()
	return w
}

func (w *world) connect(url string) *pgx.Conn {
	conn, err := pgx.Connect(w.t.Context(), url)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// work runs a worker until the test ends.
func (w *world) work() {
	run := worker.New(w.engine, w.queue, worker.Options{})
	run.RegisterWorkflow(longCase)
	run.RegisterWorkflow(briefCase)
	run.RegisterActivity(w.acts)
	require.NoError(w.t, run.Start())
	w.t.Cleanup(run.Stop)
}

// start starts a workflow without any time skipping, as the product does, and ends it with the test.
func (w *world) start(workflow any, args ...any) client.WorkflowRun {
	run, err := w.engine.ExecuteWorkflow(w.t.Context(), client.StartWorkflowOptions{
		ID: fmt.Sprintf("%s/%d", w.t.Name(), time.Now().UnixNano()), TaskQueue: w.queue,
	}, workflow, args...)
	require.NoError(w.t, err)
	w.t.Cleanup(func() {
		// It may have ended by itself.
		_ = w.engine.TerminateWorkflow(context.Background(), run.GetID(), run.GetRunID(), "the test is over")
	})
	return run
}

func (w *world) move(amount time.Duration) timetravel.Report {
	report, err := w.traveller.Move(w.t.Context(), amount)
	require.NoError(w.t, err)
	return report
}

// skipped reads from the history how much time a workflow skipped in all.
func (w *world) skipped(run client.WorkflowRun) time.Duration {
	var sum time.Duration
	history := w.engine.GetWorkflowHistory(w.t.Context(), run.GetID(), run.GetRunID(), false,
		enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		require.NoError(w.t, err)
		if a := event.GetWorkflowExecutionTimeSkippingTransitionedEventAttributes(); a.GetTargetTime() != nil {
			sum += a.GetTargetTime().AsTime().Sub(event.GetEventTime().AsTime())
		}
	}
	return sum
}

// diary asks a longCase what it has seen so far.
func (w *world) diary(run client.WorkflowRun) diary {
	answer, err := w.engine.QueryWorkflow(w.t.Context(), run.GetID(), run.GetRunID(), "diary")
	require.NoError(w.t, err)
	var d diary
	require.NoError(w.t, answer.Get(&d))
	return d
}

// offset is the clock's row.
func (w *world) offset() (offset, pending time.Duration) {
	var offsetMS, pendingMS int64
	require.NoError(w.t, w.register.QueryRow(w.t.Context(),
		"select offset_ms, pending_ms from clock_offset").Scan(&offsetMS, &pendingMS))
	return time.Duration(offsetMS) * time.Millisecond, time.Duration(pendingMS) * time.Millisecond
}
