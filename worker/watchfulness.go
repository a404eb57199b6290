package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// failingFrom is the attempt from which on an activity that fails is a finding: by then an outage of a moment is over.
const failingFrom = 5

// notingWait bounds what is noted about an activity; the activity itself waits for it.
const notingWait = 2 * time.Second

// findings are noted and cleared as activities fail and succeed.
type findings interface {
	RecordFinding(ctx context.Context, finding docket.Finding) (news bool, err error)
	ClearFinding(ctx context.Context, reference casework.Reference, kind docket.FindingKind, about string, at time.Time) error
}

// watchfulness is a worker's interceptor that tells the watcher of activities that fail again and again, because their
// number of attempts stands in no list that could be asked for. It never changes what an activity answers.
type watchfulness struct {
	interceptor.WorkerInterceptorBase
	findings findings
	delays   delays
	now      func() time.Time
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (w *watchfulness) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &watchedActivity{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, by: w}
}

type watchedActivity struct {
	interceptor.ActivityInboundInterceptorBase
	by *watchfulness
}

// ExecuteActivity runs the activity and notes how it went.
func (a *watchedActivity) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	answer, err := a.Next.ExecuteActivity(ctx, in)
	// A detached context: what is noted about an activity that ran out of time must not run out with it.
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), notingWait)
	defer cancel()
	if noted := a.by.note(noting, activity.GetInfo(ctx), err); noted != nil {
		slog.WarnContext(ctx, "what became of an activity could not be noted", "error", noted)
	}
	if err == nil {
		a.by.delays.observe(in.Args, answer, a.by.now)
	}
	return answer, err
}

// note records or clears the finding of an activity's attempt. Local ones go on as ordinary activities before they fail
// often; what belongs to no case has no finding.
func (w *watchfulness) note(ctx context.Context, info activity.Info, failed error) error {
	reference, ok := casework.CaseOf(info.WorkflowExecution.ID)
	if !ok || info.IsLocalActivity || int(info.Attempt) < failingFrom {
		return nil
	}
	name := info.ActivityType.Name
	if failed == nil || !comesAgain(failed) {
		return w.findings.ClearFinding(ctx, reference, docket.FindingActivity, name, w.now())
	}
	if waits(failed) {
		return nil
	}
	_, err := w.findings.RecordFinding(ctx, docket.Finding{
		Reference: reference, Kind: docket.FindingActivity, About: name, FoundAt: w.now(),
		Detail: fmt.Sprintf("The activity %s has failed %d times and is tried again.", name, info.Attempt),
	})
	return err
}

// comesAgain reports whether Temporal tries an activity again that ended with this error; a no of the rules is final.
func comesAgain(err error) bool {
	var application *temporal.ApplicationError
	return !errors.As(err, &application) || !application.NonRetryable()
}

// waits reports whether an activity waits for something on purpose: it says itself when it wants to come again.
func waits(err error) bool {
	var application *temporal.ApplicationError
	return errors.As(err, &application) && application.NextRetryDelay() > 0
}
