package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// receiver is another system that is told of events. It checks signatures with nothing but the specification of
// Standard Webhooks: the HMAC-SHA256 of "id.timestamp.body" under the secret's bytes.
type receiver struct {
	mu     sync.Mutex
	secret string
	status int
	got    []received
}

type received struct {
	id, kind, subject string
	genuine           bool
	taken             bool
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(request.Header.Get("webhook-id") + "." + request.Header.Get("webhook-timestamp") + "." + string(body)))
	var event struct {
		SpecVersion string `json:"specversion"`
		ID          string `json:"id"`
		Type        string `json:"type"`
		Subject     string `json:"subject"`
	}
	_ = json.Unmarshal(body, &event)
	r.got = append(r.got, received{
		id: request.Header.Get("webhook-id"), kind: event.Type, subject: event.Subject, taken: r.status < 300,
		genuine: event.SpecVersion == "1.0" && event.ID != "" && strings.Contains(request.Header.Get("webhook-id"), event.ID) &&
			"v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) == request.Header.Get("webhook-signature"),
	})
	w.WriteHeader(r.status)
}

func (r *receiver) answers(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// about lists what was received about a case, or without one everything.
func (r *receiver) about(kind, reference string) []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	var some []received
	for _, one := range r.got {
		if one.kind == kind && strings.Contains(one.subject, reference) {
			some = append(some, one)
		}
	}
	return some
}

// An event is signed, is tried again until it is taken, and keeps its id; what could not be delivered in three days is
// listed, told, and sent again when a person says so.
func TestWebhook_SignedRetriedDeadAndReplayed(t *testing.T) {
	w := theWorld
	operator := w.as(t, approver)
	other := &receiver{status: http.StatusInternalServerError}
	server := httptest.NewServer(other)
	defer server.Close()
	var made struct {
		Webhook struct {
			ID string `json:"id"`
		} `json:"webhook"`
		Secret string `json:"secret"`
	}
	_, err := operator.Do(t.Context(), http.MethodPost, "/v1/webhooks", map[string]any{"url": server.URL + "/events", "events": []string{"case.clock.breached"}}, &made, person.Key("hook"))
	require.NoError(t, err)
	other.mu.Lock()
	other.secret = made.Secret
	other.mu.Unlock()

	opened := w.opens(t, w.paper(t), "clerical-check")
	w.announced(t, opened.Reference)
	w.forward(t, 12*day)
	w.await(t, "the event was tried", func() bool { return len(other.about("case.clock.breached", opened.Reference)) >= 1 })
	other.answers(http.StatusNoContent)
	w.await(t, "the event was taken", func() bool {
		got := other.about("case.clock.breached", opened.Reference)
		return got[len(got)-1].taken
	})
	for _, one := range other.about("case.clock.breached", opened.Reference) {
		require.True(t, one.genuine, "signed, and a CloudEvent")
		require.Equal(t, other.about("case.clock.breached", opened.Reference)[0].id, one.id, "the same event under the same id")
	}
	require.Empty(t, other.about("case.clock.warned", opened.Reference), "only what was asked for")

	other.answers(http.StatusGone)
	late := w.opens(t, w.paper(t), "clerical-check")
	w.announced(t, late.Reference)
	w.forward(t, 12*day)
	w.await(t, "the event was tried", func() bool { return len(other.about("case.clock.breached", late.Reference)) >= 1 })
	w.forward(t, 4*day)
	w.await(t, "the event is dead and operations know", func() bool {
		return w.text(t, `SELECT state FROM webhook_deliveries WHERE reference = $1`, late.Reference) == "dead" &&
			w.text(t, `SELECT count(*) FROM mails WHERE kind = 'webhook-dead' AND state = 'sent'`) != "0"
	})
	listed, err := w.recourse(t, "webhooks", "dead")
	require.NoError(t, err, listed)
	require.Contains(t, listed, late.Reference)
	other.answers(http.StatusOK)
	id := w.text(t, `SELECT id FROM webhook_deliveries WHERE reference = $1`, late.Reference)
	_, err = operator.Do(t.Context(), http.MethodPost, "/v1/webhook-deliveries/"+id+"/replay", nil, nil, person.Key("replay"))
	require.NoError(t, err)
	w.await(t, "the event was delivered", func() bool {
		return w.text(t, `SELECT state FROM webhook_deliveries WHERE reference = $1`, late.Reference) == "delivered"
	})
	_, err = operator.Do(t.Context(), http.MethodPost, "/v1/webhooks/"+made.Webhook.ID+"/stop", nil, nil, person.Key("stop"))
	require.NoError(t, err)
	for _, reference := range []string{opened.Reference, late.Reference} {
		w.completes(t, reference)
		w.ends(t, reference)
	}
}
