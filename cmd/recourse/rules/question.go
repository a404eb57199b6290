package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// question is a command line that can be answered.
type question struct {
	policy policy.Policy
	// series is nil if none was named, or the set has no dates of its own for it.
	series  *policy.Series
	service policy.Service
	rule    policy.ClockRule
	// anchor is the day from which a window counts, empty for any other clock.
	anchor policy.Anchor
	// keyDate stands in place of the window's formula; nil if the formula decides.
	keyDate *policy.KeyDate
	from    time.Time
	working calendar.Working
	pauses  []pause
	// remarks are what the answer has to say about the choice of the rules.
	remarks []string
}

// question reads the command line against the rulebook. Its errors are refusals, but for a rulebook that is broken.
func (c ExplainCommand) question(book *rulebook.Book) (question, error) {
	var q question
	set, err := oneOf("--body", c.Body, "body", "bodies", book.Sets())
	if err != nil {
		return q, err
	}
	if err := q.chooseInstant(c); err != nil {
		return q, err
	}
	if err := q.choosePolicy(c, book, set); err != nil {
		return q, err
	}
	if err := q.chooseRule(c); err != nil {
		return q, err
	}
	if q.working, err = q.calendar(c.Division); err != nil {
		return q, err
	}
	for _, text := range c.Pause {
		p, err := parsePause(text)
		if err != nil {
			return q, err
		}
		q.pauses = append(q.pauses, p)
	}
	return q, nil
}

// chooseInstant reads --from; a missing one is looked for when the window is known.
func (q *question) chooseInstant(c ExplainCommand) (err error) {
	if c.From == "" {
		if casework.ClockID(c.Clock) == casework.ClockWindow && c.Series != "" {
			return nil
		}
		return Refuse("--from is missing: the instant that starts the clock, such as 2026-09-24T10:15")
	}
	if q.from, err = calendar.ParseInstant(c.From); err != nil {
		return Refuse("--from: %v", err)
	}
	first, last := calendar.BankHolidays().Covers()
	if day := calendar.DateOf(q.from); day.Before(first) || last.Before(day) {
		return Refuse("--from: %v", &calendar.OutsideError{Date: day, First: first, Last: last})
	}
	return nil
}

// choosePolicy finds the version that decides: the one that is named, or that of the series, or that of the instant.
func (q *question) choosePolicy(c ExplainCommand, book *rulebook.Book, set string) (err error) {
	if err := knownSeries(c.Series, book); err != nil {
		return err
	}
	if q.policy, err = version(book, set, c.Series, c.Policy, q.from); err != nil {
		return err
	}
	if c.Series == "" {
		return nil
	}
	if series, ok := q.policy.In(c.Series); ok {
		q.series = &series
	} else {
		q.remarks = append(q.remarks, fmt.Sprintf("%s has no dates of its own for the series %s.", q.policy.Version, c.Series))
	}
	return nil
}

// knownSeries refuses a series of which no set knows anything.
func knownSeries(id string, book *rulebook.Book) error {
	if id == "" {
		return nil
	}
	var known []string
	for _, set := range book.Sets() {
		for _, p := range book.Versions(set) {
			for _, s := range p.Series {
				known = append(known, s.ID)
			}
		}
	}
	slices.Sort(known)
	_, err := oneOf("--series", id, "series", "series", slices.Compact(known))
	return err
}

// version finds the version of a set that decides.
func version(book *rulebook.Book, set, series, named string, from time.Time) (policy.Policy, error) {
	versions := book.Versions(set)
	if named != "" {
		return versionNamed(versions, named)
	}
	if p, ok := book.ForSeries(set, series); ok && series != "" {
		return p, nil
	}
	if from.IsZero() {
		return policy.Policy{}, Refuse("--from is missing: %s has no dates of its own for the series %s", set, series)
	}
	if p, ok := book.InForce(set, from); ok {
		return p, nil
	}
	return policy.Policy{}, Refuse("--from: no version of %s decides on %s; its versions are %s", set, calendar.DateOf(from), list(spans(versions)))
}

func versionNamed(versions []policy.Policy, named string) (policy.Policy, error) {
	var names []string
	for _, p := range versions {
		if p.Version == named {
			return p, nil
		}
		names = append(names, p.Version)
	}
	_, err := oneOf("--policy", named, "version", "versions", names)
	return policy.Policy{}, err
}

// spans writes versions with the days on which they decide.
func spans(versions []policy.Policy) []string {
	texts := make([]string, len(versions))
	for i, p := range versions {
		texts[i] = p.Version + " (" + validity(p) + ")"
	}
	return texts
}

