package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// The retry profiles. None limits the attempts: a case waits for an outage to end, it never fails from one.
// The times of quickWrite keep the local attempts below the ten seconds of a workflow task; a longer outage
// goes on in an ordinary activity, outside the task (architecture §3.4).
const (
	quickAttempt = 3 * time.Second
	quickTotal   = 8 * time.Second
	stepAttempt  = 15 * time.Second
	fileAttempt  = time.Minute
	mailAttempt  = 20 * time.Second
)

// backoff starts small, because most faults are a connection that comes back at once, and never waits longer
// than half a minute, because people wait for the answer.
var backoff = temporal.RetryPolicy{
	InitialInterval:    500 * time.Millisecond,
	BackoffCoefficient: 2,
	MaximumInterval:    30 * time.Second,
}

// quickWrite runs a step that was caused by a start or a timer, which are in history already: first as a local
// activity, which costs no round trip, then without limit as an ordinary one.
func quickWrite[In, Out any](ctx workflow.Context, summary string, activity func(context.Context, In) (Out, error), in In) (Out, error) {
	local := backoff
	local.MaximumInterval = quickAttempt
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout:    quickAttempt,
		ScheduleToCloseTimeout: quickTotal,
		RetryPolicy:            &local,
		Summary:                summary,
	})
	var out Out
	err := workflow.ExecuteLocalActivity(ctx, activity, in).Get(ctx, &out)
	if err == nil || final(err) {
		return out, err
	}
	return ordinary(ctx, stepAttempt, summary, activity, in)
}

// ordinary runs an activity in its own task, without a limit of attempts.
func ordinary[In, Out any](ctx workflow.Context, attempt time.Duration, summary string, activity func(context.Context, In) (Out, error), in In) (Out, error) {
	return run(ctx, "", attempt, summary, activity, in)
}

// errand is ordinary on the task queue of mails, letters and files: what they wait for holds up no step.
func errand[In, Out any](ctx workflow.Context, attempt time.Duration, summary string, activity func(context.Context, In) (Out, error), in In) (Out, error) {
	return run(ctx, casework.ErrandQueue(workflow.GetInfo(ctx).TaskQueueName), attempt, summary, activity, in)
}

// run runs an activity on a task queue; the empty one is the workflow's own.
func run[In, Out any](ctx workflow.Context, queue string, attempt time.Duration, summary string, activity func(context.Context, In) (Out, error), in In) (Out, error) {
	retry := backoff
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           queue,
		StartToCloseTimeout: attempt,
		RetryPolicy:         &retry,
		Summary:             summary,
	})
	var out Out
	err := workflow.ExecuteActivity(ctx, activity, in).Get(ctx, &out)
	return out, err
}

// final reports whether trying again cannot help: the activity said so, or the workflow was cancelled.
func final(err error) bool {
	var application *temporal.ApplicationError
	if errors.As(err, &application) {
		return application.NonRetryable()
	}
	return temporal.IsCanceledError(err)
}
