package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const makeWebhookSQL = `
INSERT INTO webhooks (id, url, events, made_by, made_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING`

const webhookSQL = `SELECT id, url, events, generation, made_by, made_at, active FROM webhooks WHERE id = $1`

// MakeWebhook makes a webhook of its first generation under an id that the caller derives from the request, so that a
// repeat makes none: it is answered with what is there, and another address or other events under the same id are a
// fault of code casework.FaultKeyReused.
func (s *Store) MakeWebhook(ctx context.Context, webhook docket.Webhook) (docket.Webhook, error) {
	if _, err := s.pool.Exec(ctx, makeWebhookSQL, webhook.ID, webhook.URL, webhook.Events, webhook.MadeBy, instant(webhook.MadeAt)); err != nil {
		return docket.Webhook{}, fmt.Errorf("make webhook %s: %w", webhook.ID, unavailable(err))
	}
	made, err := s.Webhook(ctx, webhook.ID)
	if err != nil {
		return docket.Webhook{}, err
	}
	if made.URL != webhook.URL || !slices.Equal(made.Events, webhook.Events) {
		return docket.Webhook{}, casework.NewFault(casework.Invalid, casework.FaultKeyReused,
			"This Idempotency-Key was used for another webhook. Use a new key for a new request.")
	}
	return made, nil
}

// Webhook reads one webhook; one that is not known is a fault of kind not-found.
func (s *Store) Webhook(ctx context.Context, id string) (docket.Webhook, error) {
	found, err := collectOne[docket.Webhook](ctx, s.pool, webhookSQL, id)
	return found, missing(err, "webhook", "webhook "+id)
}

const webhooksSQL = `SELECT id, url, events, generation, made_by, made_at, active FROM webhooks ORDER BY made_at DESC, id`

// Webhooks lists every webhook, the newest first, those that were stopped as well.
func (s *Store) Webhooks(ctx context.Context) ([]docket.Webhook, error) {
	found, err := collect[docket.Webhook](ctx, s.pool, webhooksSQL)
	if err != nil {
		return nil, fmt.Errorf("list the webhooks: %w", unavailable(err))
	}
	return found, nil
}

const rotateWebhookSQL = `UPDATE webhooks SET generation = $2 + 1 WHERE id = $1 AND generation = $2 AND active`

// RotateWebhook gives a webhook its next secret; generation is the one that the person saw. A repeat is answered with
// what is there; if others have rotated it further, or it is stopped, that is a fault of kind conflict.
func (s *Store) RotateWebhook(ctx context.Context, id string, generation int) (docket.Webhook, error) {
	if _, err := s.pool.Exec(ctx, rotateWebhookSQL, id, generation); err != nil {
		return docket.Webhook{}, fmt.Errorf("rotate the secret of webhook %s: %w", id, unavailable(err))
	}
	found, err := s.Webhook(ctx, id)
	switch {
	case err != nil:
		return docket.Webhook{}, err
	case !found.Active:
		return docket.Webhook{}, stoppedWebhook(id)
	case found.Generation != generation+1:
		return docket.Webhook{}, casework.NewFault(casework.Conflict, "webhook-changed",
			fmt.Sprintf("Webhook %s has its secret number %d by now. Read it again before you change it.", id, found.Generation))
	}
	return found, nil
}

func stoppedWebhook(id string) *casework.Fault {
	return casework.NewFault(casework.Conflict, "webhook-stopped", fmt.Sprintf("Webhook %s is stopped. Make a new one.", id))
}

const stopWebhookSQL = `UPDATE webhooks SET active = false WHERE id = $1`

// A dead delivery's next_at is when it was given up.
const stopDeliveriesSQL = `
UPDATE webhook_deliveries
SET state = 'dead', last_error = 'the webhook was stopped', next_at = $2
WHERE webhook = $1 AND state = 'pending'`

// StopWebhook ends a webhook at an instant: it is told nothing any more, and what was still to be delivered to it is dead.
// Repeating it changes nothing.
func (s *Store) StopWebhook(ctx context.Context, id string, at time.Time) (docket.Webhook, error) {
	return inUnit(ctx, s, func(ctx context.Context, u *unit) (docket.Webhook, error) {
		u.write("stop webhook "+id, stopWebhookSQL, id)
		u.write("end the deliveries of webhook "+id, stopDeliveriesSQL, id, instant(at))
		found := each[docket.Webhook](u, "read webhook "+id, webhookSQL, id)
		if err := u.send(ctx); err != nil {
			return docket.Webhook{}, err
		}
		if len(*found) == 0 {
			return docket.Webhook{}, unknown("webhook", "webhook "+id)
		}
		return (*found)[0], nil
	})
}
