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
	// CentreRelease is when centres may see the first results of the series under embargo and CandidateRelease when
	// candidates may, both in UTC; zero if they are not published.
	CentreRelease    time.Time
	CandidateRelease time.Time
	// ALevelRelease and GCSERelease are the London dates of the series' A level and GCSE results days, the anchors of
	// most windows; zero if the series has no such day.
	ALevelRelease calendar.Date
	GCSERelease   calendar.Date
	Provenance
	// KeyDates stand in place of the windows' formulas.
	KeyDates []KeyDate
}

// KeyDate is the last London day on which a service may be asked for in one series.
type KeyDate struct {
	Service casework.Service
	// Priority is true for the last day of a request with priority (Service.Priority).
	Priority bool
	Date     calendar.Date
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
	return s.keyDate(service, false)
}

// PriorityDate returns the series' own last day for a request with priority; ok is false if the formula holds.
func (s Series) PriorityDate(service casework.Service) (date KeyDate, ok bool) {
	return s.keyDate(service, true)
}

func (s Series) keyDate(service casework.Service, priority bool) (date KeyDate, ok bool) {
	for _, d := range s.KeyDates {
		if d.Service == service && d.Priority == priority {
			return d, true
		}
	}
	return KeyDate{}, false
}

// Anchor returns the London date from which a window of the series is counted; ok is false if the series does not
// publish it, or the anchor is no day of a series.
func (s Series) Anchor(anchor Anchor) (day calendar.Date, ok bool) {
	switch anchor {
	case AnchorGCSERelease:
		day = s.GCSERelease
	case AnchorALevelRelease:
		day = s.ALevelRelease
	case AnchorCandidateRelease:
		if !s.CandidateRelease.IsZero() {
			day = calendar.DateOf(s.CandidateRelease)
		}
	default:
		return calendar.Date{}, false
	}
	return day, !day.IsZero()
}
