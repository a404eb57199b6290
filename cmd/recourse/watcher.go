package main

import (
	"context"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/watcher"
)

type watcherCommand struct{}

// Run watches until it is told to stop.
func (watcherCommand) Run(ctx context.Context) error {
	config, err := connect.Load(ctx)
	if err != nil {
		return err
	}
	return watcher.Run(ctx, config)
}
