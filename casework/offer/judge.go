package offer

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Judge applies one policy to a request. A refusal gives every reason at once, in a fixed order, each with what
// would remedy it. Policy, Closes, Clocks, Fees and Rules are filled as far as the facts allow, also beside a
// refusal, so that a centre can be shown what a service costs and until when it may be asked for.
func Judge(p policy.Policy, f Facts, a Ask) Verdict {
	verdict := Verdict{Policy: p.Version}
	if unknown := unknownFacts(f); unknown != nil {
		verdict.Refusal = unknown
		return verdict
	}
	rules, ok := p.Service(a.Service)
	if !ok {
		verdict.Refusal = casework.NewFault(casework.Invalid, CodeUnknownService, "There is no such service.", casework.Reason{
			Code: CodeUnknownService, Pointer: "/service",
			Detail: fmt.Sprintf("%s has no service %q.", p.BodyName, a.Service),
			Remedy: "Ask for one of the services that the awarding body offers.",
		})
		return verdict
	}
	inquiry := inquiry{policy: p, rules: rules, facts: f, ask: a}
	var reasons []casework.Reason
	reasons = append(reasons, inquiry.earlier()...)
	reasons = append(reasons, inquiry.objective()...)
	reasons = append(reasons, inquiry.script()...)
	window, reason := inquiry.window()
	reasons = append(reasons, reason...)
	reasons = append(reasons, inquiry.consent()...)
	fees, reason := inquiry.fees()
	reasons = append(reasons, reason...)

	verdict.Closes, verdict.Fees, verdict.Rules = window.closes, fees, rules.Completion
	verdict.Clocks = []deadline.Clock{deadline.Start(rules.Outcome, a.ReceivedAt)}
	verdict.Refusal = refusal(a.Service, reasons)
	return verdict
}

// WithoutPolicy is the verdict on a request for which no policy is in force.
func WithoutPolicy(f Facts, a Ask) Verdict {
	if unknown := unknownFacts(f); unknown != nil {
		return Verdict{Refusal: unknown}
	}
	return Verdict{Refusal: refusal(a.Service, []casework.Reason{{
		Code: CodeNoPolicy, Pointer: "/series",
		Detail: fmt.Sprintf("No rules of awarding body %q were in force on %s.", f.Body, longInstant(a.ReceivedAt)),
		Remedy: "Tell the awarding body; the request itself may be right.",
	}})}
}

// inquiry is one request with everything that decides it.
type inquiry struct {
	policy policy.Policy
	rules  policy.Service
	facts  Facts
	ask    Ask
}

// fees quotes the service and, if ordered, the copy of the reviewed script. A level without a price is a reason
// not to take the request: nobody may be asked to pay an unknown price.
func (i inquiry) fees() ([]fee.Quote, []casework.Reason) {
	codes := []fee.Code{i.rules.Fee}
	if i.ask.ReviewedScript {
		codes = append(codes, i.policy.ReviewedScript.Fee)
	}
	var quotes []fee.Quote
	for _, code := range codes {
		price, ok := i.policy.Price(code, i.facts.Level)
		if !ok {
			return nil, []casework.Reason{{
				Code: CodeNoPrice, Pointer: "/component",
				Detail: fmt.Sprintf("There is no price of %s for a qualification of level %d.", code, i.facts.Level),
				Remedy: "Tell the awarding body; the request itself may be right.",
			}}
		}
		quotes = append(quotes, fee.Quote{Code: code, Pence: price.Pence, Clause: price.Clause, Source: price.Source})
	}
	return quotes, nil
}
