package rulebook

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

var _ ruling.Rules = (*Book)(nil)

// Assess decides whether a request may be taken, by the version of the result's rules that was in force when it was
// received.
func (b *Book) Assess(facts offer.Facts, ask offer.Ask) offer.Verdict {
	p, ok := b.InForce(facts.Set(), ask.ReceivedAt)
	if !ok {
		return offer.WithoutPolicy(facts, ask)
	}
	calendars, err := offer.CalendarsOf(p, facts.Nation)
	if err != nil {
		return offer.Verdict{Policy: p.Version, Refusal: withoutCalendar(err)}
	}
	verdict := offer.Judge(p, facts, ask, calendars)
	for i := range verdict.Clocks {
		verdict.Clocks[i].Quiet = b.office.of(p.Body).Quiet
	}
	return verdict
}

// Options says what may be asked for about a result at the instant of receipt, and why not what may not; none if no
// rules are in force. It is an error if the rules count on a calendar that there is none of.
func (b *Book) Options(facts offer.Facts, ask offer.Ask) ([]offer.Option, error) {
	p, ok := b.InForce(facts.Set(), ask.ReceivedAt)
	if !ok {
		return nil, nil
	}
	calendars, err := offer.CalendarsOf(p, facts.Nation)
	if err != nil {
		return nil, fmt.Errorf("list the services of %s: %w", p.Version, err)
	}
	return offer.Options(p, facts, ask, calendars), nil
}

// withoutCalendar refuses a request by rules whose division has no calendar; rules that were loaded have one.
func withoutCalendar(err error) *casework.Fault {
	return casework.NewFault(casework.Refused, offer.CodeCalendarEnds, "The dates of this request cannot be counted.", casework.Reason{
		Code: offer.CodeCalendarEnds, Pointer: "/series", Detail: fmt.Sprintf("There is no calendar to count on: %v.", err),
		Remedy: "Tell the awarding body; the request itself may be right.",
	})
}

// Settle says what an award review did to marks and grades.
func (b *Book) Settle(version string, award grading.Award) (grading.Settlement, error) {
	if _, err := b.Policy(version); err != nil {
		return grading.Settlement{}, fmt.Errorf("settle an award: %w", err)
	}
	return grading.Settle(award), nil
}

// FeeDecisions says for each quoted line of an award review whether it is due or waived, and why. component
// names the component of a line's case.
func (b *Book) FeeDecisions(version string, lines []fee.Line, settlement grading.Settlement, component func(casework.Reference) string) ([]fee.Decision, error) {
	p, err := b.Policy(version)
	if err != nil {
		return nil, fmt.Errorf("decide fees: %w", err)
	}
	found := func(ref casework.Reference) fee.Finding {
		return fee.Finding{Component: component(ref), Award: &settlement}
	}
	waiver := func(code fee.Code) (fee.Waiver, bool) { return p.WaiverFor(code, len(settlement.Units) > 0) }
	return fee.Decide(lines, found, waiver), nil
}

// PublicationClocks are the clocks that start when a component's outcome is published: the delivery of the
// reviewed script if one was ordered.
func (b *Book) PublicationClocks(version string, published time.Time, scriptOrdered bool) ([]deadline.Clock, error) {
	p, err := b.Policy(version)
	if err != nil {
		return nil, fmt.Errorf("start the clocks of a publication: %w", err)
	}
	if !scriptOrdered {
		return nil, nil
	}
	clock, err := b.start(p, casework.ReviewedScriptCopy, casework.ClockScript, published)
	if err != nil {
		return nil, err
	}
	return []deadline.Clock{clock}, nil
}

// WindowClock is the centre's right to appeal, which starts when the award is settled.
func (b *Book) WindowClock(version string, settled time.Time) (deadline.Clock, error) {
	p, err := b.Policy(version)
	if err != nil {
		return deadline.Clock{}, fmt.Errorf("start the appeal window: %w", err)
	}
	return b.start(p, casework.Appeal, casework.ClockWindow, settled)
}

// start begins a clock that the body owes or grants, on the body's calendar.
func (b *Book) start(p policy.Policy, service casework.Service, id casework.ClockID, at time.Time) (deadline.Clock, error) {
	rule, ok := p.Clock(service, id)
	if !ok {
		return deadline.Clock{}, fmt.Errorf("policy %s has no clock %s of service %s", p.Version, id, service)
	}
	clock, err := b.startFor(p, rule, "", at)
	if err != nil {
		return deadline.Clock{}, fmt.Errorf("start clock %s of service %s: %w", id, service, err)
	}
	return clock, nil
}

// startFor begins a clock of a centre of a nation, with the hours in which nobody is reminded and, if the centre owes it,
// the points at which it is chased.
func (b *Book) startFor(p policy.Policy, rule policy.ClockRule, nation string, at time.Time) (deadline.Clock, error) {
	practice := b.office.of(p.Body)
	if rule.Kind == casework.ClockDuty {
		rule.Warn = practice.ChasesOf(rule.Unit)
	}
	working, err := p.Working(rule, offer.DivisionOf(nation, p.Division))
	if err != nil {
		return deadline.Clock{}, fmt.Errorf("start clock %s: %w", rule.ID, err)
	}
	clock, err := deadline.Start(rule, working, at)
	clock.Quiet = practice.Quiet
	return clock, err
}

// ReasonText spells out the code of a reason or a check in the words of a policy version. An unknown version or
// code is returned as it is: a letter with a bare code is better than none.
func (b *Book) ReasonText(version, code string) string {
	p, err := b.Policy(version)
	if err != nil {
		return code
	}
	if text, ok := p.Text(code); ok {
		return text
	}
	return code
}
