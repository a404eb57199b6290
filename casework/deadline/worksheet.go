package deadline

import (
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Day is one row of a worksheet: a London date and what it adds to the clock.
type Day struct {
	Date calendar.Date
	// Counts says whether the date adds anything.
	Counts bool
	// Number is the count so far of a clock in days; zero on a date that does not count.
	Number int
	// Elapsed is what the date adds to a clock in hours.
	Elapsed time.Duration
	// Why says in sentences for people why the date counts or not.
	Why string
}

// Worksheet explains the clock's end date by date, from the London date of the start to that of the end; of a clock
// that stands still, to the date on which it stopped. The days that count add up to the clock's amount: of weeks
// seven for each, of months every day up to the end. The calendar must be the one with which the clock was started;
// the error says if it is not, or is a *calendar.OutsideError.
func (c Clock) Worksheet(working calendar.Working) ([]Day, error) {
	if err := c.countsOn(working); err != nil {
		return nil, fmt.Errorf("explain clock %s: %w", c.ID, err)
	}
	switch {
	case !c.LastDay.IsZero():
		return c.keyDateSheet(), nil
	case c.Unit == Hours:
		return c.hoursSheet(), nil
	}
	days, err := c.daysSheet(working)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s: %w", c.ID, err)
	}
	return days, nil
}

// keyDateSheet lists the days up to a key date, of which none is counted.
func (c Clock) keyDateSheet() []Day {
	date := calendar.DateOf(c.StartedAt)
	days := make([]Day, 0, c.LastDay.DaysSince(date)+1)
	why, end := "Not counted: only the series' key date says the last day.", "The series' key date. "
	if hasFormula(c.Span) {
		why = fmt.Sprintf("Not counted: the series' key date stands in place of the formula, %s.", c.Words())
		end = fmt.Sprintf("The series' key date, which stands in place of the formula, %s. ", c.Words())
	}
	for ; !c.LastDay.Before(date); date = date.AddDays(1) {
		days = append(days, Day{Date: date, Why: why})
	}
	days[len(days)-1].Why = end + c.closing()
	return days
}

func (c Clock) daysSheet(working calendar.Working) ([]Day, error) {
	first, last := calendar.DateOf(c.StartedAt), c.lastShown()
	days := make([]Day, 0, last.DaysSince(first)+1)
	days = append(days, Day{Date: first, Why: c.opening() + c.recordedOn(first)})
	counted, total := 0, c.days()
	for date := first.AddDays(1); !last.Before(date); date = date.AddDays(1) {
		day, err := c.day(working, date, counted == total)
		if err != nil {
			return nil, err
		}
		if day.Counts {
			counted++
			day.Number = counted
		}
		days = append(days, day)
	}
	end := &days[len(days)-1]
	switch {
	case c.Standing():
		end.Why += fmt.Sprintf(" The clock stands still with %d of %d days left.", total-counted, total)
	case counted != total:
		end.Why += fmt.Sprintf(" By today's calendar the count is %d of %d, but the end that was promised when the clock was started stays. %s", counted, total, c.closing())
	default:
		end.Why += " " + c.closing()
	}
	return days, nil
}

// day explains one date after the first; complete says that the count was complete before it.
func (c Clock) day(working calendar.Working, date calendar.Date, complete bool) (Day, error) {
	day := Day{Date: date, Counts: true, Why: "A calendar day."}
	if c.Unit == WorkingDays || complete && c.RollForward {
		var err error
		if day.Counts, day.Why, err = working.Counts(date); err != nil {
			return Day{}, err
		}
	}
	cause, stood, err := c.causeAtEndOf(date)
	if err != nil {
		return Day{}, err
	}
	if stood {
		day.Counts, day.Why = false, cause
	}
	if complete {
		day.Counts = false
		day.Why += " The count was complete before, on a day on which the clock could not end."
	}
	day.Why += c.recordedOn(date)
	return day, nil
}

// lastShown is the date of the end, or of the last thing that is known of a clock that stands still.
func (c Clock) lastShown() calendar.Date {
	if c.Standing() {
		return calendar.DateOf(c.recorded())
	}
	return calendar.DateOf(c.Ends.Add(-1))
}

func (c Clock) opening() string {
	switch c.Unit {
	case WorkingDays:
		return "The clock starts on this date; day 1 is the next working day."
	case Months:
		return "The clock starts on this date; it ends with the same day of a later month, or that month's last."
	default:
		return "The clock starts on this date; day 1 is the next."
	}
}

func (c Clock) closing() string {
	if c.Cutoff != nil {
		return fmt.Sprintf("The last day: what is received before %s is in time.", c.Cutoff)
	}
	return "The last day: the clock runs to its end at 23:59:59."
}

// causeAtEndOf says for what the clock stood still as a date ended, at its cut-off if it has one.
func (c Clock) causeAtEndOf(date calendar.Date) (why string, stood bool, err error) {
	if len(c.Pauses) == 0 {
		return "", false, nil
	}
	end, err := c.endOn(date)
	if err != nil {
		return "", false, err
	}
	for _, p := range c.Pauses {
		if c.Stops(p.Cause) && p.Covers(end) {
			return fmt.Sprintf("The clock stood still as the day ended: %s.", p.Cause.Words()), true, nil
		}
	}
	return "", false, nil
}

// recordedOn says which pauses began and ended on a date, with what was said about them.
func (c Clock) recordedOn(date calendar.Date) string {
	var said string
	for _, p := range c.Pauses {
		effect := "the clock stands still"
		if !c.Stops(p.Cause) {
			effect = "which does not stop this clock"
		}
		if calendar.DateOf(p.From) == date {
			said += strings.TrimRight(fmt.Sprintf(" From %s: %s, %s. %s", clockFace(p.From), p.Cause.Words(), effect, p.Why), " ")
		}
		if !p.Lasts() && calendar.DateOf(p.Until) == date {
			said += fmt.Sprintf(" Until %s: %s.", clockFace(p.Until), p.Cause.Words())
		}
	}
	return said
}

func clockFace(at time.Time) string { return at.In(calendar.London()).Format("15:04") }
