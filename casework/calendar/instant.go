package calendar

import (
	"fmt"
	"strings"
	"time"
)

// The years of which an instant may be; any other is a slip of the pen.
const (
	firstYear = 1900
	lastYear  = 2199
)

// ParseInstant reads an instant as people write one and returns it in UTC: "2026-09-24", which is the start of that
// day, "2026-09-24T10:15", or with seconds, or with a fraction of them. Without an offset it is London's time; an
// offset such as +01:00, or Z, may follow a time. A time that London's clocks skip or show twice is refused unless
// it has an offset. The errors are sentences for people.
func ParseInstant(text string) (time.Time, error) {
	day, clock, timed := strings.Cut(text, "T")
	d, err := ParseDate(day)
	if err != nil {
		return time.Time{}, fmt.Errorf("an instant is written like 2026-09-24, 2026-09-24T10:15 or 2026-09-24T10:15:00+01:00; %q is not one", text)
	}
	if d.Year < firstYear || lastYear < d.Year {
		return time.Time{}, fmt.Errorf("%q is of the year %d; give one from %d to %d", text, d.Year, firstYear, lastYear)
	}
	if !timed {
		return d.Start(), nil
	}
	local, offset := clock, ""
	if i := strings.IndexAny(clock, "Z+-"); i >= 0 {
		local, offset = clock[:i], clock[i:]
	}
	sinceMidnight, err := parseClock(local)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q has no time of day such as 10:15 or 10:15:00: %w", text, err)
	}
	face := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Add(sinceMidnight)
	if offset == "" {
		return londonInstant(face, text)
	}
	ahead, err := parseOffset(offset)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q ends with no offset such as +01:00 or Z: %w", text, err)
	}
	return face.Add(-ahead), nil
}

func londonInstant(face time.Time, text string) (time.Time, error) {
	switch at, times := shown(face); times {
	case 0:
		return time.Time{}, fmt.Errorf("London's clocks skip %s; give the time with its offset, such as %s+01:00", text, text)
	case 1:
		return at, nil
	default:
		return time.Time{}, fmt.Errorf("London's clocks show %s twice; give %s+01:00 for the first time or %sZ for the second", text, text, text)
	}
}

// parseClock reads a time of day with or without seconds and returns how long after midnight clocks show it. The
// lengths are compared because package time also reads "9:15" and takes a comma before a fraction.
func parseClock(clock string) (time.Duration, error) {
	layout := "15:04:05"
	if len(clock) == len("15:04") {
		layout = "15:04"
	}
	of, err := time.Parse(layout, clock)
	if err != nil || clock[2] != ':' || strings.Contains(clock, ",") {
		return 0, fmt.Errorf("%q is no time of day", clock)
	}
	return time.Duration(of.Hour())*time.Hour + time.Duration(of.Minute())*time.Minute +
		time.Duration(of.Second())*time.Second + time.Duration(of.Nanosecond()), nil
}

// furthest is how far any clock on Earth is from UTC.
const furthest = 14 * time.Hour

// parseOffset reads "Z" or "+01:00" and returns how far ahead of UTC it is.
func parseOffset(offset string) (time.Duration, error) {
	zone, err := time.Parse("Z07:00", offset)
	if err != nil {
		return 0, fmt.Errorf("%q is no offset", offset)
	}
	_, seconds := zone.Zone()
	ahead := time.Duration(seconds) * time.Second
	if ahead < -furthest || furthest < ahead {
		return 0, fmt.Errorf("no clock is %s from UTC", offset)
	}
	return ahead, nil
}
