package policy

import (
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Unit is what a rule counts, as rule files spell it.
type Unit string

const (
	// CalendarDays count every day; day 1 is the day after the start (domain §8.1).
	CalendarDays Unit = "calendar-days"
	// WorkingDays leave out weekends, the calendar's bank holidays and the body's closures; day 1 is the next
	// working day after the start (domain §8.1).
	WorkingDays Unit = "working-days"
	// Weeks are of seven calendar days.
	Weeks Unit = "weeks"
	// Months end on the same day of a later month, or on its last day if it is shorter (domain §8.1).
	Months Unit = "months"
	// Hours are elapsed time, the same across clock changes.
	Hours Unit = "hours"
)

// Units lists every unit that a rule may count.
func Units() []Unit { return []Unit{CalendarDays, WorkingDays, Weeks, Months, Hours} }

// Span is a length of time as a rule counts it.
type Span struct {
	Amount int
	Unit   Unit
	// RollForward moves an end that is not a working day to the next one; without it calendar days, weeks and months
	// end on whatever day they end (domain §8.1).
	RollForward bool
	// Cutoff is the London time of day before which something must be received on the last day; nil is the whole day.
	Cutoff *calendar.TimeOfDay
}

// longest is the greatest amount that a rule may count, in any unit; a greater one is a slip of the pen.
const longest = 5000

// Check returns what is wrong with the span in words, nil if nothing is.
func (s Span) Check() error {
	switch {
	case !slices.Contains(Units(), s.Unit):
		return fmt.Errorf("nothing is counted in %q; the units are %v", s.Unit, Units())
	case s.Amount < 1 || longest < s.Amount:
		return fmt.Errorf("the amount is 1 to %d; %d is not", longest, s.Amount)
	case s.Unit == Hours && (s.RollForward || s.Cutoff != nil):
		return fmt.Errorf("hours end at an instant: they neither roll forward to a working day nor have a cut-off")
	case s.Cutoff != nil && *s.Cutoff == calendar.TimeOfDay{}:
		return fmt.Errorf("a cut-off of %s leaves nothing of the last day", s.Cutoff)
	case s.Cutoff != nil && s.Cutoff.Hour == 1:
		return fmt.Errorf("London's clocks skip or repeat the hour from 01:00 when they change; cut off at another time than %s", s.Cutoff)
	}
	return nil
}

// Words writes the amount and the unit for people, such as "20 calendar days" or "1 month".
func (s Span) Words() string {
	one, many := "hour", "hours"
	switch s.Unit {
	case CalendarDays:
		one, many = "calendar day", "calendar days"
	case WorkingDays:
		one, many = "working day", "working days"
	case Weeks:
		one, many = "week", "weeks"
	case Months:
		one, many = "month", "months"
	case Hours:
	}
	if s.Amount == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", s.Amount, many)
}
