package api

import (
	"context"
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// ListServices says what may be asked for about one result now, and why not where it may not.
func (s *Server) ListServices(ctx context.Context, in ListServicesRequestObject) (ListServicesResponseObject, error) {
	scope, err := serviceScope(ctx, in.Params.Centre)
	if err != nil {
		return nil, err
	}
	facts, err := s.standing(ctx, scope, in.Params.Candidate, in.Params.Series, in.Params.Component)
	if err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	ask := offer.Ask{ReceivedAt: received, ReviewedScript: in.Params.ReviewedScript, ConsentGivenOn: in.Params.ConsentGivenOn.Date}
	p, ok := s.rules.InForce(facts.Set(), received)
	if !ok {
		return ListServices200JSONResponse(withoutRules(facts, ask)), nil
	}
	options, err := s.rules.Options(facts, ask)
	if err != nil {
		return nil, err
	}
	list := ServiceList{
		Rules: p.Set, Policy: p.Version, Body: p.BodyName, Fictional: p.Fictional,
		Words: Words{Candidate: p.Words.Candidate, Centre: p.Words.Centre}, Items: make([]ServiceOffer, len(options)),
	}
	for i, option := range options {
		list.Items[i] = optionView(p, option)
	}
	return ListServices200JSONResponse(list), nil
}

// standing reads the facts about a result that the person may ask about, with what only an answer to a person needs.
func (s *Server) standing(ctx context.Context, scope docket.Scope, candidate, series, component string) (offer.Facts, error) {
	facts, err := s.cases.Facts(ctx, scope.Centre, candidate, series, component)
	if err != nil {
		return offer.Facts{}, err
	}
	if len(scope.Families) > 0 && facts.KnownResult && !slices.Contains(scope.Families, facts.Family) {
		return offer.Facts{}, familyMissing(facts.Family, centreReaders())
	}
	return s.cases.Standing(ctx, facts)
}

// withoutRules refuses each service that there is an address for, since no rules name any.
func withoutRules(facts offer.Facts, ask offer.Ask) ServiceList {
	list := ServiceList{}
	for _, service := range casework.EnquiryServices() {
		ask.Service = service
		list.Items = append(list.Items, ServiceOffer{
			Service: Service(service), Title: service.Short(), How: howToAsk(service, "the awarding body"),
			Refusal: refusalView(offer.WithoutPolicy(facts, ask).Refusal),
		})
	}
	return list
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
	return newProblem("invalid-parameter", detail, casework.Reason{Code: "invalid-parameter", Pointer: "centre", Detail: detail, Remedy: "Add the centre number to the query."})
}

// howToAsk says where a service is asked for.
func howToAsk(service casework.Service, body string) HowToAsk {
	if slices.Contains(casework.EnquiryServices(), service) {
		return HowToAsk{Here: true, Text: "POST /v1/enquiries"}
	}
	return HowToAsk{Text: fmt.Sprintf("Not through this API yet: ask %s as its own pages say.", body)}
}

func optionView(p policy.Policy, o offer.Option) ServiceOffer {
	rules, _ := p.Service(o.Service)
	view := ServiceOffer{
		Service: Service(o.Service), Title: o.Title, Available: o.Verdict.Refusal == nil, How: howToAsk(o.Service, p.BodyName),
		About: ServiceOfferAbout(rules.Scope), Opens: o.Verdict.Opens, Closes: lastSecond(o.Verdict.Closes),
		Window: provenanceView(o.Verdict.Window), OutcomeDue: outcomeDue(o.Verdict.Clocks),
		Consent: ConsentNeeded{
			Need: ConsentNeededNeed(o.Consent.Need), Text: o.Consent.Need.Words(),
			Clause: o.Consent.Clause, Source: o.Consent.Source, Confirmed: o.Consent.Confirmed,
		},
		DeclaresPlace: o.DeclaresPlace, PayFirst: o.Verdict.PayFirst, Fees: priceViews(o.Verdict.Fees),
		Award: distanceView(o.Award), Unit: distanceView(o.Unit), Warnings: warningViews(o.Warnings), Refusal: refusalView(o.Verdict.Refusal),
	}
	for _, requester := range o.Requesters {
		view.Requesters = append(view.Requesters, ServiceOfferRequesters(requester))
	}
	return view
}

func distanceView(d *grading.Distance) GradeDistance {
	if d == nil {
		return GradeDistance{}
	}
	return GradeDistance{
		Mark: d.Mark, Grade: d.Grade, Next: d.Next, ToNext: d.ToNext, ComponentToNext: d.RawToNext,
		Below: d.Below, Above: d.Above, ComponentAbove: d.RawAbove,
	}
}
