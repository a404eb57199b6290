package policy

import "github.com/recourse-exams/recourse/casework/fee"

// Provenances lists where every rule of the policy comes from, in the order of its fields: to count them, and to hold
// each against its source.
func (p Policy) Provenances() []Provenance {
	list := []Provenance{p.Words.Provenance, p.Invoices.Provenance}
	for _, c := range p.Closures {
		list = append(list, c.Provenance)
	}
	for _, s := range p.Services {
		list = append(list, s.Provenances()...)
	}
	for _, s := range p.Series {
		list = append(list, s.Provenance)
		for _, d := range s.KeyDates {
			list = append(list, d.Provenance)
		}
	}
	for _, row := range p.Tariff {
		list = append(list, row.Provenance)
	}
	for _, words := range [][]Wording{p.ChangeReasons, p.UnchangedReasons, p.Checks, p.Indicators} {
		for _, w := range words {
			list = append(list, w.Provenance)
		}
	}
	for _, m := range p.RoadMaps {
		list = append(list, m.Provenance)
	}
	return list
}

// Provenances lists where every rule of the service comes from, in the order of its fields.
func (s Service) Provenances() []Provenance {
	list := []Provenance{s.Provenance, s.Consent.Provenance, s.Opens, s.Window.Provenance, s.Effect.Provenance}
	for _, c := range s.Eligible {
		list = append(list, c.Provenance)
	}
	if s.Priority != nil {
		list = append(list, s.Priority.Provenance)
	}
	for _, c := range s.Clocks {
		list = append(list, c.Provenance)
		if len(c.PausedBy) > 0 {
			list = append(list, c.PauseRule)
		}
	}
	for _, t := range s.Targets {
		list = append(list, t.Provenance)
	}
	for _, f := range s.Fees {
		list = append(list, f.provenances()...)
	}
	if s.Cancel != nil {
		list = append(list, s.Cancel.Provenance)
	}
	for _, u := range s.Upgrades {
		list = append(list, u.Provenance)
	}
	if s.Script != nil {
		list = append(list, s.Script.Provenance)
	}
	for _, d := range s.Decisions {
		list = append(list, d.Provenance)
	}
	if s.Panel != nil {
		list = append(list, s.Panel.Provenance)
	}
	return list
}

func (f FeeRule) provenances() []Provenance {
	of := func(w fee.Waiver) Provenance {
		return Provenance{Clause: w.Clause, Source: w.Source, Confirmed: w.Confirmed}
	}
	list := []Provenance{of(f.Waiver)}
	if f.Small != nil {
		list = append(list, f.Small.Provenance)
	}
	if f.Unitised != nil {
		list = append(list, of(*f.Unitised))
	}
	return list
}
