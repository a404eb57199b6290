package worker

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/worker/mailroom"
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

func without() *parts {
	return &parts{mail: mailroom.Parts{Mailroom: &activities.Mailroom{}}, clock: connect.NewClock(nil, false), delays: newDelays()}
}

// Note is what the interceptor does about one attempt of the activity SendMails.
func Note(ctx context.Context, register findings, now func() time.Time, workflowID string, attempt int32, local bool, ends error) error {
	w := &watchfulness{findings: register, now: now}
	return w.note(ctx, activity.Info{
		WorkflowExecution: workflow.Execution{ID: workflowID}, ActivityType: activity.Type{Name: "SendMails"}, Attempt: attempt, IsLocalActivity: local,
	}, ends)
}

// Watchfulness is the interceptor, with the histogram that it writes.
func Watchfulness(register findings, now func() time.Time) (interceptor.WorkerInterceptor, prometheus.Histogram) {
	w := &watchfulness{findings: register, delays: newDelays(), now: now}
	return w, w.delays.histogram
}
