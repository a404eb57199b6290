package worker

import (
	"context"
	"net/http"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/connect"
)

// NewMessenger makes the messenger that the activities are given.
func NewMessenger(temporal client.Client) activities.Messenger { return messenger{temporal: temporal} }

// Activities are the structs that a worker registers, with nothing behind their ports.
func Activities() []any { return without().activities() }

// NewWorker makes the worker of a process, with nothing behind its activities.
func NewWorker(temporal client.Client, config connect.Config) worker.Worker {
	return newWorker(temporal, config, without(), make(failures, mostFailures))
}

// Host runs the workers that create makes, without any page, until ctx ends or failed says why not.
func Host(ctx context.Context, config connect.Config, create func() worker.Worker, failed chan error) error {
	return host(ctx, config, create, http.NotFoundHandler(), failed)
}

func without() *parts { return &parts{clock: connect.NewClock(nil, false)} }
