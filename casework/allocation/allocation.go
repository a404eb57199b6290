// Package allocation chooses who performs a task, as a pure function with a proof. A person with a conflict is
// never chosen, whatever the load (domain §5.1; Ofqual's General Conditions A4).
package allocation

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Task is what decides who may perform it.
type Task struct {
	Reference casework.Reference
	Role      casework.PerformerRole
	Centre    string
	// Candidate is the candidate's number in the centre, or "centre/candidate".
	Candidate string
	Component string
	// Subject is that of the component's qualification, and Tier the component's; empty if it has none.
	Subject string
	Tier    string
	// LeastRank is the lowest rank that may perform the task in the body's order Ranks, the lowest first; empty if
	// any may.
	LeastRank casework.Rank
	Ranks     []casework.Rank
	// Day is the London day on which the task is given.
	Day calendar.Date
	// Involved lists everybody who judged the work before, once for each way.
	Involved []Involvement
	// EarlierStages lists everybody who took part in an earlier stage about the same result, and who has performed
	// another task of this case.
	EarlierStages []string
	// GaveBack lists everybody who gave the task back or had it taken away.
	GaveBack []string
}

// Part is how somebody judged the work before.
type Part string

// The parts that people have in the first marking of a script, item by item, and in the moderation of a cohort.
const (
	Marker            Part = "marker"
	SecondMarker      Part = "second-marker"
	BackReader        Part = "back-reader"
	Checker           Part = "checker"
	Moderator         Part = "moderator"
	ModerationChecker Part = "moderation-checker"
)

// Involvement is one person's part in the work: in at least one item of it, or in the moderation of its cohort.
type Involvement struct {
	Person string
	Part   Part
}

// Performer is one person of the roster.
type Performer struct {
	ID    string
	Roles []casework.PerformerRole
	Rank  casework.Rank
	// Components are performed by name, Subjects with every component; no tier means every tier.
	Components []string
	Subjects   []string
	Tiers      []string
	// Capacity is how many tasks the person takes in a week.
	Capacity int
	// OpenTasks are those that the person holds, WeekTasks those that they were given in the London week of the task.
	OpenTasks int
	WeekTasks int
	// IdleSince is when the person last finished or was given a task, in UTC; zero if never.
	IdleSince time.Time
	// ContractFrom and ContractUntil are included London days; zero if the contract has no such end. TrainedUntil is
	// the last day on which the training is valid; zero if it does not run out.
	ContractFrom  calendar.Date
	ContractUntil calendar.Date
	TrainedUntil  calendar.Date
	// Inactive is true for somebody who gets no tasks at all.
	Inactive  bool
	Absences  []Absence
	Conflicts []Conflict
}

// Load is what ranks a person against their capacity: whichever is more, what they hold or what the week brought.
func (p *Performer) Load() int { return max(p.OpenTasks, p.WeekTasks) }

// full reports whether the person has no capacity left.
func (p *Performer) full() bool { return p.Load() >= p.Capacity }

// WithOneMore is the person as they are once they have been given one task more.
func (p *Performer) WithOneMore() Performer {
	more := *p
	more.OpenTasks++
	more.WeekTasks++
	return more
}

// Absence is a time in which a person gets no tasks; both London days are included.
type Absence struct {
	From  calendar.Date
	Until calendar.Date
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
	// OpenTasks, WeekTasks and Capacity are the load that ranked the person.
	OpenTasks int `json:"openTasks"`
	WeekTasks int `json:"weekTasks"`
	Capacity  int `json:"capacity"`
}

// Proof says who was considered, who was excluded and why, and who was chosen; it is stored with the case.
type Proof struct {
	// Operation is what somebody did to give the task to a person by name, who alone was considered then; empty if the
	// rule chose.
	Operation casework.Operation `json:"operation,omitempty"`
	// Chosen is empty if nobody was eligible and free.
	Chosen   string    `json:"chosen"`
	Findings []Finding `json:"findings"`
	// Queue begins with the chosen person and goes on with whom the rule would choose next, if everybody before had been
	// given a task; nobody stands in it twice. It is no part of what is kept.
	Queue []string `json:"-"`
}
