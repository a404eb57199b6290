package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// BatchLedger keeps what several cases are told at once, and what each answered.
type BatchLedger interface {
	// BatchItem reads one case of a batch by its place, from 1, and what the batch tells it.
	BatchItem(ctx context.Context, batch string, position int) (casework.BatchCommand, docket.BatchItem, error)
	// SettleBatchItem records once what a case answered; why is empty for one that did it.
	SettleBatchItem(ctx context.Context, batch string, position int, why string, at time.Time) error
	// EndBatch records that no case waits any more, and counts the answers.
	EndBatch(ctx context.Context, batch string, at time.Time) (casework.BatchResult, error)
}

// Batches holds the activities of a batch.
type Batches struct {
	Ledger BatchLedger
	// Cases hands the batch's command on to the workflow of each case.
	Cases Updater
	Now   func() time.Time
}

// TellCase tells one case of a batch what the batch says, unless it has answered before, and records the answer. The
// Update has an id made of batch and case, so that a repeat after a crash is the same Update: nothing is done twice. A
// case that refuses has answered; an outage is an error, which is tried again.
func (b *Batches) TellCase(ctx context.Context, in casework.BatchItemInput) (casework.BatchItemState, error) {
	command, item, err := b.Ledger.BatchItem(ctx, in.Batch, in.Position)
	if err != nil {
		return "", Failure(err)
	}
	if item.State != casework.ItemWaiting {
		return item.State, nil
	}
	why := ""
	err = b.tell(ctx, command, item.BatchTarget, casework.BatchWorkflowID(in.Batch)+"/"+string(item.Reference))
	if fault, ok := asFault(err); ok && fault.Kind != casework.Unavailable {
		why, err = fault.Error(), nil
	}
	if err != nil {
		return "", fmt.Errorf("case %d of batch %s: %w", in.Position, in.Batch, err)
	}
	if err := b.Ledger.SettleBatchItem(ctx, in.Batch, in.Position, why, b.Now()); err != nil {
		return "", Failure(err)
	}
	if why != "" {
		return casework.ItemRefused, nil
	}
	return casework.ItemDone, nil
}

// tell hands the command on as the Update that one case knows, under one id for both its attempts and its key.
func (b *Batches) tell(ctx context.Context, command casework.BatchCommand, target casework.BatchTarget, id string) error {
	message := Message{Reference: target.Reference, ID: id, Ended: casework.NotOpen(target.Reference, casework.StageClosed)}
	var err error
	switch command.Action {
	case casework.BatchHold:
		message.Name, message.Request = casework.MessageHold, command.HoldRequest(id)
		_, err = Tell[casework.Held](ctx, b.Cases, message)
	case casework.BatchResume:
		message.Name, message.Request = casework.MessageResume, command.ResumeRequest(id)
		_, err = Tell[casework.Held](ctx, b.Cases, message)
	case casework.BatchReassign:
		message.Name, message.Request = casework.MessageReassign, command.ReassignRequest(target, id)
		_, err = Tell[casework.TaskDone](ctx, b.Cases, message)
	case casework.BatchNudge:
		message.Name, message.Request = casework.MessageNudge, command.NudgeRequest(id)
		_, err = Tell[casework.Nudged](ctx, b.Cases, message)
	default:
		err = casework.NewFault(casework.Invalid, casework.FaultBatchInvalid, fmt.Sprintf("Nobody knows how to tell a case %q.", command.Action))
	}
	return err
}

// CloseBatch records that every case of a batch has answered, and counts the answers.
func (b *Batches) CloseBatch(ctx context.Context, in casework.BatchInput) (casework.BatchResult, error) {
	result, err := b.Ledger.EndBatch(ctx, in.Batch, b.Now())
	return result, Failure(err)
}

// The first attempts at a case: enough for a connection that comes back at once.
const (
	firstTries = 3
	firstWait  = 20 * time.Second
)

// TellCase is an ordinary activity. At first it has few attempts, so that a case in trouble does not hold up the others of
// its batch: whatever the error says then, asking again patiently, without a limit of attempts, goes on where it stopped.
func TellCase(ctx workflow.Context, in casework.BatchItemInput) (casework.BatchItemState, error) {
	var batches *Batches
	if in.Patient {
		return ordinary(ctx, stepAttempt, caseOfBatch(in), batches.TellCase, in)
	}
	retry := backoff
	retry.MaximumAttempts = firstTries
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: stepAttempt, ScheduleToCloseTimeout: firstWait, RetryPolicy: &retry, Summary: caseOfBatch(in),
	})
	var state casework.BatchItemState
	err := workflow.ExecuteActivity(ctx, batches.TellCase, in).Get(ctx, &state)
	return state, err
}

func caseOfBatch(in casework.BatchItemInput) string { return fmt.Sprintf("Tell case %d", in.Position) }

// CloseBatch is an ordinary activity at the end of the batch.
func CloseBatch(ctx workflow.Context, in casework.BatchInput) (casework.BatchResult, error) {
	var batches *Batches
	return ordinary(ctx, stepAttempt, "Count the answers", batches.CloseBatch, in)
}
