package offer

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/grading"
)

// Facts is what the register knows about the result that a request is about.
type Facts struct {
	CentreNumber    string
	CandidateNumber string
	Component       string
	Series          string
	// Nation is the centre's: "england", "wales", "northern-ireland", "scotland" or another.
	Nation string
	// KnownCandidate is false if the centre has no such candidate, KnownResult if the candidate has no result in the
	// component.
	KnownCandidate bool
	KnownResult    bool
	// Qualification is the code of the component's qualification.
	Qualification string
	// Level is the qualification's level, 1 to 8 (GCSE is 1–2 and stored as 2, A level 3).
	Level  int
	Family casework.Family
	// Unitised is true if every unit has a grade of its own.
	Unitised bool
	// Objective is true for a multiple-choice or machine-marked test, which nobody can review (domain §1.1).
	Objective bool
	// CentreMarked is true if the centre marks the component and the body moderates; otherwise the body marks it.
	CentreMarked bool
	// NoScript is true if the register holds no script of the result: there is nothing to review or to copy.
	NoScript bool
	// MarksChanged is true if moderation changed the centre's marks, SampleHeld if the original sample was kept secure
	// and not given back.
	MarksChanged bool
	SampleHeld   bool
	// Cohort counts the centre's candidates with a result in the component and the series; 0 unless CentreMarked.
	Cohort int
	// Indicator is what the result shows beside or in place of a mark, and AwardIndicator the award: "X", "#" or "Q",
	// empty if nothing (domain §1.2).
	Indicator      string
	AwardIndicator string
	// Body is the awarding body. Rules is the set of rules that governs the qualification and decides the policy.
	Body  string
	Rules string
	// SeriesMonth is the month of the series' examinations, 1 to 12; 0 if the register does not say.
	SeriesMonth int
	// CandidateRelease is when candidates may have their results, in UTC: services open then (domain §8.1).
	CandidateRelease time.Time
	// ALevelRelease and GCSERelease are the London dates of the series' results days, the anchors of most windows.
	ALevelRelease calendar.Date
	GCSERelease   calendar.Date
	// ResultReceived is when the centre received this very result outside a series, in UTC, and ModeratedOn the London
	// date on which its claim was moderated; zero if there is none.
	ResultReceived time.Time
	ModeratedOn    calendar.Date
	// LastDays overrides the window formula: the last London day on which a service may be asked (domain §8.2).
	LastDays []LastDay
	// Earlier lists the requests that were made for this result, or for the cohort that it belongs to, before;
	// refused and cancelled ones are left out.
	Earlier []Earlier
	// Linked lists the cases about other components of the same award, in the same series.
	Linked []Linked
	// Award is what the award's grade is made of, with the marks as they stand in After; without boundaries nothing
	// is said about distances.
	Award grading.Award
}

// LastDay is one row of a series' key dates.
type LastDay struct {
	Service casework.Service
	// Priority is true for the last day of a request with priority (of a script copy).
	Priority bool
	Date     calendar.Date
}

// Earlier is a request that was made for the same result before.
type Earlier struct {
	Reference casework.Reference
	Service   casework.Service
	Stage     casework.Stage
	// OutcomeAt is when its outcome was published and ReasonsAt when the centre received the reasons, in UTC; zero if
	// that has not happened.
	OutcomeAt time.Time
	ReasonsAt time.Time
}

// Linked is a case about another component of the same award.
type Linked struct {
	Reference casework.Reference
	Service   casework.Service
	Component string
	// Open is true until its outcome is recorded; a case in its appeal window is not open any more (domain §8.2).
	Open bool
}

// Set names the rules that decide: those of the qualification, or those that are named like the body.
func (f Facts) Set() string {
	if f.Rules != "" {
		return f.Rules
	}
	return f.Body
}

// pending reports whether the result or its award is not final.
func (f Facts) pending() bool {
	return f.Indicator == indicatorPending || f.AwardIndicator == indicatorPending
}

// indicatorPending marks a result that is not final, as when malpractice is looked into (domain §1.2).
const indicatorPending = "Q"
