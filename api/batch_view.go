package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// ListBatches lists the batches without their cases, the newest first.
func (s *Server) ListBatches(ctx context.Context, in ListBatchesRequestObject) (ListBatchesResponseObject, error) {
	limit := orDefault(in.Params.Limit, defaultLimit)
	filter := docket.BatchFilter{Limit: limit + 1}
	if err := readCursor(batchesList, in.Params.Cursor, &filter.BeforeMade, &filter.BeforeID); err != nil {
		return nil, err
	}
	found, err := s.batches.Batches(ctx, filter)
	if err != nil {
		return nil, err
	}
	found, more := cut(found, limit)
	page := BatchList{Items: make([]Batch, len(found))}
	for i, batch := range found {
		page.Items[i] = batchView(batch)
	}
	if more {
		last := found[len(found)-1]
		page.Next = writeCursor(batchesList, last.MadeAt, last.ID)
	}
	return ListBatches200JSONResponse(page), nil
}

// GetBatch shows what became of each case of a batch.
func (s *Server) GetBatch(ctx context.Context, in GetBatchRequestObject) (GetBatchResponseObject, error) {
	found, err := s.batches.Batch(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	return GetBatch200JSONResponse(batchView(found)), nil
}

func batchHref(id string) string { return "/v1/batches/" + id }

func planView(command casework.BatchCommand, plan []docket.BatchCandidate) BatchPlan {
	view := BatchPlan{
		Action: BatchAction(command.Action), Count: len(plan), Digest: command.Digest(targets(plan)), Items: make([]BatchPlanItem, len(plan)),
	}
	for i, c := range plan {
		view.Items[i] = BatchPlanItem{
			Reference: string(c.Reference), Href: caseHref(c.Reference), Stage: Stage(c.Stage), Task: string(c.Task), Holder: c.Holder,
		}
	}
	return view
}

func batchView(b docket.Batch) Batch {
	view := Batch{
		ID: b.ID, Href: batchHref(b.ID), Action: BatchAction(b.Command.Action), Reason: b.Command.Actor.Reason, Cause: HoldCause(b.Command.Cause),
		ApprovedBy: b.Command.ApprovedBy, Delivered: b.Command.Delivered, To: b.Command.To, MadeBy: b.Command.Actor.Subject, MadeAt: b.MadeAt,
		EndedAt: b.EndedAt, Digest: b.Digest, Count: b.Waiting + b.Done + b.Refused, Waiting: b.Waiting, Done: b.Done, Refused: b.Refused,
	}
	for _, item := range b.Items {
		view.Items = append(view.Items, BatchItem{
			Reference: string(item.Reference), Href: caseHref(item.Reference), Task: string(item.Task), Holder: item.Holder,
			State: BatchItemState(item.State), Why: item.Why, At: item.At,
		})
	}
	return view
}
