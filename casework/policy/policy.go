// Package policy holds the types that a rule file loads into: what one awarding body's rules of one kind of
// qualification say, each rule with its clause, its source and whether that source confirms it.
package policy

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
)

// Policy is one published version of one set of rules. It never changes: a new rule is a new version. A case pins
// the version that was in force when its request was received.
type Policy struct {
	// Set names the rules through all their versions, such as "ocr-gq", and Version this one, such as
	// "ocr-gq-2026.1".
	Set     string
	Version string
	// Title says for people what the rules are about, such as "OCR general qualifications, June 2026".
	Title string
	// Body is the awarding body's id, and BodyName its name for people. Several sets may be of one body.
	Body     string
	BodyName string
	// Fictional is true for a body that does not exist; its figures are shown as a demonstration's.
	Fictional bool
	// ValidFrom is the first and ValidUntil the last London day of receipt on which the version decides; a zero
	// ValidUntil is open.
	ValidFrom  calendar.Date
	ValidUntil calendar.Date
	Sources    []Source
	// Division is the body's calendar of bank holidays, and Closures the days on which the body itself is closed
	// (domain §5.5): neither counts as a working day.
	Division calendar.Division
	Closures []Closure
	Words    Words
	Services []Service
	Series   []Series
	Tariff   []Price
	Invoices InvoiceRule
	// ChangeReasons, UnchangedReasons and Checks spell out every code that the services name, Indicators what a
	// result may show in place of a grade.
	ChangeReasons    []Wording
	UnchangedReasons []Wording
	Checks           []Wording
	Indicators       []Wording
	// RoadMaps draw the way of a case per qualification family.
	RoadMaps []RoadMap
}

// Source is a publication that rules come from.
type Source struct {
	ID    string
	Title string
	// Address is where it is published, without a scheme; empty for a fictional one.
	Address string
}

// Provenance says where a rule comes from.
type Provenance struct {
	// Clause names the rule in its source and Source where it is published.
	Clause string
	Source string
	// Confirmed is false for a reading that no published text confirms; it is shown as such.
	Confirmed bool
}

// Closure is a span of days, the last included, on which the awarding body does not work.
type Closure struct {
	From calendar.Date
	To   calendar.Date
	Why  string
	Provenance
}

// Wording is a code with what it means, for people.
type Wording struct {
	Code string
	Text string
	Provenance
}

// Words are the body's own words for the people of a case: learner and provider at NCFE, candidate and centre at
// OCR (domain §8.3, reading 11). All are in lower case, in the singular.
type Words struct {
	Candidate string
	Centre    string
	Provenance
}

// Service returns what the policy says about a service; ok is false if the body does not offer it.
func (p Policy) Service(name casework.Service) (rules Service, ok bool) {
	for _, s := range p.Services {
		if s.Service == name {
			return s, true
		}
	}
	return Service{}, false
}

// Clock returns the rule of one clock of one service; ok is false if there is none.
func (p Policy) Clock(name casework.Service, id casework.ClockID) (rule ClockRule, ok bool) {
	s, ok := p.Service(name)
	if !ok {
		return ClockRule{}, false
	}
	return s.Clock(id)
}

// Price returns the tariff's row of a fee code at a qualification's level, 1 to 8; ok is false if there is none, or if
// its figure is not published: the row then says where it should stand.
func (p Policy) Price(code fee.Code, level int) (price Price, ok bool) {
	for _, candidate := range p.Tariff {
		if candidate.Code == code && candidate.Covers(level) {
			return candidate, !candidate.Unpublished
		}
	}
	return Price{}, false
}

// Text spells out the code of a reason, a check or an indicator; ok is false if the policy does not know it.
func (p Policy) Text(code string) (text string, ok bool) {
	for _, words := range [][]Wording{p.ChangeReasons, p.UnchangedReasons, p.Checks, p.Indicators} {
		for _, w := range words {
			if w.Code == code {
				return w.Text, true
			}
		}
	}
	return "", false
}

// Decides reports whether the version decides a request that was received on a London day.
func (p Policy) Decides(day calendar.Date) bool {
	return !day.Before(p.ValidFrom) && (p.ValidUntil.IsZero() || !p.ValidUntil.Before(day))
}
