// Package policy holds the types that a rule file loads into: what one awarding body's rules say from a day on.
// It decides nothing; the packages beside it apply it.
package policy

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
)

// Policy is one version of one awarding body's rules. A case is pinned to the version that was in force when its
// request was received, so a published version never changes.
type Policy struct {
	// Version names the policy for ever, such as "cambria-2026.1".
	Version string
	// Body is the awarding body's id in the register, and BodyName its name for people.
	Body     string
	BodyName string
	// ValidFrom is the first London day of receipt on which the version decides.
	ValidFrom calendar.Date
	Services  []Service
	// ReviewedScript is the copy of the reviewed script that a centre may order with a request.
	ReviewedScript ReviewedScript
	// AppealWindow is the centre's right to appeal, counted from the settlement of the award.
	AppealWindow ClockRule
	Tariff       []Price
	Invoices     InvoiceRule
	// ChangeReasons, UnchangedReasons and Checks spell out every code that the services name.
	ChangeReasons    []Wording
	UnchangedReasons []Wording
	Checks           []Wording
}

// Provenance says where a rule comes from.
type Provenance struct {
	// Clause names the rule in its source and Source where it is published.
	Clause string
	Source string
	// Confirmed is false for a reading that no published text confirms; it is shown as such.
	Confirmed bool
}

// Wording is a code and what it means to people.
type Wording struct {
	Code string
	Text string
	Provenance
}

// InvoiceRule says when invoices are made.
type InvoiceRule struct {
	// Months are the calendar months in which an invoice run takes place, 1 to 12.
	Months []int
	Provenance
}

// ReviewedScript is the rule about the copy of a reviewed script.
type ReviewedScript struct {
	Fee    fee.Code
	Waiver fee.Waiver
	// Delivery runs from the publication of the outcome.
	Delivery ClockRule
}

// Service returns the rules of one service; ok is false if the body does not offer it.
func (p Policy) Service(name casework.Service) (rules Service, ok bool) {
	for _, s := range p.Services {
		if s.Service == name {
			return s, true
		}
	}
	return Service{}, false
}

// Price returns the price of a fee code at a qualification level; ok is false if the tariff has none.
func (p Policy) Price(code fee.Code, level int) (price Price, ok bool) {
	for _, candidate := range p.Tariff {
		if candidate.Code == code && candidate.Covers(level) {
			return candidate, true
		}
	}
	return Price{}, false
}

// Waiver returns the rule by which a fee of the code may be waived; ok is false if no rule waives it.
func (p Policy) Waiver(code fee.Code) (waiver fee.Waiver, ok bool) {
	for _, s := range p.Services {
		if s.Fee == code {
			return s.Waiver, true
		}
	}
	if p.ReviewedScript.Fee == code {
		return p.ReviewedScript.Waiver, true
	}
	return fee.Waiver{}, false
}

// Text spells out the code of a reason or a check; ok is false for a code that the policy does not have.
func (p Policy) Text(code string) (text string, ok bool) {
	for _, words := range [][]Wording{p.ChangeReasons, p.UnchangedReasons, p.Checks} {
		for _, w := range words {
			if w.Code == code {
				return w.Text, true
			}
		}
	}
	return "", false
}
