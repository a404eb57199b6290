package main

import (
	"context"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/starter"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/watcher"
	"github.com/recourse-exams/recourse/worker"
)

type starterCommand struct{}

// Run serves until it is told to stop.
func (starterCommand) Run(ctx context.Context) error { return process(ctx, starter.Run) }

type workerCommand struct{}

// Run hosts until it is told to stop.
func (workerCommand) Run(ctx context.Context) error { return process(ctx, worker.Run) }

type watcherCommand struct{}

// Run watches until it is told to stop.
func (watcherCommand) Run(ctx context.Context) error { return process(ctx, watcher.Run) }

// process runs one of the product's processes as the environment says.
func process(ctx context.Context, run func(context.Context, connect.Config) error) error {
	config, err := connect.Load(ctx)
	if err != nil {
		return err
	}
	return run(ctx, config)
}

// begin opens what a command works with that needs more than the register. The caller closes it.
func begin(ctx context.Context) (*connect.Systems[*store.Store], error) {
	config, err := connect.Load(ctx)
	if err != nil {
		return nil, err
	}
	return connect.Begin(ctx, config, store.Open)
}
