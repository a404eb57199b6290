// Package deadline computes when something is due and explains it day by day.
package deadline

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Clock is one clock of a case: everything that decides its end stands in it, so that a later rule never moves it.
// It is plain data; its methods return a changed copy. Together with the calendar of its division it can be stored,
// read back and resumed.
type Clock struct {
	ID   casework.ClockID
	Kind casework.ClockKind
	// Span holds the rule's words: 20 calendar days, 24 hours.
	policy.Span
	// LastDay is a series' key date, which stands in place of the span; zero if the span decides.
	LastDay calendar.Date
	// Division is the calendar of bank holidays with which the clock was started, empty if it was none.
	Division calendar.Division
	// StartedAt is the instant that started the clock, in UTC: the receipt, the publication.
	StartedAt time.Time
	// Ends is exclusive, in UTC: what happens before it is in time; it is also the breach instant. While the clock
	// stands still it is the end of before the pause and nothing happens at it.
	Ends time.Time
	// OriginalEnds is what Ends was before any pause.
	OriginalEnds time.Time
	// Warn holds the instants of the warn points, in UTC, and WarnRules how they are found again after a pause: of an
	// sla when the body is warned, of a duty when the centre is chased; no other clock has any.
	Warn      []time.Time
	WarnRules []policy.WarnRule
	// Quiet are the hours in which a warning waits for the morning; the end of the clock never does.
	Quiet policy.Quiet
	// PausedBy lists the causes for which the clock stands still, and Pauses what happened, in the order in which it
	// did, the causes that leave the clock running included.
	PausedBy []policy.Pause
	Pauses   []Pause
	// MetAt is when what the clock asks for was done, in UTC; zero if it was not yet.
	MetAt time.Time
	// CancelledAt is when the clock was given up because nobody asks for it any more, in UTC; zero if it was not.
	CancelledAt time.Time
	// Clause, Source and Confirmed tell where the rule comes from.
	Clause    string
	Source    string
	Confirmed bool
}

// Unit is what a clock counts, as its rule spells it.
type Unit = policy.Unit

// The units in which a clock counts; package policy says how.
const (
	CalendarDays = policy.CalendarDays
	WorkingDays  = policy.WorkingDays
	Weeks        = policy.Weeks
	Months       = policy.Months
	Hours        = policy.Hours
)

// Due is what people are told, in UTC: the last second of the last London day, one second before a cut-off, and for
// a clock in hours the very instant of the end.
func (c Clock) Due() time.Time {
	if c.Unit == Hours && c.LastDay.IsZero() {
		return c.Ends
	}
	return c.Ends.Add(-time.Second)
}

// InTime reports whether what is received at an instant, or done then, is in time. While a clock stands still
// everything is.
func (c Clock) InTime(at time.Time) bool { return c.Standing() || at.Before(c.Ends) }

// Over reports whether the clock was met or cancelled: nothing happens to it any more.
func (c Clock) Over() bool { return !c.MetAt.IsZero() || !c.CancelledAt.IsZero() }

// over is when the clock was met or cancelled; zero if it runs.
func (c Clock) over() time.Time {
	if c.MetAt.IsZero() {
		return c.CancelledAt
	}
	return c.MetAt
}

// Breached reports whether the clock of an sla had run out by an instant without being met in time. The breach has
// the instant Ends, whenever anybody noticed.
func (c Clock) Breached(by time.Time) bool {
	if over := c.over(); c.Over() && over.Before(by) {
		by = over
	}
	return c.Kind == casework.ClockSLA && !c.InTime(by)
}

// Warned reports whether a warn point of the clock had come by an instant, before the clock was met.
func (c Clock) Warned(by time.Time) bool {
	for _, warn := range c.Warn {
		if !by.Before(warn) && (!c.Over() || !c.over().Before(warn)) {
			return true
		}
	}
	return false
}

// Meet returns the clock as met at an instant; what it asks for was done, in time or late. A clock is met once, not
// before it started, and not after it was cancelled.
func (c Clock) Meet(at time.Time) (Clock, error) {
	if err := c.mayEnd("met", at); err != nil {
		return c, err
	}
	c.MetAt = at.UTC()
	return c, nil
}

// Cancel returns the clock as given up at an instant: nobody asks for it any more, and it neither warns nor ends. What
// was met stays met.
func (c Clock) Cancel(at time.Time) (Clock, error) {
	if err := c.mayEnd("cancelled", at); err != nil {
		return c, err
	}
	c.CancelledAt = at.UTC()
	return c, nil
}

// mayEnd says why a clock cannot be met or cancelled at an instant.
func (c Clock) mayEnd(how string, at time.Time) error {
	switch {
	case !c.MetAt.IsZero():
		return fmt.Errorf("the clock %s was met already, at %s", c.ID, c.MetAt.Format(time.RFC3339))
	case !c.CancelledAt.IsZero():
		return fmt.Errorf("the clock %s was cancelled already, at %s", c.ID, c.CancelledAt.Format(time.RFC3339))
	case at.Before(c.StartedAt):
		return fmt.Errorf("the clock %s cannot be %s at %s, before it starts", c.ID, how, at.Format(time.RFC3339))
	}
	return nil
}

// Plan is what the case has to do when the clock's instants pass; nothing while it stands still and after it was met or
// cancelled. A right and a duty end after the grace, in which what was received in time may still arrive. Warnings and
// chases wait for the end of the quiet hours, a breach never does. After a pause the plan holds warn points again that
// were noticed before it, if they did not move.
func (c Clock) Plan(grace time.Duration) casework.Plan {
	if c.Standing() || c.Over() {
		return nil
	}
	var plan casework.Plan
	tell := func(act casework.Act) {
		for _, at := range c.Warn {
			plan = append(plan, casework.Deadline{Clock: c.ID, Act: act, At: at, Grace: c.wait(at)})
		}
	}
	switch c.Kind {
	case casework.ClockSLA:
		tell(casework.ActWarn)
		plan = append(plan, casework.Deadline{Clock: c.ID, Act: casework.ActBreach, At: c.Ends})
	case casework.ClockDuty:
		tell(casework.ActChase)
		plan = append(plan, casework.Deadline{Clock: c.ID, Act: casework.ActLapse, At: c.Ends, Grace: grace})
	case casework.ClockRight:
		plan = append(plan, casework.Deadline{Clock: c.ID, Act: casework.ActExpire, At: c.Ends, Grace: grace})
	case casework.ClockTarget:
		// Nothing happens by itself: a goal is only shown.
	}
	return plan
}

// urgent is the longest clock whose warnings do not wait for the morning.
const urgent = 48 * time.Hour

// wait is how long the clock's warning or chase waits for the end of the quiet hours. One of a clock of two days or less
// does not, and neither does one that would then come too late.
func (c Clock) wait(at time.Time) time.Duration {
	wait := c.Quiet.Wait(at)
	if c.OriginalEnds.Sub(c.StartedAt) <= urgent || !at.Add(wait).Before(c.Ends) {
		return 0
	}
	return wait
}
