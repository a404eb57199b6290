package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Tasks writes the step that acts on a task.
type Tasks interface {
	// ActOnTask does what was asked with a task, or is a *casework.Fault and has written nothing.
	ActOnTask(ctx context.Context, in casework.TaskInput, rules ruling.Staffing) (casework.TaskDone, error)
}

// ActOnTask does with a task what a performer, a lead or an operator asked for, short of completing it.
func (f *CaseFile) ActOnTask(ctx context.Context, in casework.TaskInput) (casework.TaskDone, error) {
	done, err := f.Register.ActOnTask(ctx, in, f.Rulebook)
	return done, Failure(err)
}

// ActOnTask is an ordinary activity, because an Update causes it (architecture §3.3).
func ActOnTask(ctx workflow.Context, in casework.TaskInput) (casework.TaskDone, error) {
	var file *CaseFile
	summary := "Task " + string(in.Request.Task) + ": " + string(in.Request.Operation)
	return ordinary(ctx, stepAttempt, summary, file.ActOnTask, in)
}
