package register

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Dates says what an import does with the dates of a series on which a case rests: its releases and its key dates.
type Dates int

const (
	// KeepDates leaves them as they were when the case was opened: a folder with relative dates, imported on a later
	// day, would else move the windows of running cases.
	KeepDates Dates = iota
	// MoveDates makes them equal to the set.
	MoveDates
)

// KeptDate is a date that an import left as it was, though the set has another one or none.
type KeptDate struct {
	Series string
	// What names the date: the column of a release, or the service whose last day it is.
	What string
	// Stored is the London date that stays and Given the set's; one of them is zero if there is none.
	Stored calendar.Date
	Given  calendar.Date
}

// String writes the date as "review-of-marking stays 2026-11-12, not 2026-11-19".
func (k KeptDate) String() string {
	switch {
	case k.Stored.IsZero():
		return fmt.Sprintf("%s stays without a date, not %s", k.What, k.Given)
	case k.Given.IsZero():
		return fmt.Sprintf("%s stays %s, though the folder has none", k.What, k.Stored)
	}
	return fmt.Sprintf("%s stays %s, not %s", k.What, k.Stored, k.Given)
}
