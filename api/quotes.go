package api

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// quoted is one request of a basket with what the rules say about it.
type quoted struct {
	request QuotedRequest
	facts   offer.Facts
	policy  policy.Policy
	option  offer.Option
	refusal *casework.Fault
}

// CreateQuote prices a basket of requests as if they were made now. It stores nothing.
func (s *Server) CreateQuote(ctx context.Context, in CreateQuoteRequestObject) (CreateQuoteResponseObject, error) {
	scope, err := quoteScope(ctx, in.Body.CentreNumber)
	if err != nil {
		return nil, err
	}
	if err := askedTwice(in.Body.Requests); err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	basket := make([]quoted, len(in.Body.Requests))
	for i, request := range in.Body.Requests {
		if basket[i], err = s.quote(ctx, scope, request, received); err != nil {
			return nil, err
		}
	}
	if refused := refusedIn(basket); refused != nil {
		return nil, refused
	}
	if err := askedTwice(ofCohorts(basket)); err != nil {
		return nil, err
	}
	if contained := containedIn(basket); contained != nil {
		return nil, contained
	}
	return CreateQuote200JSONResponse(quoteView(basket, received)), nil
}

// quoteScope holds the centre whose requests are priced: a centre's own, or the one that the body's staff name.
func quoteScope(ctx context.Context, named string) (docket.Scope, error) {
	scope, err := readScope(personOf(ctx), bodyReaders()...)
	if err != nil {
		return docket.Scope{}, err
	}
	if own := scope.Centre; own != "" && named != "" && named != own {
		return docket.Scope{}, anotherCentre(own, "/centreNumber")
	}
	if scope.Centre == "" {
		scope.Centre = named
	}
	if scope.Centre == "" {
		detail := "You see every centre, so the body must say which one: centreNumber is missing."
		return docket.Scope{}, newProblem("missing-field", detail, casework.Reason{
			Code: "missing-field", Pointer: "/centreNumber", Detail: detail, Remedy: "Send the centre's number.",
		})
	}
	return scope, nil
}

// askedTwice refuses a basket that asks for the same service for the same result twice.
func askedTwice(requests []QuotedRequest) error {
	first := map[QuotedRequest]int{}
	for i, r := range requests {
		same := QuotedRequest{Service: r.Service, CandidateNumber: r.CandidateNumber, Series: r.Series, Component: r.Component}
		if earlier, twice := first[same]; twice {
			detail := fmt.Sprintf("Requests %d and %d of the basket ask for the same service for the same result.", earlier+1, i+1)
			return newProblem("asked-twice", detail, casework.Reason{
				Code: "asked-twice", Pointer: "/requests/" + strconv.Itoa(i), Detail: detail, Remedy: "Leave one of the two out.",
			})
		}
		first[same] = i
	}
	return nil
}

// ofCohorts are the requests of a basket, without the candidate where a request is about the whole cohort: whichever of
// its candidates is named, it is made and paid for once.
func ofCohorts(basket []quoted) []QuotedRequest {
	requests := make([]QuotedRequest, len(basket))
	for i, q := range basket {
		requests[i] = q.request
		if rules, ok := q.policy.Service(q.option.Service); ok && rules.Scope == policy.CohortComponent {
			requests[i].CandidateNumber = ""
		}
	}
	return requests
}

func (s *Server) quote(ctx context.Context, scope docket.Scope, request QuotedRequest, received time.Time) (quoted, error) {
	q := quoted{request: request}
	var err error
	if q.facts, err = s.standing(ctx, scope, request.CandidateNumber, request.Series, request.Component); err != nil {
		return q, err
	}
	ask := offer.Ask{
		Service: casework.Service(request.Service), ReceivedAt: received, ReviewedScript: request.ReviewedScript, ConsentGivenOn: request.ConsentGivenOn,
	}
	p, ok := s.rules.InForce(q.facts.Set(), received)
	if !ok {
		q.refusal = offer.WithoutPolicy(q.facts, ask).Refusal
		return q, nil
	}
	q.policy = p
	options, err := s.rules.Options(q.facts, ask)
	if err != nil {
		return q, err
	}
	for _, option := range options {
		if option.Service == ask.Service {
			q.option, q.refusal = option, option.Verdict.Refusal
			return q, nil
		}
	}
	q.refusal = s.rules.Assess(q.facts, ask).Refusal
	return q, nil
}

