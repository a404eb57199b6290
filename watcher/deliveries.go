package watcher

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/webhook"
)

const (
	// eachAtOnce is how many deliveries of one webhook are taken at once; they are sent one after the other.
	eachAtOnce = 4
	// lease is how long they are taken for: longer than that many attempts can last.
	lease = 2 * time.Minute
)

// deliveryRegister keeps the deliveries.
type deliveryRegister interface {
	Webhooks(ctx context.Context) ([]docket.Webhook, error)
	ClaimDeliveries(ctx context.Context, webhook string, at time.Time, lease time.Duration, most int) ([]docket.Delivery, error)
	MarkDelivered(ctx context.Context, id string, status int, at time.Time) error
	MarkUndelivered(ctx context.Context, tried docket.Delivery, status int, why string, next time.Time) error
	MarkDead(ctx context.Context, tried docket.Delivery, status int, why string, at time.Time) error
}

// sender makes one attempt at a delivery.
type sender interface {
	Send(ctx context.Context, hook docket.Webhook, delivery docket.Delivery, at time.Time) (status int, err error)
}

// deliveries sends what is due to the webhooks, to each receiver in its order and to all of them at once: one that hangs
// holds up nobody else, and itself no longer than one lot.
type deliveries struct {
	register deliveryRegister
	sender   sender
	now      func() time.Time
	// machine is the machine's clock, by which receivers refuse old messages, whatever day a demonstration has.
	machine func() time.Time
}

func (d deliveries) send(ctx context.Context) error {
	hooks, err := d.register.Webhooks(ctx)
	if err != nil {
		return err
	}
	failed := make([]error, len(hooks))
	var group sync.WaitGroup
	for i, hook := range hooks {
		group.Go(func() { failed[i] = d.sendTo(ctx, hook) })
	}
	group.Wait()
	return errors.Join(failed...)
}

// sendTo sends what is due to one webhook, until nothing is or the receiver takes something no longer.
func (d deliveries) sendTo(ctx context.Context, hook docket.Webhook) error {
	for {
		due, err := d.register.ClaimDeliveries(ctx, hook.ID, d.now(), lease, eachAtOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		all := true
		for _, delivery := range due {
			taken, trouble := d.attempt(ctx, hook, delivery)
			all, err = all && taken, errors.Join(err, trouble)
		}
		if err != nil || !all {
			return err
		}
	}
}

// attempt sends one delivery and records what became of it. A receiver's no is no error of the round.
func (d deliveries) attempt(ctx context.Context, hook docket.Webhook, delivery docket.Delivery) (taken bool, err error) {
	status, refusal := d.sender.Send(ctx, hook, delivery, d.machine())
	if ctx.Err() != nil {
		return false, ctx.Err() // Told to stop, or out of time: nobody knows what the receiver did. The lease ends by itself.
	}
	at := d.now()
	if refusal == nil {
		return true, d.register.MarkDelivered(ctx, delivery.ID, status, at)
	}
	if next, ok := webhook.NextAttempt(delivery.FirstAt, delivery.Attempts, at); ok {
		return false, d.register.MarkUndelivered(ctx, delivery, status, refusal.Error(), next)
	}
	return false, d.register.MarkDead(ctx, delivery, status, refusal.Error(), at)
}
