package api

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// batchesRoute is the part of a batch's id that says at which door it came in.
const batchesRoute = "POST /v1/batches"

// CreateBatch shows what a batch would do, or has it done.
func (s *Server) CreateBatch(ctx context.Context, in CreateBatchRequestObject) (CreateBatchResponseObject, error) {
	body := *in.Body
	if body.References == nil && body.Filter == (BatchSelection{}) || body.References != nil && body.Filter != (BatchSelection{}) {
		return nil, batchInvalid("/filter", "It names cases, or narrows them by a filter, and not both.", "Send references, or a filter with at least one field.")
	}
	selection, err := selected(body)
	if err != nil {
		return nil, err
	}
	made, err := s.batch(ctx, batchAsk{
		selection: selection, key: in.Params.IdempotencyKey, route: batchesRoute, dryRun: body.DryRun, expect: body.Expect, named: body.References != nil,
		command: casework.BatchCommand{
			Action: casework.BatchAction(body.Action), Cause: casework.HoldCause(body.Cause), ApprovedBy: body.ApprovedBy,
			Delivered: body.Delivered, To: body.To, Actor: casework.Actor{Reason: body.Reason},
		},
	})
	switch {
	case err != nil:
		return nil, err
	case body.DryRun:
		return CreateBatch200JSONResponse(made.plan), nil
	}
	return CreateBatch202JSONResponse{Body: batchView(made.batch), Headers: CreateBatch202ResponseHeaders{Location: batchHref(made.batch.ID)}}, nil
}

// selected reads which cases a batch is about; a reference is given once and as people type it.
func selected(body BatchRequest) (docket.BatchSelection, error) {
	f := body.Filter
	selection := docket.BatchSelection{
		Centre: f.Centre, Stage: casework.Stage(f.Stage), Service: casework.Service(f.Service), Series: f.Series,
		SLAState: casework.SLAState(f.SLAState), HeldFor: casework.HoldCause(f.HeldFor), Assignee: f.Assignee,
	}
	var reasons []casework.Reason
	for i, typed := range body.References {
		reference, err := casework.ParseReference(typed)
		pointer := fmt.Sprintf("/references/%d", i)
		switch {
		case err != nil:
			reasons = append(reasons, casework.Reason{
				Code: "invalid-reference", Pointer: pointer, Detail: err.Error() + ".", Remedy: "Compare it with the letter or mail that names the case.",
			})
		case slices.Contains(selection.References, reference):
			reasons = append(reasons, casework.Reason{
				Code: casework.FaultBatchInvalid, Pointer: pointer, Detail: fmt.Sprintf("Case %s is named twice.", reference), Remedy: "Name it once.",
			})
		default:
			selection.References = append(selection.References, reference)
		}
	}
	if len(reasons) == 0 {
		return selection, nil
	}
	code, alike := onlyCode(reasons)
	if !alike {
		code = casework.FaultBatchInvalid
	}
	return selection, newProblem(code, reasons[0].Detail, reasons...)
}

func batchInvalid(pointer, detail, remedy string) *problem {
	return newProblem(casework.FaultBatchInvalid, detail, casework.Reason{Code: casework.FaultBatchInvalid, Pointer: pointer, Detail: detail, Remedy: remedy})
}

// batchAsk is a batch as somebody asks for it.
type batchAsk struct {
	command   casework.BatchCommand
	selection docket.BatchSelection
	// named is true if the person named every case, who then learns why one of them does not fit.
	named      bool
	key, route string
	dryRun     bool
	expect     string
}

// batchMade is what became of it: the plan of a dry run, or the batch.
type batchMade struct {
	plan  BatchPlan
	batch docket.Batch
}

