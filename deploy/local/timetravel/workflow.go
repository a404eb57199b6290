package timetravel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

const (
	// tolerance is the difference at which a workflow counts as moved: the offset is kept in milliseconds.
	tolerance = time.Millisecond
	// skips bounds the skips of one session. It is low, because an activity that starts to fail during
	// the move has its waits skipped too and is tried again at once.
	skips = 50
	// listen is how long one long poll lasts before the workflow is looked at.
	listen = 2 * time.Second
)

func (r run) execution() *commonpb.WorkflowExecution {
	return &commonpb.WorkflowExecution{WorkflowId: r.workflowID, RunId: r.runID}
}

// move brings one workflow forward by the whole amount, from wherever an earlier attempt left it. It
// reports whether the workflow closed on the way, which is an end like any other.
//
// The engine fast-forwards to an instant, amount after the moment of asking: real time that activities
// use on the way is inside the amount, and the workflow ends that much behind the others. So what was
// really skipped is read from the history, and the rest is asked for again until nothing is left. A
// workflow at rest is exact at once.
func (t *Traveller) move(ctx context.Context, i intention, r run) (closed bool, err error) {
	skipped, sessions, err := t.skipped(ctx, i.id, r)
	if err == nil && sessions > 0 {
		// An interrupted call left a session behind that may still skip: it ends before it is counted.
		if err = t.hold(ctx, r); err == nil {
			skipped, sessions, err = t.skipped(ctx, i.id, r)
		}
	}
	for err == nil && i.amount-skipped >= tolerance {
		id := fmt.Sprintf("%s/%d", i.id, sessions)
		if err = t.ask(ctx, r, id, i.amount-skipped); err != nil {
			break
		}
		if err = t.await(ctx, r, id); err != nil {
			break
		}
		skipped, sessions, err = t.skipped(ctx, i.id, r)
	}
	return endedOr(err)
}

// endedOr takes the end of a workflow as an answer: it reports whether that is what err says.
func endedOr(err error) (bool, error) {
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) || errors.Is(err, errEnded) {
		return true, nil
	}
	return false, err
}

var errEnded = errors.New("the workflow ended")

// skipped adds up what the workflow skipped for this intention, and counts how often it was asked to.
func (t *Traveller) skipped(ctx context.Context, id string, r run) (time.Duration, int, error) {
	var sum time.Duration
	sessions := 0
	history := t.Client.GetWorkflowHistory(ctx, r.workflowID, r.runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			return 0, 0, fmt.Errorf("read the history of %s: %w", r.workflowID, err)
		}
		if strings.HasPrefix(fastForwardID(event), id+"/") {
			sessions++
		}
		attributes := event.GetWorkflowExecutionTimeSkippingTransitionedEventAttributes()
		if sessions > 0 && attributes.GetTargetTime() != nil {
			sum += attributes.GetTargetTime().AsTime().Sub(event.GetEventTime().AsTime())
		}
	}
	return sum, sessions, nil
}

func fastForwardID(event *historypb.HistoryEvent) string {
	return event.GetWorkflowExecutionOptionsUpdatedEventAttributes().GetTimeSkippingConfig().GetFastForwardConfig().GetId()
}

// ask sets the workflow's target. A workflow that was started without time skipping takes it on here,
// and the engine switches it off again at the target, so that real time goes on from there.
func (t *Traveller) ask(ctx context.Context, r run, id string, by time.Duration) error {
	_, err := t.Client.WorkflowService().UpdateWorkflowExecutionOptions(ctx,
		&workflowservice.UpdateWorkflowExecutionOptionsRequest{
			Namespace:         t.Namespace,
			WorkflowExecution: r.execution(),
			WorkflowExecutionOptions: &workflowpb.WorkflowExecutionOptions{
				TimeSkippingConfig: &commonpb.TimeSkippingConfig{
					Enabled:             true,
					FastForwardConfig:   &commonpb.FastForwardConfig{Id: id, Duration: durationpb.New(by)},
					MaxSessionSkipCount: skips,
				},
			},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"time_skipping_config"}},
			Identity:   "fast-forward",
		})
	if err != nil {
		return fmt.Errorf("fast-forward %s: %w", r.workflowID, err)
	}
	return nil
}

