package watcher_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher"
)

// wishes are what the register wants cases to be asked, and which of them another watcher asks.
type wishes struct {
	waiting      []casework.Reference
	hold, resume []docket.Suspicion
	others       map[casework.Reference]bool
	released     []string
	away         error
}

func (w *wishes) WaitingForRoster(_ context.Context, at time.Time, limit int) ([]casework.Reference, error) {
	if !at.Equal(now) || limit <= 0 {
		return nil, errors.New("another question")
	}
	return w.waiting, w.away
}

func (w *wishes) MalpracticeHolds(context.Context) (hold, resume []docket.Suspicion, err error) {
	return w.hold, w.resume, w.away
}

func (w *wishes) ClaimSignals(_ context.Context, _ string, wanted []casework.Reference, _ time.Time, patience time.Duration) ([]casework.Reference, error) {
	var claimed []casework.Reference
	for _, reference := range wanted {
		if !w.others[reference] {
			claimed = append(claimed, reference)
		}
	}
	if patience != 10*time.Minute {
		return nil, errors.New("another patience")
	}
	return claimed, w.away
}

func (w *wishes) ReleaseSignal(ctx context.Context, name string, reference casework.Reference) error {
	w.released = append(w.released, name+" "+string(reference))
	return ctx.Err()
}

// cases is Temporal's part: what was asked of which workflow, and what is wrong with some.
type cases struct {
	signalled []string
	updated   []client.UpdateWorkflowOptions
	wrong     map[string]error
}

func (c *cases) SignalWorkflow(ctx context.Context, id, _, name string, _ any) error {
	if _, bounded := ctx.Deadline(); !bounded {
		return errors.New("a question without an end")
	}
	c.signalled = append(c.signalled, name+" "+id)
	return c.wrong[id]
}

func (c *cases) UpdateWorkflow(_ context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	c.updated = append(c.updated, options)
	return nil, c.wrong[options.WorkflowID]
}

func enquiry(letter byte) string { return casework.WorkflowID(casework.KindEnquiry, caseOf(letter)) }

func TestRoster_WakesWhoWaitsAndLeavesWhatAnotherWatcherAsks(t *testing.T) {
	t.Parallel()
	register := &wishes{waiting: []casework.Reference{caseOf('a'), caseOf('b'), caseOf('c')}, others: map[casework.Reference]bool{caseOf('b'): true}}
	temporal := &cases{}
	roster, _ := watcher.Signals(register, temporal, at)
	require.NoError(t, roster(t.Context()))
	require.Equal(t, []string{"reallocate " + enquiry('a'), "reallocate " + enquiry('c')}, temporal.signalled)
	require.Empty(t, register.released)
}

// One case that cannot be asked holds back no other and is asked again; one without a workflow is another round's matter.
func TestRoster_ACaseThatCannotBeAskedIsAskedAgain(t *testing.T) {
	t.Parallel()
	register := &wishes{waiting: []casework.Reference{caseOf('a'), caseOf('b'), caseOf('c')}}
	temporal := &cases{wrong: map[string]error{enquiry('a'): errors.New("no answer"), enquiry('b'): serviceerror.NewNotFound("none")}}
	roster, _ := watcher.Signals(register, temporal, at)
	require.ErrorContains(t, roster(t.Context()), "ask case "+string(caseOf('a'))+" to reallocate: no answer")
	require.Len(t, temporal.signalled, 3)
	require.Equal(t, []string{"reallocate " + string(caseOf('a'))}, register.released)
	register.away = errors.New("the register is away")
	require.ErrorIs(t, roster(t.Context()), register.away)
}

// A result that becomes provisional holds its cases, and lets them go when it no longer is. The case accepts the Update or
// is asked again: without a worker nothing is lost.
func TestMalpractice_HoldsAndResumesByUpdates(t *testing.T) {
	t.Parallel()
	register := &wishes{hold: []docket.Suspicion{{Reference: caseOf('h'), Number: 2}}, resume: []docket.Suspicion{{Reference: caseOf('r'), Number: 1}}}
	temporal := &cases{}
	_, malpractice := watcher.Signals(register, temporal, at)
	require.NoError(t, malpractice(t.Context()))
	require.Len(t, temporal.updated, 2)
	hold, resume := temporal.updated[0], temporal.updated[1]
	require.Equal(t, enquiry('h'), hold.WorkflowID)
	require.Equal(t, casework.MessageHold, hold.UpdateName)
	require.Equal(t, client.WorkflowUpdateStageAccepted, hold.WaitForStage)
	require.Equal(t, "malpractice-hold-2", hold.UpdateID)
	require.Equal(t, "malpractice-resume-1", resume.UpdateID)
	request := hold.Args[0].(casework.HoldRequest)
	require.Equal(t, casework.HoldMalpractice, request.Cause)
	require.Nil(t, request.Check(), "the case takes it")
	require.Equal(t, now, request.ReceivedAt)
	again := resume.Args[0].(casework.ResumeRequest)
	require.Equal(t, casework.MessageResume, resume.UpdateName)
	require.Equal(t, casework.HoldMalpractice, again.Cause)
	require.Nil(t, again.Check())
	for _, actor := range []casework.Actor{request.Actor, again.Actor} {
		require.Equal(t, casework.System().Subject, actor.Subject)
		require.NotEmpty(t, actor.Reason)
	}
}

// Temporal knows a repeat by the Update's id: the same until the case has done it, and another when it is to wait once more.
func TestMalpractice_TheSameFindingIsTheSameUpdate(t *testing.T) {
	t.Parallel()
	register := &wishes{hold: []docket.Suspicion{{Reference: caseOf('h'), Number: 1}}}
	temporal := &cases{wrong: map[string]error{enquiry('h'): errors.New("the answer was lost")}}
	later := 0
	_, malpractice := watcher.Signals(register, temporal, func() time.Time { later++; return now.Add(time.Duration(later) * time.Hour) })
	require.Error(t, malpractice(t.Context()))
	require.Error(t, malpractice(t.Context()))
	register.hold[0].Number = 2
	require.Error(t, malpractice(t.Context()))
	require.Equal(t, temporal.updated[0].UpdateID, temporal.updated[1].UpdateID)
	require.NotEqual(t, temporal.updated[0].UpdateID, temporal.updated[2].UpdateID)
	require.NotEqual(t, temporal.updated[0].Args[0].(casework.HoldRequest).ReceivedAt, temporal.updated[1].Args[0].(casework.HoldRequest).ReceivedAt, "asked at another moment")
}

func TestMalpractice_OneThatCannotBeHeldDoesNotKeepAnotherHeld(t *testing.T) {
	t.Parallel()
	register := &wishes{hold: []docket.Suspicion{{Reference: caseOf('h'), Number: 2}}, resume: []docket.Suspicion{{Reference: caseOf('r'), Number: 1}}}
	temporal := &cases{wrong: map[string]error{enquiry('h'): context.DeadlineExceeded}}
	_, malpractice := watcher.Signals(register, temporal, at)
	require.ErrorIs(t, malpractice(t.Context()), context.DeadlineExceeded)
	require.Len(t, temporal.updated, 2)
	require.Equal(t, []string{"hold " + string(caseOf('h'))}, register.released)
	register.away = errors.New("the register is away")
	require.ErrorIs(t, malpractice(t.Context()), register.away)
}
