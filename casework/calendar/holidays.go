package calendar

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

// ownList is the project's own list of bank holidays; its head says where the days come from and when it was compiled.
//
//go:embed bank-holidays.txt
var ownList string

var loadOwnList = sync.OnceValue(func() *Holidays {
	holidays, err := ParseHolidays(ownList)
	if err != nil {
		panic(fmt.Sprintf("calendar: the compiled-in list of bank holidays is damaged: %v", err))
	}
	return holidays
})

// BankHolidays is the project's own list of the United Kingdom's bank holidays. It is the same on every machine.
func BankHolidays() *Holidays { return loadOwnList() }

// Holidays is a list of bank holidays that is complete from its first to its last day. It never changes.
type Holidays struct {
	first, last Date
	list        []Holiday
	// names finds the name of a division's holiday by the number of its day.
	names map[Division]map[int]string
}

// Holiday is one bank holiday of one division.
type Holiday struct {
	Date     Date
	Division Division
	// Name is the holiday's name for people, such as "Summer bank holiday".
	Name string
}

// ParseHolidays reads a list: blank lines and lines that begin with # say nothing, the first other line is "covers"
// with the first and the last day of the list, and each line after it holds a date, the divisions in which it is a
// bank holiday, two spaces and its name, in the order of the dates. Its errors name the line.
func ParseHolidays(text string) (*Holidays, error) {
	h := &Holidays{names: map[Division]map[int]string{}}
	for _, division := range Divisions() {
		h.names[division] = map[int]string{}
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		read := h.holiday
		if h.first.IsZero() {
			read = h.covers
		}
		if err := read(line); err != nil {
			return nil, fmt.Errorf("line %d of the bank holidays: %w", number, err)
		}
	}
	if h.first.IsZero() {
		return nil, fmt.Errorf("the list of bank holidays does not say what it covers")
	}
	return h, nil
}

func (h *Holidays) covers(line string) (err error) {
	words := strings.Fields(line)
	if len(words) != 3 || words[0] != "covers" {
		return fmt.Errorf("the list begins with a line such as \"covers 2012-01-01 2028-12-31\"; %q is not one", line)
	}
	first, err := ParseDate(words[1])
	if err != nil {
		return err
	}
	last, err := ParseDate(words[2])
	if err != nil {
		return err
	}
	if last.Before(first) {
		return fmt.Errorf("the list cannot end on %s, before it begins on %s", last, first)
	}
	h.first, h.last = first, last
	return nil
}

func (h *Holidays) holiday(line string) error {
	head, name, ok := strings.Cut(line, "  ")
	words := strings.Fields(head)
	if !ok || len(words) < 2 {
		return fmt.Errorf("a bank holiday is written as its date, its divisions, two spaces and its name; %q is not", line)
	}
	date, err := ParseDate(words[0])
	if err != nil {
		return err
	}
	if date.Before(h.first) || h.last.Before(date) {
		return fmt.Errorf("%s lies outside what the list covers, %s to %s", date, h.first, h.last)
	}
	if len(h.list) > 0 && date.Before(h.list[len(h.list)-1].Date) {
		return fmt.Errorf("%s comes after %s; the list is kept in the order of the dates", date, h.list[len(h.list)-1].Date)
	}
	for _, word := range words[1:] {
		division := Division(word)
		names, known := h.names[division]
		if !known {
			return fmt.Errorf("%q is no division; the divisions are %v", word, Divisions())
		}
		if other, twice := names[date.number()]; twice {
			return fmt.Errorf("%s is already a bank holiday in %s: %s", date, division.Name(), other)
		}
		names[date.number()] = strings.TrimSpace(name)
		h.list = append(h.list, Holiday{Date: date, Division: division, Name: strings.TrimSpace(name)})
	}
	return nil
}

// Covers returns the first and the last day of the list. Nothing is known about any other day.
func (h *Holidays) Covers() (first, last Date) { return h.first, h.last }

// In returns a division's bank holidays in the order of their dates.
func (h *Holidays) In(division Division) []Holiday {
	var own []Holiday
	for _, holiday := range h.list {
		if holiday.Division == division {
			own = append(own, holiday)
		}
	}
	return own
}

// enoughMonths is how far the list must reach beyond today: a clock of months that starts today must find its end.
const enoughMonths = 12

// Check returns an error if the list ends within twelve months of a day: the new year's days must then be added,
// before a deadline falls among them.
func (h *Holidays) Check(today Date) error {
	if enough := today.AddMonths(enoughMonths); h.last.Before(enough) {
		return fmt.Errorf("the bank holidays are known until %s, and on %s they must be known until %s: add the next year's", h.last, today, enough)
	}
	return nil
}

// OutsideError says that a deadline needs a day about which the list of bank holidays knows nothing. No deadline is
// computed then: an unknown day is never taken for a working day.
type OutsideError struct {
	Date        Date
	First, Last Date
}

// Error is a sentence for people.
func (e *OutsideError) Error() string {
	return fmt.Sprintf("The bank holidays are known from %s to %s; whether %s is a working day is not known.", e.First, e.Last, e.Date)
}
