package api

import (
	"context"
	"errors"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// recalculateRoute is the part of an update's id that says at which door the request came in.
const recalculateRoute = "POST /v1/cases/recalculations"

// RecalculateCase shows what another version of the rules would change in a case, or has the case counted by it.
func (s *Server) RecalculateCase(ctx context.Context, in RecalculateCaseRequestObject) (RecalculateCaseResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	if in.Body.Apply {
		return s.recalculate(ctx, found, in)
	}
	at, _ := s.received(ctx)
	difference, err := s.cases.Recalculation(ctx, found.Reference, in.Body.Policy, at, s.rules)
	if err != nil {
		return nil, err
	}
	return RecalculateCase200JSONResponse(recalculationView(difference, false)), nil
}

// recalculate hands an agreed recalculation to the case.
func (s *Server) recalculate(ctx context.Context, found docket.Case, in RecalculateCaseRequestObject) (RecalculateCaseResponseObject, error) {
	person := personOf(ctx)
	by := actor(person, bodyRole(person))
	by.Reason = in.Body.Reason
	route := recalculateRoute + " " + string(found.Reference)
	received, _ := s.received(ctx)
	request := casework.RecalculateRequest{
		Policy: in.Body.Policy, Expect: in.Body.Expect, Actor: by, ReceivedAt: received,
		Key: keyID(person.Subject, route, in.Params.IdempotencyKey),
	}
	if fault := request.Check(); fault != nil {
		return nil, fault
	}
	id, err := updateID(person.Subject, route, in.Params.IdempotencyKey, in.Body)
	if err != nil {
		return nil, err
	}
	done, err := s.dispatcher.Recalculate(ctx, found.Reference, id, request)
	var fault *casework.Fault
	switch {
	case errors.Is(err, ErrPending):
		href := caseHref(found.Reference)
		return RecalculateCase202JSONResponse{
			Body: RecalculationPending{
				Reference: string(found.Reference), Href: href, Status: RecalculationPendingStatusPending,
				Detail: "Your request is safely accepted and will be done as soon as a worker takes it; look at href again in a few seconds. Sending the same request again does no harm.",
			},
			Headers: RecalculateCase202ResponseHeaders{Location: href, RetryAfter: retrySeconds},
		}, nil
	case errors.As(err, &fault):
		return nil, fault
	case err != nil:
		return nil, acceptanceUnknown(err)
	}
	return RecalculateCase200JSONResponse(recalculationView(done, true)), nil
}

func recalculationView(r casework.Recalculation, applied bool) Recalculation {
	view := Recalculation{
		Reference: string(r.Reference), From: r.From, Policy: r.Policy, Applied: applied, Digest: r.Digest(), Changes: make([]ClockChange, len(r.Changes)),
	}
	for i, c := range r.Changes {
		view.Changes[i] = ClockChange{
			Clock: ClockID(c.Clock), Before: c.Before, After: c.After, Kept: ClockChangeKept(c.Kept), KeptText: c.Kept.Words(),
		}
	}
	return view
}
