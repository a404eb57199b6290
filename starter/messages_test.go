package starter_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/starter"
)

const reference = casework.Reference("R-2345-6789-BCDF-G")

// told is one message that a dispatcher hands on: how, under which name, and what a case says that has ended.
type told struct {
	tell    func(ctx context.Context, d *starter.Dispatcher) error
	name    string
	request any
	ended   string
}

// messages are all that the dispatcher hands on.
func messages() map[string]told {
	complete := casework.CompleteRequest{Completion: casework.Completion{Task: casework.TaskOf(reference, 1)}}
	recalculate := casework.RecalculateRequest{Policy: "cambria-2026.2", Expect: "00ff"}
	claim := casework.TaskRequest{Task: casework.TaskOf(reference, 1), Operation: casework.OpClaim}
	reassign := casework.TaskRequest{Task: casework.TaskOf(reference, 1), Operation: casework.OpReassign, From: "ex-1001"}
	hold := casework.HoldRequest{Cause: casework.HoldSample, ApprovedBy: "cw-2"}
	resume := casework.ResumeRequest{Cause: casework.HoldSample, Delivered: true}
	nudge := casework.NudgeRequest{Key: "k"}
	return map[string]told{
		"complete": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Complete(ctx, reference, "u1", complete)
			return err
		}, "complete", complete, casework.FaultAlreadyCompleted},
		"recalculate": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Recalculate(ctx, reference, "u1", recalculate)
			return err
		}, "recalculate", recalculate, casework.FaultNotOpen},
		"claim": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Act(ctx, reference, "u1", claim)
			return err
		}, "task", claim, casework.FaultAlreadyCompleted},
		"reassign": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Act(ctx, reference, "u1", reassign)
			return err
		}, "reassign", reassign, casework.FaultAlreadyCompleted},
		"hold": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Hold(ctx, reference, "u1", hold)
			return err
		}, "hold", hold, casework.FaultNotOpen},
		"resume": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Resume(ctx, reference, "u1", resume)
			return err
		}, "resume", resume, casework.FaultNotOpen},
		"nudge": {func(ctx context.Context, d *starter.Dispatcher) error {
			_, err := d.Nudge(ctx, reference, "u1", nudge)
			return err
		}, "nudge", nudge, casework.FaultNotOpen},
	}
}

// Each message is one Update of the case under the caller's id, and waits until the case has accepted it.
func TestMessages_AreUpdatesOfTheCase(t *testing.T) {
	t.Parallel()
	for name, m := range messages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temporal := &server{}
			require.NoError(t, m.tell(t.Context(), starter.NewDispatcher(temporal, "recourse")))
			require.Equal(t, client.UpdateWorkflowOptions{
				WorkflowID: "enquiry/R-2345-6789-BCDF-G", UpdateID: "u1", UpdateName: m.name, Args: []any{m.request},
				WaitForStage: client.WorkflowUpdateStageAccepted,
			}, temporal.update)
		})
	}
}

// "Pending" is said only of what stands in the case's history, and a refusal only by the case.
func TestMessages_TellDoneAcceptedAndRefusedApart(t *testing.T) {
	t.Parallel()
	no := casework.NewFault(casework.Conflict, "a-rule", "The case says no.")
	for name, m := range messages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for outcome, row := range map[string]struct {
				server  server
				fault   string
				pending bool
			}{
				"refused by the validator":     {server: server{accept: activities.Failure(no)}, fault: "a-rule"},
				"refused by the step":          {server: server{answer: answer{err: activities.Failure(no)}}, fault: "a-rule"},
				"a workflow that has ended":    {server: server{accept: serviceerror.NewNotFound("completed")}, fault: m.ended},
				"accepted and no answer":       {server: server{answer: answer{err: context.DeadlineExceeded}}, pending: true},
				"nobody knows if it got there": {server: server{accept: errors.New("connection reset")}},
			} {
				err := m.tell(t.Context(), starter.NewDispatcher(&row.server, "recourse"))
				require.Error(t, err, outcome)
				var fault *casework.Fault
				if errors.As(err, &fault) {
					require.Equal(t, row.fault, fault.Code, outcome)
				} else {
					require.Empty(t, row.fault, outcome)
				}
				require.Equal(t, row.pending, errors.Is(err, api.ErrPending), outcome)
			}
		})
	}
}
