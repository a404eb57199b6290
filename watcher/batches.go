package watcher

import (
	"context"
	"errors"
	"time"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// started is how long whoever made a batch has to start its workflow before the watcher does.
const started = 30 * time.Second

// batchRegister knows the batches that have not ended.
type batchRegister interface {
	UnendedBatches(ctx context.Context, madeBefore time.Time) ([]casework.BatchInput, error)
}

// batches looks after batches whose workflow was never started: whoever wrote one down may have died before they could.
type batches struct {
	register batchRegister
	temporal activities.Starts
	queue    string
	now      func() time.Time
}

// start starts the workflow of every batch that should have one. Which of them has none need not be asked: under the
// batch's business id a start finds the workflow that runs or has ended. One that cannot be started holds back no other.
func (b batches) start(ctx context.Context) error {
	unended, err := b.register.UnendedBatches(ctx, b.now().Add(-started))
	if err != nil {
		return err
	}
	var failed error
	for _, batch := range unended {
		asking, cancel := context.WithTimeout(ctx, askWait)
		failed = errors.Join(failed, activities.StartBatch(asking, b.temporal, b.queue, batch))
		cancel()
	}
	return failed
}
