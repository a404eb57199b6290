package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// register sets up every message before the first wait, so that none is missed.
func (e *enquiry) register(ctx workflow.Context) error {
	err := workflow.SetUpdateHandlerWithOptions(ctx, casework.UpdateOpen, e.answerOpen, workflow.UpdateHandlerOptions{
		Description: "Waits until the case is opened or refused; takes no argument.",
	})
	if err != nil {
		return fmt.Errorf("register update %s: %w", casework.UpdateOpen, err)
	}
	messages := []interface {
		listen(ctx workflow.Context, e *enquiry) error
	}{
		e.completions(), e.operations(), e.reassignments(), e.holds(), e.resumptions(), e.nudges(), e.recalculations(),
	}
	for _, m := range messages {
		if err := m.listen(ctx, e); err != nil {
			return err
		}
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, casework.SignalReallocate).Receive(ctx, nil) {
			e.pool.ask(casework.SignalReallocate)
		}
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, casework.SignalAwardSettled).Receive(ctx, nil) {
			e.awardSettled = true
		}
	})
	return nil
}

// answerOpen answers the Update that came with the start.
func (e *enquiry) answerOpen(ctx workflow.Context) (casework.Opened, error) {
	if err := workflow.Await(ctx, func() bool { return e.opened != nil }); err != nil {
		return casework.Opened{}, err
	}
	return *e.opened, nil
}
