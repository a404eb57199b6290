package rulebook

import (
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// longest bounds every count of days or hours, so that no sum of them can overflow.
const longest = 1000

// windowUnits are the units of a window, which ends with a whole day.
func windowUnits() []policy.Unit {
	return []policy.Unit{policy.CalendarDays, policy.WorkingDays, policy.Weeks, policy.Months}
}

// span reads an amount and its unit, with the options of a last day.
func span(t *table, units []policy.Unit) policy.Span {
	s := policy.Span{Amount: t.whole("amount", 1, longest), Unit: choice(t, "unit", units), RollForward: t.yesIf("rollForward")}
	if node := t.get("cutoff"); node != nil {
		cutoff := t.timeOfDay("cutoff", node)
		s.Cutoff = &cutoff
	}
	switch err := s.Check(); {
	case s.Unit == "":
	case s.RollForward && s.Unit == policy.WorkingDays:
		t.file.fault(t.place("rollForward"), "working days always end on one; leave rollForward out")
	case err != nil:
		t.fault("%v", err)
	}
	return s
}

// window reads until when something may be asked for.
func window(t *table) policy.WindowRule {
	rule := policy.WindowRule{Anchor: choice(t, "anchor", policy.Anchors()), Provenance: t.provenance()}
	if rule.Anchor.Counted() {
		if node := t.entry("amount"); node != nil && strings.HasPrefix(node.value.GetToken().Value, "-") {
			t.file.fault(t.place("amount"), "a window cannot close before it opens; count the days after its anchor")
			node.asked = true
			t.get("unit")
		} else {
			rule.Span = span(t, windowUnits())
		}
	}
	t.end()
	return rule
}

// priority reads the window of a request with priority, which only copies of scripts have.
func priority(t *table, of casework.Service) *policy.WindowRule {
	row, ok := t.child("priority")
	if !ok {
		return nil
	}
	if of != casework.ScriptCopy {
		row.fault("only %s has a window with priority; %s is a service of its own if it has one", casework.ScriptCopy, of)
	}
	rule := window(row)
	return &rule
}

func clocks(t *table, of casework.Service) []policy.ClockRule {
	var rules []policy.ClockRule
	for _, row := range t.tables("clocks", "a clock") {
		rule := clock(row, of)
		if rule.ID != "" && slices.ContainsFunc(rules, func(other policy.ClockRule) bool { return other.ID == rule.ID }) {
			row.file.fault(row.place("clock"), "%s has the clock %s twice; leave one", of, rule.ID)
		}
		rules = append(rules, rule)
	}
	return rules
}

func clock(t *table, of casework.Service) policy.ClockRule {
	id := choice(t, "clock", clocksOf(of))
	rule := policy.ClockRule{ID: id, Kind: choice(t, "kind", kindsOf(id)), Starts: choice(t, "starts", eventsOf(of))}
	rule.Span = span(t, policy.Units())
	rule.Warn = warnings(t, rule)
	if row, ok := t.child("paused"); ok {
		rule.PausedBy, rule.PauseRule = chosen(row, "by", policy.Pauses()), row.provenance()
		row.end()
	}
	rule.Provenance = t.provenance()
	t.end()
	return rule
}

// warnings reads the warn points of a clock: only what the body owes warns, and before the end.
func warnings(t *table, rule policy.ClockRule) []policy.WarnRule {
	if t.has("warn") && rule.Kind != casework.ClockSLA && rule.Kind != "" {
		t.file.fault(t.place("warn"), "only an sla clock warns; leave warn out of a %s", rule.Kind)
	}
	var warn []policy.WarnRule
	for _, row := range t.tables("warn", "a warn point") {
		w := policy.WarnRule{DaysBefore: row.wholeIf("daysBefore", longest), HoursBefore: row.wholeIf("hoursBefore", longest)}
		if node := row.get("at"); node != nil {
			w.At = row.timeOfDay("at", node)
		} else if w.DaysBefore > 0 {
			row.missing("at", func() string { return "a time of day such as \"09:00\"" })
		}
		row.end()
		days, hours := lengthOf(rule.Span)
		switch err := w.Check(); {
		case err != nil:
			row.fault("%v", err)
		case rule.Unit == policy.Hours && w.DaysBefore > 0:
			row.fault("a clock in hours warns in hours; write hoursBefore")
		case w.DaysBefore >= days && w.DaysBefore > 0, w.HoursBefore >= hours && w.HoursBefore > 0:
			row.fault("the clock lasts %s, so it cannot warn that long before its end; warn later", rule.Span.Words())
		}
		warn = append(warn, w)
	}
	return warn
}

// lengthOf is how long a span lasts at least, in days and in hours.
func lengthOf(s policy.Span) (days, hours int) {
	switch s.Unit {
	case policy.Hours:
		return s.Amount / 24, s.Amount
	case policy.Weeks:
		days = 7 * s.Amount
	case policy.Months:
		days = 28 * s.Amount
	default:
		days = s.Amount
	}
	return days, 24 * days
}

// targets reads goals beside the promises of a service.
func targets(t *table, s policy.Service) []policy.Target {
	var goals []policy.Target
	for _, row := range t.tables("targets", "a target") {
		goal := policy.Target{Clock: choice(row, "clock", casework.ClockIDs())}
		if node := row.get("by"); node != nil {
			goal.By = yearDay(row, node.GetToken().Value)
		} else {
			goal.Span = span(row, policy.Units())
		}
		goal.Provenance = row.provenance()
		row.end()
		if rule, ok := s.Clock(goal.Clock); goal.Clock != "" && (!ok || rule.Kind != casework.ClockSLA) {
			row.file.fault(row.place("clock"), "a target stands beside a promise, and %s has no sla clock %s; write the goal as a clock of kind target", s.Service, goal.Clock)
		}
		goals = append(goals, goal)
	}
	return goals
}

// yearDay reads a day of the year such as "08-31".
func yearDay(t *table, text string) policy.YearDay {
	day, err := time.Parse("01-02", text)
	if err != nil {
		t.file.fault(t.place("by"), "by is a day of the year such as \"08-31\"; %q is not", text)
		return policy.YearDay{}
	}
	return policy.YearDay{Month: day.Month(), Day: day.Day()}
}