// batch shows what a batch would do, or keeps it and starts it. A batch that was kept under the key before is started
// again instead, which does nothing twice, whatever the cases look like by now.
func (s *Server) batch(ctx context.Context, ask batchAsk) (batchMade, error) {
	if err := checkKey(ask.key); err != nil {
		return batchMade{}, err
	}
	person := personOf(ctx)
	by := actor(person, bodyRole(person))
	by.Reason = ask.command.Actor.Reason
	ask.command.Actor = by
	ask.command.ReceivedAt, _ = s.received(ctx)
	if fault := ask.command.Check(); fault != nil {
		return batchMade{}, fault
	}
	if ask.dryRun {
		plan, err := s.planBatch(ctx, ask)
		return batchMade{plan: planView(ask.command, plan)}, err
	}
	if ask.expect == "" {
		return batchMade{}, batchInvalid("/expect", "It does not say what you agreed to.", "Ask with dryRun first, look at the cases, and send the digest.")
	}
	id := "b_" + keyID(person.Subject, ask.route, ask.key)
	made, err := s.batches.Batch(ctx, id)
	var fault *casework.Fault
	switch {
	case errors.As(err, &fault) && fault.Kind == casework.NotFound:
		made, err = s.keepBatch(ctx, id, ask)
	case err == nil && (made.Digest != ask.expect || ask.command.Digest(told(made)) != made.Digest):
		err = newProblem(casework.FaultKeyReused, "The Idempotency-Key was used before for another batch, which is at "+batchHref(id)+".")
	}
	if err != nil {
		return batchMade{}, err
	}
	if err := s.dispatcher.StartBatch(ctx, casework.BatchInput{Batch: id, Cases: len(made.Items)}); err != nil {
		return batchMade{}, acceptanceUnknown(err)
	}
	return batchMade{batch: made}, nil
}

// keepBatch writes a batch down, if its cases are those that were agreed to.
func (s *Server) keepBatch(ctx context.Context, id string, ask batchAsk) (docket.Batch, error) {
	plan, err := s.planBatch(ctx, ask)
	if err != nil {
		return docket.Batch{}, err
	}
	batch := docket.Batch{ID: id, Command: ask.command, MadeAt: ask.command.ReceivedAt, Digest: ask.command.Digest(targets(plan))}
	if batch.Digest != ask.expect {
		detail := "The batch would do something else than you were shown: a case has moved, or the request is another."
		return docket.Batch{}, newProblem("batch-changed", detail, casework.Reason{
			Code: "batch-changed", Pointer: "/expect", Detail: detail, Remedy: "Ask with dryRun again, look at the cases, and send that digest.",
		})
	}
	for _, candidate := range plan {
		batch.Items = append(batch.Items, docket.BatchItem{BatchTarget: candidate.BatchTarget, State: casework.ItemWaiting})
	}
	return s.batches.MakeBatch(ctx, batch)
}

// planBatch reads the cases that a batch would tell, in their order.
func (s *Server) planBatch(ctx context.Context, ask batchAsk) ([]docket.BatchCandidate, error) {
	selection := ask.selection
	if !ask.named {
		selection = selection.Narrowed(ask.command)
	}
	selection.Limit = casework.MostCases + 1
	candidates, err := s.batches.BatchCandidates(ctx, selection)
	if err != nil {
		return nil, err
	}
	if len(candidates) > casework.MostCases {
		return nil, newProblem("batch-too-large", fmt.Sprintf("The filter picks more than %d cases.", casework.MostCases))
	}
	plan, reasons := docket.FitBatch(ask.command, selection.References, candidates)
	switch {
	case ask.named && len(reasons) > 0:
		return nil, newProblem("case-unfit", reasons[0].Detail, reasons...)
	case len(plan) == 0:
		return nil, newProblem("batch-empty", "No case that you picked fits: there is nothing to do.")
	}
	return plan, s.checkApprover(ctx, ask.command, plan)
}

// checkApprover refuses a hold of cases to which whoever is said to have agreed may not agree, before any of them is told.
func (s *Server) checkApprover(ctx context.Context, command casework.BatchCommand, plan []docket.BatchCandidate) error {
	approvers, err := s.approvers.Approvers(ctx)
	if err != nil {
		return err
	}
	if fault := docket.CheckApprover(command, plan, approvers); fault != nil {
		return fault
	}
	return nil
}

func targets(plan []docket.BatchCandidate) []casework.BatchTarget {
	all := make([]casework.BatchTarget, len(plan))
	for i, candidate := range plan {
		all[i] = candidate.BatchTarget
	}
	return all
}

// told lists the cases of a batch as they were when it was asked for.
func told(batch docket.Batch) []casework.BatchTarget {
	all := make([]casework.BatchTarget, len(batch.Items))
	for i, item := range batch.Items {
		all[i] = item.BatchTarget
	}
	return all
}
