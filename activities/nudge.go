package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// Nudges writes the step that notes a nudge.
type Nudges interface {
	Nudge(ctx context.Context, in casework.NudgeInput) (casework.Nudged, error)
}

// Nudge notes that somebody asked a case to look again, and says who acts next.
func (f *CaseFile) Nudge(ctx context.Context, in casework.NudgeInput) (casework.Nudged, error) {
	nudged, err := f.Register.Nudge(ctx, in)
	return nudged, Failure(err)
}

// Nudge is an ordinary activity, because an Update causes it (architecture §3.3).
func Nudge(ctx workflow.Context, in casework.NudgeInput) (casework.Nudged, error) {
	var file *CaseFile
	return ordinary(ctx, stepAttempt, "Note the nudge", file.Nudge, in)
}
