package deadline

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Start computes a clock from its rule and the instant that starts it. The rule must have passed the rule
// file's checks; Start panics on one that a loader would have refused.
//
// Calendar days: day 1 is the day after London's date of the start, and the clock ends with the last day, also
// on a weekend or a holiday (domain §8.1). Hours: exact elapsed time.
func Start(rule policy.ClockRule, at time.Time) Clock {
	clock := Clock{
		ID: rule.ID, Kind: rule.Kind, Amount: rule.Amount, Unit: rule.Unit, StartedAt: at.UTC(),
		Clause: rule.Clause, Source: rule.Source, Confirmed: rule.Confirmed,
	}
	clock.Ends = ends(rule, clock.StartedAt)
	for _, w := range rule.Warn {
		// A warn point that the start has already passed would only be noise.
		if warn := warnPoint(w, clock.Ends); warn.After(clock.StartedAt) {
			clock.Warn = append(clock.Warn, warn)
		}
	}
	return clock
}

func ends(rule policy.ClockRule, start time.Time) time.Time {
	switch rule.Unit {
	case CalendarDays:
		return calendar.DateOf(start).AddDays(rule.Amount).End()
	case Hours:
		return start.Add(time.Duration(rule.Amount) * time.Hour)
	}
	panic(fmt.Sprintf("deadline: clock %s counts %q, which no loader lets pass", rule.ID, rule.Unit))
}

func warnPoint(rule policy.WarnRule, ends time.Time) time.Time {
	if rule.HoursBefore > 0 {
		return ends.Add(-time.Duration(rule.HoursBefore) * time.Hour)
	}
	due := calendar.DateOf(ends.Add(-time.Second))
	at, err := due.AddDays(-rule.DaysBefore).At(rule.At)
	if err != nil {
		panic(fmt.Sprintf("deadline: a warn point that no loader lets pass: %v", err))
	}
	return at
}
