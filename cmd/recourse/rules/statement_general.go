package rules

import (
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// generalStatements are the rules that hold for all services of a policy.
func generalStatements(p policy.Policy) []statement {
	var s statements
	none := policy.Provenance{}
	s.say("title", none, "%s", p.Title)
	body := p.BodyName + " (" + p.Body + ")"
	if p.Fictional {
		body += ", which does not exist: its figures are a demonstration's"
	}
	s.say("awarding body", none, "%s", body)
	s.say("validity", none, "requests received %s", validity(p))
	s.say("calendar", none, "%s", p.Division.Name())
	s.say("words", p.Words.Provenance, "%s and %s", p.Words.Candidate, p.Words.Centre)
	for _, source := range p.Sources {
		s.say("source "+source.ID, none, "%s", strings.TrimSuffix(source.Title+", "+source.Address, ", "))
	}
	for _, c := range p.Closures {
		s.say("closed from "+c.From.String(), c.Provenance, "to %s: %s", c.To, c.Why)
	}
	for _, series := range p.Series {
		s.series(series)
	}
	for _, price := range p.Tariff {
		s.price(price)
	}
	s.say("invoices", p.Invoices.Provenance, "%s", months(p.Invoices.Months))
	for _, words := range []struct {
		kind string
		list []policy.Wording
	}{{"reason for a change", p.ChangeReasons}, {"reason for no change", p.UnchangedReasons}, {"check", p.Checks}, {"indicator", p.Indicators}} {
		for _, w := range words.list {
			s.say(words.kind+" "+w.Code, w.Provenance, "%s", w.Text)
		}
	}
	for _, m := range p.RoadMaps {
		s.roadMap(m)
	}
	return s.list
}

// validity says which days of receipt a version decides.
func validity(p policy.Policy) string {
	if p.ValidUntil.IsZero() {
		return "from " + p.ValidFrom.String() + " on"
	}
	return "from " + p.ValidFrom.String() + " to " + p.ValidUntil.String()
}

func (s *statements) series(series policy.Series) {
	words := []string{series.Title}
	for _, release := range []struct {
		whose string
		at    time.Time
	}{{"centres", series.CentreRelease}, {"candidates", series.CandidateRelease}} {
		if !release.at.IsZero() {
			words = append(words, fmt.Sprintf("first results to %s %s", release.whose, long(release.at)))
		}
	}
	for _, day := range []struct {
		which string
		on    calendar.Date
	}{{"A level", series.ALevelRelease}, {"GCSE", series.GCSERelease}} {
		if !day.on.IsZero() {
			words = append(words, fmt.Sprintf("%s results day %s", day.which, day.on))
		}
	}
	s.say("series "+series.ID, series.Provenance, "%s", strings.Join(words, "; "))
	for _, d := range series.KeyDates {
		name := "key date of " + series.ID + " for " + string(d.Service)
		if d.Priority {
			name += " with priority"
		}
		s.say(name, d.Provenance, "%s", d.Date)
	}
}

func (s *statements) price(p policy.Price) {
	figure := p.Pence.String()
	switch {
	case p.Unpublished:
		figure = "charged; the figure is not published"
	case p.Pence == 0:
		figure = "free of charge"
	}
	s.say(fmt.Sprintf("fee %s at %s", p.Code, levels(p.FromLevel, p.ToLevel)), p.Provenance, "%s", figure)
}

// levels names levels of qualifications: "level 3" or "levels 1 to 2".
func levels(from, to int) string {
	if from == to {
		return fmt.Sprintf("level %d", from)
	}
	return fmt.Sprintf("levels %d to %d", from, to)
}

func months(numbers []int) string {
	if len(numbers) == 0 {
		return "in no month that is published"
	}
	names := make([]string, len(numbers))
	for i, n := range numbers {
		names[i] = time.Month(n).String()
	}
	return "in " + list(names)
}

func (s *statements) roadMap(m policy.RoadMap) {
	s.say("road map "+m.Family, m.Provenance, "%s", m.Title)
	for i, step := range m.Steps {
		words := step.Text
		if step.Service != "" {
			words += " (" + string(step.Service) + ")"
		}
		if len(step.After) > 0 {
			words += fmt.Sprintf(", after %v", step.After)
		}
		s.say(fmt.Sprintf("road map %s, station %d", m.Family, i+1), policy.Provenance{}, "%s", words)
	}
}
