package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Holds writes the steps that let a case wait and go on.
type Holds interface {
	HoldCase(ctx context.Context, in casework.HoldInput, rules ruling.Holding) (casework.Held, error)
	ResumeCase(ctx context.Context, in casework.ResumeInput, rules ruling.Holding) (casework.Held, error)
}

// HoldCase stops a case for a cause: its task is suspended and the clocks stand still whose rule names the cause.
func (f *CaseFile) HoldCase(ctx context.Context, in casework.HoldInput) (casework.Held, error) {
	held, err := f.Register.HoldCase(ctx, in, f.Rulebook)
	return held, Failure(err)
}

// HoldCase is an ordinary activity, because an Update causes it (architecture §3.3).
func HoldCase(ctx workflow.Context, in casework.HoldInput) (casework.Held, error) {
	var file *CaseFile
	return ordinary(ctx, stepAttempt, "Hold the case: "+string(in.Request.Cause), file.HoldCase, in)
}

// ResumeCase ends a cause for which a case waits.
func (f *CaseFile) ResumeCase(ctx context.Context, in casework.ResumeInput) (casework.Held, error) {
	held, err := f.Register.ResumeCase(ctx, in, f.Rulebook)
	return held, Failure(err)
}

// ResumeCase is an ordinary activity, because an Update causes it (architecture §3.3).
func ResumeCase(ctx workflow.Context, in casework.ResumeInput) (casework.Held, error) {
	var file *CaseFile
	return ordinary(ctx, stepAttempt, "Let the case go on: "+string(in.Request.Cause), file.ResumeCase, in)
}
