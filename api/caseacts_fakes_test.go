package api_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/webhook"
)

// asks is what was asked of cases by people of the awarding body, and what they are answered.
type asks struct {
	mu      sync.Mutex
	held    []casework.HoldRequest
	resumed []casework.ResumeRequest
	nudged  []casework.NudgeRequest
	batches []casework.BatchInput
	ids     []string
	// refuse is the answer to everything, if it is set.
	refuse error
}

func (a *asks) note(id string, kept func()) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	kept()
	a.ids = append(a.ids, id)
	return a.refuse
}

func (a *asks) Hold(_ context.Context, reference casework.Reference, id string, request casework.HoldRequest) (casework.Held, error) {
	err := a.note(id, func() { a.held = append(a.held, request) })
	return casework.Held{Reference: reference, Number: len(a.held), Causes: []casework.HoldCause{request.Cause}, SLAState: casework.SLAPaused}, err
}

func (a *asks) Resume(_ context.Context, reference casework.Reference, id string, request casework.ResumeRequest) (casework.Held, error) {
	err := a.note(id, func() { a.resumed = append(a.resumed, request) })
	return casework.Held{Reference: reference, Number: 1, SLAState: casework.SLAOnTime}, err
}

func (a *asks) Nudge(_ context.Context, reference casework.Reference, id string, request casework.NudgeRequest) (casework.Nudged, error) {
	err := a.note(id, func() { a.nudged = append(a.nudged, request) })
	return casework.Nudged{Reference: reference, Stage: casework.StageAssigned, Number: len(a.nudged), WaitingOn: casework.WaitingReviewer}, err
}

func (a *asks) StartBatch(_ context.Context, in casework.BatchInput) error {
	return a.note(in.Batch, func() { a.batches = append(a.batches, in) })
}

// Hold lets the case wait as its workflow does.
func (s steps) Hold(ctx context.Context, reference casework.Reference, id string, request casework.HoldRequest) (casework.Held, error) {
	key := s.key(reference, casework.StepHold, request.ReceivedAt)
	key.About, key.Cause = id, id
	return s.store.HoldCase(ctx, casework.HoldInput{Key: key, Request: request}, s.rules)
}

// Resume lets the case go on as its workflow does.
func (s steps) Resume(ctx context.Context, reference casework.Reference, id string, request casework.ResumeRequest) (casework.Held, error) {
	key := s.key(reference, casework.StepResume, request.ReceivedAt)
	key.About, key.Cause = id, id
	return s.store.ResumeCase(ctx, casework.ResumeInput{Key: key, Request: request}, s.rules)
}

// Nudge notes the nudge as the case's workflow does.
func (s steps) Nudge(ctx context.Context, reference casework.Reference, id string, request casework.NudgeRequest) (casework.Nudged, error) {
	key := s.key(reference, casework.StepNudge, request.ReceivedAt)
	key.About, key.Cause = id, id
	if no := s.no[string(reference)]; no != nil {
		return casework.Nudged{}, no
	}
	return s.store.Nudge(ctx, casework.NudgeInput{Key: key, Request: request})
}

// StartBatch tells every case of the batch at once, one after the other, as the batch's workflow does.
func (s steps) StartBatch(ctx context.Context, in casework.BatchInput) error {
	for position := 1; position <= in.Cases; position++ {
		command, item, err := s.store.BatchItem(ctx, in.Batch, position)
		if err != nil || item.State != casework.ItemWaiting {
			return err
		}
		id := fmt.Sprintf("%s/%d", in.Batch, position)
		switch command.Action {
		case casework.BatchHold:
			_, err = s.Hold(ctx, item.Reference, id, command.HoldRequest(id))
		case casework.BatchResume:
			_, err = s.Resume(ctx, item.Reference, id, command.ResumeRequest(id))
		case casework.BatchReassign:
			_, err = s.Act(ctx, item.Reference, id, command.ReassignRequest(item.BatchTarget, id))
		case casework.BatchNudge:
			_, err = s.Nudge(ctx, item.Reference, id, command.NudgeRequest(id))
		}
		why := ""
		if err != nil {
			why = err.Error()
		}
		if err := s.store.SettleBatchItem(ctx, in.Batch, position, why, command.ReceivedAt); err != nil {
			return err
		}
	}
	_, err := s.store.EndBatch(ctx, in.Batch, now)
	return err
}

// hookRules are those of an installation whose webhooks may not lead to itself.
type hookRules struct{ webhook.Keyring }

// CheckURL implements api.WebhookRules.
func (hookRules) CheckURL(address string) error { return webhook.Networks(nil).CheckURL(address) }

// withOffice lets the service keep notes, batches and webhooks in the world's register.
func withOffice(c *api.Config, passing steps) {
	c.Overview, c.Notes, c.Approvers, c.Batches, c.Webhooks = passing.store, passing.store, passing.store, passing.store, passing.store
	c.WebhookRules = hookRules{webhook.NewKeyring([]byte("a key of a test, 32 bytes and on"))}
}
