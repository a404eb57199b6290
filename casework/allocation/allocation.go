// Package allocation chooses who performs a task, as a pure function with a proof. A person with a conflict is
// never chosen, whatever the load (domain §5.1; Ofqual's General Conditions A4).
package allocation

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Task is what decides who may perform it.
type Task struct {
	Reference casework.Reference
	Role      casework.Role
	Centre    string
	// Candidate is the candidate's number in the centre, or "centre/candidate".
	Candidate string
	Component string
	// MarkedBy lists everybody who marked, second-marked or checked any item of the script.
	MarkedBy []string
	// EarlierStages lists everybody who took part in an earlier stage about the same result.
	EarlierStages []string
}

// Performer is one person of the roster.
type Performer struct {
	ID         string
	Role       casework.Role
	Components []string
	// Capacity is how many tasks the person takes at once.
	Capacity  int
	OpenTasks int
	// IdleSince is when the person last finished or was given a task, in UTC; zero if never.
	IdleSince time.Time
	Conflicts []Conflict
}

// Conflict is one entry of the conflict register.
type Conflict struct {
	// Kind is "works-at", "worked-at", "related-to" or "other".
	Kind string
	// Centre or Candidate names what the conflict is with; Candidate holds "centre/candidate", or the number
	// alone beside its Centre.
	Centre    string
	Candidate string
}

// Finding says what the rule found about one performer.
type Finding struct {
	Performer string `json:"performer"`
	// Excluded holds the hard reasons why the person may not perform the task; empty if eligible.
	Excluded []string `json:"excluded,omitempty"`
	// Full is true if the person is eligible and has no capacity left.
	Full bool `json:"full,omitempty"`
	// OpenTasks and Capacity are the load that ranked the person.
	OpenTasks int `json:"openTasks"`
	Capacity  int `json:"capacity"`
}

// Proof says who was considered, who was excluded and why, and who was chosen; it is stored with the case.
type Proof struct {
	// Chosen is empty if nobody was eligible and free.
	Chosen   string    `json:"chosen"`
	Findings []Finding `json:"findings"`
}
