package rulebook

import (
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// maxAmount bounds every count of days or hours, so that no sum of them can overflow.
const maxAmount = 1000

func (c *check) services(at place, entries []serviceEntry) []policy.Service {
	if len(entries) == 0 {
		c.fault(at, "the file has no services")
	}
	var services []policy.Service
	for i, e := range entries {
		service := c.service(at.item(i), e)
		if slices.ContainsFunc(services, func(s policy.Service) bool { return s.Service == service.Service }) {
			c.fault(at.item(i).key("service"), "service %s has rules twice", e.Service)
		}
		services = append(services, service)
	}
	return services
}

func (c *check) service(at place, e serviceEntry) policy.Service {
	s := policy.Service{
		Service: oneOf(c, at.key("service"), "service", e.Service, casework.Services()),
		Opens:   c.provenance(at.key("opens"), e.Opens),
		Window:  c.window(at.key("window"), e.Window),
		Once:    c.provenance(at.key("once"), e.Once),
		Outcome: c.clock(at.key("outcome"), casework.ClockOutcome, e.Outcome, casework.ClockSLA, casework.ClockTarget),
		Fee:     c.fee(at.key("fee"), e.Fee),
		Waiver:  c.waiver(at.key("waiver"), e.Waiver),
	}
	s.Consent = policy.ConsentRule{
		Required:     c.decided(at.key("consent"), "required", e.Consent.Required),
		AfterRelease: c.decided(at.key("consent"), "afterRelease", e.Consent.AfterRelease),
		Provenance:   c.provenance(at.key("consent"), e.Consent.From),
	}
	s.Objective = policy.ObjectiveRule{
		Allowed:    c.decided(at.key("objectiveTests"), "allowed", e.ObjectiveTests.Allowed),
		Provenance: c.provenance(at.key("objectiveTests"), e.ObjectiveTests.From),
	}
	if e.ContainedIn != nil {
		s.ContainedIn = c.contained(at.key("containedIn"), *e.ContainedIn)
	}
	s.Completion = c.completion(at.key("completion"), e.Completion)
	return s
}

func (c *check) window(at place, e windowEntry) policy.WindowRule {
	rule := policy.WindowRule{
		Anchor:     oneOf(c, at.key("anchor"), "anchor", e.Anchor, policy.Anchors()),
		Unit:       oneOf(c, at.key("unit"), "unit", e.Unit, []policy.Unit{policy.CalendarDays}),
		Provenance: c.provenance(at, e.From),
	}
	if e.Offset == nil {
		c.fault(at, "offset is missing; a window that ends on the anchor's day has 0")
	} else {
		rule.Offset = c.within(at.key("offset"), "offset", *e.Offset, 0, maxAmount)
	}
	return rule
}

func (c *check) contained(at place, e containedEntry) policy.ContainedRule {
	rule := policy.ContainedRule{Provenance: c.provenance(at, e.From)}
	if len(e.Services) == 0 {
		c.fault(at.key("services"), "containedIn names no service; leave it out if there is none")
	}
	for i, name := range e.Services {
		if slices.Contains(e.Services[:i], name) {
			c.fault(at.key("services").item(i), "service %s is named twice", name)
		}
		rule.Services = append(rule.Services, oneOf(c, at.key("services").item(i), "service", name, casework.Services()))
	}
	return rule
}

// clock reads a clock of one of the kinds that make sense at its place.
func (c *check) clock(at place, id casework.ClockID, e clockEntry, kinds ...casework.ClockKind) policy.ClockRule {
	rule := policy.ClockRule{
		ID:         id,
		Kind:       oneOf(c, at.key("kind"), "kind of clock", e.Kind, kinds),
		Amount:     c.within(at.key("amount"), "amount", e.Amount, 1, maxAmount),
		Unit:       oneOf(c, at.key("unit"), "unit", e.Unit, policy.Units()),
		Provenance: c.provenance(at, e.From),
	}
	if len(e.Warn) > 0 && rule.Kind != casework.ClockSLA {
		c.fault(at.key("warn"), "only an sla clock warns")
	}
	for i, w := range e.Warn {
		warn := policy.WarnRule{DaysBefore: int(w.DaysBefore), HoursBefore: int(w.HoursBefore)}
		if w.At != nil {
			warn.At = w.At.TimeOfDay
		} else if w.DaysBefore > 0 {
			c.fault(at.key("warn").item(i), "at is missing: the time of day of a warning days before the end")
		}
		if err := warn.Check(); err != nil {
			c.fault(at.key("warn").item(i), "%v", err)
		}
		c.within(at.key("warn").item(i), "a warn point", max(w.DaysBefore, w.HoursBefore), 0, maxAmount)
		rule.Warn = append(rule.Warn, warn)
	}
	return rule
}

func (c *check) waiver(at place, e waiverEntry) fee.Waiver {
	from := c.provenance(at, e.From)
	return fee.Waiver{
		Strategy: oneOf(c, at.key("strategy"), "strategy", e.Strategy, fee.Strategies()),
		Clause:   from.Clause, Source: from.Source, Confirmed: from.Confirmed,
	}
}

func (c *check) completion(at place, e completionEntry) casework.CompletionRules {
	return casework.CompletionRules{
		ChangeReasons:    c.codes(at.key("changeReasons"), e.ChangeReasons, c.file.ChangeReasons),
		UnchangedReasons: c.codes(at.key("unchangedReasons"), e.UnchangedReasons, c.file.UnchangedReasons),
		Checklist:        c.codes(at.key("checklist"), e.Checklist, c.file.Checks),
		AnnotatedScript:  c.decided(at, "annotatedScript", e.AnnotatedScript),
	}
}

// codes demands that every code is spelled out and named once.
func (c *check) codes(at place, given []string, spelled []wordingEntry) []string {
	if len(given) == 0 {
		c.fault(at, "the list is empty")
	}
	for i, code := range given {
		if !slices.ContainsFunc(spelled, func(w wordingEntry) bool { return w.Code == code }) {
			c.fault(at.item(i), "code %q is spelled out nowhere", code)
		}
		if slices.Contains(given[:i], code) {
			c.fault(at.item(i), "code %s is named twice", code)
		}
	}
	return given
}
