package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
)

// nudgeRoute is the part of an update's id that says at which door the request came in.
const nudgeRoute = "POST /v1/cases/nudges"

// NudgeCase asks a case to look again now.
func (s *Server) NudgeCase(ctx context.Context, in NudgeCaseRequestObject) (NudgeCaseResponseObject, error) {
	act, err := s.caseAct(ctx, in.Reference, nudgeRoute, in.Params.IdempotencyKey, in.Body.Reason, in.Body)
	if err != nil {
		return nil, err
	}
	request := casework.NudgeRequest{Actor: act.actor, Key: act.key, ReceivedAt: act.received}
	if fault := request.Check(); fault != nil {
		return nil, fault
	}
	nudged, err := s.dispatcher.Nudge(ctx, act.reference, act.updateID, request)
	pending, err := answered(err)
	switch {
	case err != nil:
		return nil, err
	case pending:
		return NudgeCase202JSONResponse{
			Body: pendingView(act.reference), Headers: NudgeCase202ResponseHeaders{Location: caseHref(act.reference), RetryAfter: retrySeconds},
		}, nil
	}
	return NudgeCase200JSONResponse{
		Reference: string(nudged.Reference), Href: caseHref(nudged.Reference), Number: nudged.Number, Stage: Stage(nudged.Stage), WaitingOn: nudged.WaitingOn,
	}, nil
}
