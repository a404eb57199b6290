package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// hook makes a webhook that wants events.
func (o office) hook(id string, events ...docket.EventType) docket.Webhook {
	o.t.Helper()
	made, err := o.MakeWebhook(o.t.Context(), docket.Webhook{
		ID: id, URL: "https://mis.school.example/" + id, Events: events, MadeBy: "op-1", MadeAt: storetest.Now,
	})
	require.NoError(o.t, err)
	return made
}

// queued lists the deliveries of a webhook, the oldest first.
func (o office) queued(webhook string) []docket.Delivery {
	o.t.Helper()
	found, err := o.Deliveries(o.t.Context(), docket.DeliveryFilter{Webhook: webhook})
	require.NoError(o.t, err)
	slices.Reverse(found)
	return found
}

// found makes a finding about a case, which is an event for the webhooks.
func (o office) found(ref casework.Reference, about string, at time.Time) {
	o.t.Helper()
	news, err := o.RecordFinding(o.t.Context(), docket.Finding{
		Reference: ref, Kind: docket.FindingActivity, About: about, Detail: "It has failed 5 times.", FoundAt: at,
	})
	require.NoError(o.t, err)
	require.True(o.t, news)
}

func TestMakeWebhook_ARepeatIsTheSameWebhook(t *testing.T) {
	t.Parallel()
	o := setup(t)
	made := o.hook("wh_1", docket.EventHeld, docket.EventResumed)
	require.Equal(t, docket.Webhook{
		ID: "wh_1", URL: "https://mis.school.example/wh_1", Events: []docket.EventType{docket.EventHeld, docket.EventResumed}, Generation: 1,
		MadeBy: "op-1", MadeAt: storetest.Now, Active: true,
	}, made)
	require.Equal(t, made, o.hook("wh_1", docket.EventHeld, docket.EventResumed))
	_, err := o.MakeWebhook(t.Context(), docket.Webhook{ID: "wh_1", URL: "https://elsewhere.example", Events: made.Events, MadeBy: "op-1", MadeAt: storetest.Now})
	fault(t, err, casework.Invalid, casework.FaultKeyReused)

	o.hook("wh_2", docket.EveryEvent)
	all, err := o.Webhooks(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	_, err = o.Webhook(t.Context(), "wh_9")
	fault(t, err, casework.NotFound, "unknown-webhook")
}

func TestRotateWebhook_OnceForWhatSomebodySaw(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	for range 2 { // The second is a repeat.
		rotated, err := o.RotateWebhook(t.Context(), "wh_1", 1)
		require.NoError(t, err)
		require.Equal(t, 2, rotated.Generation)
	}
	_, err := o.RotateWebhook(t.Context(), "wh_1", 2)
	require.NoError(t, err)
	_, err = o.RotateWebhook(t.Context(), "wh_1", 1)
	fault(t, err, casework.Conflict, "webhook-changed")
	_, err = o.RotateWebhook(t.Context(), "wh_9", 1)
	fault(t, err, casework.NotFound, "unknown-webhook")
	_, err = o.StopWebhook(t.Context(), "wh_1", storetest.Now)
	require.NoError(t, err)
	_, err = o.RotateWebhook(t.Context(), "wh_1", 3)
	fault(t, err, casework.Conflict, "webhook-stopped")
}

// One event is one delivery for each active webhook that wants it, with the same CloudEvent for all.
func TestEvents_GoToWhoWantsThem(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hook("wh_all", docket.EveryEvent)
	o.hook("wh_stuck", docket.EventStuck, docket.EventHeld)
	o.hook("wh_held", docket.EventHeld)
	o.hook("wh_stopped", docket.EveryEvent)
	_, err := o.StopWebhook(t.Context(), "wh_stopped", storetest.Now)
	require.NoError(t, err)
	at := storetest.Now.Add(time.Hour)
	o.found(ref, "SendMails", at)

	require.Empty(t, o.queued("wh_held"))
	require.Empty(t, o.queued("wh_stopped"))
	all, stuck := o.queued("wh_all"), o.queued("wh_stuck")
	require.Len(t, all, 1)
	require.Len(t, stuck, 1)
	require.Equal(t, all[0].Body, stuck[0].Body)
	require.NotEqual(t, all[0].ID, stuck[0].ID)
	require.Regexp(t, `^msg_[0-9a-f]{32}_all$`, all[0].ID)
	require.Equal(t, docket.DeliveryPending, all[0].State)
	require.Equal(t, ref, all[0].Reference)

	var event map[string]any
	require.NoError(t, json.Unmarshal([]byte(all[0].Body), &event))
	require.Equal(t, "1.0", event["specversion"])
	require.Equal(t, "case.stuck", event["type"])
	require.Equal(t, string(ref), event["subject"])
	require.Equal(t, "/v1/cases/"+string(ref), event["source"])
	require.Equal(t, at.Format(time.RFC3339), event["time"])
	require.Equal(t, "application/json", event["datacontenttype"])
	require.Equal(t, map[string]any{"reference": string(ref), "finding": "1", "kind": "activity-failing", "about": "SendMails", "found": at.Format(time.RFC3339Nano)}, event["data"])
}

// What leaves the house names nobody: neither centre nor candidate nor performer. Nor does it say that malpractice is suspected.
func TestEvents_HoldNothingPersonal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_all", docket.EveryEvent)
	opened := o.try(ask())
	allocated := o.allocate(opened.Reference)
	warn, breach := instants(t, opened)
	o.alert(opened.Reference, 1, warn, warn.At)
	o.alert(opened.Reference, 2, breach, breach.At)
	o.found(opened.Reference, "SendMails", breach.At)
	o.declare(allocated.Assignee, worksAt(storetest.Centre))
	require.Equal(t, 1, o.conflicted())
	o.hold(opened.Reference, casework.HoldMalpractice, breach.At.Add(time.Hour))
	o.resume(opened.Reference, casework.HoldMalpractice, breach.At.Add(2*time.Hour), false)
	sent := o.queued("wh_all")
	require.Len(t, sent, 6)
	for _, delivery := range sent {
		for _, secret := range []string{
			storetest.Centre, "4001", storetest.Maths1, allocated.Assignee, storetest.ExamsOfficer, "near-boundary", string(casework.HoldMalpractice),
		} {
			require.NotContains(t, delivery.Body, secret)
		}
	}
}

