package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/deploy/local/process"
)

// childVariable carries a child's configuration; it holds the database's password, so it is no argument.
const childVariable = "RECOURSE_BENCH_CHILD"

// The bare workflow's two processes, as the product has two.
const (
	roleStarter = "starter"
	roleWorker  = "worker"
)

// childConfig is what a child is told.
type childConfig struct {
	TemporalAddress string `json:"temporalAddress"`
	Namespace       string `json:"namespace"`
	DatabaseURL     string `json:"databaseURL"`
	Listen          string `json:"listen"`
}

// RunChild is a child process of the bare workflow, until ctx ends or its parent is gone. The role is "starter" or
// "worker".
func RunChild(ctx context.Context, role string) error {
	var config childConfig
	if err := json.Unmarshal([]byte(os.Getenv(childVariable)), &config); err != nil {
		return fmt.Errorf("this command is for the benchmark itself: read its configuration: %w", err)
	}
	parent := process.InheritedChild()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		<-parent.Orphaned()
		cancel()
	}()
	temporal, err := client.DialContext(ctx, client.Options{
		HostPort: config.TemporalAddress, Namespace: config.Namespace, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		parent.Fail(err)
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer temporal.Close()
	if role == roleWorker {
		return hostBare(ctx, config, temporal, parent)
	}
	return serveBare(ctx, config, temporal, parent)
}

func hostBare(ctx context.Context, config childConfig, temporal client.Client, parent *process.Child) error {
	pool, err := pgxpool.New(ctx, config.DatabaseURL)
	if err != nil {
		parent.Fail(err)
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, createBareSQL); err != nil {
		parent.Fail(err)
		return fmt.Errorf("make the bare workflow's table: %w", err)
	}
	w := worker.New(temporal, bareQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(bare, workflow.RegisterOptions{Name: bareType})
	w.RegisterActivity(&bareTable{pool})
	if err := w.Start(); err != nil {
		parent.Fail(err)
		return fmt.Errorf("start the bare worker: %w", err)
	}
	defer w.Stop()
	if err := parent.Ready(); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// serveBare serves POST /open/{id} and POST /complete/{id}, each one Update.
func serveBare(ctx context.Context, config childConfig, temporal client.Client, parent *process.Child) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /open/{id}", func(w http.ResponseWriter, r *http.Request) {
		in := bareInput{ID: r.PathValue("id"), Alike: r.FormValue("alike") != ""}
		answer(w, openBare(r.Context(), temporal, in))
	})
	mux.HandleFunc("POST /complete/{id}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, completeBare(r.Context(), temporal, r.PathValue("id")))
	})
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Listen)
	if err != nil {
		parent.Fail(err)
		return fmt.Errorf("listen at %s: %w", config.Listen, err)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := parent.Ready(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return server.Close()
	case err := <-failed:
		return fmt.Errorf("serve the bare workflow: %w", err)
	}
}

func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func openBare(ctx context.Context, temporal client.Client, in bareInput) error {
	start := temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: "bare/" + in.ID, TaskQueue: bareQueue, WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, bareType, in)
	handle, err := temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			WorkflowID: "bare/" + in.ID, UpdateID: bareOpen, UpdateName: bareOpen, WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	return waited(ctx, handle, err)
}

func completeBare(ctx context.Context, temporal client.Client, id string) error {
	handle, err := temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: "bare/" + id, UpdateID: bareComplete, UpdateName: bareComplete, WaitForStage: client.WorkflowUpdateStageAccepted,
	})
	return waited(ctx, handle, err)
}

func waited(ctx context.Context, handle client.WorkflowUpdateHandle, err error) error {
	if err == nil {
		err = handle.Get(ctx, nil)
	}
	if err != nil {
		return errors.Join(errors.New("the bare workflow did not answer"), err)
	}
	return nil
}
