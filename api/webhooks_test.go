package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/store/storetest"
)

// hook is a request about webhooks.
func hook(path, key, body string) call {
	return call{method: http.MethodPost, path: path, as: operator, body: body, header: map[string]string{"Idempotency-Key": key}}
}

const hookBody = `{"url":"https://events.example.org/recourse?tenant=1","events":["case.clock.breached","case.held","case.held"]}`

// made is a webhook that somebody has just asked for, with its secret.
func made(t *testing.T, w *world, key string) api.WebhookSecret {
	t.Helper()
	got := w.do(t, hook("/v1/webhooks", key, hookBody))
	require.Equal(t, 201, got.status, "%s", got.body)
	return read[api.WebhookSecret](t, got)
}

// The secret is shown to whoever makes the webhook and to nobody after that.
func TestWebhook_ItsSecretIsShownOnce(t *testing.T) {
	t.Parallel()
	w := live(t)
	first := made(t, w, "k")
	require.True(t, strings.HasPrefix(first.Secret, "whsec_"))
	require.Equal(t, api.Webhook{
		ID: first.Webhook.ID, URL: "https://events.example.org/recourse?tenant=1", Events: []api.EventType{"case.clock.breached", "case.held"},
		Generation: 1, Active: true, MadeBy: "op-1", MadeAt: storetest.Now,
	}, first.Webhook)
	require.Equal(t, first, made(t, w, "k"), "an answer that was lost can be had again under its key")
	other := made(t, w, "k2")
	require.NotEqual(t, first.Secret, other.Secret)

	list := w.do(t, call{method: "GET", path: "/v1/webhooks", as: operator})
	require.Len(t, read[api.WebhookList](t, list).Items, 2)
	require.NotContains(t, string(list.body), "whsec_")

	somebody := oidctest.Claims{Subject: "op-2", Roles: []string{"operator"}, AMR: []string{"otp"}}
	c := hook("/v1/webhooks", "k", hookBody)
	c.as = somebody
	theirs := read[api.WebhookSecret](t, w.do(t, c))
	require.NotEqual(t, first.Webhook.ID, theirs.Webhook.ID, "nobody has another's secret by guessing a key")
	c = hook("/v1/webhooks", "k", strings.Replace(hookBody, "tenant=1", "tenant=2", 1))
	require.Equal(t, "idempotency-key-reused", problem(t, w.do(t, c)).Code)
}

func TestWebhook_IsRefusedWithTheFieldAndTheRemedy(t *testing.T) {
	t.Parallel()
	w := live(t)
	for body, want := range map[string]struct {
		code    string
		pointer string
	}{
		`{"url":"http://events.example.org/x","events":["*"]}`:             {"webhook-url-invalid", "/url"},
		`{"url":"https://127.0.0.1/x","events":["*"]}`:                     {"webhook-url-invalid", "/url"},
		`{"url":"https://192.168.0.7/x","events":["*"]}`:                   {"webhook-url-invalid", "/url"},
		`{"url":"https://[64:ff9b::a00:1]/x","events":["*"]}`:              {"webhook-url-invalid", "/url"},
		`{"url":"https://0x7f000001/x","events":["*"]}`:                    {"webhook-url-invalid", "/url"},
		`{"url":"https://me:pw@events.example.org/x","events":["*"]}`:      {"webhook-url-invalid", "/url"},
		`{"url":"events.example.org","events":["*"]}`:                      {"webhook-url-invalid", "/url"},
		`{"url":"https://events.example.org/x","events":["case.sung"]}`:    {"value-not-allowed", "/events/0"},
		`{"url":"https://events.example.org/x","events":["webhook.test"]}`: {"value-not-allowed", "/events/0"},
		`{"url":"https://events.example.org/x","events":[]}`:               {"value-not-allowed", "/events"},
		`{"url":"https://events.example.org/x"}`:                           {"missing-field", "/events"},
	} {
		p := problem(t, w.do(t, hook("/v1/webhooks", "k", body)))
		require.Equal(t, want.code, p.Code, body)
		require.Equal(t, []string{want.pointer}, pointers(p), body)
		require.NotEmpty(t, p.Errors[0].Remedy, body)
	}
	require.Empty(t, get[api.WebhookList](t, w.house, "/v1/webhooks", operator).Items)
}

// Whoever wants all events is told of those to come as well.
func TestWebhook_AllIsAll(t *testing.T) {
	t.Parallel()
	w := live(t)
	got := w.do(t, hook("/v1/webhooks", "k", `{"url":"https://events.example.org/x","events":["case.held","*"]}`))
	require.Equal(t, []api.EventType{"*"}, read[api.WebhookSecret](t, got).Webhook.Events)
}

