package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// relative is the notation of a date that depends on the import day: "day", "day-9", "thursday-2",
// "thursday+1", and any of them with a further "-1d" after a space.
var relative = regexp.MustCompile(`^(day|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?:([+-])(\d{1,4}))?(?: ([+-])(\d{1,4})d)?$`)

// ParseDay reads a date of the import's notation (docs/import.md, "Dates"): an absolute one such as 2026-08-20, or
// one relative to the import day. "day-9" is nine days before it; "thursday-2" is the second Thursday before it, a
// Thursday on the day itself not counted; "thursday-2 -1d" is the day before that.
func ParseDay(text string, day calendar.Date) (calendar.Date, error) {
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		return calendar.ParseDate(text)
	}
	parts := relative.FindStringSubmatch(text)
	if parts == nil {
		return calendar.Date{}, fmt.Errorf("%q is not a date: write 2026-08-20, day-9, thursday-2 or thursday-2 -1d", text)
	}
	anchor, count := parts[1], signed(parts[2], parts[3])
	base := day.AddDays(count)
	if anchor != "day" {
		if count == 0 {
			return calendar.Date{}, fmt.Errorf("%q does not say which one: write %s-1 for the last one before the import day", text, anchor)
		}
		base = nth(weekday(anchor), count, day)
	}
	return base.AddDays(signed(parts[4], parts[5])), nil
}

// nth finds the count-th such weekday after day, or before it for a negative count; day itself is never one.
func nth(wanted time.Weekday, count int, day calendar.Date) calendar.Date {
	if count > 0 {
		ahead := (int(wanted)-int(day.Weekday())+6)%7 + 1
		return day.AddDays(ahead + 7*(count-1))
	}
	back := (int(day.Weekday())-int(wanted)+6)%7 + 1
	return day.AddDays(-back + 7*(count+1))
}

func weekday(name string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), name) {
			return d
		}
	}
	panic("intake: " + name + " passed the pattern and is not a weekday")
}

// signed reads digits that the pattern has already limited to four.
func signed(sign, digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0 // The part is absent.
	}
	if sign == "-" {
		return -n
	}
	return n
}
