package api

import (
	"context"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// The doors of webhooks, which belong to what is derived from an Idempotency-Key.
const (
	webhooksRoute = "POST /v1/webhooks"
	testRoute     = "POST /v1/webhooks/test"
)

// ListWebhooks shows the webhooks without their secrets.
func (s *Server) ListWebhooks(ctx context.Context, _ ListWebhooksRequestObject) (ListWebhooksResponseObject, error) {
	found, err := s.webhooks.Webhooks(ctx)
	if err != nil {
		return nil, err
	}
	page := WebhookList{Items: make([]Webhook, len(found))}
	for i, webhook := range found {
		page.Items[i] = webhookView(webhook)
	}
	return ListWebhooks200JSONResponse(page), nil
}

// CreateWebhook makes a webhook and shows its first secret. The id stands for the request, so that an answer that was
// lost can be had again by its sender, and a repeat makes no second webhook.
func (s *Server) CreateWebhook(ctx context.Context, in CreateWebhookRequestObject) (CreateWebhookResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	if err := s.webhookRules.CheckURL(in.Body.URL); err != nil {
		detail := "An event cannot be sent there: " + err.Error() + "."
		return nil, newProblem("webhook-url-invalid", detail, casework.Reason{
			Code: "webhook-url-invalid", Pointer: "/url", Detail: detail,
			Remedy: "Give an https address on the public internet that takes POST requests. Whoever runs the service can let other networks in (RECOURSE_WEBHOOK_NETWORKS).",
		})
	}
	person := personOf(ctx)
	received, _ := s.received(ctx)
	made, err := s.webhooks.MakeWebhook(ctx, docket.Webhook{
		ID: "wh_" + keyID(person.Subject, webhooksRoute, in.Params.IdempotencyKey), URL: in.Body.URL, Events: eventTypes(in.Body.Events),
		MadeBy: person.Subject, MadeAt: received,
	})
	if err != nil {
		return nil, err
	}
	// The first secret, also where a repeat finds that the webhook has had others since: the same request has the same
	// answer.
	return CreateWebhook201JSONResponse{Webhook: webhookView(made), Secret: s.webhookRules.Secret(made.ID, 1)}, nil
}

// eventTypes are the wanted events in one order, each once; whoever wants all is told of those to come too.
func eventTypes(asked []EventType) []docket.EventType {
	wanted := make([]docket.EventType, len(asked))
	for i, event := range asked {
		wanted[i] = docket.EventType(event)
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	if slices.Contains(wanted, docket.EveryEvent) {
		return []docket.EventType{docket.EveryEvent}
	}
	return wanted
}

// RotateWebhook gives a webhook its next secret and shows it.
func (s *Server) RotateWebhook(ctx context.Context, in RotateWebhookRequestObject) (RotateWebhookResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	rotated, err := s.webhooks.RotateWebhook(ctx, in.Webhook, in.Body.Generation)
	if err != nil {
		return nil, err
	}
	return RotateWebhook200JSONResponse{Webhook: webhookView(rotated), Secret: s.webhookRules.Secret(rotated.ID, rotated.Generation)}, nil
}

// StopWebhook ends a webhook for good.
func (s *Server) StopWebhook(ctx context.Context, in StopWebhookRequestObject) (StopWebhookResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	stopped, err := s.webhooks.StopWebhook(ctx, in.Webhook, received)
	if err != nil {
		return nil, err
	}
	return StopWebhook200JSONResponse(webhookView(stopped)), nil
}

// TestWebhook queues a test event.
func (s *Server) TestWebhook(ctx context.Context, in TestWebhookRequestObject) (TestWebhookResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	key := keyID(personOf(ctx).Subject, testRoute+" "+in.Webhook, in.Params.IdempotencyKey)
	queued, err := s.webhooks.TestWebhook(ctx, in.Webhook, key, received)
	if err != nil {
		return nil, err
	}
	return TestWebhook202JSONResponse(deliveryView(queued)), nil
}

func webhookView(w docket.Webhook) Webhook {
	view := Webhook{
		ID: w.ID, URL: w.URL, Generation: w.Generation, Active: w.Active, MadeBy: w.MadeBy, MadeAt: w.MadeAt, Events: make([]EventType, len(w.Events)),
	}
	for i, event := range w.Events {
		view.Events[i] = EventType(event)
	}
	return view
}