// A step that is repeated queues nothing twice.
func TestEvents_AreQueuedOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_all", docket.EveryEvent)
	opened := o.try(ask())
	warn, _ := instants(t, opened)
	for range 2 {
		o.alert(opened.Reference, 1, warn, warn.At)
	}
	o.alert(opened.Reference, 2, warn, warn.At.Add(time.Hour))
	require.Len(t, o.queued("wh_all"), 1)
}

func TestTestWebhook_OnceForAKey(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EventHeld)
	o.hook("wh_2", docket.EveryEvent)
	first, err := o.TestWebhook(t.Context(), "wh_1", "key-1", storetest.Now)
	require.NoError(t, err)
	require.Equal(t, docket.EventTest, first.Event)
	require.Empty(t, first.Reference)
	again, err := o.TestWebhook(t.Context(), "wh_1", "key-1", storetest.Now.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, first, again)
	other, err := o.TestWebhook(t.Context(), "wh_1", "key-2", storetest.Now)
	require.NoError(t, err)
	require.NotEqual(t, first.ID, other.ID)
	require.Empty(t, o.queued("wh_2"), "it is for one webhook")

	_, err = o.TestWebhook(t.Context(), "wh_9", "key-1", storetest.Now)
	fault(t, err, casework.NotFound, "unknown-webhook")
	_, err = o.StopWebhook(t.Context(), "wh_2", storetest.Now)
	require.NoError(t, err)
	_, err = o.TestWebhook(t.Context(), "wh_2", "key-1", storetest.Now)
	fault(t, err, casework.Conflict, "webhook-stopped")
	_, err = o.StopWebhook(t.Context(), "wh_9", storetest.Now)
	fault(t, err, casework.NotFound, "unknown-webhook")
}

