package activities_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// patience bounds a workflow of a test; none takes nearly as long.
const patience = time.Minute

// desk counts how often a step was run as a local activity and how often as an ordinary one.
type desk struct {
	env             *testsuite.TestWorkflowEnvironment
	local, ordinary atomic.Int32
}

// openDesk registers one activity under a step's name; the workflow of a test calls it through its stub.
func openDesk[In, Out any](t *testing.T, name string, run func(context.Context, In) (Out, error)) *desk {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	d := &desk{env: suite.NewTestWorkflowEnvironment()}
	d.env.SetTestTimeout(patience)
	// On a busy machine a second without a turn is no deadlock.
	d.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: patience})
	d.env.RegisterActivityWithOptions(func(ctx context.Context, in In) (Out, error) {
		if activity.GetInfo(ctx).IsLocalActivity {
			d.local.Add(1)
		} else {
			d.ordinary.Add(1)
		}
		return run(ctx, in)
	}, activity.RegisterOptions{Name: name})
	return d
}

var closing = key("R-7K4F-M2QX-9TBD-H", casework.StepClose, decidedAt)

func closes(ctx workflow.Context) error { return activities.CloseCase(ctx, closing) }

// architecture §3.3: what a timer or the start caused costs no round trip.
func TestQuickWrite_IsLocalWhenAllIsWell(t *testing.T) {
	t.Parallel()
	d := openDesk(t, "CloseCase", func(_ context.Context, got casework.StepKey) (struct{}, error) {
		require.Equal(t, closing, got)
		return struct{}{}, nil
	})
	d.env.ExecuteWorkflow(closes)
	require.NoError(t, d.env.GetWorkflowError())
	require.Equal(t, int32(1), d.local.Load())
	require.Zero(t, d.ordinary.Load())
}

// architecture §3.4: a database hiccup never fails a case. After eight seconds the step goes on outside the
// workflow task, without a limit of attempts.
func TestQuickWrite_FallsOverToTheOrdinaryActivity(t *testing.T) {
	t.Parallel()
	const outage = 12 // The test environment ends an ordinary activity after ten attempts.
	var calls atomic.Int32
	d := openDesk(t, "CloseCase", func(context.Context, casework.StepKey) (struct{}, error) {
		if calls.Add(1) <= outage {
			return struct{}{}, activities.Failure(casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached."))
		}
		return struct{}{}, nil
	})
	d.env.ExecuteWorkflow(closes)
	require.NoError(t, d.env.GetWorkflowError())
	require.Positive(t, d.local.Load())
	require.Less(t, d.local.Load(), int32(10), "the local attempts end within a workflow task")
	require.Equal(t, int32(outage+1), d.local.Load()+d.ordinary.Load())
}

func TestQuickWrite_ShortHiccupIsOverBeforeThat(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	d := openDesk(t, "CloseCase", func(context.Context, casework.StepKey) (struct{}, error) {
		if calls.Add(1) <= 2 {
			return struct{}{}, errors.New("connection reset")
		}
		return struct{}{}, nil
	})
	d.env.ExecuteWorkflow(closes)
	require.NoError(t, d.env.GetWorkflowError())
	require.Equal(t, int32(3), d.local.Load())
	require.Zero(t, d.ordinary.Load())
}

// A no is a no: it is neither tried again nor taken to the ordinary activity, and it arrives with its reasons.
func TestQuickWrite_FaultIsTheLastWord(t *testing.T) {
	t.Parallel()
	want := casework.NewFault(casework.Conflict, "wrong-stage", "The case is closed.", casework.Reason{Code: "closed", Detail: "Since Monday."})
	d := openDesk(t, "CloseCase", func(context.Context, casework.StepKey) (struct{}, error) {
		return struct{}{}, activities.Failure(want)
	})
	d.env.ExecuteWorkflow(func(ctx workflow.Context) (*casework.Fault, error) {
		fault, ok := activities.Fault(closes(ctx))
		if !ok {
			return nil, errors.New("no fault")
		}
		return fault, nil
	})
	var got casework.Fault
	require.NoError(t, d.env.GetWorkflowResult(&got))
	require.Equal(t, want, &got)
	require.Equal(t, int32(1), d.local.Load())
	require.Zero(t, d.ordinary.Load())
}

func TestQuickWrite_CancelledWorkflowDoesNotGoOn(t *testing.T) {
	t.Parallel()
	d := openDesk(t, "CloseCase", func(context.Context, casework.StepKey) (struct{}, error) {
		return struct{}{}, errors.New("connection reset")
	})
	d.env.RegisterDelayedCallback(d.env.CancelWorkflow, 2*time.Second)
	d.env.ExecuteWorkflow(closes)
	require.True(t, temporal.IsCanceledError(d.env.GetWorkflowError()), "%v", d.env.GetWorkflowError())
	require.Zero(t, d.ordinary.Load())
}

// architecture §3.3: an Update must be in history before its step writes, so the step is never a local activity.
func TestRecordDecision_IsNeverLocal(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	d := openDesk(t, "RecordDecision", func(_ context.Context, in casework.DecideInput) (casework.Decided, error) {
		if calls.Add(1) <= 9 {
			return casework.Decided{}, errors.New("connection reset")
		}
		return casework.Decided{Cause: in.Key.Cause, Stage: casework.StageDecided}, nil
	})
	d.env.ExecuteWorkflow(func(ctx workflow.Context) (casework.Decided, error) {
		return activities.RecordDecision(ctx, casework.DecideInput{Key: key("R-7K4F-M2QX-9TBD-H", casework.StepDecide, decidedAt)})
	})
	var decided casework.Decided
	require.NoError(t, d.env.GetWorkflowResult(&decided))
	require.Equal(t, casework.Decided{Cause: "test", Stage: casework.StageDecided}, decided)
	require.Zero(t, d.local.Load())
	require.Equal(t, int32(10), d.ordinary.Load())
}

// A mail whose answer was lost is asked after at the pace of delivery events, for as long as it takes.
func TestSendMail_WaitsForItsEventAtThePaceOfEvents(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{losesIt}
	r.EventWait = 30 * time.Second // The test environment ends an activity after ten attempts.
	d := openDesk(t, "SendMails", func(ctx context.Context, in []casework.MailInput) (casework.MailResult, error) {
		return r.SendMails(ctx, in)
	})
	started := d.env.Now()
	r.Now = func() time.Time { return decidedAt.Add(d.env.Now().Sub(started)) }
	var ended time.Duration
	d.env.SetOnActivityCompletedListener(func(*activity.Info, converter.EncodedValue, error) { ended = d.env.Now().Sub(started) })
	d.env.ExecuteWorkflow(func(ctx workflow.Context) (casework.MailResult, error) {
		return activities.SendMails(ctx, []casework.MailInput{in})
	})
	var result casework.MailResult
	require.NoError(t, d.env.GetWorkflowResult(&result))
	require.Equal(t, casework.MailResult{Sent: 2}, result)
	require.GreaterOrEqual(t, ended, r.EventWait)
	require.Less(t, ended, r.EventWait+6*time.Second)
	require.Equal(t, int32(r.EventWait/(5*time.Second))+1, d.ordinary.Load())
}
