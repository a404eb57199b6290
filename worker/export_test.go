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
func NewMessenger(temporal client.Client, cases caseReader) activities.Messenger {
	return messenger{temporal: temporal, cases: cases}
}

// Activities are the structs that a worker registers, with nothing behind their ports.
func Activities() []any { return without().activities() }

// NewCrew makes the workers of a process, with nothing behind their activities.
func NewCrew(temporal client.Client, config connect.Config) []worker.Worker {
	return newCrew(temporal, config, without(), make(failures, mostFailures))
}

// Crew are workers that are started and stopped together.
func Crew(workers ...worker.Worker) interface {
	Start() error
	Stop()
} {
	return crew(workers)
}

// Host runs the workers that create makes, without any page, until ctx ends or failed says why not.
func Host(ctx context.Context, config connect.Config, create func() worker.Worker, failed chan error) error {
	return host(ctx, config, func() workers { return create() }, http.NotFoundHandler(), failed)
}

func without() *parts { return &parts{clock: connect.NewClock(nil, false)} }