// await returns when the workflow has reached its target or its session has ended before it. It gives
// up when the workflow stands still for longer than Patience or one of its activities fails.
func (t *Traveller) await(ctx context.Context, r run, id string) error {
	deadline := time.Now().Add(t.Patience)
	for {
		result, err := t.poll(ctx, r, id)
		if err != nil {
			return err
		}
		if result == enumspb.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED {
			return nil
		}
		state, err := t.describe(ctx, r)
		switch {
		case err != nil:
			return err
		case state.closed:
			return errEnded
		case state.failing != "":
			return errors.Join(fmt.Errorf("%w: %s", ErrFailing, state.failing), t.hold(ctx, r))
		case result == enumspb.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED:
			return nil // the session is used up; the next one goes on
		case time.Now().After(deadline):
			return fmt.Errorf("%s stands still: %s", r.workflowID, state.waiting)
		}
	}
}

func (t *Traveller) poll(ctx context.Context, r run, id string) (enumspb.FastForwardPollingResult, error) {
	const waiting = enumspb.FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT
	short, cancel := context.WithTimeout(ctx, listen)
	defer cancel()
	answer, err := t.Client.WorkflowService().PollWorkflowExecutionTimeSkipping(short,
		&workflowservice.PollWorkflowExecutionTimeSkippingRequest{
			Namespace: t.Namespace, WorkflowExecution: r.execution(), FastForwardId: id,
		})
	switch {
	case err == nil:
		return answer.GetFastForwardPollingResult(), nil
	case ctx.Err() != nil:
		return waiting, fmt.Errorf("wait for %s: %w", r.workflowID, context.Cause(ctx))
	case short.Err() != nil || atDeadline(err):
		return waiting, nil
	default:
		return waiting, fmt.Errorf("wait for %s: %w", r.workflowID, err)
	}
}

// atDeadline says whether the server gave up first: it knows the caller's deadline and may be a moment early.
func atDeadline(err error) bool {
	var canceled *serviceerror.Canceled
	var late *serviceerror.DeadlineExceeded
	return errors.As(err, &canceled) || errors.As(err, &late)
}

// hold stops the skipping of one workflow where it is.
func (t *Traveller) hold(ctx context.Context, r run) error {
	_, err := t.Client.WorkflowService().UpdateWorkflowExecutionOptions(ctx,
		&workflowservice.UpdateWorkflowExecutionOptionsRequest{
			Namespace:         t.Namespace,
			WorkflowExecution: r.execution(),
			WorkflowExecutionOptions: &workflowpb.WorkflowExecutionOptions{
				TimeSkippingConfig: &commonpb.TimeSkippingConfig{},
			},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"time_skipping_config"}},
			Identity:   "fast-forward",
		})
	if err != nil {
		return fmt.Errorf("hold %s: %w", r.workflowID, err)
	}
	return nil
}

// condition is what the tool needs to know about a workflow that does not move.
type condition struct {
	closed  bool
	failing string // an activity that is being tried again, in words
	waiting string // what it waits for, in words
}

func (t *Traveller) describe(ctx context.Context, r run) (condition, error) {
	answer, err := t.Client.WorkflowService().DescribeWorkflowExecution(ctx,
		&workflowservice.DescribeWorkflowExecutionRequest{Namespace: t.Namespace, Execution: r.execution()})
	if err != nil {
		return condition{}, fmt.Errorf("describe %s: %w", r.workflowID, err)
	}
	found := condition{
		closed:  answer.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING,
		waiting: "the engine does not skip",
	}
	if answer.GetPendingWorkflowTask() != nil {
		found.waiting = "it waits for a worker"
	}
	for _, activity := range answer.GetPendingActivities() {
		name := activity.GetActivityType().GetName()
		found.waiting = "it waits for activity " + name
		if activity.GetAttempt() > 1 {
			found.failing = fmt.Sprintf("%s, activity %s, attempt %d: %s",
				r.workflowID, name, activity.GetAttempt(), activity.GetLastFailure().GetMessage())
		}
	}
	return found, nil
}
