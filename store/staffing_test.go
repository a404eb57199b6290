package store_test

import (
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// choosing are the real rules with a choice of the test's own.
type choosing struct {
	ruling.Staffing
	choose func(allocation.Task, []allocation.Performer) allocation.Proof
}

func (c choosing) Choose(task allocation.Task, roster []allocation.Performer) allocation.Proof {
	return c.choose(task, roster)
}
