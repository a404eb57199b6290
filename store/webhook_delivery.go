package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// deliveryRow is a delivery as the register keeps it.
type deliveryRow struct {
	ID          string
	Webhook     string
	Event       docket.EventType
	Reference   zeronull.Text
	Body        string
	MadeAt      time.Time
	State       docket.DeliveryState
	Attempts    int
	FirstAt     zeronull.Timestamptz
	NextAt      time.Time
	LastStatus  zeronull.Int4
	LastError   string
	DeliveredAt zeronull.Timestamptz
	Replays     int
}

func (r deliveryRow) delivery() docket.Delivery {
	return docket.Delivery{
		ID: r.ID, Webhook: r.Webhook, Event: r.Event, Reference: casework.Reference(r.Reference), Body: r.Body, MadeAt: r.MadeAt, State: r.State,
		Attempts: r.Attempts, FirstAt: timeOf(r.FirstAt), NextAt: r.NextAt, LastStatus: int(r.LastStatus), LastError: r.LastError,
		DeliveredAt: timeOf(r.DeliveredAt), Replays: r.Replays,
	}
}

const dueWebhooksSQL = `
SELECT w.id
FROM webhooks w
WHERE w.active AND EXISTS (SELECT FROM webhook_deliveries d WHERE d.webhook = w.id AND d.state = 'pending' AND d.next_at <= $1)
ORDER BY w.id`

// DueWebhooks lists the webhooks to which something is due at an instant and that are not stopped, by id.
func (s *Store) DueWebhooks(ctx context.Context, at time.Time) ([]string, error) {
	due, err := names[string](ctx, s.pool, dueWebhooksSQL, instant(at))
	if err != nil {
		return nil, fmt.Errorf("list the webhooks to which something is due: %w", unavailable(err))
	}
	return due, nil
}

// Rows that another watcher holds are passed over, and taken ones are not due before the lease is over: a watcher that
// dies meanwhile leaves them to be repeated under the same id.
const claimDeliveriesSQL = `
WITH due AS (
    SELECT d.id
    FROM webhook_deliveries d
    JOIN webhooks w ON w.id = d.webhook AND w.active
    WHERE d.webhook = $4 AND d.state = 'pending' AND d.next_at <= $1
    ORDER BY d.next_at, d.id
    LIMIT $3
    FOR UPDATE OF d SKIP LOCKED)
UPDATE webhook_deliveries d
SET attempts = attempts + 1, first_at = coalesce(first_at, $1), next_at = $2
FROM due
WHERE d.id = due.id
RETURNING d.id, d.webhook, d.event, d.reference, d.body, d.made_at, d.state, d.attempts, d.first_at, d.next_at, d.last_status,
          d.last_error, d.delivered_at, d.replays`

// ClaimDeliveries takes deliveries of a webhook that are due at an instant for one attempt each, most at once, the oldest
// event first. Until the lease is over nobody else takes them; a webhook that is stopped has none.
func (s *Store) ClaimDeliveries(ctx context.Context, webhook string, at time.Time, lease time.Duration, most int) ([]docket.Delivery, error) {
	rows, err := collect[deliveryRow](ctx, s.pool, claimDeliveriesSQL, instant(at), instant(at.Add(lease)), most, webhook)
	if err != nil {
		return nil, fmt.Errorf("claim the deliveries to webhook %s that are due: %w", webhook, unavailable(err))
	}
	slices.SortFunc(rows, func(a, b deliveryRow) int { return cmp.Or(a.MadeAt.Compare(b.MadeAt), cmp.Compare(a.ID, b.ID)) })
	return deliveries(rows), nil
}

func deliveries(rows []deliveryRow) []docket.Delivery {
	found := make([]docket.Delivery, len(rows))
	for i, row := range rows {
		found[i] = row.delivery()
	}
	return found
}

// A receiver that took the message took it, even if the lease was over by then.
const deliveredSQL = `
UPDATE webhook_deliveries
SET state = 'delivered', delivered_at = $2, last_status = $3, last_error = ''
WHERE id = $1 AND state <> 'delivered'`

// MarkDelivered records that the receiver took a delivery, with its HTTP status.
func (s *Store) MarkDelivered(ctx context.Context, id string, status int, at time.Time) error {
	if _, err := s.pool.Exec(ctx, deliveredSQL, id, instant(at), status); err != nil {
		return fmt.Errorf("mark delivery %s as delivered: %w", id, unavailable(err))
	}
	return nil
}

const undeliveredSQL = `
UPDATE webhook_deliveries
SET state = $3, next_at = $4, last_status = $5, last_error = $6
WHERE id = $1 AND attempts = $2 AND state = 'pending'`

// MarkUndelivered records what was wrong with an attempt, and when the next one is due. It changes nothing if another
// attempt has begun since.
func (s *Store) MarkUndelivered(ctx context.Context, tried docket.Delivery, status int, why string, next time.Time) error {
	return s.undelivered(ctx, tried, docket.DeliveryPending, status, why, next)
}

