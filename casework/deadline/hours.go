package deadline

import (
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// hoursSheet splits a clock in hours at London's midnights, so that a date of a clock change shows the hour that it
// lacks or has twice, and leaves out the time in which the clock stood still.
func (c Clock) hoursSheet() []Day {
	first, last, ends := calendar.DateOf(c.StartedAt), c.lastShown(), c.Ends
	if c.Standing() {
		ends = c.recorded()
	}
	days := make([]Day, 0, last.DaysSince(first)+1)
	for date := first; !last.Before(date); date = date.AddDays(1) {
		elapsed := c.ran(later(c.StartedAt, date.Start()), earlier(ends, date.End()))
		day := Day{Date: date, Counts: elapsed > 0, Elapsed: elapsed, Why: "Nothing of the clock ran on this date."}
		if day.Counts {
			day.Why = inWords(elapsed) + " of the clock ran on this date."
		}
		day.Why += c.recordedOn(date)
		days = append(days, day)
	}
	total := time.Duration(c.Amount) * time.Hour
	end := &days[len(days)-1]
	if c.Standing() {
		end.Why += fmt.Sprintf(" The clock stands still with %s left.", inWords(total-c.ran(c.StartedAt, ends)))
	} else {
		end.Why += fmt.Sprintf(" The clock ends at %s, after %s.", ends.In(calendar.London()).Format(time.TimeOnly), inWords(total))
	}
	return days
}

// ran is how long the clock ran between two instants.
func (c Clock) ran(from, to time.Time) time.Duration {
	elapsed := to.Sub(from)
	for _, still := range c.stood() {
		begin, end := later(still.from, from), earlier(still.until, to)
		if begin.Before(end) {
			elapsed -= end.Sub(begin)
		}
	}
	return elapsed
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// inWords writes a length of time for people, such as "13 hours 45 minutes".
func inWords(d time.Duration) string {
	var words []string
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}} {
		if n := d / unit.size; n > 0 {
			d %= unit.size
			if n == 1 {
				words = append(words, "1 "+unit.name)
			} else {
				words = append(words, fmt.Sprintf("%d %ss", n, unit.name))
			}
		}
	}
	if len(words) == 0 {
		return "less than a second"
	}
	return strings.Join(words, " ")
}
