package calendar

import (
	"fmt"
	"time"
)

// TimeOfDay is a local time in whole minutes, such as 09:00, without a date or a zone.
type TimeOfDay struct {
	Hour   int
	Minute int
}

// ParseTimeOfDay reads "09:00" on the 24-hour clock; it refuses anything else, "24:00" included.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return TimeOfDay{}, fmt.Errorf("a time of day is written like 09:00; %q is not one", s)
	}
	return TimeOfDay{Hour: t.Hour(), Minute: t.Minute()}, nil
}

// String writes the time as "09:00".
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute) }

// MarshalText writes the time as String does.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	parsed, err := ParseTimeOfDay(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
