package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// Clocks records what happens to a case's clocks, and to the deadlines of its task.
type Clocks interface {
	// RecordAlert records once that a deadline has passed, with its true instant.
	RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error)
}

// Alerts holds the step that records a passed deadline.
type Alerts struct {
	Clocks Clocks
}

// RecordAlert records that a deadline has passed of which somebody is to be told.
func (a *Alerts) RecordAlert(ctx context.Context, in casework.AlertInput) (casework.Alerted, error) {
	alerted, err := a.Clocks.RecordAlert(ctx, in)
	return alerted, Failure(err)
}

// RecordAlert is a quick write: the timer that causes it is in history.
func RecordAlert(ctx workflow.Context, in casework.AlertInput) (casework.Alerted, error) {
	var alerts *Alerts
	return quickWrite(ctx, "Record the deadline "+string(in.Deadline.Clock)+", "+string(in.Deadline.Act), alerts.RecordAlert, in)
}
