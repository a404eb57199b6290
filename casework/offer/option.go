package offer

import (
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Option is one service that the body offers, and what asking for it now would mean.
type Option struct {
	Service casework.Service
	// Title is the body's own name of the service.
	Title string
	// Verdict is that on a request with consent and with every declaration that the service asks for.
	Verdict Verdict
	// Consent is what the request must bring, Requesters who may make it.
	Consent    policy.ConsentRule
	Requesters []policy.Requester
	// DeclaresPlace is true if the centre must declare that a place in higher education depends on the outcome.
	DeclaresPlace bool
	// Award and Unit say how far the award's grade and the unit's own are from changing; nil if the service changes no
	// mark, or nobody knows.
	Award *grading.Distance
	Unit  *grading.Distance
	// Warnings are what a centre should know before it asks.
	Warnings []Warning
}

// Warning is a sentence beside an offer, with its rule if it has one.
type Warning struct {
	// Code is stable and machine-readable.
	Code   string
	Detail string
	// Cases are the existing cases that it is about.
	Cases []casework.Reference
	policy.Provenance
}

// Options says for every service of a policy, in the policy's order, what asking for it now would mean. Of the ask
// only the instant, the copy, the requester and a day of consent count; without a day consent is taken as given. The
// copy counts for the services that review a script, and for the service that the ask names, if it names one.
func Options(p policy.Policy, f Facts, a Ask, c Calendars) []Option {
	a.PlaceAtRisk = true
	award, unit := distances(&f)
	options := make([]Option, len(p.Services))
	for n := range p.Services {
		rules := &p.Services[n]
		own := a
		own.Service = rules.Service
		own.ReviewedScript = a.ReviewedScript && (reviewsScript(rules.Service) || rules.Service == a.Service)
		i := inquiry{policy: &p, rules: rules, facts: &f, ask: &own, calendars: &c, consents: a.ConsentGivenOn.IsZero()}
		options[n] = Option{
			Service: rules.Service, Title: rules.Title, Verdict: i.judge(), Consent: rules.Consent, Requesters: rules.Requesters,
			DeclaresPlace: i.tests(policy.PlaceAtRisk),
		}
		if changesMarks(rules.Service) {
			options[n].Award, options[n].Unit = award, unit
		}
		if options[n].Verdict.Refusal == nil {
			options[n].Warnings = i.warnings(options[n].Verdict)
		}
	}
	for n := range options {
		if options[n].Verdict.Refusal == nil {
			options[n].Warnings = append(options[n].Warnings, faster(options, options[n].Service)...)
		}
	}
	return options
}

// distances say nothing of a result that is not final: its marks and grades are not published.
func distances(f *Facts) (award, unit *grading.Distance) {
	if f.pending() {
		return nil, nil
	}
	if d, ok := f.Award.Distance(f.Component); ok {
		award = &d
	}
	if d, ok := f.Award.UnitDistance(f.Component); ok {
		unit = &d
	}
	return award, unit
}

// Basket is what the request would cost as a part of a basket: name names it to whoever asks. It belongs to the award
// of the candidate if the award's grades may waive a fee of it; a cohort's belongs to none.
func (v Verdict) Basket(name string, f Facts) fee.Request {
	request := fee.Request{Name: name, Quotes: v.Fees}
	if !f.KnownResult || !slices.ContainsFunc(v.Fees, byGradeOfCandidate) {
		return request
	}
	request.Set = strings.Join([]string{f.CentreNumber, f.CandidateNumber, f.Qualification, f.Series}, "/")
	for _, l := range f.Linked {
		request.Linked = append(request.Linked, fee.LinkedCase{Reference: l.Reference, Open: l.Open})
	}
	return request
}

// byGradeOfCandidate reports whether a grade of one candidate may waive a fee.
func byGradeOfCandidate(q fee.Quote) bool {
	return slices.ContainsFunc(q.Waiver.Strategy.Needs(), policy.CandidateComponent.BringsAbout)
}

// reviewsScript reports whether a copy of the reviewed script can be ordered with the service.
func reviewsScript(service casework.Service) bool {
	return slices.Contains([]casework.Service{
		casework.ClericalCheck, casework.ReviewOfMarking, casework.PriorityReview, casework.ExpeditedReview,
	}, service)
}

// changesMarks reports whether the outcome of the service may be another mark.
func changesMarks(service casework.Service) bool {
	return reviewsScript(service) || service == casework.ReviewOfModeration || service == casework.ExpeditedModeration || service == casework.Appeal
}