// chooseRule finds the service and its clock, and the key date that stands in place of the formula.
func (q *question) chooseRule(c ExplainCommand) error {
	name, err := oneOf("--service", c.Service, "service", "services", casework.Services())
	if err != nil {
		return err
	}
	service, ok := q.policy.Service(name)
	if !ok {
		return notOffered(q.policy, name)
	}
	q.service = service
	if c.Clock == string(casework.ClockWindow) {
		return q.chooseWindow(c.Priority)
	}
	id, err := oneOf("--clock", c.Clock, "clock", "clocks of "+string(name), clocksOf(service))
	switch {
	case err != nil:
		return err
	case c.Priority:
		return Refuse("--priority goes with the clock window of a script copy; leave it out for the clock %s", id)
	}
	q.rule, _ = service.Clock(id)
	return nil
}

// chooseWindow finds the rule of the window, or the row of the series that stands in its place.
func (q *question) chooseWindow(priority bool) error {
	window, named := q.service.Window, "the window of "+string(q.service.Service)
	if priority {
		if q.service.Priority == nil {
			return Refuse("--priority: %s of %s makes no difference for priority; leave it out", q.service.Service, q.policy.Version)
		}
		window, named = *q.service.Priority, named+" with priority"
	}
	q.anchor = window.Anchor
	if q.series != nil {
		if row, ok := q.series.KeyDate(q.service.Service); ok && !priority {
			q.keyDate = &row
		}
		if row, ok := q.series.PriorityDate(q.service.Service); ok && priority {
			q.keyDate = &row
		}
	}
	rule, counted := window.Clock()
	switch {
	case q.keyDate != nil:
		rule = policy.ClockRule{ID: casework.ClockWindow, Kind: casework.ClockRight, Starts: policy.ResultsPublished, Span: window.Span, Provenance: q.keyDate.Provenance}
	case window.Anchor == policy.AnchorNone:
		return Refuse("--clock: %s has no last day in %s (%s); %s", named, q.policy.Version, window.Clause, otherClocks(q.service))
	case !counted:
		return Refuse("--clock: only a series' own row says when %s of %s ends (%s), and there is none; %s", named, q.policy.Version, window.Clause, otherClocks(q.service))
	}
	q.rule = rule
	if !q.from.IsZero() {
		return nil
	}
	day, ok := q.anchorDay()
	switch {
	case ok:
	case q.keyDate != nil:
		day = q.keyDate.Date
		q.remarks = append(q.remarks, "The series does not publish its results day; the worksheet shows the last day alone.")
	default:
		return Refuse("--from is missing: %s of %s counts from %s, and the series does not say when that was", named, q.policy.Version, rule.Starts.Words())
	}
	q.from = day.Start()
	return nil
}

// anchorDay is the day from which the series counts the window; ok is false if it does not say.
func (q *question) anchorDay() (day calendar.Date, ok bool) {
	if q.series == nil || q.anchor == "" {
		return calendar.Date{}, false
	}
	return q.series.Anchor(q.anchor)
}

// notOffered refuses a service that the policy lacks.
func notOffered(p policy.Policy, name casework.Service) *RefusalError {
	return Refuse("--service: %s does not offer %s; its services are %s", p.Version, name, list(offered(p)))
}

// offered lists the services that a policy has.
func offered(p policy.Policy) []casework.Service {
	names := make([]casework.Service, len(p.Services))
	for i, s := range p.Services {
		names[i] = s.Service
	}
	return names
}

// clocksOf lists the clocks of a service that can be explained without a series.
func clocksOf(s policy.Service) []casework.ClockID {
	var ids []casework.ClockID
	for _, rule := range s.AllClocks() {
		ids = append(ids, rule.ID)
	}
	return ids
}

// otherClocks says what may be asked about in place of a window that has no date.
func otherClocks(s policy.Service) string {
	clocks := clocksOf(s)
	if len(clocks) == 0 {
		return "the service has no other clock"
	}
	return "the clocks of the service are " + list(clocks)
}

// calendar finds the working days: those of the named division, or of the body, or of the centre's nation.
func (q *question) calendar(named string) (calendar.Working, error) {
	division := calendar.EnglandAndWales
	if named != "" {
		var err error
		if division, err = oneOf("--division", named, "division", "divisions", calendar.Divisions()); err != nil {
			return calendar.Working{}, err
		}
		if !q.rule.CentresCalendar() {
			return q.policy.WorkingIn(division)
		}
	}
	return q.policy.Working(q.rule, division)
}
