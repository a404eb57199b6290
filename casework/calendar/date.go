// Package calendar is civil time as an awarding body counts it: London's dates and the instants at which they
// begin and end.
package calendar

import (
	"fmt"
	"time"
)

// Date is a civil date of the Gregorian calendar, without a time or a zone. The zero Date is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2026-09-24"; it refuses anything else, and days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("a date is written like 2026-09-24; %q is not one", s)
	}
	return civil(t), nil
}

func civil(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String writes the date as "2026-09-24".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// Long writes the date for people, as "Thursday 24 September 2026".
func (d Date) Long() string {
	return fmt.Sprintf("%s %d %s %d", d.Weekday(), d.Day, d.Month, d.Year)
}

// MarshalText writes the date as String does; the zero Date is empty.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// AddDays returns the date n days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date {
	return civil(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// AddMonths returns the same day of the month n months later, or earlier for a negative n; if that month is shorter,
// its last day: 31 August and six months are 28 February (domain §8.1).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}

// DaysSince is the number of days from an earlier date to d; negative if the other is later.
func (d Date) DaysSince(earlier Date) int { return d.number() - earlier.number() }

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return weekday(d.number()) }

const secondsOfDay = 24 * 60 * 60

// number counts the days since 1 January 1970, so that a loop over days is arithmetic.
func (d Date) number() int {
	return int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// dateOf is the date with a number.
func dateOf(number int) Date { return civil(time.Unix(int64(number)*secondsOfDay, 0).UTC()) }

// weekday is the day of the week with a number; that of number 0 was a Thursday.
func weekday(number int) time.Weekday {
	return time.Weekday(((number+int(time.Thursday))%7 + 7) % 7)
}
