package api

import (
	"context"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Overview counts what operators look at first.
type Overview interface {
	Desk(ctx context.Context, at time.Time) (docket.Desk, error)
}

// CaseNotes keeps what people of the awarding body note about cases.
type CaseNotes interface {
	CaseNotes(ctx context.Context, reference casework.Reference) ([]docket.CaseNote, error)
	// AddCaseNote keeps a note, once under a key of its author; another note under the key is a fault
	// idempotency-key-reused.
	AddCaseNote(ctx context.Context, note docket.CaseNote, key string) (docket.CaseNote, error)
}

// Approvers knows who may agree that cases wait.
type Approvers interface {
	// Approvers lists those of every awarding body, by body and name.
	Approvers(ctx context.Context) ([]docket.Approver, error)
}

// Batches keeps what several cases are told at once. What is not there is a fault of kind NotFound.
type Batches interface {
	// BatchCandidates reads the open cases that a selection picks; of named ones also those at their end.
	BatchCandidates(ctx context.Context, selection docket.BatchSelection) ([]docket.BatchCandidate, error)
	// MakeBatch keeps a batch under an id that the caller derives from the request; a repeat is answered with what is
	// there, and another batch under the id is a fault idempotency-key-reused.
	MakeBatch(ctx context.Context, batch docket.Batch) (docket.Batch, error)
	Batch(ctx context.Context, id string) (docket.Batch, error)
	Batches(ctx context.Context, filter docket.BatchFilter) ([]docket.Batch, error)
}

// Webhooks keeps to whom events are sent, and what was. What is not there is a fault of kind NotFound.
type Webhooks interface {
	// MakeWebhook makes a webhook under an id that the caller derives from the request; a repeat is answered with what
	// is there, and another webhook under the id is a fault idempotency-key-reused.
	MakeWebhook(ctx context.Context, webhook docket.Webhook) (docket.Webhook, error)
	Webhooks(ctx context.Context) ([]docket.Webhook, error)
	// RotateWebhook moves a webhook on from a generation to the next, once; a Conflict fault means that it has another
	// by now, or is stopped.
	RotateWebhook(ctx context.Context, id string, generation int) (docket.Webhook, error)
	StopWebhook(ctx context.Context, id string, at time.Time) (docket.Webhook, error)
	// TestWebhook queues a test event, once under a key.
	TestWebhook(ctx context.Context, id, key string, at time.Time) (docket.Delivery, error)
	Deliveries(ctx context.Context, filter docket.DeliveryFilter) ([]docket.Delivery, error)
	// Replay begins a fresh round of attempts; one that is under way is a Conflict fault.
	Replay(ctx context.Context, id string, at time.Time) (docket.Delivery, error)
}

// WebhookRules makes the secrets of webhooks and judges their addresses.
type WebhookRules interface {
	// Secret is the secret of a webhook in a generation.
	Secret(id string, generation int) string
	// CheckURL says in a sentence what is wrong with an address; nil if nothing is.
	CheckURL(address string) error
}
