package api

import (
	"context"
	"errors"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// caseAct is what somebody of the awarding body asks of one case, once under their Idempotency-Key.
type caseAct struct {
	reference casework.Reference
	actor     casework.Actor
	updateID  string
	key       string
	received  time.Time
}

// caseAct finds the case and names the attempt. route says at which door the request came in, body is what was sent.
func (s *Server) caseAct(ctx context.Context, typed, route, key, reason string, body any) (caseAct, error) {
	if err := checkKey(key); err != nil {
		return caseAct{}, err
	}
	found, err := s.readCase(ctx, typed)
	if err != nil {
		return caseAct{}, err
	}
	person := personOf(ctx)
	act := caseAct{reference: found.Reference, actor: actor(person, bodyRole(person))}
	act.actor.Reason = reason
	act.received, _ = s.received(ctx)
	door := route + " " + string(found.Reference)
	act.key = keyID(person.Subject, door, key)
	act.updateID, err = updateID(person.Subject, door, key, body)
	return act, err
}

// answered tells what the answer of a case means to the client: pending is true if the request is accepted and nobody
// has acted on it yet.
func answered(err error) (pending bool, told error) {
	var fault *casework.Fault
	switch {
	case errors.Is(err, ErrPending):
		return true, nil
	case errors.As(err, &fault):
		return false, fault
	case err != nil:
		return false, acceptanceUnknown(err)
	}
	return false, nil
}

func pendingView(reference casework.Reference) CasePending {
	return CasePending{
		Reference: string(reference), Href: caseHref(reference), Status: CasePendingStatusPending,
		Detail: "Your request is safely accepted and will be done as soon as a worker takes it; look at href again in a few seconds. Sending the same request again does no harm.",
	}
}