// Several watchers at once take each delivery once; none of them waits for another.
func TestClaimDeliveries_EachIsTakenByOne(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hook("wh_1", docket.EveryEvent)
	for i := range 40 {
		o.found(ref, fmt.Sprintf("Activity%02d", i), storetest.Now)
	}
	var mu sync.Mutex
	taken := map[string]int{}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				due, err := o.ClaimDeliveries(t.Context(), "wh_1", storetest.Now, time.Minute, 3)
				if err != nil || len(due) == 0 {
					return
				}
				mu.Lock()
				for _, delivery := range due {
					taken[delivery.ID]++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	require.Len(t, taken, 40)
	for id, times := range taken {
		require.Equal(t, 1, times, id)
	}
}

// Each webhook has a queue of its own, the oldest event first.
func TestClaimDeliveries_TakesSomeOfOneWebhook(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hook("wh_1", docket.EveryEvent)
	o.hook("wh_2", docket.EveryEvent)
	for i := range 10 {
		o.found(ref, fmt.Sprintf("Activity%02d", i), storetest.Now.Add(time.Duration(i)*time.Second))
	}
	due, err := o.ClaimDeliveries(t.Context(), "wh_2", storetest.Now.Add(time.Hour), time.Minute, 3)
	require.NoError(t, err)
	require.Len(t, due, 3)
	for i, delivery := range due {
		require.Equal(t, "wh_2", delivery.Webhook)
		require.Equal(t, storetest.Now.Add(time.Duration(i)*time.Second), delivery.MadeAt)
	}
	due, err = o.ClaimDeliveries(t.Context(), "wh_1", storetest.Now.Add(-time.Second), time.Minute, 2)
	require.NoError(t, err)
	require.Empty(t, due, "nothing is due before it was made")
}

// A watcher that dies between taking and marking leaves a delivery that is repeated under the same id once the lease is over.
func TestClaimDeliveries_ACrashRepeatsUnderTheSameID(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	o.found(o.open(), "SendMails", storetest.Now)
	first := o.claimOne(storetest.Now)
	none, err := o.ClaimDeliveries(t.Context(), "wh_1", storetest.Now.Add(59*time.Second), time.Minute, 4)
	require.NoError(t, err)
	require.Empty(t, none)
	second := o.claimOne(storetest.Now.Add(time.Minute))
	require.Equal(t, first.ID, second.ID)
	require.Equal(t, first.Body, second.Body)
	require.Equal(t, 2, second.Attempts)
	require.Equal(t, storetest.Now, second.FirstAt, "three days count from the first attempt")

	// The first watcher was only slow: what it says late changes nothing, unless it was a success.
	require.NoError(t, o.MarkUndelivered(t.Context(), first, 500, "late", storetest.Now.Add(time.Hour)))
	require.Empty(t, o.queued("wh_1")[0].LastError)
	require.NoError(t, o.MarkDelivered(t.Context(), first.ID, 204, storetest.Now.Add(2*time.Minute)))
	require.NoError(t, o.MarkDead(t.Context(), second, 500, "late", storetest.Now))
	done := o.queued("wh_1")[0]
	require.Equal(t, docket.DeliveryDelivered, done.State)
	require.Equal(t, 204, done.LastStatus)
	require.Equal(t, storetest.Now.Add(2*time.Minute), done.DeliveredAt)
}

func (o office) claimOne(at time.Time) docket.Delivery {
	o.t.Helper()
	due, err := o.ClaimDeliveries(o.t.Context(), "wh_1", at, time.Minute, 4)
	require.NoError(o.t, err)
	require.Len(o.t, due, 1)
	return due[0]
}

func TestReplay_MakesWhatIsOverDueAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	o.found(o.open(), "SendMails", storetest.Now)
	id := o.queued("wh_1")[0].ID
	_, err := o.Replay(t.Context(), id, storetest.Now)
	fault(t, err, casework.Conflict, "delivery-pending")
	_, err = o.Replay(t.Context(), "msg_9", storetest.Now)
	fault(t, err, casework.NotFound, "unknown-delivery")

	taken := o.claimOne(storetest.Now)
	require.NoError(t, o.MarkDead(t.Context(), taken, 503, "the receiver answered 503", storetest.Now.Add(72*time.Hour)))
	at := storetest.Now.Add(80 * time.Hour)
	replayed, err := o.Replay(t.Context(), id, at)
	require.NoError(t, err)
	require.Equal(t, docket.DeliveryPending, replayed.State)
	require.Equal(t, 1, replayed.Replays)
	again := o.claimOne(at)
	require.Equal(t, id, again.ID)
	require.Equal(t, at, again.FirstAt, "it has three days again")
	require.Equal(t, 1, again.Attempts)

	require.NoError(t, o.MarkDelivered(t.Context(), id, 200, at))
	_, err = o.Replay(t.Context(), id, at)
	require.NoError(t, err, "a receiver may have lost what it took")
	stopped, err := o.StopWebhook(t.Context(), "wh_1", storetest.Now)
	require.NoError(t, err)
	require.False(t, stopped.Active)
	require.Equal(t, "the webhook was stopped", o.queued("wh_1")[0].LastError)
	_, err = o.Replay(t.Context(), id, at)
	fault(t, err, casework.Conflict, "webhook-stopped")
}

