package activities_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// line hands Updates to nobody and answers as a test says.
type line struct {
	sent   []client.UpdateWorkflowOptions
	accept error
	answer error
}

func (l *line) UpdateWorkflow(_ context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	l.sent = append(l.sent, options)
	return told{l.answer}, l.accept
}

// told is the handle of an Update whose outcome is known.
type told struct{ err error }

func (told) WorkflowID() string               { return "" }
func (told) RunID() string                    { return "" }
func (told) UpdateID() string                 { return "" }
func (t told) Get(context.Context, any) error { return t.err }

// Whoever sends a message learns whether it was done, refused, accepted, or whether nobody knows.
func TestTell_EveryAnswerHasOneMeaning(t *testing.T) {
	t.Parallel()
	ended := casework.NotOpen("R-2345-6789-BCDF-G", casework.StageClosed)
	no := casework.NewFault(casework.Conflict, "a-rule", "The case says no.")
	gone := serviceerror.NewNotFound("completed")
	for name, row := range map[string]struct {
		line     line
		ended    *casework.Fault
		fault    *casework.Fault
		accepted bool
	}{
		"refused at once":             {line: line{accept: activities.Failure(no)}, ended: ended, fault: no},
		"refused by its step":         {line: line{answer: activities.Failure(no)}, ended: ended, fault: no},
		"ended":                       {line: line{accept: gone}, ended: ended, fault: ended},
		"ended, and nobody says what": {line: line{accept: gone}},
		"accepted":                    {line: line{answer: context.DeadlineExceeded}, ended: ended, accepted: true},
		"away":                        {line: line{accept: errors.New("connection refused")}, ended: ended},
		"away, by a fault of its own": {line: line{accept: activities.Failure(casework.NewFault(casework.Unavailable, "x", "Away."))}, ended: ended},
		"accepted, and its step finds an outage": {
			line: line{answer: activities.Failure(casework.NewFault(casework.Unavailable, "x", "Away."))}, ended: ended, accepted: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := activities.Tell[casework.Nudged](t.Context(), &row.line, activities.Message{
				Reference: "R-2345-6789-BCDF-G", Name: "nudge", ID: "u1", Request: casework.NudgeRequest{}, Ended: row.ended,
			})
			require.Error(t, err)
			require.Equal(t, row.accepted, errors.Is(err, activities.ErrAccepted))
			var fault *casework.Fault
			if row.fault == nil {
				require.False(t, errors.As(err, &fault) && fault.Kind != casework.Unavailable, "%v", err)
				return
			}
			require.ErrorAs(t, err, &fault)
			require.Equal(t, row.fault, fault)
		})
	}
}
