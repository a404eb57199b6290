package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// ListDeliveries lists what was sent to webhooks, what waits and what is dead, the newest first.
func (s *Server) ListDeliveries(ctx context.Context, in ListDeliveriesRequestObject) (ListDeliveriesResponseObject, error) {
	limit := orDefault(in.Params.Limit, defaultLimit)
	filter := docket.DeliveryFilter{Webhook: in.Params.Webhook, State: docket.DeliveryState(in.Params.State), Limit: limit + 1}
	if err := readCursor(deliveriesList, in.Params.Cursor, &filter.BeforeMade, &filter.BeforeID); err != nil {
		return nil, err
	}
	found, err := s.webhooks.Deliveries(ctx, filter)
	if err != nil {
		return nil, err
	}
	found, more := cut(found, limit)
	page := DeliveryList{Items: make([]Delivery, len(found))}
	for i, delivery := range found {
		page.Items[i] = deliveryView(delivery)
	}
	if more {
		last := found[len(found)-1]
		page.Next = writeCursor(deliveriesList, last.MadeAt, last.ID)
	}
	return ListDeliveries200JSONResponse(page), nil
}

// ReplayDelivery has a delivery sent once more under its own id.
func (s *Server) ReplayDelivery(ctx context.Context, in ReplayDeliveryRequestObject) (ReplayDeliveryResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	at, _ := s.received(ctx)
	replayed, err := s.webhooks.Replay(ctx, in.Delivery, at)
	if err != nil {
		return nil, err
	}
	return ReplayDelivery202JSONResponse(deliveryView(replayed)), nil
}

func deliveryView(d docket.Delivery) Delivery {
	view := Delivery{
		ID: d.ID, Webhook: d.Webhook, Event: string(d.Event), Reference: string(d.Reference), Body: d.Body, MadeAt: d.MadeAt,
		State: DeliveryState(d.State), Attempts: d.Attempts, Replays: d.Replays, LastStatus: d.LastStatus, LastError: d.LastError,
		DeliveredAt: d.DeliveredAt,
	}
	if d.State == docket.DeliveryPending {
		view.NextAt = d.NextAt
	}
	return view
}
