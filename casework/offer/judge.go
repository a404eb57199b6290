package offer

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Judge applies one policy to a request. A refusal gives every reason at once, in a fixed order, each with what
// would remedy it: who asks, what must hold in the order of the rule file, the window, the consent, the fees. The
// rest of the verdict is filled as far as the facts allow, also beside a refusal, so that a centre can be shown what
// a service costs and until when it may be asked for.
func Judge(p policy.Policy, f Facts, a Ask, c Calendars) Verdict {
	rules := serviceOf(&p, a.Service)
	if rules == nil {
		return withoutService(&p, f, a)
	}
	return inquiry{policy: &p, rules: rules, facts: &f, ask: &a, calendars: &c}.judge()
}

// serviceOf finds what a policy says about a service without copying it; nil if the body does not offer it.
func serviceOf(p *policy.Policy, name casework.Service) *policy.Service {
	for i := range p.Services {
		if p.Services[i].Service == name {
			return &p.Services[i]
		}
	}
	return nil
}

func withoutService(p *policy.Policy, f Facts, a Ask) Verdict {
	if unknown := unknownFacts(f, a.Service, policy.CandidateComponent); unknown != nil {
		return Verdict{Policy: p.Version, Refusal: unknown}
	}
	return Verdict{Policy: p.Version, Refusal: casework.NewFault(casework.Invalid, CodeUnknownService, "There is no such service.", casework.Reason{
		Code: CodeUnknownService, Pointer: "/service",
		Detail: fmt.Sprintf("%s has no service %q.", p.BodyName, a.Service),
		Remedy: "Ask for one of the services that the awarding body offers.",
	})}
}

// WithoutPolicy is the verdict on a request for which no policy is in force.
func WithoutPolicy(f Facts, a Ask) Verdict {
	if unknown := unknownFacts(f, a.Service, policy.CandidateComponent); unknown != nil {
		return Verdict{Refusal: unknown}
	}
	return Verdict{Refusal: refusal(a.Service, []casework.Reason{{
		Code: CodeNoPolicy, Pointer: "/series",
		Detail: fmt.Sprintf("No rules of awarding body %q were in force on %s.", f.Body, longInstant(a.ReceivedAt)),
		Remedy: "Tell the awarding body; the request itself may be right.",
	}})}
}

// inquiry is one request with everything that decides it. What it points to is shared by all inquiries about one
// result and never changed.
type inquiry struct {
	policy    *policy.Policy
	rules     *policy.Service
	facts     *Facts
	ask       *Ask
	calendars *Calendars
	// consents is true if consent is taken as given, because nobody asks yet.
	consents bool
}

func (i inquiry) judge() Verdict {
	verdict := Verdict{Policy: i.policy.Version}
	if unknown := unknownFacts(*i.facts, i.ask.Service, i.rules.Scope); unknown != nil {
		verdict.Refusal = unknown
		return verdict
	}
	var reasons []casework.Reason
	reasons = i.requester(reasons)
	for n := range i.rules.Eligible {
		reasons = i.condition(reasons, &i.rules.Eligible[n])
	}
	reasons = i.copied(reasons)
	window, reasons := i.window(reasons)
	reasons = i.consent(reasons)
	verdict.Fees, reasons = i.fees(reasons)
	verdict.Clocks, reasons = i.clocks(reasons)

	verdict.Opens, verdict.Closes, verdict.Window = window.opens, window.closes, window.rule
	verdict.Rules, verdict.PayFirst = i.rules.Completion, i.payFirst()
	verdict.Refusal = refusal(i.ask.Service, reasons)
	return verdict
}

// clocks starts the clocks that run from the receipt, and the body's goals beside them.
func (i inquiry) clocks(reasons []casework.Reason) ([]deadline.Clock, []casework.Reason) {
	var clocks []deadline.Clock
	for n := range i.rules.Clocks {
		rule := &i.rules.Clocks[n]
		if rule.Starts != policy.Received {
			continue
		}
		clock, err := deadline.Start(*rule, i.working(rule), i.ask.ReceivedAt)
		if err != nil {
			reasons = append(reasons, i.calendarEnds(rule.Provenance, err))
			continue
		}
		clocks = append(clocks, clock)
	}
	return i.goals(clocks, reasons)
}

// goals adds what the body aims at beside the promises that run from the receipt.
func (i inquiry) goals(clocks []deadline.Clock, reasons []casework.Reason) ([]deadline.Clock, []casework.Reason) {
	year := calendar.DateOf(i.ask.ReceivedAt).Year
	if release := i.release(); !release.IsZero() {
		year = calendar.DateOf(release).Year
	}
	numbers := map[casework.ClockID]int{}
	for _, target := range i.rules.Targets {
		numbers[target.Clock]++
		rule, ok := i.rules.Clock(target.Clock)
		if !ok || rule.Starts != policy.Received {
			continue
		}
		goal, ahead, err := deadline.Goal(target, target.Rule(numbers[target.Clock], rule.Starts), i.working(&rule), i.ask.ReceivedAt, year)
		switch {
		case err != nil:
			reasons = append(reasons, i.calendarEnds(target.Provenance, err))
		case ahead:
			clocks = append(clocks, goal)
		}
	}
	return clocks, reasons
}

func (i inquiry) working(rule *policy.ClockRule) calendar.Working {
	if rule.CentresCalendar() {
		return i.calendars.Centre
	}
	return i.calendars.Body
}

// calendarEnds is the reason of a date that nobody can count: no holidays are known there, which is not the same as
// that there are none.
func (i inquiry) calendarEnds(rule policy.Provenance, err error) casework.Reason {
	return because(rule, casework.Reason{
		Code: CodeCalendarEnds, Pointer: "/series",
		Detail: fmt.Sprintf("A date of this %s cannot be counted: %v.", lower(i.ask.Service), err),
		Remedy: "Tell the awarding body, whose list of bank holidays must be brought up to date; the request itself may be right.",
	})
}
