package starter

import (
	"context"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// StartBatch lets the workflow of a batch run under its business id, once for ever: a repeat finds the one that runs or
// has ended.
func (d *Dispatcher) StartBatch(ctx context.Context, in casework.BatchInput) error {
	waiting, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	return activities.StartBatch(waiting, d.temporal, d.queue, in)
}
