package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// Clocks records what happens to a case's clocks.
type Clocks interface {
	// RecordAlert records a warn point or a breach once, with its true instant.
	RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error)
}

// Alerts holds the step that records a passed deadline.
type Alerts struct {
	Clocks Clocks
}

// RecordAlert records that a warn point or a breach has passed.
func (a *Alerts) RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error) {
	alerted, err := a.Clocks.RecordAlert(ctx, in)
	return alerted, Failure(err)
}

// RecordAlert is a quick write: the timer that causes it is in history.
func RecordAlert(ctx workflow.Context, in casework.AlertInput) (casework.Alerted, error) {
	var alerts *Alerts
	return quickWrite(ctx, "Record the "+string(in.Deadline.Act)+" of the "+string(in.Deadline.Clock)+" clock", alerts.RecordAlert, in)
}
