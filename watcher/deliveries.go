package watcher

import (
	"context"
	"errors"
	"time"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/webhook"
)

const (
	// eachAtOnce is how many deliveries of one webhook are taken at once; they are sent one after the other.
	eachAtOnce = 4
	// lease is how long they are taken for: longer than that many attempts can last.
	lease = 2 * time.Minute
	// markWait bounds writing down what became of an attempt, also of one that ended as the watcher was told to stop.
	markWait = 5 * time.Second
)

// deliveryRegister keeps the deliveries.
type deliveryRegister interface {
	DueWebhooks(ctx context.Context, at time.Time) ([]string, error)
	Webhook(ctx context.Context, id string) (docket.Webhook, error)
	ClaimDeliveries(ctx context.Context, webhook string, at time.Time, lease time.Duration, most int) ([]docket.Delivery, error)
	MarkDelivered(ctx context.Context, id string, status int, at time.Time) error
	MarkUndelivered(ctx context.Context, tried docket.Delivery, status int, why string, next time.Time) error
	MarkDead(ctx context.Context, tried docket.Delivery, status int, why string, at time.Time) error
}

// sender makes one attempt at a delivery.
type sender interface {
	Send(ctx context.Context, hook docket.Webhook, delivery docket.Delivery, at time.Time) (status int, err error)
}

// deliveries sends what is due to the webhooks, to each receiver in its order and to all of them at once: each has a lane
// of its own, so that one that hangs holds up nobody else, and itself no longer than one lot.
type deliveries struct {
	register deliveryRegister
	sender   sender
	lanes    *lanes
	now      func() time.Time
	// machine is the machine's clock, by which receivers refuse old messages, whatever day a demonstration has.
	machine func() time.Time
}

// send opens a lane for every webhook that something is due to and that has none. It does not wait for them, and answers
// for those that have ended since the last look; they go on until ctx ends.
func (d deliveries) send(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, shortLook)
	defer cancel()
	due, err := d.register.DueWebhooks(asking, d.now())
	for _, hook := range due {
		d.lanes.open(hook, func() error { return d.sendTo(ctx, hook) })
	}
	return errors.Join(err, d.lanes.trouble())
}

// sendTo sends what is due to one webhook, lot after lot, until nothing is or the receiver takes something no longer.
func (d deliveries) sendTo(ctx context.Context, hook string) error {
	for {
		more, err := d.lot(ctx, hook)
		if err != nil || !more {
			return err
		}
	}
}

// lot sends some of what is due to a webhook and reports whether there may be more for it. It takes no longer than what it
// has taken is its own. The webhook is read anew, because it may have a new secret.
func (d deliveries) lot(ctx context.Context, id string) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	hook, err := d.register.Webhook(ctx, id)
	if err != nil {
		return false, err
	}
	due, err := d.register.ClaimDeliveries(ctx, id, d.now(), lease, eachAtOnce)
	if err != nil {
		return false, err
	}
	more = len(due) > 0
	for _, delivery := range due {
		taken, err := d.attempt(ctx, hook, delivery)
		if err != nil {
			return false, err
		}
		more = more && taken
	}
	return more, nil
}

// attempt sends one delivery and records what became of it. A receiver's no is no error of the round.
func (d deliveries) attempt(ctx context.Context, hook docket.Webhook, delivery docket.Delivery) (taken bool, err error) {
	began := d.now()
	status, refusal := d.sender.Send(ctx, hook, delivery, d.machine())
	if refusal != nil && ctx.Err() != nil {
		return false, ctx.Err() // Told to stop, or out of time: nobody knows what the receiver did. The lease ends by itself.
	}
	ended := d.now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markWait)
	defer cancel()
	if refusal == nil {
		return true, d.register.MarkDelivered(ctx, delivery.ID, status, ended)
	}
	if next, ok := webhook.NextAttempt(delivery.FirstAt, delivery.Attempts, began, ended); ok {
		return false, d.register.MarkUndelivered(ctx, delivery, status, refusal.Error(), next)
	}
	return false, d.register.MarkDead(ctx, delivery, status, refusal.Error(), ended)
}
