package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/sdk/v1"

	"github.com/recourse-exams/recourse/casework"
)

// slow lets a step be recorded only after an outage of that length.
func (s *story) slow(step string, outage time.Duration, answer ...any) {
	s.env.OnActivity(step, mock.Anything, mock.Anything).After(outage).Return(answer...)
}

// details are what the Web UI shows of the case now.
func (s *story) details() string {
	s.t.Helper()
	answer, err := s.env.QueryWorkflow("__temporal_workflow_metadata")
	require.NoError(s.t, err)
	var metadata sdk.WorkflowMetadata
	require.NoError(s.t, answer.Get(&metadata))
	return metadata.GetCurrentDetails()
}

// A decision that cannot be recorded for days (S3 does not answer about the upload) must not keep the warning and the
// breach of the outcome from operations.
func TestEnquiry_DeadlinesPassWhileADecisionIsBeingRecorded(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	late := casework.DecideInput{Key: casework.StepKey{Cause: "u1", At: day(24)}}
	answer := s.published(late)
	answer.SLAState = casework.SLABreached
	s.slow("RecordDecision", 8*24*time.Hour, answer, nil)
	s.on(day(16), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Len(t, s.alerts, 2)
	require.Equal(t, casework.ActWarn, s.alerts[0].Deadline.Act)
	require.Equal(t, casework.ActBreach, s.alerts[1].Deadline.Act)
	for _, alert := range s.alerts {
		require.WithinDuration(t, alert.Deadline.At, alert.Key.At, time.Second, "each was noticed at its instant")
	}
	require.Equal(t, []string{"acknowledgement", "outcome", "sla-breach", "sla-warning", "task"}, s.mailed())
}

// While the register is away, deadlines are noticed at their instants and recorded in their order when it returns.
func TestEnquiry_DeadlinesQueueInOrderWhileTheRegisterIsAway(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	s.slow("RecordAlert", 4*24*time.Hour, func(_ context.Context, in casework.AlertInput) (casework.Alerted, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.alert(in), nil
	})
	s.on(day(26), func() { s.completes("u1", performer, completion()) })
	require.Equal(t, casework.StageClosed, s.run().Stage)
	require.Len(t, s.alerts, 2)
	require.Equal(t, casework.ActWarn, s.alerts[0].Deadline.Act)
	require.Equal(t, casework.ActBreach, s.alerts[1].Deadline.Act)
	for _, alert := range s.alerts {
		require.WithinDuration(t, alert.Deadline.At, alert.Key.At, time.Second)
	}
}

// A warning that is recorded only after its clock was met says nothing about the case any more; its filter must not
// show a case that is done in time among those that are late.
func TestEnquiry_LateRecordOfAWarningDoesNotUndoTheOutcome(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	warnAt := s.opened.Plan[0].At
	s.slow("RecordAlert", time.Hour, casework.Alerted{SLAState: casework.SLAWarned, Due: true, Number: 1}, nil)
	s.on(warnAt.Add(time.Minute), func() { s.completes("u1", performer, completion()) })
	shown := ""
	s.on(warnAt.Add(2*time.Hour), func() { shown = s.details() })
	s.run()
	require.Contains(t, shown, ", met")
	require.NotContains(t, shown, ", warned")
}

// Operators read UTC beside logs and London's time beside what centres are told.
func TestDetails_ShowBothClocks(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ClericalCheck)
	shown := ""
	s.on(day(1), func() { shown = s.details() })
	s.on(day(2), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Contains(t, shown, "ends 2026-10-14 23:00:00 UTC (Thu 15 Oct 00:00 BST in London), on-time")
	require.Contains(t, shown, "warn of the outcome clock at 2026-10-11 23:00:00 UTC (Mon 12 Oct 00:00 BST in London)")
}
