package calendar

import (
	_ "embed"
	"fmt"
	"sync"
	"time"
)

// londonRules are the clock changes of Europe/London from the IANA time zone database (2025b, public domain), in
// the form that lists them one by one: looking a change up is three times faster than computing it from the rule.
// They are compiled in because time.LoadLocation would prefer whatever the machine has.
//
//go:embed europe-london.tzif
var londonRules []byte

var loadLondon = sync.OnceValue(func() *time.Location {
	location, err := time.LoadLocationFromTZData("Europe/London", londonRules)
	if err != nil {
		panic(fmt.Sprintf("calendar: the compiled-in rules of Europe/London are damaged: %v", err))
	}
	return location
})

// London is the zone in which every deadline of a United Kingdom awarding body is counted (domain §5.5). It is
// the same on every machine.
func London() *time.Location { return loadLondon() }

// DateOf is London's date at an instant, never UTC's: an outcome at 00:30 British Summer Time on 14 October is
// of 14 October (domain §8.1).
func DateOf(t time.Time) Date { return civil(t.In(London())) }

// Start is the instant, in UTC, at which the date begins in London. London's clocks never change at midnight,
// so there is exactly one.
func (d Date) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, London()).UTC()
}

// End is the instant, in UTC, at which the date has ended: the start of the next. What happens before it is
// within the date.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// At is the instant, in UTC, of a London time of day such as "08:00" on the date. A time that the clocks skip or
// show twice on that date is refused, because nobody could say which instant is meant (domain §8.1).
func At(d Date, clock string) (time.Time, error) {
	t, err := ParseTimeOfDay(clock)
	if err != nil {
		return time.Time{}, err
	}
	return d.At(t)
}

// At is the instant, in UTC, of a London time of day on the date. Its errors are those of the function At.
func (d Date) At(t TimeOfDay) (time.Time, error) {
	if d.IsZero() {
		return time.Time{}, fmt.Errorf("there is no date for the time %s", t)
	}
	switch at, times := shown(time.Date(d.Year, d.Month, d.Day, t.Hour, t.Minute, 0, 0, time.UTC)); times {
	case 0:
		return time.Time{}, fmt.Errorf("London's clocks skip %s on %s; choose a time after the change", t, d)
	case 1:
		return at, nil
	default:
		return time.Time{}, fmt.Errorf("London's clocks show %s twice on %s; choose a time that they show once", t, d)
	}
}

// shown finds the instant, in UTC, at which London's clocks show what a clock in UTC shows at face, and how many times
// they show it. Since 1847 London has been at UTC or ahead of it by one hour or, in wartime summers, by two.
func shown(face time.Time) (at time.Time, times int) {
	for _, ahead := range []time.Duration{0, time.Hour, 2 * time.Hour} {
		candidate := face.Add(-ahead)
		if _, offset := candidate.In(London()).Zone(); time.Duration(offset)*time.Second == ahead {
			at, times = candidate, times+1
		}
	}
	return at, times
}
