package api

import (
	"context"
	"errors"
	"time"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/offer"
)

// enquiriesRoute is the part of a reference that says at which door the request came in.
const enquiriesRoute = "POST /v1/enquiries"

// opening is one request for a service on its way to a case.
type opening struct {
	person    identity.Person
	request   casework.EnquiryRequest
	reference casework.Reference
	hash      string
	received  time.Time
	offset    time.Duration
}

// SubmitEnquiry opens a case (architecture §2, "Opening, exactly"): the register is looked at first, the rules give
// an early answer with nothing written, and the case's own step decides.
func (s *Server) SubmitEnquiry(ctx context.Context, in SubmitEnquiryRequestObject) (SubmitEnquiryResponseObject, error) {
	o, err := s.newOpening(ctx, in)
	if err != nil {
		return nil, err
	}
	if answer, err := s.earlierAnswer(ctx, o); answer != nil || err != nil {
		return answer, err
	}
	role, err := s.assess(ctx, o)
	if err != nil {
		// The same request may have been taken a moment ago by another of our processes; then the rules see it as
		// asked before, and its stored answer is the right one.
		if answer, earlier := s.earlierAnswer(ctx, o); answer != nil || earlier != nil {
			return answer, earlier
		}
		return nil, err
	}
	return s.open(ctx, o, role)
}

func (s *Server) newOpening(ctx context.Context, in SubmitEnquiryRequestObject) (opening, error) {
	person := personOf(ctx)
	if err := mayAsk(person); err != nil {
		return opening{}, err
	}
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return opening{}, err
	}
	if in.Body.CentreNumber != "" && in.Body.CentreNumber != person.Centre {
		return opening{}, anotherCentre(person.Centre, "/centreNumber")
	}
	received, offset := s.received(ctx)
	request := casework.EnquiryRequest{
		Service:         casework.Service(in.Body.Service),
		CentreNumber:    person.Centre,
		CandidateNumber: in.Body.CandidateNumber,
		Series:          in.Body.Series,
		Component:       in.Body.Component,
		ConsentGivenOn:  in.Body.ConsentGivenOn,
		ReviewedScript:  in.Body.ReviewedScript,
		Reason:          casework.EnquiryReason(in.Body.Reason),
	}
	hash, err := canonicalHash(request)
	if err != nil {
		return opening{}, err
	}
	return opening{
		person: person, request: request, hash: hash, received: received, offset: offset,
		reference: s.reference(person.Subject, person.Centre, enquiriesRoute, in.Params.IdempotencyKey),
	}, nil
}

// earlierAnswer repeats the answer that this very request was given before; nil if it is new.
func (s *Server) earlierAnswer(ctx context.Context, o opening) (SubmitEnquiryResponseObject, error) {
	found, err := s.cases.Case(ctx, o.reference, docket.Scope{Centre: o.person.Centre})
	var fault *casework.Fault
	switch {
	case errors.As(err, &fault) && fault.Kind == casework.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case found.RequestSHA256 != o.hash:
		return nil, keyReused(o.reference)
	case found.Refusal != nil:
		return nil, found.Refusal
	}
	return opened(found, o.received)
}

func keyReused(reference casework.Reference) *problem {
	detail := "The Idempotency-Key was used before for another request, which has the reference " + string(reference) + "."
	return newProblem("idempotency-key-reused", detail, casework.Reason{Code: "idempotency-key-reused", Detail: detail, Remedy: "Use a new key for a new request."})
}

// assess asks the rules for an early answer and says in which role the person asks.
func (s *Server) assess(ctx context.Context, o opening) (casework.Role, error) {
	facts, err := s.cases.Facts(ctx, o.request.CentreNumber, o.request.CandidateNumber, o.request.Series, o.request.Component)
	if err != nil {
		return "", err
	}
	role, err := submitter(o.person, facts.Family)
	if facts.KnownResult && err != nil {
		return "", err
	}
	verdict := s.rules.Assess(facts, offer.Ask{
		Service: o.request.Service, ReceivedAt: o.received, ConsentGivenOn: o.request.ConsentGivenOn, ReviewedScript: o.request.ReviewedScript,
	})
	if verdict.Refusal != nil {
		return "", verdict.Refusal
	}
	return role, nil
}

func (s *Server) open(ctx context.Context, o opening, role casework.Role) (SubmitEnquiryResponseObject, error) {
	answer, err := s.dispatcher.Open(ctx, casework.EnquiryInput{
		Reference: o.reference, Request: o.request, Actor: actor(o.person, role),
		ReceivedAt: o.received, RequestSHA256: o.hash, ClockOffset: o.offset,
	})
	var fault *casework.Fault
	switch {
	case errors.Is(err, ErrPending):
		return pending(o.reference), nil
	case errors.As(err, &fault):
		return nil, fault
	case err != nil:
		// The register knows best: the case may have been opened and finished by an earlier start.
		if answer, earlier := s.earlierAnswer(ctx, o); answer != nil || earlier != nil {
			return answer, earlier
		}
		return nil, acceptanceUnknown(err)
	}
	// The answer may be that of another request under the same key, which came a moment earlier: the register holds
	// whose it is.
	repeat, err := s.earlierAnswer(ctx, o)
	switch {
	case errors.As(err, &fault) && fault.Kind == casework.Unavailable, err == nil && repeat == nil && answer.Refusal == nil:
		return pending(o.reference), nil
	case err == nil && repeat == nil:
		return nil, answer.Refusal
	}
	return repeat, err
}

// opened is the receipt of a case; it is made of facts that never change, so that a repeat is answered alike. Its tag is
// that of the case as the centre sees it at the instant.
func opened(c docket.Case, at time.Time) (SubmitEnquiryResponseObject, error) {
	tag, err := caseTag(caseView(c.ForCentre(), at))
	if err != nil {
		return nil, err
	}
	body := EnquiryOpened{
		Reference: string(c.Reference), Href: caseHref(c.Reference), Service: Service(c.Request.Service),
		CandidateNumber: c.Request.CandidateNumber, Series: c.Request.Series, Component: c.Request.Component,
		ReceivedAt: c.ReceivedAt, Policy: c.Policy, Fees: []Price{},
	}
	for _, clock := range c.Clocks {
		if clock.ID == casework.ClockOutcome {
			body.OutcomeDue = lastSecond(clock.OriginalEnds)
		}
	}
	for _, line := range c.Fees {
		body.Fees = append(body.Fees, Price{Code: string(line.Code), Pence: int64(line.Pence), Amount: line.Pence.String()})
	}
	return SubmitEnquiry201JSONResponse{
		Body:    body,
		Headers: SubmitEnquiry201ResponseHeaders{ETag: tag, Location: caseHref(c.Reference)},
	}, nil
}

func pending(reference casework.Reference) SubmitEnquiry202JSONResponse {
	return SubmitEnquiry202JSONResponse{
		Body: EnquiryPending{
			Reference: string(reference), Href: caseHref(reference), Status: EnquiryPendingStatusPending,
			Detail: "Your request is safely accepted, with the time at which it was received. The case opens as soon as a worker takes it; look at href again in a few seconds. Sending the same request again does no harm.",
		},
		Headers: SubmitEnquiry202ResponseHeaders{Location: caseHref(reference), RetryAfter: retrySeconds},
	}
}
