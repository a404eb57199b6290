package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Examiner is one performer of the roster with everything that decides which tasks they get.
type Examiner struct {
	// ID is the identity provider's subject.
	ID    string
	Body  string
	Name  string
	Email string
	Roles []casework.PerformerRole
	Rank  casework.Rank
	// Leader is the id of the performer's team leader or lead; empty if they have none.
	Leader string
	// Components are performed by name, Subjects with every component; no tier means every tier.
	Components []string
	Subjects   []string
	Tiers      []string
	// Capacity is how many tasks the person takes in a week.
	Capacity int
	// ContractFrom and ContractUntil are included London days; zero if the contract has no such end. TrainedUntil is
	// the last day on which the training is valid; zero if it does not run out.
	ContractFrom  calendar.Date
	ContractUntil calendar.Date
	TrainedUntil  calendar.Date
	// Active is false for somebody who gets no tasks at all.
	Active bool
	// Version counts the changes of the person's row, for If-Match.
	Version   int64
	Absences  []Absence
	Conflicts []Conflict
	// OpenTasks are those that the person holds, WeekTasks those that they were given in the London week that begins
	// on the Monday Week, which is zero before the first one.
	OpenTasks int
	WeekTasks int
	Week      calendar.Date
}

// TasksInWeekOf is how many tasks the person was given in the week of a London day.
func (e Examiner) TasksInWeekOf(day calendar.Date) int {
	if e.Week.IsZero() || day.Before(e.Week) || !day.Before(e.Week.AddDays(7)) {
		return 0
	}
	return e.WeekTasks
}

// Absence is a time in which a performer gets no tasks; both London days are included.
type Absence struct {
	ID    int64
	From  calendar.Date
	Until calendar.Date
	// Reason is "holiday", "illness" or "other".
	Reason string
}

// Conflict is one declared interest of a performer. An interest in a whole centre, or in a candidate of it, excludes them
// from its tasks.
type Conflict struct {
	ID int64
	// Kind is "works-at", "worked-at", "related-to" or "other".
	Kind   string
	Centre string
	// Candidate is the candidate's number in the centre; empty for the whole centre.
	Candidate string
	// StandsAgainst lists the open tasks that the performer holds and cannot complete because of it: it was declared after
	// they got them. It is not read when a conflict is declared.
	StandsAgainst []casework.TaskID
}

// ExaminerFilter narrows the roster, in the order of ids; empty fields do not narrow.
type ExaminerFilter struct {
	Role      casework.PerformerRole
	Rank      casework.Rank
	Component string
	Leader    string
	// AbsentOn narrows to those who are absent on a London day.
	AbsentOn calendar.Date
	AfterID  string
	Limit    int
}

// ExaminerChange replaces what is not nil; the person is left alone if their version is another.
type ExaminerChange struct {
	Version       int64
	Roles         *[]casework.PerformerRole
	Rank          *casework.Rank
	Leader        *string
	Components    *[]string
	Subjects      *[]string
	Tiers         *[]string
	Capacity      *int
	ContractFrom  *calendar.Date
	ContractUntil *calendar.Date
	TrainedUntil  *calendar.Date
	Active        *bool
}

// RosterChange is one line of the roster's audit.
type RosterChange struct {
	ID    int64
	At    time.Time
	Actor casework.Actor
	// What is a code such as "changed", "absence-added", "conflict-declared", "imported".
	What  string
	Facts []Fact
}

// Work is one completed task of the log from which a performer's fee is counted.
type Work struct {
	Task      casework.TaskID
	Performer string
	Kind      casework.TaskKind
	Service   casework.Service
	Component string
	// StartedAt is zero if the task was completed without a start of its own.
	ReservedAt  time.Time
	StartedAt   time.Time
	CompletedAt time.Time
	// Items is how many items the task had, Changed how many marks differ from those first given.
	Items   int
	Changed int
}

// WorkFilter is a page of the log of a month in London, the oldest first.
type WorkFilter struct {
	// Performer narrows to one person; empty for everybody.
	Performer string
	// Month is the first day of the month.
	Month          calendar.Date
	AfterCompleted time.Time
	AfterTask      casework.TaskID
	Limit          int
}
