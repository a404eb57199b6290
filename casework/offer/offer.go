// Package offer decides what a centre may ask for now, until when, for how much and with which consent, or
// gives every reason why not.
package offer

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
)

// Facts is what the register knows about the result that a request is about.
type Facts struct {
	CentreNumber    string
	CandidateNumber string
	Component       string
	Series          string
	// Known is false if the centre has no such candidate, or the candidate no result in the component.
	KnownCandidate bool
	KnownResult    bool
	// Level is the qualification's level, 1 to 8 (GCSE is 1–2 and stored as 2, A level 3).
	Level  int
	Family casework.Family
	// Unitised is true if every unit has a grade of its own.
	Unitised bool
	// Objective is true for a multiple-choice or machine-marked test, which nobody can review (domain §1.1).
	Objective bool
	// NoScript is true if the register holds no script of the result: there is nothing to review or to copy.
	NoScript bool
	// Body is the awarding body and decides the policy.
	Body string
	// CandidateRelease is when candidates may have their results, in UTC: services open then (domain §8.1).
	CandidateRelease time.Time
	// GCSERelease is the London date of the series' GCSE results day, the anchor of most windows.
	GCSERelease calendar.Date
	// LastDays overrides the window formula: the last London day on which a service may be asked (domain §8.2).
	LastDays []LastDay
	// Earlier lists the requests that were made for this result before, refused and cancelled ones left out.
	Earlier []Earlier
}

// LastDay is one row of a series' key dates.
type LastDay struct {
	Service casework.Service
	Date    calendar.Date
}

// Earlier is a request that was made for the same result before.
type Earlier struct {
	Reference casework.Reference
	Service   casework.Service
	Stage     casework.Stage
}

// Ask is what is asked, by whom and when.
type Ask struct {
	Service        casework.Service
	ReceivedAt     time.Time
	ConsentGivenOn calendar.Date
	ReviewedScript bool
}

// Verdict is the answer: either Refusal is set, or the case may open with these clocks and fees. Beside a
// refusal they say what would have held, as far as the facts allow.
type Verdict struct {
	Refusal *casework.Fault
	// Policy is the version of the rules that decided.
	Policy string
	// Closes is the exclusive end of the window, in UTC.
	Closes time.Time
	Clocks []deadline.Clock
	Fees   []fee.Quote
	Rules  casework.CompletionRules
}

// Assess applies one awarding body's rules to a request; the rulebook makes it.
type Assess func(Facts, Ask) Verdict