// MarkDead records what was wrong with the last attempt at a delivery, which is given up at an instant. It changes nothing
// if another attempt has begun since.
func (s *Store) MarkDead(ctx context.Context, tried docket.Delivery, status int, why string, at time.Time) error {
	return s.undelivered(ctx, tried, docket.DeliveryDead, status, why, at)
}

func (s *Store) undelivered(ctx context.Context, tried docket.Delivery, state docket.DeliveryState, status int, why string, at time.Time) error {
	_, err := s.pool.Exec(ctx, undeliveredSQL, tried.ID, tried.Attempts, state, instant(at), zeronull.Int4(status), why)
	if err != nil {
		return fmt.Errorf("mark delivery %s as %s: %w", tried.ID, state, unavailable(err))
	}
	return nil
}

// One mail a day for each receiver that takes nothing: the rest is in the list. A dead delivery's next_at is when it was
// given up.
const untoldDeadSQL = `
SELECT DISTINCT ON (d.webhook, day) d.id, d.webhook, d.event, d.reference, d.body, d.made_at, d.state, d.attempts, d.first_at, d.next_at,
       d.last_status, d.last_error, d.delivered_at, d.replays, to_char(d.next_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
FROM webhook_deliveries d
JOIN webhooks w ON w.id = d.webhook AND w.active
WHERE d.state = 'dead'
  AND NOT EXISTS (SELECT FROM mails m
                  WHERE m.reference IS NULL AND m.invoice IS NULL AND m.kind = 'webhook-dead' AND m.state IN ('sent', 'refused')
                    AND m.about = d.webhook || '/' || to_char(d.next_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
ORDER BY d.webhook, day, d.next_at, d.id`

type deadRow struct {
	deliveryRow
	Day string
}

// UntoldDead lists, of each webhook and day, the first delivery that was given up, if operations were not told of that day
// yet. about names webhook and day for the mail ledger.
func (s *Store) UntoldDead(ctx context.Context) (dead []docket.Delivery, about []string, err error) {
	rows, err := collect[deadRow](ctx, s.pool, untoldDeadSQL)
	if err != nil {
		return nil, nil, fmt.Errorf("list the deliveries that were given up: %w", unavailable(err))
	}
	for _, row := range rows {
		dead, about = append(dead, row.delivery()), append(about, row.Webhook+"/"+row.Day)
	}
	return dead, about, nil
}

const deliveriesSQL = `
SELECT id, webhook, event, reference, body, made_at, state, attempts, first_at, next_at, last_status, last_error, delivered_at, replays
FROM webhook_deliveries
WHERE ($1 = '' OR webhook = $1) AND ($2 = '' OR state = $2) AND ($3::timestamptz IS NULL OR (made_at, id) < ($3, $4))
ORDER BY made_at DESC, id DESC
LIMIT $5`

// Deliveries lists deliveries, the newest first.
func (s *Store) Deliveries(ctx context.Context, filter docket.DeliveryFilter) ([]docket.Delivery, error) {
	rows, err := collect[deliveryRow](ctx, s.pool, deliveriesSQL, filter.Webhook, filter.State, zeronull.Timestamptz(filter.BeforeMade), filter.BeforeID, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the deliveries: %w", unavailable(err))
	}
	return deliveries(rows), nil
}

const replaySQL = `
UPDATE webhook_deliveries d
SET state = 'pending', attempts = 0, first_at = NULL, next_at = $2, delivered_at = NULL, replays = replays + 1
FROM webhooks w
WHERE d.id = $1 AND d.state <> 'pending' AND w.id = d.webhook AND w.active
RETURNING d.id, d.webhook, d.event, d.reference, d.body, d.made_at, d.state, d.attempts, d.first_at, d.next_at, d.last_status,
          d.last_error, d.delivered_at, d.replays`

const deliverySQL = `
SELECT id, webhook, event, reference, body, made_at, state, attempts, first_at, next_at, last_status, last_error, delivered_at, replays
FROM webhook_deliveries
WHERE id = $1`

// Replay makes a delivery that is dead, or was delivered, due again under its own id, so that a receiver who has it
// already knows it. A delivery that is not known is a fault of kind not-found, one that is still tried, or whose webhook
// is stopped, one of kind conflict.
func (s *Store) Replay(ctx context.Context, id string, at time.Time) (docket.Delivery, error) {
	row, err := collectOne[deliveryRow](ctx, s.pool, replaySQL, id, instant(at))
	if err == nil {
		return row.delivery(), nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return docket.Delivery{}, fmt.Errorf("replay delivery %s: %w", id, unavailable(err))
	}
	row, err = collectOne[deliveryRow](ctx, s.pool, deliverySQL, id)
	switch {
	case err != nil:
		return docket.Delivery{}, missing(err, "delivery", "delivery "+id)
	case row.State == docket.DeliveryPending:
		return docket.Delivery{}, casework.NewFault(casework.Conflict, "delivery-pending",
			fmt.Sprintf("Delivery %s is still tried; there is nothing to repeat yet.", id))
	}
	return docket.Delivery{}, stoppedWebhook(row.Webhook)
}
