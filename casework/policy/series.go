package policy

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Series is a series of examinations with the dates that the body publishes for it.
type Series struct {
	// ID names the series by the month of its examinations, such as "2026-06".
	ID    string
	Title string
	// CentreRelease is when centres may see the results under embargo and CandidateRelease when candidates may, both
	// in UTC.
	CentreRelease    time.Time
	CandidateRelease time.Time
	// GCSERelease is the London date of the series' GCSE results day, the anchor of most windows.
	GCSERelease calendar.Date
	Provenance
	// KeyDates stand in place of the windows' formulas.
	KeyDates []KeyDate
}

// KeyDate is the last London day on which a service may be asked for in one series.
type KeyDate struct {
	Service casework.Service
	Date    calendar.Date
	Provenance
}

// In returns the series with the id; ok is false if the policy does not know it.
func (p Policy) In(id string) (series Series, ok bool) {
	for _, s := range p.Series {
		if s.ID == id {
			return s, true
		}
	}
	return Series{}, false
}

// KeyDate returns the series' own last day for a service; ok is false if the formula holds.
func (s Series) KeyDate(service casework.Service) (date KeyDate, ok bool) {
	for _, d := range s.KeyDates {
		if d.Service == service {
			return d, true
		}
	}
	return KeyDate{}, false
}
