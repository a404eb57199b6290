package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// One statement whoever listens, so that telling other systems costs a step no round trip.
const queueEventSQL = `
INSERT INTO webhook_deliveries (id, webhook, event, reference, body, made_at, state, next_at)
SELECT 'msg_' || $1::text || '_' || substr(w.id, 4), w.id, $2, $3, $4, $5, 'pending', $5
FROM webhooks w
WHERE w.active AND w.events && ARRAY[$2::text, '*']
ON CONFLICT (id) DO NOTHING`

// queueEvent queues an event about a case for every webhook that wants it; it is delivered once the unit is committed.
// The same event with the same facts is the same event, whoever repeats it. Facts are ids, instants and counts, never
// anything personal: they leave the house.
func queueEvent(u *unit, event docket.EventType, ref casework.Reference, at time.Time, facts ...docket.Fact) error {
	id := eventID(event, ref, facts)
	body, err := json.Marshal(cloudEvent{
		SpecVersion: "1.0", ID: id, Source: "/v1/cases/" + string(ref), Type: event, Subject: string(ref), Time: instant(at),
		DataContentType: "application/json", Data: eventData(ref, facts),
	})
	if err != nil {
		return fmt.Errorf("word the event %s of case %s: %w", event, ref, err)
	}
	u.write(fmt.Sprintf("queue the event %s of case %s", event, ref), queueEventSQL, id, event, ref, string(body), instant(at))
	return nil
}

// cloudEvent is an event in CloudEvents' structured JSON form (CloudEvents 1.0.2, JSON Event Format §3). The source is a
// path of the REST service, where a receiver with a token of its own reads on.
type cloudEvent struct {
	SpecVersion     string            `json:"specversion"`
	ID              string            `json:"id"`
	Source          string            `json:"source"`
	Type            docket.EventType  `json:"type"`
	Subject         string            `json:"subject"`
	Time            time.Time         `json:"time"`
	DataContentType string            `json:"datacontenttype"`
	Data            map[string]string `json:"data"`
}

func eventData(ref casework.Reference, facts []docket.Fact) map[string]string {
	data := map[string]string{"reference": string(ref)}
	for _, f := range facts {
		data[f.Name] = f.Value
	}
	return data
}

// eventIDBytes is how much of the hash names an event: 128 bits never meet by chance.
const eventIDBytes = 16

// eventID is the same for the same event, so that a repeat finds it queued.
func eventID(event docket.EventType, subject casework.Reference, facts []docket.Fact) string {
	hash := sha256.New()
	fmt.Fprintf(hash, "%q %q", event, subject)
	for _, f := range facts {
		fmt.Fprintf(hash, " %q %q", f.Name, f.Value)
	}
	return hex.EncodeToString(hash.Sum(nil)[:eventIDBytes])
}

const queueTestSQL = `
INSERT INTO webhook_deliveries (id, webhook, event, reference, body, made_at, state, next_at)
SELECT 'msg_' || $1::text || '_' || substr(w.id, 4), w.id, $2, NULL, $3, $4, 'pending', $4
FROM webhooks w
WHERE w.id = $5 AND w.active
ON CONFLICT (id) DO NOTHING`

// TestWebhook queues an event that is about nothing for one webhook, whatever events it wants, once per key. A webhook
// that is not known is a fault of kind not-found, one that is stopped of kind conflict.
func (s *Store) TestWebhook(ctx context.Context, webhook, key string, at time.Time) (docket.Delivery, error) {
	facts := []docket.Fact{fact("webhook", webhook), fact("key", key)}
	id := eventID(docket.EventTest, "", facts)
	body, err := json.Marshal(cloudEvent{
		SpecVersion: "1.0", ID: id, Source: "/v1/webhooks/" + webhook, Type: docket.EventTest, Subject: webhook, Time: instant(at),
		DataContentType: "application/json", Data: map[string]string{"webhook": webhook},
	})
	if err != nil {
		return docket.Delivery{}, fmt.Errorf("word the test of webhook %s: %w", webhook, err)
	}
	return inUnit(ctx, s, func(ctx context.Context, u *unit) (docket.Delivery, error) {
		hooks := each[docket.Webhook](u, "read webhook "+webhook, webhookSQL, webhook)
		u.write("queue a test of webhook "+webhook, queueTestSQL, id, docket.EventTest, string(body), instant(at), webhook)
		queued := each[deliveryRow](u, "read the test's delivery", deliverySQL, "msg_"+id+"_"+strings.TrimPrefix(webhook, webhookPrefix))
		if err := u.send(ctx); err != nil {
			return docket.Delivery{}, err
		}
		switch {
		case len(*hooks) == 0:
			return docket.Delivery{}, unknown("webhook", "webhook "+webhook)
		case len(*queued) == 0:
			return docket.Delivery{}, stoppedWebhook(webhook)
		}
		return (*queued)[0].delivery(), nil
	})
}

// webhookPrefix begins the id of every webhook; the rest of it ends the id of each of its deliveries.
const webhookPrefix = "wh_"
