package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Working tells working days from others: weekends, the bank holidays of one division, and the days on which one
// awarding body is closed, do not count. The zero Working knows no day.
type Working struct {
	holidays *Holidays
	division Division
	names    map[int]string
	closed   []closed
}

// Closure is a span of days, the last included, on which an awarding body does not work.
type Closure struct {
	From Date
	To   Date
	// Why is a sentence for people, such as "Cambria Awards is closed: Christmas."
	Why string
}

// closed is a closure in numbers of days, which are quick to compare.
type closed struct {
	from, to int
	why      string
}

// NewWorking returns the working days of a division by the project's own list of bank holidays, less the closures
// of a body. Its errors are those of Holidays.Working.
func NewWorking(division Division, closures ...Closure) (Working, error) {
	return BankHolidays().Working(division, closures...)
}

// Working returns the working days of a division, less the closures of a body, which may overlap. It refuses a
// division that it does not know and a closure that says nothing or ends before it begins.
func (h *Holidays) Working(division Division, closures ...Closure) (Working, error) {
	names, ok := h.names[division]
	if !ok {
		return Working{}, fmt.Errorf("%q is no division; the divisions are %v", division, Divisions())
	}
	w := Working{holidays: h, division: division, names: names}
	if len(closures) > 0 {
		w.closed = make([]closed, len(closures))
	}
	for i, c := range closures {
		switch {
		case c.From.IsZero() || c.To.Before(c.From):
			return Working{}, fmt.Errorf("a closure cannot last from %s to %s", c.From, c.To)
		case strings.TrimSpace(c.Why) == "":
			return Working{}, fmt.Errorf("the closure from %s to %s gives no reason", c.From, c.To)
		}
		w.closed[i] = closed{from: c.From.number(), to: c.To.number(), why: c.Why}
	}
	slices.SortStableFunc(w.closed, func(a, b closed) int { return cmp.Compare(a.from, b.from) })
	return w, nil
}

// Division is the division whose bank holidays do not count; empty for the zero Working.
func (w Working) Division() Division { return w.division }

// Works reports whether a date is a working day. The error is an *OutsideError for a date beyond the list of bank
// holidays.
func (w Working) Works(d Date) (bool, error) {
	if err := w.knows(d); err != nil {
		return false, err
	}
	return w.works(d.number()), nil
}

// After is the n-th working day after a date, which itself need not be one; n is at least 1. The error is an
// *OutsideError if the days lead beyond the list of bank holidays.
func (w Working) After(d Date, n int) (Date, error) {
	if err := w.knows(d); err != nil {
		return Date{}, err
	}
	last := w.holidays.last.number()
	for day := d.number() + 1; day <= last; day++ {
		if w.works(day) {
			n--
		}
		if n <= 0 {
			return dateOf(day), nil
		}
	}
	return Date{}, w.knows(w.holidays.last.AddDays(1))
}

func (w Working) works(n int) bool {
	if day := weekday(n); day == time.Saturday || day == time.Sunday {
		return false
	}
	if _, holiday := w.names[n]; holiday {
		return false
	}
	_, isClosed := w.closure(n)
	return !isClosed
}

// Counts reports whether a date is a working day and why, in a sentence for people. The error is an *OutsideError
// for a date beyond the list of bank holidays.
func (w Working) Counts(d Date) (counts bool, why string, err error) {
	if err := w.knows(d); err != nil {
		return false, "", err
	}
	n := d.number()
	if day := weekday(n); day == time.Saturday || day == time.Sunday {
		return false, day.String() + ".", nil
	}
	if name, holiday := w.names[n]; holiday {
		return false, "Bank holiday in " + w.division.Name() + ": " + name + ".", nil
	}
	if why, isClosed := w.closure(n); isClosed {
		return false, why, nil
	}
	return true, "A working day.", nil
}

func (w Working) knows(d Date) error {
	if w.holidays == nil {
		return fmt.Errorf("there is no calendar to say whether %s is a working day", d)
	}
	if d.Before(w.holidays.first) || w.holidays.last.Before(d) {
		return &OutsideError{Date: d, First: w.holidays.first, Last: w.holidays.last}
	}
	return nil
}

func (w Working) closure(n int) (why string, ok bool) {
	for _, c := range w.closed {
		if n < c.from {
			break
		}
		if n <= c.to {
			return c.why, true
		}
	}
	return "", false
}
