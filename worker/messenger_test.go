package worker_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
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
	require.NoError(t, worker.NewMessenger(s).AwardSettled(t.Context(), member))
	require.Equal(t, "enquiry/"+string(member), s.workflow)
	require.Empty(t, s.run)
	require.Equal(t, "award-settled", s.name)
	require.Nil(t, s.argument)
}

func TestAwardSettled_EndedCaseNeedsNoWord(t *testing.T) {
	t.Parallel()
	s := &signals{answer: serviceerror.NewNotFound("workflow execution already completed")}
	require.NoError(t, worker.NewMessenger(s).AwardSettled(t.Context(), member))
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
		err := worker.NewMessenger(&signals{answer: answer}).AwardSettled(t.Context(), member)
		require.ErrorIs(t, err, answer, name)
		require.ErrorContains(t, err, string(member), name)
	}
}
