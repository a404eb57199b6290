package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Recalculations writes the recalculating step.
type Recalculations interface {
	Recalculate(ctx context.Context, in casework.RecalculateInput, rules ruling.Rules) (casework.Recalculated, error)
}

// Recalculate counts the clocks of a case by another version of the rules and pins the case to it.
func (f *CaseFile) Recalculate(ctx context.Context, in casework.RecalculateInput) (casework.Recalculated, error) {
	recalculated, err := f.Register.Recalculate(ctx, in, f.Rulebook)
	return recalculated, Failure(err)
}

// Recalculate is an ordinary activity, because an Update causes it (architecture §3.3).
func Recalculate(ctx workflow.Context, in casework.RecalculateInput) (casework.Recalculated, error) {
	var file *CaseFile
	return ordinary(ctx, stepAttempt, "Count the clocks by "+in.Request.Policy, file.Recalculate, in)
}
