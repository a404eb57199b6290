// Package deadline computes when something is due and explains it day by day.
package deadline

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Clock is one clock of a case as it was started: everything that decides its end stands in it, so that a
// later rule never moves it.
type Clock struct {
	ID   casework.ClockID
	Kind casework.ClockKind
	// Amount and Unit are the rule's words: 20 calendar days, 24 hours.
	Amount int
	Unit   Unit
	// StartedAt is the instant that started the clock, in UTC: the receipt, the publication.
	StartedAt time.Time
	// Ends is exclusive, in UTC: what happens before it is in time; it is also the breach instant.
	Ends time.Time
	// Warn holds the instants of the warn points, in UTC; only sla clocks have any.
	Warn []time.Time
	// Clause, Source and Confirmed tell where the rule comes from.
	Clause    string
	Source    string
	Confirmed bool
}

// Unit is what a clock counts, as its rule spells it.
type Unit = policy.Unit

const (
	// CalendarDays count every day; day 1 is the day after the start (domain §8.1).
	CalendarDays = policy.CalendarDays
	// Hours are elapsed time, the same across clock changes.
	Hours = policy.Hours
)

// Due is the last second of the last day (or hour) of the clock, in UTC: what people are told.
func (c Clock) Due() time.Time { return c.Ends.Add(-time.Second) }

// Plan is what the case has to do when the clock's instants pass. A right expires after the grace, in which a
// request that was received in time may still arrive.
func (c Clock) Plan(grace time.Duration) casework.Plan {
	var plan casework.Plan
	switch c.Kind {
	case casework.ClockSLA:
		for _, at := range c.Warn {
			plan = append(plan, casework.Deadline{Clock: c.ID, Act: casework.ActWarn, At: at})
		}
		plan = append(plan, casework.Deadline{Clock: c.ID, Act: casework.ActBreach, At: c.Ends})
	case casework.ClockRight:
		plan = append(plan, casework.Deadline{Clock: c.ID, Act: casework.ActExpire, At: c.Ends, Grace: grace})
	case casework.ClockDuty, casework.ClockTarget:
		// Nothing happens by itself: a duty is chased by people, a target is only shown.
	}
	return plan
}
