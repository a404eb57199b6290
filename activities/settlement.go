package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// Messenger passes signals to other cases.
type Messenger interface {
	// AwardSettled signals a case that its award review is settled; a case that has gone on or ended needs no signal,
	// and one that waits without a workflow is an error until the workflow is back.
	AwardSettled(ctx context.Context, member casework.Reference) error
}

// Settlement holds the activity that tells the members of an award review.
type Settlement struct {
	Messenger Messenger
}

// TellMembers signals every other case of the settled award review. A case that is told twice takes the
// settlement over once; one that cannot be reached does not keep the word from the others.
func (s *Settlement) TellMembers(ctx context.Context, notice casework.SettledNotice) (struct{}, error) {
	var missed error
	for _, member := range notice.Members {
		missed = errors.Join(missed, s.Messenger.AwardSettled(ctx, member))
	}
	return struct{}{}, missed
}

// TellMembers is an ordinary activity, because it calls Temporal.
func TellMembers(ctx workflow.Context, notice casework.SettledNotice) error {
	var settlement *Settlement
	_, err := ordinary(ctx, stepAttempt, "Tell the linked cases that the award is settled", settlement.TellMembers, notice)
	return err
}
