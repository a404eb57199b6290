package demo

import "time"

// story is what a performer finds in a paper and what must follow. It is written down here from the README of the
// demonstration data and from the rules of Cambria Awards (domain §8.2), not asked of the product.
type story struct {
	// item gets the mark after instead of before; an empty item keeps every mark.
	item          string
	before, after int
	// day is how many days after the request the performer hands in.
	day int
	// late is true if that is after the outcome was due.
	late bool
	// gradeBefore and gradeAfter are the award's; empty where nothing is known about it.
	gradeBefore, gradeAfter string
	// waived is true if the grade of the award, or of a unit, changes in either direction.
	waived bool
	// with is the component whose outcome settles together with this one; first is true for the one decided first.
	with  string
	first bool
}

const (
	// usualDay is when performers hand in where no story says otherwise: before anybody is reminded, which is on the
	// fourth working day at the earliest, whatever day of the week the demonstration begins on.
	usualDay = 3
	// lateDay is after the last day of a review of marking, which is the twentieth.
	lateDay = 22
	// windowDays after the last outcome every appeal window (14 days) is over.
	windowDays = 16
)

const day = 24 * time.Hour

// stories by paper.
var stories = map[string]story{
	"64101/1001 GM-1": {item: "9", before: 3, after: 4, day: 2, gradeBefore: "6", gradeAfter: "7", waived: true},
	"64101/1002 GM-1": {item: "8", before: 2, after: 3, day: 2, gradeBefore: "6", gradeAfter: "6"},
	"64101/1003 GM-1": {item: "10", before: 5, after: 6, day: 2, gradeBefore: "7", gradeAfter: "8", waived: true, with: "GM-2", first: true},
	"64101/1003 GM-2": {item: "10", before: 6, after: 7, day: 3, gradeBefore: "7", gradeAfter: "8", waived: true, with: "GM-1"},
	"71203/3001 GM-2": {item: "7", before: 4, after: 3, day: 3, gradeBefore: "5", gradeAfter: "4", waived: true},
	"71305/4001 GG-A": {item: "7", before: 5, after: 6, day: lateDay, late: true, gradeBefore: "B", gradeAfter: "B", waived: true},
	"71203/3002 NT-1": {item: "4", before: 0, after: 1, day: 2, gradeBefore: "U", gradeAfter: "Pass", waived: true},
}

// storyOf tells a request's story. A paper without one keeps every mark, and its fees are due.
func storyOf(r Request) story {
	if s, ok := stories[r.Paper()]; ok {
		return s
	}
	return story{day: usualDay}
}

// outcomeDays are the calendar days that Cambria gives itself, by service (domain §8.2).
var outcomeDays = map[string]int{"clerical-check": 10, "review-of-marking": 20}

const (
	appealDays   = 14
	copyPence    = 1350
	reviewedCopy = "reviewed-script"
	operations   = "operations@cambria.example"
)

// pence is the price of a service in whole pence: biology is an A level, the rest are of level 1 or 2 (domain §8.2).
func pence(r Request) int64 {
	switch {
	case r.Service == "clerical-check":
		return 1500
	case r.Component[:2] == "AB":
		return 6600
	default:
		return 6200
	}
}
