// Package worker is the process that hosts the workflows and the activities.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/workflows"
)

// Run hosts workflows and activities until ctx ends, and shows health and metrics at Config.MetricsListen. It
// returns nil after an orderly stop.
func Run(ctx context.Context, config connect.Config) error {
	systems, err := connect.Begin(ctx, config, store.Open)
	if err != nil {
		return err
	}
	defer systems.Close()
	parts, err := assemble(ctx, systems)
	if err != nil {
		return err
	}
	systems.Metrics.Registry.MustRegister(connect.CaseMetrics(systems.Register), parts.delays.histogram)

	pages := http.NewServeMux()
	pages.Handle("GET /healthz", connect.Healthz())
	pages.Handle("GET /readyz", connect.Readyz(parts.checks))
	pages.Handle("GET /metrics", systems.Metrics.Handler())
	failed := make(failures, mostFailures)
	create := func() workers { return newCrew(systems.Temporal, config, parts, failed) }
	return host(ctx, config, create, pages, failed)
}

// failures are what ends the process: the pages cannot be served, or Temporal sent a worker away. Each of the
// three fails once at most and never waits to say so.
type failures chan error

const mostFailures = 3

// RegisterWorkflows registers every workflow under the name that histories carry; the replayer of recorded
// histories uses it too.
func RegisterWorkflows(registry worker.WorkflowRegistry) {
	registry.RegisterWorkflowWithOptions(workflows.Enquiry, workflow.RegisterOptions{Name: "Enquiry"})
	registry.RegisterWorkflowWithOptions(workflows.InvoiceRun, workflow.RegisterOptions{Name: "InvoiceRun"})
	registry.RegisterWorkflowWithOptions(workflows.Batch, workflow.RegisterOptions{Name: "Batch"})
}

// host runs the worker and the pages until ctx ends or one of them fails.
func host(ctx context.Context, config connect.Config, create func() workers, pages http.Handler, failed failures) error {
	server := &http.Server{Addr: config.MetricsListen, Handler: pages, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve metrics at %s: %w", config.MetricsListen, err)
		}
	}()
	w, err := startWorker(ctx, create, failed)
	if w != nil {
		slog.InfoContext(ctx, "the worker takes tasks", "queue", config.TaskQueue, "errands", casework.ErrandQueue(config.TaskQueue), "metrics", config.MetricsListen)
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
func startWorker(ctx context.Context, create func() workers, failed failures) (workers, error) {
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