// A rotation moves on from the generation that the person saw, once.
func TestWebhook_RotatesOnceFromWhatThePersonSaw(t *testing.T) {
	t.Parallel()
	w := live(t)
	first := made(t, w, "k")
	rotate := func(generation string) answer {
		return w.do(t, hook("/v1/webhooks/"+first.Webhook.ID+"/rotate", "r"+generation, `{"generation":`+generation+`}`))
	}
	second := read[api.WebhookSecret](t, rotate("1"))
	require.Equal(t, 2, second.Webhook.Generation)
	require.NotEqual(t, first.Secret, second.Secret)
	require.Equal(t, second, read[api.WebhookSecret](t, rotate("1")), "a repeat makes no third")
	third := read[api.WebhookSecret](t, rotate("2"))
	require.Equal(t, 3, third.Webhook.Generation)
	require.Equal(t, "webhook-changed", problem(t, rotate("1")).Code)

	stopped := w.do(t, hook("/v1/webhooks/"+first.Webhook.ID+"/stop", "s", ""))
	require.False(t, read[api.Webhook](t, stopped).Active)
	require.Equal(t, stopped.body, w.do(t, hook("/v1/webhooks/"+first.Webhook.ID+"/stop", "s", "")).body)
	require.Equal(t, "webhook-stopped", problem(t, rotate("3")).Code)
	require.Equal(t, "webhook-stopped", problem(t, w.do(t, hook("/v1/webhooks/"+first.Webhook.ID+"/test", "t", ""))).Code)
}

// A test event is queued once under its key; what is dead can be sent again under its own id.
func TestDeliveries_AreListedAndReplayed(t *testing.T) {
	t.Parallel()
	w := live(t)
	one, other := made(t, w, "k").Webhook.ID, made(t, w, "k2").Webhook.ID
	tested := w.do(t, hook("/v1/webhooks/"+one+"/test", "t1", ""))
	require.Equal(t, 202, tested.status, "%s", tested.body)
	delivery := read[api.Delivery](t, tested)
	require.Equal(t, "webhook.test", delivery.Event)
	require.Equal(t, api.DeliveryStatePending, delivery.State)
	require.False(t, delivery.NextAt.IsZero())
	require.Contains(t, delivery.Body, `"specversion":"1.0"`)
	require.Equal(t, delivery.ID, read[api.Delivery](t, w.do(t, hook("/v1/webhooks/"+one+"/test", "t1", ""))).ID)
	for _, key := range []string{"t2", "t3"} {
		require.Equal(t, 202, w.do(t, hook("/v1/webhooks/"+one+"/test", key, "")).status)
	}
	require.Equal(t, 202, w.do(t, hook("/v1/webhooks/"+other+"/test", "t1", "")).status)

	list := func(query string) []api.Delivery {
		return get[api.DeliveryList](t, w.house, "/v1/webhook-deliveries"+query, operator).Items
	}
	require.Len(t, list(""), 4)
	require.Len(t, list("?webhook="+one), 3)
	require.Empty(t, list("?state=dead"))
	var seen []string
	for cursor := ""; ; {
		page := get[api.DeliveryList](t, w.house, "/v1/webhook-deliveries?limit=3&webhook="+one+cursor, operator)
		for _, item := range page.Items {
			seen = append(seen, item.ID)
		}
		if page.Next == "" {
			break
		}
		cursor = "&cursor=" + page.Next
	}
	require.Len(t, seen, 3)

	replay := hook("/v1/webhook-deliveries/"+delivery.ID+"/replay", "r", "")
	require.Equal(t, "delivery-pending", problem(t, w.do(t, replay)).Code)
	_, err := w.store.Pool().Exec(t.Context(), "UPDATE webhook_deliveries SET state = 'dead', attempts = 14, last_status = 500, last_error = 'the receiver answered 500' WHERE id = $1", delivery.ID)
	require.NoError(t, err)
	dead := list("?state=dead")
	require.Len(t, dead, 1)
	require.Equal(t, 500, dead[0].LastStatus)
	require.True(t, dead[0].NextAt.IsZero(), "nothing happens to it by itself")
	replayed := w.do(t, replay)
	require.Equal(t, 202, replayed.status, "%s", replayed.body)
	again := read[api.Delivery](t, replayed)
	require.Equal(t, delivery.ID, again.ID, "a receiver knows it by its id")
	require.Equal(t, delivery.Body, again.Body)
	require.Equal(t, api.DeliveryStatePending, again.State)
	require.Equal(t, 1, again.Replays)
}

// Operators see in one look what needs a person.
func TestOperations_CountsWhatNeedsAPerson(t *testing.T) {
	t.Parallel()
	w, move := later(t)
	empty := get[api.OperationsDesk](t, w.house, "/v1/operations", operator)
	require.Zero(t, empty.Open)
	require.Empty(t, empty.Findings)
	one := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	w.open(t, examsOfficer, "4002", storetest.Maths2, "clerical-check")
	require.Equal(t, 200, w.do(t, act(one, "holds", "k", consentAsked)).status)
	_, err := w.store.Pool().Exec(t.Context(),
		"INSERT INTO findings (reference, kind, about, detail, found_at) VALUES ($1, 'no-progress', 'assign', 'Nothing was recorded.', $2)", one, storetest.Now)
	require.NoError(t, err)
	move(time.Hour)
	desk := get[api.OperationsDesk](t, w.house, "/v1/operations", caseworker)
	require.Equal(t, storetest.Now.Add(time.Hour), desk.At)
	require.Equal(t, int64(2), desk.Open)
	require.Equal(t, int64(1), desk.Held)
	require.Equal(t, int64(1), desk.AtCentre, "the centre is to show the consent")
	require.Equal(t, int64(1), desk.FindingCount)
	require.Equal(t, []api.Finding{{
		Reference: one, Href: "/v1/cases/" + one, Kind: "no-progress", About: "assign", Detail: "Nothing was recorded.", FoundAt: storetest.Now,
	}}, desk.Findings)
}