// Operations are told once a day of a receiver that takes nothing, until the mail has gone out.
func TestUntoldDead_OnePerWebhookAndDay(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hook("wh_1", docket.EveryEvent)
	for i := range 3 {
		o.found(ref, fmt.Sprint("Activity", i), storetest.Now)
	}
	due, err := o.ClaimDeliveries(t.Context(), "wh_1", storetest.Now, time.Minute, 4)
	require.NoError(t, err)
	day := time.Date(2026, 8, 30, 10, 0, 0, 0, time.UTC)
	for i, delivery := range due {
		require.NoError(t, o.MarkDead(t.Context(), delivery, 0, "no answer", day.Add(time.Duration(i)*13*time.Hour)))
	}
	dead, about, err := o.UntoldDead(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"wh_1/2026-08-30", "wh_1/2026-08-31"}, about)
	require.Equal(t, due[0].ID, dead[0].ID)

	in := casework.MailInput{Kind: casework.MailWebhookDead, Number: 1, About: about[0], At: day}
	mails, err := o.PrepareMails(t.Context(), in, []docket.Recipient{{Name: "Operations", Address: "operations@cambria.example"}}, day)
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.True(t, mails[0].Claimed, "a mail about no case is one of the ledger's")
	_, about, err = o.UntoldDead(t.Context())
	require.NoError(t, err)
	require.Len(t, about, 2, "SES has not taken it yet")
	require.NoError(t, o.MarkMailSent(t.Context(), mails[0].ID, "ses-1", day))
	_, about, err = o.UntoldDead(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"wh_1/2026-08-31"}, about)
	mails, err = o.PrepareMails(t.Context(), in, []docket.Recipient{{Name: "Operations", Address: "operations@cambria.example"}}, day)
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.Equal(t, docket.MailSent, mails[0].State, "a repeat finds it sent")
}

func TestDeliveries_InPages(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.hook("wh_1", docket.EveryEvent)
	for i := range 5 {
		o.found(ref, fmt.Sprint("Activity", i), storetest.Now.Add(time.Duration(i/2)*time.Second))
	}
	filter := docket.DeliveryFilter{Webhook: "wh_1", State: docket.DeliveryPending, Limit: 2}
	var seen []string
	for {
		page, err := o.Deliveries(t.Context(), filter)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, delivery := range page {
			seen = append(seen, delivery.ID)
		}
		filter.BeforeMade, filter.BeforeID = page[len(page)-1].MadeAt, page[len(page)-1].ID
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(seen))), 5)
	filter = docket.DeliveryFilter{State: docket.DeliveryDead}
	page, err := o.Deliveries(t.Context(), filter)
	require.NoError(t, err)
	require.Empty(t, page)
}
