package rules

import (
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// document is an answer for programs. Instants are written in London's time with their offset.
type document struct {
	// Due is the last second that is in time, and of a clock in hours its very end.
	Due string `json:"due"`
	// Ends is the first instant that is late: of a clock that the body owes, that of the breach.
	Ends string `json:"ends"`
	// OriginalDue is what was due without the pauses, empty if they moved nothing.
	OriginalDue string `json:"originalDue,omitempty"`

	Policy    string `json:"policy"`
	Title     string `json:"title"`
	Clause    string `json:"clause"`
	Source    string `json:"source"`
	Address   string `json:"address,omitempty"`
	Confirmed bool   `json:"confirmed"`

	Set     string `json:"set"`
	Series  string `json:"series,omitempty"`
	Service string `json:"service"`
	Clock   string `json:"clock"`
	Kind    string `json:"kind"`
	// Starts is the event that starts the clock, and From when it happened.
	Starts string `json:"starts"`
	From   string `json:"from"`
	// Amount and Unit are the formula; both are missing where there is none and a key date alone decides.
	Amount   int    `json:"amount,omitempty"`
	Unit     string `json:"unit,omitempty"`
	KeyDate  string `json:"keyDate,omitempty"`
	Division string `json:"division"`

	Days    []documentDay    `json:"days"`
	Targets []documentTarget `json:"targets,omitempty"`
	Notes   []string         `json:"notes,omitempty"`
}

// documentDay is one date. Number is the count so far of a clock in days, Seconds what the date adds to one in hours.
type documentDay struct {
	Date    string  `json:"date"`
	Counts  bool    `json:"counts"`
	Number  int     `json:"number,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
	Why     string  `json:"why"`
}

// documentTarget is a goal beside the promise.
type documentTarget struct {
	Due       string `json:"due"`
	Clause    string `json:"clause"`
	Source    string `json:"source"`
	Confirmed bool   `json:"confirmed"`
}

func (a answer) document() document {
	d := document{
		Due: local(a.Due()), Ends: local(a.Ends),
		Policy: a.policy.Version, Title: a.service.Title, Clause: a.Clause, Source: a.Source, Address: a.address(), Confirmed: a.confirmed(),
		Set: a.policy.Set, Service: string(a.service.Service), Clock: string(a.ID), Kind: string(a.Kind),
		Starts: string(a.rule.Starts), From: local(a.StartedAt), Amount: a.Amount, Unit: string(a.Unit), KeyDate: a.LastDay.String(),
		Division: string(a.working.Division()), Notes: a.notes,
	}
	if a.moved() {
		d.OriginalDue = local(a.OriginalEnds.Add(a.Due().Sub(a.Ends)))
	}
	if a.series != nil {
		d.Series = a.series.ID
	}
	if a.LastDay.IsZero() {
		d.KeyDate = ""
	}
	for _, day := range a.days {
		d.Days = append(d.Days, documentDay{Date: day.Date.String(), Counts: day.Counts, Number: day.Number, Seconds: day.Elapsed.Seconds(), Why: day.Why})
	}
	for _, g := range a.goals {
		d.Targets = append(d.Targets, documentTarget{Due: local(g.due), Clause: g.Clause, Source: g.Source, Confirmed: g.Confirmed})
	}
	return d
}

// local writes an instant in London's time. The offset is a number in winter too, which time.RFC3339 would write Z.
func local(at time.Time) string {
	return at.In(calendar.London()).Format("2006-01-02T15:04:05.999999999-07:00")
}

// address is where the rule is published, empty if the policy does not say.
func (a answer) address() string {
	for _, source := range a.policy.Sources {
		if source.ID == a.Source || source.Title == a.Source {
			return source.Address
		}
	}
	return ""
}
