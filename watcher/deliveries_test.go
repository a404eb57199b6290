package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher"
)

// outbox is the register's part: deliveries that are due in lots, and what was marked.
type outbox struct {
	mu     sync.Mutex
	due    [][]docket.Delivery
	secret int
	marked map[string]string
	away   error
	// deaf makes what is marked come to nothing.
	deaf error
}

func (o *outbox) DueWebhooks(ctx context.Context, at time.Time) ([]string, error) {
	if _, bounded := ctx.Deadline(); !bounded || !at.Equal(now) {
		return nil, errors.New("a question without an end, or about another instant")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var hooks []string
	for _, lot := range o.due {
		if !slices.Contains(hooks, lot[0].Webhook) {
			hooks = append(hooks, lot[0].Webhook)
		}
	}
	return hooks, o.away
}

// Webhook counts a new secret for each lot.
func (o *outbox) Webhook(_ context.Context, id string) (docket.Webhook, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.secret++
	return docket.Webhook{ID: id, Generation: o.secret}, nil
}

func (o *outbox) ClaimDeliveries(ctx context.Context, webhook string, at time.Time, lease time.Duration, most int) ([]docket.Delivery, error) {
	if !at.Equal(now) || lease < time.Duration(most)*15*time.Second {
		return nil, errors.New("the lease is shorter than its attempts may last")
	}
	if deadline, bounded := ctx.Deadline(); !bounded || time.Until(deadline) > lease {
		return nil, errors.New("the lot may last longer than its lease")
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
	if o.deaf == nil {
		o.marked[id] = what
	}
	return o.deaf
}

func (o *outbox) marks() map[string]string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.marked)
}

func (o *outbox) MarkDelivered(ctx context.Context, id string, status int, _ time.Time) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
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
	secrets []int
	asked   map[string]int
	answers map[string]func(ctx context.Context) (int, error)
}

func (c *courier) Send(ctx context.Context, hook docket.Webhook, delivery docket.Delivery, at time.Time) (int, error) {
	c.mu.Lock()
	c.sent, c.secrets = append(c.sent, delivery.ID), append(c.secrets, hook.Generation)
	if c.asked == nil {
		c.asked = map[string]int{}
	}
	c.asked[hook.ID]++
	c.mu.Unlock()
	if !at.Equal(machine()) {
		return 0, errors.New("signed with another clock than the machine's")
	}
	if answer, ok := c.answers[hook.ID]; ok {
		return answer(ctx)
	}
	return 204, nil
}

// times is how often a webhook's receiver was asked for something.
func (c *courier) times(webhook string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[webhook]
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

// look makes one look and waits for everything that it left behind.
func look(ctx context.Context, register *outbox, receivers *courier) error {
	send, rest := watcher.Deliveries(register, receivers, at, machine)
	err := send(ctx)
	rest()
	return err
}

func TestDeliveries_EveryOneIsSentAndMarked(t *testing.T) {
	t.Parallel()
	register := &outbox{due: [][]docket.Delivery{
		due("wh_1", 1, now, "a", "b"), due("wh_2", 1, now, "x"), due("wh_2", 1, now, "y"), due("wh_1", 1, now, "c"),
	}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_2": func(context.Context) (int, error) { return 503, errors.New("the receiver answered 503") },
	}}
	require.NoError(t, look(t.Context(), register, receivers), "a receiver's no is no trouble of the watcher's")
	require.Equal(t, map[string]string{
		"a": "delivered 204", "b": "delivered 204", "c": "delivered 204", "x": "the receiver answered 503 503, again in 5s",
	}, register.marked)
	require.Len(t, register.due, 1, "whoever takes nothing is not asked for more in the same round")
	require.Less(t, slices.Index(receivers.sent, "a"), slices.Index(receivers.sent, "b"), "a receiver gets events in their order")
	require.Less(t, slices.Index(receivers.sent, "b"), slices.Index(receivers.sent, "c"), "lot after lot")
}

// A secret that is changed while much is being sent signs the next lot.
func TestDeliveries_EachLotIsSignedByTheSecretOfItsMoment(t *testing.T) {
	t.Parallel()
	register := &outbox{due: [][]docket.Delivery{due("wh_1", 1, now, "a", "b"), due("wh_1", 1, now, "c")}}
	receivers := &courier{}
	require.NoError(t, look(t.Context(), register, receivers))
	require.Equal(t, []int{1, 1, 2}, receivers.secrets)
}

func TestDeliveries_AreGivenUpAfterThreeDays(t *testing.T) {
	t.Parallel()
	register := &outbox{due: [][]docket.Delivery{slices.Concat(
		due("wh_1", 14, now.Add(-72*time.Hour), "a"), due("wh_1", 13, now.Add(-60*time.Hour), "b"), due("wh_1", 13, now.Add(-70*time.Hour), "c"),
	)}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(context.Context) (int, error) { return 0, errors.New("no answer") },
	}}
	require.NoError(t, look(t.Context(), register, receivers))
	require.Equal(t, map[string]string{"a": "dead: no answer 0", "b": "no answer 0, again in 10h0m0s", "c": "no answer 0, again in 2h0m0s"}, register.marked)
}

