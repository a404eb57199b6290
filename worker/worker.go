// Package worker is the process that hosts the workflows and the activities.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/workflows"
)

// stopWait is how long running activities may finish when the process is told to stop.
const stopWait = 20 * time.Second

// Run hosts workflows and activities until ctx ends, and shows health and metrics at Config.MetricsListen. It
// returns nil after an orderly stop.
func Run(ctx context.Context, config connect.Config) error {
	metrics, err := connect.NewMetrics()
	if err != nil {
		return err
	}
	temporal, err := connect.Temporal(config, metrics.Meter)
	if err != nil {
		return err
	}
	defer temporal.Close()
	parts, err := assemble(ctx, config, temporal)
	if err != nil {
		return err
	}
	defer parts.store.Close()
	metrics.Registry.MustRegister(connect.CaseMetrics(parts.store))

	pages := http.NewServeMux()
	pages.Handle("GET /healthz", connect.Healthz())
	pages.Handle("GET /readyz", connect.Readyz(parts.checks))
	pages.Handle("GET /metrics", metrics.Handler())
	failed := make(failures, mostFailures)
	create := func() worker.Worker { return newWorker(temporal, config, parts, failed) }
	return host(ctx, config, create, pages, failed)
}

// failures are what ends the process: the pages cannot be served, or Temporal sent the worker away. Each of the
// two fails once at most and never waits to say so.
type failures chan error

const mostFailures = 2

// newWorker registers everything that a case may need.
func newWorker(temporal client.Client, config connect.Config, parts *parts, failed failures) worker.Worker {
	w := worker.New(temporal, config.TaskQueue, worker.Options{
		WorkerStopTimeout: stopWait,
		// The worker has stopped then: a process that stayed would look well and do nothing.
		OnFatalError: func(err error) { failed <- fmt.Errorf("the worker cannot go on: %w", err) },
	})
	RegisterWorkflows(w)
	for _, activities := range parts.activities() {
		w.RegisterActivity(activities)
	}
	return w
}

// RegisterWorkflows registers every workflow under the name that histories carry; the replayer of recorded
// histories uses it too.
func RegisterWorkflows(registry worker.WorkflowRegistry) {
	registry.RegisterWorkflowWithOptions(workflows.Enquiry, workflow.RegisterOptions{Name: "Enquiry"})
	registry.RegisterWorkflowWithOptions(workflows.InvoiceRun, workflow.RegisterOptions{Name: "InvoiceRun"})
}

// host runs the worker and the pages until ctx ends or one of them fails.
func host(ctx context.Context, config connect.Config, create func() worker.Worker, pages http.Handler, failed failures) error {
	server := &http.Server{Addr: config.MetricsListen, Handler: pages, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve metrics at %s: %w", config.MetricsListen, err)
		}
	}()
	w, err := startWorker(ctx, create, failed)
	if w != nil {
		slog.InfoContext(ctx, "the worker takes tasks", "queue", config.TaskQueue, "metrics", config.MetricsListen)
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
		w.Stop()
	}
	return errors.Join(err, server.Close())
}

// retryStart is how often Temporal is tried while it is away.
const retryStart = time.Second

// startWorker waits for Temporal to come, so that the order in which processes start does not matter. A worker
// that could not start remembers that for ever, so each attempt is made with a new one. It returns nil without an
// error if ctx ends first.
func startWorker(ctx context.Context, create func() worker.Worker, failed failures) (worker.Worker, error) {
	for {
		w := create()
		away := w.Start()
		if away == nil {
			return w, nil
		}
		slog.WarnContext(ctx, "Temporal does not answer yet", "error", away)
		select {
		case <-ctx.Done():
			return nil, nil
		case err := <-failed:
			return nil, err
		case <-time.After(retryStart):
		}
	}
}
