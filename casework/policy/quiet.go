package policy

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Quiet are the hours of London's night in which nobody is reminded of anything that can wait: From is included, Until
// is not, and Until may lie on the next day. The zero value is no such hours.
type Quiet struct {
	From  calendar.TimeOfDay
	Until calendar.TimeOfDay
}

// Check returns what is wrong with the hours in words, nil if nothing is.
func (q Quiet) Check() error {
	switch {
	case q == Quiet{}:
		return nil
	case q.From == q.Until:
		return errors.New("quiet hours that end when they begin are none; leave them out")
	case q.From.Hour == 1 || q.Until.Hour == 1:
		return errors.New("London's clocks skip or repeat the hour from 01:00 when they change; let quiet hours begin and end at another time")
	}
	return nil
}

// Wait is how long after an instant somebody is told of it: until the quiet hours end, or not at all outside them.
func (q Quiet) Wait(at time.Time) time.Duration {
	if (q == Quiet{}) {
		return 0
	}
	local := at.In(calendar.London())
	face, from, until := minutes(calendar.TimeOfDay{Hour: local.Hour(), Minute: local.Minute()}), minutes(q.From), minutes(q.Until)
	day := calendar.DateOf(at)
	switch {
	case from < until && (face < from || until <= face), until < from && until <= face && face < from:
		return 0
	case until < from && from <= face:
		day = day.AddDays(1)
	}
	end, err := day.At(q.Until)
	if err != nil { // Checked hours end at a time that every day has.
		return 0
	}
	return end.Sub(at)
}

func minutes(t calendar.TimeOfDay) int { return 60*t.Hour + t.Minute }

// String writes the hours as "20:00-07:30", and none as an empty text.
func (q Quiet) String() string {
	if (q == Quiet{}) {
		return ""
	}
	return q.From.String() + "-" + q.Until.String()
}

// ParseQuiet reads what String writes.
func ParseQuiet(text string) (Quiet, error) {
	if text == "" {
		return Quiet{}, nil
	}
	from, until, ok := strings.Cut(text, "-")
	if !ok {
		return Quiet{}, fmt.Errorf("quiet hours are written like 20:00-07:30; %q are not", text)
	}
	var q Quiet
	var err error
	if q.From, err = calendar.ParseTimeOfDay(from); err != nil {
		return Quiet{}, err
	}
	q.Until, err = calendar.ParseTimeOfDay(until)
	return q, err
}
