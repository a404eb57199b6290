package docket

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Qualification is one qualification of the register with its components, which anybody may know.
type Qualification struct {
	ID     string
	Body   string
	Title  string
	Level  int
	Family casework.Family
	// Rules names the set of rules that governs it.
	Rules string
	// Unitised is true if every unit has a grade of its own.
	Unitised   bool
	Components []Component
}

// Component is one component of a qualification.
type Component struct {
	ID      string
	Title   string
	MaxMark int
	// CentreMarked is true if the centre marks it and the body moderates.
	CentreMarked bool
	// Objective is true for a multiple-choice or machine-marked test.
	Objective bool
}

// QualificationFilter is a page of the list of qualifications, in the order of their ids.
type QualificationFilter struct {
	// AfterID is the keyset cursor: the last id of the page before.
	AfterID string
	Limit   int
}

// Series is one series of the register with its key dates, which anybody may know.
type Series struct {
	policy.Series
	// Body is the awarding body's id.
	Body string
	// Rules names the sets of rules that govern the body's qualifications, in the order of their names.
	Rules []string
	// Month is the month of the examinations, 1 to 12.
	Month int
}
