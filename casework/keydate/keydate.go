// Package keydate lists until when each service may be asked for in a series, with how each date was found: from the
// series' own row, or by the formula of the rules.
package keydate

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// How says where a last day comes from.
type How string

const (
	// Fixed: the series' own row, which stands in place of the formula (domain §8.2).
	Fixed How = "fixed"
	// Formula: counted from a results day of the series.
	Formula How = "formula"
	// Endless: the service has no last day.
	Endless How = "no-last-day"
	// Unpublished: there is a last day, and neither a row nor the results day that the formula needs is published.
	Unpublished How = "not-published"
)

// Hows lists every way in which a last day is found.
func Hows() []How { return []How{Fixed, Formula, Endless, Unpublished} }

// Date is until when one service may be asked for in one series.
type Date struct {
	Service casework.Service
	// Title is the body's own name of the service.
	Title string
	// Priority is true for requests with priority (of a script copy).
	Priority bool
	// Opens is when candidates have their results, in UTC; zero if that is not published.
	Opens time.Time
	// LastDay is the last London day, zero if there is none or nobody published it.
	LastDay calendar.Date
	// Closes is the first instant that is too late, in UTC; zero with LastDay.
	Closes time.Time
	How    How
	// Formula says in words how the rules count, also beside a fixed date.
	Formula string
	policy.Provenance
}

// Of lists the key dates of a series by the rules of a policy, the earliest first and those without a date last. A
// window that counts from something else than the series' results days, such as an outcome, has none. What the series
// leaves open is looked for in the policy's own series of the same id and the same GCSE results day. The error names the service whose last day no
// calendar can count.
func Of(p policy.Policy, series policy.Series) ([]Date, error) {
	working, err := p.WorkingIn(p.Division)
	if err != nil {
		return nil, fmt.Errorf("the key dates of series %s: %w", series.ID, err)
	}
	s := dated{series: series, working: working}
	s.own, _ = p.In(series.ID)
	if a, b := series.GCSERelease, s.own.GCSERelease; !a.IsZero() && !b.IsZero() && a != b {
		s.own = policy.Series{} // other results under the same name
	}
	var dates []Date
	for _, rules := range p.Services {
		windows := []*policy.WindowRule{&rules.Window, rules.Priority}
		for i, window := range windows {
			if window == nil || !ofSeries(window.Anchor) {
				continue
			}
			date := Date{Service: rules.Service, Title: rules.Title, Priority: i > 0, Opens: s.opens(), Formula: window.Words()}
			if err := s.find(&date, window); err != nil {
				return nil, fmt.Errorf("the last day for %s in series %s of %s: %w", rules.Service, series.ID, p.Version, err)
			}
			dates = append(dates, date)
		}
	}
	slices.SortStableFunc(dates, byDate)
	return dates, nil
}

// ofSeries reports whether a window with the anchor ends on a date of the series.
func ofSeries(anchor policy.Anchor) bool {
	return anchor != policy.AnchorOutcome && anchor != policy.AnchorModeration
}

func byDate(a, b Date) int {
	if a.Closes.IsZero() != b.Closes.IsZero() {
		if a.Closes.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(a.Closes.Compare(b.Closes), cmp.Compare(slices.Index(casework.Services(), a.Service), slices.Index(casework.Services(), b.Service)))
}

// dated is a series whose dates are looked for.
type dated struct {
	series policy.Series
	// own is the policy's series of the same id, empty if it has none.
	own     policy.Series
	working calendar.Working
}

func (s dated) opens() time.Time {
	if s.series.CandidateRelease.IsZero() {
		return s.own.CandidateRelease
	}
	return s.series.CandidateRelease
}

// find fills in the last day and where it comes from.
func (s dated) find(date *Date, window *policy.WindowRule) error {
	date.Provenance = window.Provenance
	if row, ok := s.row(date.Service, date.Priority); ok {
		return s.fix(date, window, row)
	}
	rule, counted := window.Clock()
	from, published := s.anchor(window.Anchor)
	switch {
	case window.Anchor == policy.AnchorNone:
		date.How = Endless
	case !counted || !published:
		date.How = Unpublished
	default:
		clock, err := deadline.Start(rule, s.working, from.Start())
		if err != nil {
			return err
		}
		date.How, date.Closes, date.LastDay = Formula, clock.Ends, calendar.DateOf(clock.Due())
	}
	return nil
}

// fix takes the series' row; one of the register has no source of its own and keeps the rule's.
func (s dated) fix(date *Date, window *policy.WindowRule, row policy.KeyDate) error {
	date.How, date.LastDay, date.Closes = Fixed, row.Date, row.Date.End()
	if row.Source != "" {
		date.Provenance = row.Provenance
	}
	if window.Cutoff == nil {
		return nil
	}
	var err error
	date.Closes, err = row.Date.At(*window.Cutoff)
	return err
}

func (s dated) row(service casework.Service, priority bool) (row policy.KeyDate, ok bool) {
	for _, series := range []policy.Series{s.series, s.own} {
		find := series.KeyDate
		if priority {
			find = series.PriorityDate
		}
		if row, ok = find(service); ok {
			return row, true
		}
	}
	return policy.KeyDate{}, false
}

func (s dated) anchor(anchor policy.Anchor) (day calendar.Date, ok bool) {
	if anchor == policy.AnchorResult {
		anchor = policy.AnchorCandidateRelease // a result of a series is received when the series is released
	}
	if day, ok = s.series.Anchor(anchor); ok {
		return day, true
	}
	return s.own.Anchor(anchor)
}
