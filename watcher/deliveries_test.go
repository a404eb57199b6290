package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher"
)

// outbox is the register's part: deliveries that are due in lots, and what was marked.
type outbox struct {
	mu     sync.Mutex
	hooks  []docket.Webhook
	due    [][]docket.Delivery
	marked map[string]string
	away   error
}

func (o *outbox) Webhooks(context.Context) ([]docket.Webhook, error) { return o.hooks, o.away }

func (o *outbox) ClaimDeliveries(_ context.Context, webhook string, at time.Time, lease time.Duration, most int) ([]docket.Delivery, error) {
	if !at.Equal(now) || lease < time.Duration(most)*15*time.Second {
		return nil, errors.New("the lease is shorter than its attempts may last")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, lot := range o.due {
		if lot[0].Webhook == webhook {
			o.due = slices.Delete(slices.Clone(o.due), i, i+1)
			return lot, nil
		}
	}
	return nil, nil
}

func (o *outbox) mark(id, what string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.marked == nil {
		o.marked = map[string]string{}
	}
	o.marked[id] = what
	return nil
}

func (o *outbox) MarkDelivered(_ context.Context, id string, status int, _ time.Time) error {
	return o.mark(id, fmt.Sprint("delivered ", status))
}

func (o *outbox) MarkUndelivered(_ context.Context, tried docket.Delivery, status int, why string, next time.Time) error {
	return o.mark(tried.ID, fmt.Sprint(why, " ", status, ", again in ", next.Sub(now)))
}

func (o *outbox) MarkDead(_ context.Context, tried docket.Delivery, status int, why string, _ time.Time) error {
	return o.mark(tried.ID, fmt.Sprint("dead: ", why, " ", status))
}

// courier answers for receivers by the webhook's id.
type courier struct {
	mu      sync.Mutex
	sent    []string
	answers map[string]func(ctx context.Context) (int, error)
}

func (c *courier) Send(ctx context.Context, hook docket.Webhook, delivery docket.Delivery, at time.Time) (int, error) {
	c.mu.Lock()
	c.sent = append(c.sent, delivery.ID)
	c.mu.Unlock()
	if !at.Equal(machine()) {
		return 0, errors.New("signed with another clock than the machine's")
	}
	if answer, ok := c.answers[hook.ID]; ok {
		return answer(ctx)
	}
	return 204, nil
}

// machine is what the machine's clock shows while the demonstration's shows now.
func machine() time.Time { return now.AddDate(0, 0, -20) }

func due(webhook string, attempts int, first time.Time, ids ...string) []docket.Delivery {
	var all []docket.Delivery
	for _, id := range ids {
		all = append(all, docket.Delivery{ID: id, Webhook: webhook, Attempts: attempts, FirstAt: first})
	}
	return all
}

func TestDeliveries_EveryOneIsSentAndMarked(t *testing.T) {
	t.Parallel()
	register := &outbox{hooks: []docket.Webhook{{ID: "wh_1"}, {ID: "wh_2"}}, due: [][]docket.Delivery{
		due("wh_1", 1, now, "a", "b"), due("wh_2", 1, now, "x"), due("wh_2", 1, now, "y"), due("wh_1", 1, now, "c"),
	}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_2": func(context.Context) (int, error) { return 503, errors.New("the receiver answered 503") },
	}}
	require.NoError(t, watcher.Deliveries(register, receivers, at, machine)(t.Context()), "a receiver's no is no trouble of the watcher's")
	require.Equal(t, map[string]string{
		"a": "delivered 204", "b": "delivered 204", "c": "delivered 204", "x": "the receiver answered 503 503, again in 5s",
	}, register.marked)
	require.Len(t, register.due, 1, "whoever takes nothing is not asked for more in the same round")
	require.Less(t, slices.Index(receivers.sent, "a"), slices.Index(receivers.sent, "b"), "a receiver gets events in their order")
}

func TestDeliveries_AreGivenUpAfterThreeDays(t *testing.T) {
	t.Parallel()
	register := &outbox{hooks: []docket.Webhook{{ID: "wh_1"}}, due: [][]docket.Delivery{slices.Concat(due("wh_1", 14, now.Add(-63*time.Hour), "a"), due("wh_1", 13, now.Add(-60*time.Hour), "b"))}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(context.Context) (int, error) { return 0, errors.New("no answer") },
	}}
	require.NoError(t, watcher.Deliveries(register, receivers, at, machine)(t.Context()))
	require.Equal(t, map[string]string{"a": "dead: no answer 0", "b": "no answer 0, again in 10h0m0s"}, register.marked)
}

// One receiver that hangs holds up nobody else.
func TestDeliveries_ReceiversDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	register := &outbox{hooks: []docket.Webhook{{ID: "wh_1"}, {ID: "wh_2"}}, due: [][]docket.Delivery{due("wh_1", 1, now, "slow"), due("wh_2", 1, now, "quick")}}
	quick := make(chan struct{})
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(context.Context) (int, error) { <-quick; return 200, nil }, // Answers only after the other was served.
		"wh_2": func(context.Context) (int, error) { close(quick); return 200, nil },
	}}
	require.NoError(t, watcher.Deliveries(register, receivers, at, machine)(t.Context()))
	require.Len(t, register.marked, 2)
}

// Nor does it when there is more to send than is taken at once: the next lot of the quick one does not wait for the slow one.
func TestDeliveries_TheNextLotDoesNotWaitForAReceiverThatHangs(t *testing.T) {
	t.Parallel()
	register := &outbox{hooks: []docket.Webhook{{ID: "wh_1"}, {ID: "wh_2"}}, due: [][]docket.Delivery{
		due("wh_1", 1, now, "slow"), due("wh_2", 1, now, "quick"), due("wh_2", 1, now, "second lot"),
	}}
	served := make(chan struct{})
	var lots int
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(context.Context) (int, error) { <-served; return 200, nil },
		"wh_2": func(context.Context) (int, error) {
			if lots++; lots == 2 {
				close(served)
			}
			return 200, nil
		},
	}}
	require.NoError(t, watcher.Deliveries(register, receivers, at, machine)(t.Context()))
	require.Len(t, register.marked, 3)
}

// Told to stop in the middle of an attempt: nobody knows what the receiver did, so nothing is marked and the lease ends.
func TestDeliveries_AnInterruptedAttemptIsNotJudged(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	register := &outbox{hooks: []docket.Webhook{{ID: "wh_1"}}, due: [][]docket.Delivery{due("wh_1", 1, now, "a")}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(ctx context.Context) (int, error) { cancel(); return 0, ctx.Err() },
	}}
	require.ErrorIs(t, watcher.Deliveries(register, receivers, at, machine)(ctx), context.Canceled)
	require.Empty(t, register.marked)
	register.away, register.due = errors.New("the register is away"), [][]docket.Delivery{due("wh_1", 1, now, "b")}
	require.ErrorIs(t, watcher.Deliveries(register, receivers, at, machine)(t.Context()), register.away)
}
