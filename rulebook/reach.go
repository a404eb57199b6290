package rulebook

import (
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// checkCalendar computes every deadline that the first and the last day of the rules, and a series' dates, can lead to:
// what the bank holidays do not reach is refused now, and not when somebody asks for it.
func (f *file) checkCalendar() {
	p := f.edition.policy
	for _, service := range p.Services {
		f.runAll(p, everySpan(service), service.Service, p.ValidFrom.Start(), f.edition.from)
	}
	for i, s := range p.Series {
		for _, service := range p.Services {
			if day, known := s.Anchor(priorityAnchor(service)); known {
				rule, _ := service.Priority.Clock()
				f.run(p, service.Service, rule, day.Start(), f.series[i])
			}
			if last, ok := f.lastDay(p, s, service, f.series[i]); ok {
				f.runAll(p, service.Clocks, service.Service, last, f.series[i])
			}
		}
	}
	if !p.ValidUntil.IsZero() {
		for _, service := range p.Services {
			f.runAll(p, service.Clocks, service.Service, p.ValidUntil.End().Add(-time.Second), f.edition.until)
		}
	}
}

// everySpan lists all that a service counts as clocks: its clocks and windows, the time after another outcome, the
// windows against decisions and the goals.
func everySpan(s policy.Service) []policy.ClockRule {
	rules := slices.Clone(s.AllClocks())
	count := func(span policy.Span) {
		if span != (policy.Span{}) {
			rules = append(rules, policy.ClockRule{ID: casework.ClockWindow, Kind: casework.ClockRight, Span: span})
		}
	}
	if s.Priority != nil {
		count(s.Priority.Span)
	}
	for _, c := range s.Eligible {
		count(c.Within)
	}
	for _, d := range s.Decisions {
		count(d.Span)
	}
	for _, t := range s.Targets {
		count(t.Span)
	}
	return rules
}

// priorityAnchor is the day from which the window with priority is counted, no day if the service has none.
func priorityAnchor(s policy.Service) policy.Anchor {
	if s.Priority == nil {
		return policy.AnchorNone
	}
	return s.Priority.Anchor
}

// lastDay is the last instant at which a service may be asked for in a series; ok is false if it is not counted from a
// day of the series.
func (f *file) lastDay(p policy.Policy, s policy.Series, service policy.Service, at place) (last time.Time, ok bool) {
	if fixed, ok := s.KeyDate(service.Service); ok {
		return fixed.Date.End().Add(-time.Second), true
	}
	rule, counted := service.WindowClock()
	day, known := s.Anchor(service.Window.Anchor)
	if !counted || !known {
		return time.Time{}, false
	}
	clock, ok := f.run(p, service.Service, rule, day.Start(), at)
	return clock.Ends.Add(-time.Second), ok
}

// runAll starts clocks of a service at an instant, up to the first that the calendar does not reach.
func (f *file) runAll(p policy.Policy, rules []policy.ClockRule, of casework.Service, from time.Time, at place) {
	for _, rule := range rules {
		if _, ok := f.run(p, of, rule, from, at); !ok {
			return
		}
	}
}

func (f *file) run(p policy.Policy, service casework.Service, rule policy.ClockRule, from time.Time, at place) (clock deadline.Clock, ok bool) {
	working, err := p.Working(rule, p.Division)
	if err == nil {
		clock, err = deadline.Start(rule, working, from)
	}
	if err != nil {
		f.fault(at, "the dates here lead beyond what is known: %s, %v", service, err)
		return deadline.Clock{}, false
	}
	return clock, true
}
