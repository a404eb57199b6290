package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// The parts of an update's id that say at which door a hold or its end came in.
const (
	holdRoute   = "POST /v1/cases/holds"
	resumeRoute = "POST /v1/cases/holds/end"
)

// HoldCase lets a case wait for a cause.
func (s *Server) HoldCase(ctx context.Context, in HoldCaseRequestObject) (HoldCaseResponseObject, error) {
	act, err := s.caseAct(ctx, in.Reference, holdRoute, in.Params.IdempotencyKey, in.Body.Reason, in.Body)
	if err != nil {
		return nil, err
	}
	request := casework.HoldRequest{
		Cause: casework.HoldCause(in.Body.Cause), ApprovedBy: in.Body.ApprovedBy, Actor: act.actor, Key: act.key, ReceivedAt: act.received,
	}
	if fault := request.Check(); fault != nil {
		return nil, fault
	}
	held, err := s.dispatcher.Hold(ctx, act.reference, act.updateID, request)
	pending, err := answered(err)
	switch {
	case err != nil:
		return nil, err
	case pending:
		return HoldCase202JSONResponse{
			Body: pendingView(act.reference), Headers: HoldCase202ResponseHeaders{Location: caseHref(act.reference), RetryAfter: retrySeconds},
		}, nil
	}
	return HoldCase200JSONResponse(heldView(held)), nil
}

// ResumeCase ends what a case waits for.
func (s *Server) ResumeCase(ctx context.Context, in ResumeCaseRequestObject) (ResumeCaseResponseObject, error) {
	// What ends stands in the path, so it belongs to the door.
	act, err := s.caseAct(ctx, in.Reference, resumeRoute+" "+string(in.Cause), in.Params.IdempotencyKey, in.Body.Reason, in.Body)
	if err != nil {
		return nil, err
	}
	request := casework.ResumeRequest{
		Cause: casework.HoldCause(in.Cause), Delivered: in.Body.Delivered, Actor: act.actor, Key: act.key, ReceivedAt: act.received,
	}
	if fault := request.Check(); fault != nil {
		return nil, fault
	}
	held, err := s.dispatcher.Resume(ctx, act.reference, act.updateID, request)
	pending, err := answered(err)
	switch {
	case err != nil:
		return nil, err
	case pending:
		return ResumeCase202JSONResponse{
			Body: pendingView(act.reference), Headers: ResumeCase202ResponseHeaders{Location: caseHref(act.reference), RetryAfter: retrySeconds},
		}, nil
	}
	return ResumeCase200JSONResponse(heldView(held)), nil
}

func heldView(h casework.Held) CaseHeld {
	view := CaseHeld{
		Reference: string(h.Reference), Href: caseHref(h.Reference), Number: h.Number, SLAState: SLAState(h.SLAState),
		OutcomeDue: lastSecond(h.OutcomeDue), Causes: make([]HoldCause, len(h.Causes)),
	}
	for i, cause := range h.Causes {
		view.Causes[i] = HoldCause(cause)
	}
	return view
}

func holdView(h docket.Hold) Hold {
	return Hold{
		Number: h.Number, Cause: ToldCause(h.Cause), Text: h.Cause.Words(), Reason: h.Reason, BeganAt: h.BeganAt, EndedAt: h.EndedAt,
		EndReason: h.EndReason, Delivered: h.Delivered, AskedBy: h.AskedBy, ApprovedBy: h.ApprovedBy, ApproverName: h.ApproverName, EndedBy: h.EndedBy,
	}
}
