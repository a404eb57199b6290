// Package roadmap draws the way of a result through an awarding body's services, station by station, from the rules:
// as a picture in SVG and as plain text. What is drawn depends on nothing but the policy.
package roadmap

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// station is one stop of the map with what is written about it.
type station struct {
	// title is the body's own name of a service, or the whole text of a station that is no service.
	title string
	text  string
	facts []fact
	// service is empty for a station that is no service.
	service casework.Service
	// after are the stations, by index, from which a line is drawn, and straight those from which one may come here
	// passing by others that lie between.
	after    []int
	straight []int
}

// fact is one line of a station: what the rules say about the service.
type fact struct {
	label, text string
	// unconfirmed marks a reading that no published text confirms.
	unconfirmed bool
}

// stations makes the map's steps ready to be drawn. A service that has two stations is described at its first.
func stations(p policy.Policy, m policy.RoadMap) []station {
	drawn := make([]station, len(m.Steps))
	described := map[casework.Service]bool{}
	for i, step := range m.Steps {
		drawn[i] = station{title: step.Text, service: step.Service}
		if rules, ok := p.Service(step.Service); ok {
			drawn[i].title, drawn[i].text = rules.Title, step.Text
			if !described[step.Service] {
				drawn[i].facts = factsOf(p, rules)
			}
			described[step.Service] = true
		}
		drawn[i].after, drawn[i].straight = ways(m.Steps, i)
	}
	return drawn
}

// ways tells the stations from which a line is drawn to one from those that lie further back on the same line.
func ways(steps []policy.RoadStep, i int) (after, straight []int) {
	for _, number := range steps[i].After {
		from := number - 1
		if from < 0 || i <= from {
			continue
		}
		between := slices.ContainsFunc(steps[i].After, func(other int) bool {
			return other != number && other-1 < i && reaches(steps, from, other-1)
		})
		if between {
			straight = append(straight, from)
		} else {
			after = append(after, from)
		}
	}
	return after, straight
}

// reaches reports whether one station lies on a way to another; the ways lead from earlier steps to later ones.
func reaches(steps []policy.RoadStep, from, to int) bool {
	if to <= from {
		return false
	}
	return slices.ContainsFunc(steps[to].After, func(number int) bool {
		return number-1 == from || number-1 < to && reaches(steps, from, number-1)
	})
}

// labels are the short names of the clocks that a centre waits for or must keep, in the order in which they are shown.
var labels = []struct {
	id    casework.ClockID
	label string
}{
	{casework.ClockAcceptance, "Accepted"},
	{casework.ClockSample, "Sample"},
	{casework.ClockEntry, "Entry"},
	{casework.ClockEvidence, "Evidence"},
	{casework.ClockOutcome, "Outcome"},
	{casework.ClockScript, "Copy"},
	{casework.ClockResult, "Results"},
	{casework.ClockCertificate, "Certificates"},
	{casework.ClockPreliminary, "Stage 1"},
	{casework.ClockStage2Window, "Stage 2 by"},
	{casework.ClockHearing, "Stage 2"},
}

// factsOf gathers what a centre wants to know of a service: until when, how long, how much.
func factsOf(p policy.Policy, rules policy.Service) []fact {
	facts := []fact{{label: "Ask by", text: rules.Window.Words(), unconfirmed: !rules.Window.Confirmed}}
	for _, shown := range labels {
		rule, ok := rules.Clock(shown.id)
		if !ok {
			continue
		}
		text := rule.Words()
		if rule.Kind == casework.ClockTarget {
			text = "aimed at: " + text
		}
		facts = append(facts, fact{label: shown.label, text: text, unconfirmed: !rule.Confirmed})
	}
	for _, f := range rules.Fees {
		if f.For == policy.ForRequest || rules.Service == casework.ReviewedScriptCopy {
			facts = append(facts, feeFact(p, f))
		}
	}
	return facts
}

func feeFact(p policy.Policy, f policy.FeeRule) fact {
	label := "Fee"
	if f.For == policy.ForLateCopy {
		label = "Late"
	}
	price, confirmed := priceOf(p, f)
	text := f.Waiver.Strategy.Words()
	switch {
	case price != "" && f.Waiver.Strategy == fee.AlwaysFree:
		text = price
	case price != "":
		text = price + "; " + text
	}
	return fact{label: label, text: text, unconfirmed: !confirmed || !f.Waiver.Confirmed}
}

// priceOf writes the tariff's rows of a fee: "£62.00 at levels 1 to 2, £66.00 at level 3"; empty if it has none.
func priceOf(p policy.Policy, f policy.FeeRule) (text string, confirmed bool) {
	var rows []string
	unknown := false
	confirmed = true
	for _, row := range p.Tariff {
		if row.Code != f.Code {
			continue
		}
		confirmed = confirmed && row.Confirmed
		switch {
		case row.Unpublished:
			unknown = true
		case row.Pence == 0:
			rows = append(rows, "free")
		default:
			rows = append(rows, row.Pence.String()+levels(row))
		}
	}
	rows = slices.Compact(rows)
	switch {
	case unknown && len(rows) == 0:
		rows = append(rows, "not published")
	case unknown:
		rows = append(rows, "elsewhere not published")
	}
	return strings.Join(rows, ", "), confirmed
}

func levels(row policy.Price) string {
	switch {
	case row.FromLevel <= 1 && row.ToLevel >= 8:
		return ""
	case row.FromLevel == row.ToLevel:
		return fmt.Sprintf(" at level %d", row.FromLevel)
	default:
		return fmt.Sprintf(" at levels %d to %d", row.FromLevel, row.ToLevel)
	}
}

// heading is what stands above the map, and footing below it.
func heading(p policy.Policy) string {
	if p.Fictional {
		return p.Title + ". A fictional awarding body: its figures are a demonstration's."
	}
	return p.Title
}

func footing(p policy.Policy, m policy.RoadMap, drawn []station) []string {
	lines := []string{fmt.Sprintf("Source: %s, %s. Rules: %s, valid from %s.", m.Source, m.Clause, p.Version, p.ValidFrom.Long())}
	for _, s := range drawn {
		if slices.ContainsFunc(s.facts, func(f fact) bool { return f.unconfirmed }) {
			return append(lines, "* A reading that no published text confirms.")
		}
	}
	return lines
}

// straightFrom says from where else one may come to a station.
func straightFrom(s station) string {
	if len(s.straight) == 0 {
		return ""
	}
	numbers := make([]string, len(s.straight))
	for i, from := range s.straight {
		numbers[i] = fmt.Sprint(from + 1)
	}
	last := len(numbers) - 1
	if last == 0 {
		return "Also straight from " + numbers[0]
	}
	return "Also straight from " + strings.Join(numbers[:last], ", ") + " or " + numbers[last]
}
