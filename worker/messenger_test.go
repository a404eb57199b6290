package worker_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/worker"
)

// signals stands in for Temporal's client: it answers every signal alike and remembers the last.
type signals struct {
	client.Client
	answer error

	workflow, run, name string
	argument            any
}

func (s *signals) SignalWorkflow(_ context.Context, workflowID, runID, name string, argument any) error {
	s.workflow, s.run, s.name, s.argument = workflowID, runID, name, argument
	return s.answer
}

const member = casework.Reference("R-7K4F-M2QX-9TBD-H")

func TestAwardSettled_SignalsTheCaseWhateverItsRun(t *testing.T) {
	t.Parallel()
	s := &signals{}
	require.NoError(t, worker.NewMessenger(s, nil).AwardSettled(t.Context(), member))
	require.Equal(t, "enquiry/"+string(member), s.workflow)
	require.Empty(t, s.run)
	require.Equal(t, "award-settled", s.name)
	require.Nil(t, s.argument)
}

// page is the register's page of one case, or what keeps it from being read.
type page struct {
	stage casework.Stage
	away  error
}

func (p page) Case(context.Context, casework.Reference, docket.Scope) (docket.Case, error) {
	return docket.Case{Stage: p.stage}, p.away
}

// A workflow that is not there needs no word if its case has gone on without one; a case that still waits would wait
// for ever, so that is an error which the activity's page shows until the workflow is back.
func TestAwardSettled_NoWorkflowIsGoodNewsOnlyWhereNobodyWaits(t *testing.T) {
	t.Parallel()
	gone := serviceerror.NewNotFound("workflow execution already completed")
	for _, stage := range casework.Stages() {
		err := worker.NewMessenger(&signals{answer: gone}, page{stage: stage}).AwardSettled(t.Context(), member)
		if stage != casework.StageDecided {
			require.NoError(t, err, stage)
			continue
		}
		require.ErrorIs(t, err, gone)
		require.ErrorContains(t, err, string(member))
	}
	away := errors.New("the register does not answer")
	err := worker.NewMessenger(&signals{answer: gone}, page{away: away}).AwardSettled(t.Context(), member)
	require.ErrorIs(t, err, away, "what cannot be read is asked again")
}

func TestAwardSettled_AnythingElseIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]error{
		"the frontend is away":         serviceerror.NewUnavailable("connection refused"),
		"the frontend is busy":         serviceerror.NewResourceExhausted(0, "namespace rate limit"),
		"the namespace is not there":   serviceerror.NewNamespaceNotFound("recourse"),
		"the question took too long":   context.DeadlineExceeded,
		"the caller may not signal it": serviceerror.NewPermissionDenied("no", ""),
	} {
		err := worker.NewMessenger(&signals{answer: answer}, nil).AwardSettled(t.Context(), member)
		require.ErrorIs(t, err, answer, name)
		require.ErrorContains(t, err, string(member), name)
	}
}
