package main_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// givenUp makes a webhook with deliveries of which all but the last are dead.
func givenUp(t *testing.T, register *store.Store, id string, about ...string) []docket.Delivery {
	t.Helper()
	_, err := register.MakeWebhook(t.Context(), docket.Webhook{
		ID: id, URL: "https://mis.school.example/" + id + "?token=s3cret", Events: []docket.EventType{docket.EventTest}, MadeBy: "op-1", MadeAt: storetest.Now,
	})
	require.NoError(t, err)
	var made []docket.Delivery
	for i, key := range about {
		delivery, err := register.TestWebhook(t.Context(), id, key, storetest.Now.Add(time.Duration(i)*time.Second))
		require.NoError(t, err)
		made = append(made, delivery)
	}
	due, err := register.ClaimDeliveries(t.Context(), id, storetest.Now.Add(time.Hour), time.Minute, len(about)-1)
	require.NoError(t, err)
	for _, delivery := range due {
		if delivery.Webhook == id {
			require.NoError(t, register.MarkDead(t.Context(), delivery, 503, "the receiver answered 503 Service Unavailable", storetest.Now))
		}
	}
	return made
}

func TestWebhooks_ListDeadAndReplay(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	settings := settingsOf(register)
	one := givenUp(t, register, "wh_1", "a", "b", "c")
	two := givenUp(t, register, "wh_2", "a", "b")
	_, err := register.StopWebhook(t.Context(), "wh_2", storetest.Now)
	require.NoError(t, err)

	got := recourse(t, settings, "webhooks", "list")
	require.Zero(t, got.status, got.errors)
	require.Contains(t, got.out, "wh_1     mis.school.example  webhook.test  no. 1")
	require.Regexp(t, `wh_1 .* active +2\n`, got.out)
	require.Regexp(t, `wh_2 .* stopped +2\n`, got.out)
	require.NotContains(t, got.out, "s3cret", "an address may hold a token")

	got = recourse(t, settings, "webhooks", "dead", "--webhook=wh_1")
	require.Contains(t, got.out, one[0].ID)
	require.Contains(t, got.out, "the receiver answered 503 Service Unavailable")
	require.NotContains(t, got.out, one[2].ID, "it is still tried")
	require.NotContains(t, got.out, two[0].ID)

	got = recourse(t, settings, "webhooks", "replay", one[0].ID, one[2].ID, "msg_none")
	require.Equal(t, 1, got.status)
	require.Contains(t, got.errors, "still tried")
	require.Contains(t, got.errors, "There is no delivery msg_none.")
	require.Equal(t, "1 of 3 deliveries are sent again by the watcher\n", got.out)
	got = recourse(t, settings, "webhooks", "replay", "--dead", "--webhook=wh_1")
	require.Equal(t, outcome{out: "1 of 1 deliveries are sent again by the watcher\n"}, got)
	got = recourse(t, settings, "webhooks", "dead", "--webhook=wh_1")
	require.Equal(t, 1, strings.Count(got.out, "\n"), "the heads alone: %s", got.out)
	got = recourse(t, settings, "webhooks", "replay", "--dead")
	require.Contains(t, got.errors, "Webhook wh_2 is stopped")
}

func TestWebhooksReplay_SaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{}, {"--dead", "msg_1"}, {"--webhook=wh_1", "msg_1"}} {
		got := recourse(t, nil, append([]string{"webhooks", "replay"}, arguments...)...)
		require.Equal(t, 1, got.status)
		require.Contains(t, got.errors, "name the deliveries, or give --dead")
	}
}

// The watcher needs its key before anything else can go wrong silently.
func TestWatcher_SaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	settings := settingsOf(register)
	settings["RECOURSE_MAIL_FROM"], settings["RECOURSE_OPERATIONS_MAIL"] = "results@cambria.example", "operations@cambria.example"
	settings["AWS_REGION"] = "eu-west-2"
	got := recourse(t, settings, "watcher")
	require.Equal(t, 1, got.status)
	require.Contains(t, got.errors, "set RECOURSE_WEBHOOK_KEY_FILE")
}
