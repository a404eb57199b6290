package api

import (
	"context"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/offer"
)

// ListServices says what may be asked for about one result now, and why not where it may not.
func (s *Server) ListServices(ctx context.Context, in ListServicesRequestObject) (ListServicesResponseObject, error) {
	scope, err := serviceScope(ctx, in.Params.Centre)
	if err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	facts, err := s.cases.Facts(ctx, scope.Centre, in.Params.Candidate, in.Params.Series, in.Params.Component)
	if err != nil {
		return nil, err
	}
	if len(scope.Families) > 0 && facts.KnownResult && !slices.Contains(scope.Families, facts.Family) {
		return nil, familyMissing(facts.Family, centreReaders())
	}
	list := ServiceList{Items: []ServiceOffer{}}
	for _, service := range casework.Services() {
		verdict := s.rules.Assess(facts, offer.Ask{
			Service: service, ReceivedAt: received, ReviewedScript: in.Params.ReviewedScript,
			ConsentGivenOn: orDefault(in.Params.ConsentGivenOn, calendar.DateOf(received)),
		})
		list.Items = append(list.Items, offerView(service, verdict))
	}
	return ListServices200JSONResponse(list), nil
}

// serviceScope holds the centre whose result is asked about: a centre's own, or the one that the body's staff name.
func serviceScope(ctx context.Context, named string) (docket.Scope, error) {
	scope, err := readScope(personOf(ctx), bodyReaders()...)
	if err != nil {
		return docket.Scope{}, err
	}
	scope, err = narrowed(scope, named)
	if err == nil && scope.Centre == "" {
		return docket.Scope{}, missingCentre()
	}
	return scope, err
}

func missingCentre() *problem {
	detail := "You see every centre, so the query must say which one: centre is missing."
	return newProblem("invalid-parameter", detail, casework.Reason{Code: "invalid-parameter", Detail: detail, Remedy: "Add the centre number to the query."})
}

func offerView(service casework.Service, verdict offer.Verdict) ServiceOffer {
	view := ServiceOffer{
		Service: Service(service), Title: service.Short(), Available: verdict.Refusal == nil,
		Closes: lastSecond(verdict.Closes), Refusal: refusalView(verdict.Refusal),
	}
	for _, clock := range verdict.Clocks {
		if clock.ID == casework.ClockOutcome {
			view.OutcomeDue = clock.Due()
		}
	}
	for _, quote := range verdict.Fees {
		view.Fees = append(view.Fees, Price{
			Code: string(quote.Code), Pence: int64(quote.Pence), Amount: quote.Pence.String(), Clause: quote.Clause, Source: quote.Source,
		})
	}
	return view
}
