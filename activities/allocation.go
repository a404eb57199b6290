package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Roster reserves tasks for performers.
type Roster interface {
	// Allocate reserves the case's task for whom the rules choose, with its proof, or leaves it in the pool. It
	// checks the choice again after the performer's row is locked.
	Allocate(ctx context.Context, key casework.StepKey, rules ruling.Staffing) (casework.Allocated, error)
}

// Allocation holds the step that gives a task to a performer.
type Allocation struct {
	Roster   Roster
	Staffing ruling.Staffing
}

// AllocateTask gives the case's task to an eligible performer, or leaves it in the pool.
func (a *Allocation) AllocateTask(ctx context.Context, key casework.StepKey) (casework.Allocated, error) {
	allocated, err := a.Roster.Allocate(ctx, key, a.Staffing)
	return allocated, Failure(err)
}

// AllocateTask is a quick write: the start or the signal that causes it is in history.
func AllocateTask(ctx workflow.Context, key casework.StepKey) (casework.Allocated, error) {
	var allocation *Allocation
	return quickWrite(ctx, "Allocate a performer without a conflict", allocation.AllocateTask, key)
}
