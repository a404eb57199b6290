package deadline

import (
	"fmt"
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
	// Why is a sentence for people.
	Why string
}

// Worksheet explains the clock's end date by date, from the London date of the start to that of the end.
func (c Clock) Worksheet() []Day {
	if c.Unit == Hours {
		return c.elapsed()
	}
	first := calendar.DateOf(c.StartedAt)
	days := make([]Day, 0, c.Amount+1)
	days = append(days, Day{Date: first, Why: "The clock starts on this date; day 1 is the next."})
	for n := 1; n <= c.Amount; n++ {
		day := Day{Date: first.AddDays(n), Counts: true, Number: n, Why: "A calendar day."}
		if n == c.Amount {
			day.Why = "The last day; the clock runs to its end at 23:59:59."
		}
		days = append(days, day)
	}
	return days
}

// elapsed splits a clock in hours at London's midnights, so that a date of a clock change shows the hour that
// it lacks or has twice.
func (c Clock) elapsed() []Day {
	var days []Day
	for from := c.StartedAt; from.Before(c.Ends); {
		date := calendar.DateOf(from)
		to := date.End()
		if c.Ends.Before(to) {
			to = c.Ends
		}
		days = append(days, Day{Date: date, Counts: true, Elapsed: to.Sub(from), Why: fmt.Sprintf("%s elapse on this date.", to.Sub(from))})
		from = to
	}
	return days
}
