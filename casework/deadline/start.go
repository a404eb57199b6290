package deadline

import (
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Start computes a clock from its rule, the calendar on which it counts and the instant that starts it (domain §8.1):
//
//   - calendar days and weeks: day 1 is the day after London's date of the start, and the clock ends with the last
//     day, also on a weekend or a holiday;
//   - working days: day 1 is the next working day after that date;
//   - months: it ends with the same day of a later month, or that month's last;
//   - hours: exact elapsed time.
//
// The calendar is asked only for working days and for an end that rolls forward. The error says which rule is wrong,
// or is a *calendar.OutsideError if the clock runs beyond the days that the calendar knows.
func Start(rule policy.ClockRule, working calendar.Working, at time.Time) (Clock, error) {
	clock, err := begin(rule, at)
	if err != nil {
		return Clock{}, err
	}
	clock.Division = working.Division()
	if clock.Ends, err = clock.end(working); err != nil {
		return Clock{}, fmt.Errorf("start clock %s: %w", rule.ID, err)
	}
	return clock.arm()
}

// Fixed computes a clock that ends with a series' key date, which stands in place of the rule's span (domain §8.2):
// neither a calendar nor a pause moves it. The rule may lack a span, if only the series' own row says the last day;
// its cut-off holds on the key date too. Errors are those of Start, or say that the key date ends before the start.
func Fixed(rule policy.ClockRule, at time.Time, last calendar.Date) (Clock, error) {
	checked := rule
	if !hasFormula(rule.Span) {
		checked.Span = policy.Span{Amount: 1, Unit: CalendarDays, Cutoff: rule.Cutoff}
	}
	clock, err := begin(checked, at)
	if err != nil {
		return Clock{}, err
	}
	clock.Span, clock.LastDay = rule.Span, last
	if clock.Ends, err = clock.endOn(last); err != nil {
		return Clock{}, fmt.Errorf("start clock %s: %w", rule.ID, err)
	}
	if !clock.Ends.After(clock.StartedAt) {
		return Clock{}, fmt.Errorf("start clock %s: its key date %s ends before it starts, on %s", rule.ID, last, calendar.DateOf(at))
	}
	return clock.arm()
}

// hasFormula reports whether a span says how long it is, and not only until which time of its last day.
func hasFormula(s policy.Span) bool { return s.Amount != 0 || s.Unit != "" }

func begin(rule policy.ClockRule, at time.Time) (Clock, error) {
	if err := rule.Check(); err != nil {
		return Clock{}, err
	}
	if at.IsZero() {
		return Clock{}, fmt.Errorf("start clock %s: no instant starts it", rule.ID)
	}
	return Clock{
		ID: rule.ID, Kind: rule.Kind, Span: rule.Span, StartedAt: at.UTC(),
		WarnRules: slices.Clone(rule.Warn), PausedBy: slices.Clone(rule.PausedBy),
		Clause: rule.Clause, Source: rule.Source, Confirmed: rule.Confirmed,
	}, nil
}

// arm finishes a clock whose end has just been computed for the first time.
func (c Clock) arm() (Clock, error) {
	c.OriginalEnds = c.Ends
	var err error
	c.Warn, err = c.warnPoints()
	return c, err
}

// end computes the end of a clock that runs: the end of the last day that counts, or of the next one on which the
// clock may end.
func (c Clock) end(working calendar.Working) (time.Time, error) {
	if c.Unit == Hours {
		return c.endOfHours(), nil
	}
	last, err := c.lastCounted(working)
	if err != nil {
		return time.Time{}, err
	}
	for ; ; last = last.AddDays(1) {
		ends, err := c.endOn(last)
		if err != nil {
			return time.Time{}, err
		}
		if c.stoodAt(ends) {
			continue
		}
		if !c.consults() {
			return ends, nil
		}
		if works, err := working.Works(last); err != nil || works {
			return ends, err
		}
	}
}

// lastCounted is the day on which the count is complete. A day for whose end the clock stood still is made up for
// after the others.
func (c Clock) lastCounted(working calendar.Working) (calendar.Date, error) {
	day := calendar.DateOf(c.StartedAt)
	for left := c.days(); left > 0; {
		last := day.AddDays(left)
		if c.Unit == WorkingDays {
			var err error
			if last, err = working.After(day, left); err != nil {
				return calendar.Date{}, err
			}
		}
		left = 0
		if len(c.Pauses) > 0 {
			var err error
			if left, err = c.lost(working, day, last); err != nil {
				return calendar.Date{}, err
			}
		}
		day = last
	}
	return day, nil
}

// lost is how many days after one date, up to another, would count if the clock had not stood still as they ended. A day
// of a clock with a cut-off ends with that.
func (c Clock) lost(working calendar.Working, after, last calendar.Date) (lost int, err error) {
	for day := after.AddDays(1); !last.Before(day); day = day.AddDays(1) {
		ends, err := c.endOn(day)
		if err != nil {
			return 0, err
		}
		if !c.stoodAt(ends) {
			continue
		}
		counts := true
		if c.Unit == WorkingDays {
			if counts, err = working.Works(day); err != nil {
				return 0, err
			}
		}
		if counts {
			lost++
		}
	}
	return lost, nil
}

// days is how many days the clock counts, in its unit's days.
func (c Clock) days() int {
	switch c.Unit {
	case Weeks:
		return 7 * c.Amount
	case Months:
		first := calendar.DateOf(c.StartedAt)
		return first.AddMonths(c.Amount).DaysSince(first)
	default:
		return c.Amount
	}
}

// consults reports whether the clock's end depends on which days are working days.
func (c Clock) consults() bool { return c.LastDay.IsZero() && (c.Unit == WorkingDays || c.RollForward) }

// endOn is the instant at which a clock ends if it ends on a day: with the day, or at its cut-off.
func (c Clock) endOn(day calendar.Date) (time.Time, error) {
	if c.Cutoff != nil {
		return day.At(*c.Cutoff)
	}
	return day.End(), nil
}

// warnPoints computes the warn points of the clock's present end. One that the start has passed would only be noise;
// one that falls into a pause is due when the clock runs again.
func (c Clock) warnPoints() ([]time.Time, error) {
	var warn []time.Time
	for _, rule := range c.WarnRules {
		at := c.Ends.Add(-time.Duration(rule.HoursBefore) * time.Hour)
		if rule.DaysBefore > 0 {
			var err error
			if at, err = calendar.DateOf(c.Due()).AddDays(-rule.DaysBefore).At(rule.At); err != nil {
				return nil, fmt.Errorf("warn before the end of clock %s: %w", c.ID, err)
			}
		}
		for _, still := range c.stood() {
			if !at.Before(still.from) && at.Before(still.until) {
				at = still.until
			}
		}
		if at.After(c.StartedAt) && !slices.ContainsFunc(warn, at.Equal) {
			warn = append(warn, at)
		}
	}
	return warn, nil
}