// refusedIn gathers every reason why any request of a basket could not be taken; nil if all could.
func refusedIn(basket []quoted) error {
	var reasons []casework.Reason
	var refused *casework.Fault
	for i, q := range basket {
		if q.refusal == nil {
			continue
		}
		if refused == nil {
			refused = q.refusal
		}
		for _, reason := range q.refusal.Reasons {
			reason.Pointer = "/requests/" + strconv.Itoa(i) + reason.Pointer
			reasons = append(reasons, reason)
		}
	}
	if refused == nil {
		return nil
	}
	return casework.NewFault(refused.Kind, refused.Code, refused.Detail, reasons...)
}

// containedIn refuses a basket in which one request contains another about the same result, as a review of marking
// contains the clerical check: whichever came second would be refused, or be paid for twice (domain §6, row 11).
func containedIn(basket []quoted) error {
	var reasons []casework.Reason
	for i, q := range basket {
		for n, other := range basket {
			if rule, ok := containing(q, other); ok {
				reasons = append(reasons, casework.Reason{
					Code: "contained-in-basket", Pointer: "/requests/" + strconv.Itoa(i),
					Detail: fmt.Sprintf("Request %d (%s) contains request %d (%s) about the same result.", n+1, other.option.Title, i+1, q.option.Title),
					Remedy: "Leave the contained request out.",
					Clause: rule.Clause, Source: rule.Source, Unconfirmed: !rule.Confirmed,
				})
			}
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	return newProblem("contained-in-basket", reasons[0].Detail, reasons...)
}

// containing finds the rule by which another request of the basket contains this one.
func containing(q, other quoted) (rule policy.Provenance, ok bool) {
	a, b := q.request, other.request
	if a.CandidateNumber != b.CandidateNumber || a.Series != b.Series || a.Component != b.Component {
		return policy.Provenance{}, false
	}
	rules, _ := q.policy.Service(q.option.Service)
	for _, c := range rules.Eligible {
		if c.Test == policy.NotAfter && slices.Contains(c.Services, other.option.Service) {
			return c.Provenance, true
		}
	}
	return policy.Provenance{}, false
}

func quoteView(basket []quoted, received time.Time) Quote {
	requests := make([]fee.Request, len(basket))
	view := Quote{ReceivedAt: received, Requests: make([]QuoteLine, len(basket)), Awards: []AwardQuote{}}
	for i, q := range basket {
		requests[i] = q.option.Verdict.Basket(strconv.Itoa(i), q.facts)
		view.Requests[i] = lineView(q)
	}
	forecast := fee.Foresee(requests)
	view.TotalPence, view.Total = int64(forecast.Total), forecast.Total.String()
	view.IfChangedPence, view.IfChanged = int64(forecast.IfChanged), forecast.IfChanged.String()
	for _, set := range forecast.Sets {
		view.Awards = append(view.Awards, awardView(set))
	}
	return view
}

func lineView(q quoted) QuoteLine {
	verdict := q.option.Verdict
	total := fee.Total(verdict.Fees)
	return QuoteLine{
		Service: q.request.Service, Title: q.option.Title, CandidateNumber: q.request.CandidateNumber, Series: q.request.Series,
		Component: q.request.Component, Policy: q.policy.Version, How: howToAsk(q.option.Service, q.policy.BodyName),
		Closes: lastSecond(verdict.Closes), OutcomeDue: outcomeDue(verdict.Clocks), PayFirst: verdict.PayFirst, Fees: priceViews(verdict.Fees),
		TotalPence: int64(total), Total: total.String(), Warnings: warningViews(q.option.Warnings),
	}
}

func awardView(set fee.SetForecast) AwardQuote {
	view := AwardQuote{
		TotalPence: int64(set.Total), Total: set.Total.String(), IfChangedPence: int64(set.IfChanged), IfChanged: set.IfChanged.String(),
		Requests: make([]int, len(set.Requests)), Advice: adviceViews(set.Advice),
	}
	for i, name := range set.Requests {
		view.Requests[i], _ = strconv.Atoi(name)
	}
	return view
}
