package policy

import "github.com/recourse-exams/recourse/casework"

// Practice is how an awarding body works, beside what it promises: by when a task is begun and done, who is told when it
// is not, and which outcomes are looked at again. A centre is promised nothing of it, and no version pins it.
type Practice struct {
	// Body is the awarding body's id; empty for the practice of every body that has none of its own.
	Body string
	// Title says for people whose practice it is.
	Title string
	// Tasks has an entry for every kind of task.
	Tasks []TaskPractice
	// Remind holds when the holder of a task is reminded of each of its deadlines.
	Remind []WarnRule
	// Escalations say who is told when a deadline of a task has passed, in the order in which they are told.
	Escalations []Escalation
	SecondLook  SecondLookRule
	// Monitoring is how many of a hundred unchanged outcomes a lead looks at afterwards, 0 to 100.
	Monitoring int
	// Quiet are the hours in which nobody is reminded of what can wait.
	Quiet Quiet
	// Chase holds when a centre is reminded of a duty of its own: the points in hours are those of clocks in hours.
	Chase []WarnRule
}

// TaskPractice is by when a task of one kind is begun and done, counted from when it was given to somebody.
type TaskPractice struct {
	Kind       casework.TaskKind
	StartBy    Span
	CompleteBy Span
	// Ahead is how many calendar days before the last day of the promised outcome the task is done at the latest, so
	// that the outcome can still be published in time.
	Ahead int
}

// Escalation tells somebody that a task's deadline has passed.
type Escalation struct {
	// Act is one of the escalating acts.
	Act casework.Act
	// WorkingDays is how many of the body's working days after the deadline they are told, at the same time of day.
	WorkingDays int
}

// SecondLookRule says which changed marks another performer looks at before the outcome is published.
type SecondLookRule struct {
	// Services lists the services whose outcomes are looked at again; none if no outcome is.
	Services []casework.Service
	// Marks and Percent are by how much, or by what part of its maximum, a component's mark has to change; whichever is
	// reached first decides. Zero sets no such threshold. A crossed boundary is none (domain §8.3, reading 4).
	Marks   int
	Percent int
	// Rank is the lowest rank of whoever looks again; empty if any may.
	Rank casework.Rank
}

// Reaches reports whether a change of a mark that has a maximum, all in marks, is one to be looked at again.
func (r SecondLookRule) Reaches(before, after, maximum int) bool {
	change := max(after-before, before-after)
	return r.Marks > 0 && change >= r.Marks || r.Percent > 0 && 100*change >= r.Percent*maximum
}

// Task is the practice of one kind of task; ok is false if there is none.
func (p Practice) Task(kind casework.TaskKind) (task TaskPractice, ok bool) {
	for _, t := range p.Tasks {
		if t.Kind == kind {
			return t, true
		}
	}
	return TaskPractice{}, false
}

// ChasesOf are the points at which a centre is chased for a duty that is counted in a unit.
func (p Practice) ChasesOf(unit Unit) []WarnRule {
	var points []WarnRule
	for _, point := range p.Chase {
		if (unit == Hours) == (point.HoursBefore > 0) {
			points = append(points, point)
		}
	}
	return points
}
