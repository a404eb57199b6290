package worker

import (
	"fmt"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/connect"
)

// stopWait is how long running activities may finish when the process is told to stop.
const stopWait = 20 * time.Second

// errandsAtOnce bounds the errands of one process: most of them wait for another service, and a mail service that
// hangs must not fill the process with waiting mails.
const errandsAtOnce = 8

// workers are started and stopped together.
type workers interface {
	Start() error
	Stop()
}

// crew are the two workers of the process: one takes the cases' workflows and steps, the other their errands.
type crew []worker.Worker

// newCrew registers everything that a case may need. Both can do every activity; the queue says which one does.
func newCrew(temporal client.Client, config connect.Config, parts *parts, failed failures) crew {
	// The worker has stopped then: a process that stayed would look well and do nothing.
	fatal := func(err error) { failed <- fmt.Errorf("the worker cannot go on: %w", err) }
	watched := []interceptor.WorkerInterceptor{parts.watchfulness()}
	cases := worker.New(temporal, config.TaskQueue, worker.Options{WorkerStopTimeout: stopWait, OnFatalError: fatal, Interceptors: watched})
	RegisterWorkflows(cases)
	errands := worker.New(temporal, casework.ErrandQueue(config.TaskQueue), worker.Options{
		WorkerStopTimeout:                  stopWait,
		OnFatalError:                       fatal,
		Interceptors:                       watched,
		DisableWorkflowWorker:              true,
		MaxConcurrentActivityExecutionSize: errandsAtOnce,
		// Temporal keeps the pace for all processes together.
		TaskQueueActivitiesPerSecond: config.MailPerSecond,
	})
	both := crew{cases, errands}
	for _, w := range both {
		for _, activities := range parts.activities() {
			w.RegisterActivity(activities)
		}
	}
	return both
}

// Start starts every worker; if one cannot start, those before it are stopped.
func (c crew) Start() error {
	for i, w := range c {
		if err := w.Start(); err != nil {
			c[:i].Stop()
			return err
		}
	}
	return nil
}

// Stop stops them at the same moment, so that the process ends within one wait, and returns when all have stopped.
func (c crew) Stop() {
	var all sync.WaitGroup
	for _, w := range c {
		all.Go(w.Stop)
	}
	all.Wait()
}
