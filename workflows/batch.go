package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

const (
	// told is how many cases of a batch are told at once: enough for a batch to be done in a minute, and few enough that
	// people's own requests never wait for it.
	told = 4
	// waitedFor is how many cases that did not answer at first are waited for at once.
	waitedFor = 16
)

// Batch tells every case of a batch what the batch says, and ends when each has answered. Who tells it is the activity,
// which does nothing twice; so a batch goes on after a crash where it stopped. A case that does not answer at first is
// asked again beside the others for as long as it takes, so that one in trouble holds up no other.
func Batch(ctx workflow.Context, in casework.BatchInput) (casework.BatchResult, error) {
	quick, patient := workflow.NewSemaphore(ctx, told), workflow.NewSemaphore(ctx, waitedFor)
	all := workflow.NewWaitGroup(ctx)
	var failed error
	for position := 1; position <= in.Cases; position++ {
		if err := quick.Acquire(ctx, 1); err != nil {
			return casework.BatchResult{}, err
		}
		all.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer all.Done()
			item := casework.BatchItemInput{Batch: in.Batch, Position: position}
			_, err := activities.TellCase(ctx, item)
			quick.Release(1)
			if err == nil {
				return
			}
			if err = patient.Acquire(ctx, 1); err == nil {
				item.Patient = true
				_, err = activities.TellCase(ctx, item)
				patient.Release(1)
			}
			if err != nil {
				failed = err
			}
		})
	}
	all.Wait(ctx)
	if failed != nil {
		return casework.BatchResult{}, failed
	}
	return activities.CloseBatch(ctx, in)
}
