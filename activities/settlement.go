package activities

import (
	"context"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// Messenger passes signals to other cases.
type Messenger interface {
	// AwardSettled signals a case that its award review is settled; a case that has ended needs no signal.
	AwardSettled(ctx context.Context, member casework.Reference) error
}

// Settlement holds the activity that tells the members of an award review.
type Settlement struct {
	Messenger Messenger
}

// TellMembers signals every other case of the settled award review. A case that is told twice takes the
// settlement over once.
func (s *Settlement) TellMembers(ctx context.Context, notice casework.SettledNotice) (struct{}, error) {
	for _, member := range notice.Members {
		if err := s.Messenger.AwardSettled(ctx, member); err != nil {
			return struct{}{}, err
		}
	}
	return struct{}{}, nil
}

// TellMembers is an ordinary activity, because it calls Temporal.
func TellMembers(ctx workflow.Context, notice casework.SettledNotice) error {
	var settlement *Settlement
	_, err := ordinary(ctx, stepAttempt, "Tell the linked cases that the award is settled", settlement.TellMembers, notice)
	return err
}
