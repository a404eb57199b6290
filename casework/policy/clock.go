package policy

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Unit is what a rule counts, as rule files spell it.
type Unit string

const (
	// CalendarDays count every day; day 1 is the day after the start (domain §8.1).
	CalendarDays Unit = "calendar-days"
	// Hours are elapsed time, the same across clock changes.
	Hours Unit = "hours"
)

// Units lists every unit that a clock may count.
func Units() []Unit { return []Unit{CalendarDays, Hours} }

// ClockRule says how long a clock runs and when it warns.
type ClockRule struct {
	ID     casework.ClockID
	Kind   casework.ClockKind
	Amount int
	Unit   Unit
	// Warn holds the warn points; only sla clocks have any.
	Warn []WarnRule
	Provenance
}

// WarnRule is one warn point: DaysBefore the due day at a London time, or HoursBefore the end.
type WarnRule struct {
	DaysBefore int
	// At is the London time of day of a warn point in days.
	At          calendar.TimeOfDay
	HoursBefore int
}

// Check returns what is wrong with the warn point in words, nil if nothing is.
func (w WarnRule) Check() error {
	switch {
	case w.DaysBefore < 0 || w.HoursBefore < 0:
		return fmt.Errorf("a warn point lies before the end; give a positive number")
	case (w.DaysBefore > 0) == (w.HoursBefore > 0):
		return fmt.Errorf("a warn point is given either in days or in hours before the end")
	case w.HoursBefore > 0 && w.At != calendar.TimeOfDay{}:
		return fmt.Errorf("a warn point in hours takes no time of day")
	case w.At.Hour == 1:
		return fmt.Errorf("London's clocks skip or repeat the hour from 01:00 when they change; warn at another time than %s", w.At)
	}
	return nil
}