// A demonstration's clock may be moved by days while a receiver is asked: the attempt was made before, so it was not the last.
func TestDeliveries_AClockThatIsMovedMeanwhileGivesNothingUp(t *testing.T) {
	t.Parallel()
	var moved atomic.Int64
	clock := func() time.Time { return now.Add(time.Duration(moved.Load())) }
	receivers := &courier{answers: map[string]func(context.Context) (int, error){"wh_1": func(context.Context) (int, error) {
		moved.Store(int64(96 * time.Hour))
		return 0, errors.New("no answer")
	}}}
	register := &outbox{due: [][]docket.Delivery{due("wh_1", 1, now, "a")}}
	send, rest := watcher.Deliveries(register, receivers, clock, machine)
	require.NoError(t, send(t.Context()))
	rest()
	require.Equal(t, map[string]string{"a": "no answer 0, again in 96h0m5s"}, register.marked)
}

// One receiver that hangs holds up nobody else: not what is due beside it, not the next lot, and not what becomes due in
// looks to come.
func TestDeliveries_AReceiverThatHangsHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	register := &outbox{due: [][]docket.Delivery{
		due("wh_1", 1, now, "slow"), due("wh_2", 1, now, "quick"), due("wh_2", 1, now, "second lot"),
	}}
	hanging := make(chan struct{})
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(context.Context) (int, error) { <-hanging; return 200, nil },
	}}
	send, rest := watcher.Deliveries(register, receivers, at, machine)
	require.NoError(t, send(t.Context()), "a look does not wait for receivers")
	require.Eventually(t, func() bool { return len(register.marks()) == 2 }, time.Minute, time.Millisecond)
	for _, id := range []string{"next", "after that"} {
		register.mu.Lock()
		register.due = append(register.due, due("wh_2", 1, now, id), due("wh_1", 1, now, id+", to the slow one"))
		register.mu.Unlock()
		require.Eventually(t, func() bool {
			return send(t.Context()) == nil && register.marks()[id] == "delivered 204"
		}, time.Minute, time.Millisecond)
	}
	require.NotContains(t, register.marks(), "slow")
	require.Equal(t, 1, receivers.times("wh_1"), "whoever hangs is asked by one lane alone")
	close(hanging)
	rest()
	require.Equal(t, "delivered 200", register.marks()["slow"])
	require.Equal(t, "delivered 200", register.marks()["after that, to the slow one"], "its lane goes on where it hung")
}

// Told to stop in the middle of an attempt: nobody knows what the receiver did, so nothing is marked and the lease ends.
func TestDeliveries_AnInterruptedAttemptIsNotJudged(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	register := &outbox{due: [][]docket.Delivery{due("wh_1", 1, now, "a", "b")}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(ctx context.Context) (int, error) { cancel(); return 0, ctx.Err() },
	}}
	require.NoError(t, look(ctx, register, receivers))
	require.Empty(t, register.marked)
	require.Equal(t, []string{"a"}, receivers.sent, "nothing more is begun")
}

// Told to stop while the receiver answers that it has taken the message: it did, and is not sent it again.
func TestDeliveries_WhatWasTakenInTheLastMomentIsTaken(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	register := &outbox{due: [][]docket.Delivery{due("wh_1", 1, now, "a")}}
	receivers := &courier{answers: map[string]func(context.Context) (int, error){
		"wh_1": func(context.Context) (int, error) { cancel(); return 202, nil },
	}}
	require.NoError(t, look(ctx, register, receivers))
	require.Equal(t, map[string]string{"a": "delivered 202"}, register.marked)
}

// What was wrong beside the looks is the next look's trouble, once, and the lane is opened again.
func TestDeliveries_TheRegistersTroubleIsTold(t *testing.T) {
	t.Parallel()
	register := &outbox{due: [][]docket.Delivery{due("wh_1", 1, now, "a", "b")}, deaf: errors.New("nothing can be written")}
	receivers := &courier{}
	send, rest := watcher.Deliveries(register, receivers, at, machine)
	require.NoError(t, send(t.Context()))
	rest()
	require.Equal(t, []string{"a"}, receivers.sent, "what cannot be marked would be sent twice")
	require.ErrorIs(t, send(t.Context()), register.deaf)
	register.deaf, register.due = nil, [][]docket.Delivery{due("wh_1", 2, now, "a")}
	require.NoError(t, send(t.Context()))
	rest()
	require.Equal(t, map[string]string{"a": "delivered 204"}, register.marked)
	register.away = errors.New("the register is away")
	require.ErrorIs(t, send(t.Context()), register.away)
}
