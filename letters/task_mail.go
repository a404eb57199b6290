package letters

import (
	"cmp"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
)

// taskView is all that a performer, and whoever leads them, is told by mail.
type taskView struct {
	Body                     body
	Task, Service, Component string
	// SecondLook is true for another look at marks that somebody has changed.
	SecondLook bool
	Due        string // the last day of the promised outcome
	// Begin is true if the deadline is by when the task is begun, and By the deadline itself; empty without one.
	Begin bool
	By    string
	// StartBy and CompleteBy are the task's own deadlines; empty if it has none.
	StartBy, CompleteBy string
	// Holder is the name of who holds the task. Only a colleague who leads them, or operations, is told.
	Holder string
	// Stopped is true while nobody may work on the task.
	Stopped bool
	// Left is how long the promised outcome may still take, Until by when it is or was promised.
	Left, Until string
	whereTo
	// Operations is true where operations are told, and Missing who is not there, so that they are told already; empty where it
	// is their own level.
	Operations bool
	Missing    string
	// Page is the task's page, and Questions the list of questions to and from its reader; both empty without one.
	Page, Questions string
}

func (p *Printer) viewTask(n docket.Notice) taskView {
	v := taskView{
		Body: viewBody(n.BodyName), Task: string(n.Case.Reference), Service: lower(n.Case.Request.Service),
		Component: named(n.Case.ComponentTitle, n.Case.Request.Component), SecondLook: n.Task.Kind == casework.TaskSecondLook,
		Stopped: n.Task.Stopped,
	}
	if !n.Task.Stopped { // What stands still will be another date when the task goes on.
		v.StartBy, v.CompleteBy = momentIf(n.Task.StartBy), momentIf(n.Task.CompleteBy)
	}
	task := n.Task.ID
	if task == "" {
		task = casework.TaskOf(n.Case.Reference, 1)
	}
	v.Page, v.Questions = p.public("tasks", string(task)), p.public("questions")
	if clock, ok := clockOf(n.Case, casework.ClockOutcome); ok {
		v.Due = lastDay(clock.Ends)
	}
	return v
}

// viewTaskDeadline is a task with the deadline of it that is near or has passed.
func (p *Printer) viewTaskDeadline(in casework.MailInput, n docket.Notice) taskView {
	v := p.viewTask(n)
	// What has passed stays, also if the task was stopped since.
	v.StartBy, v.CompleteBy = momentIf(n.Task.StartBy), momentIf(n.Task.CompleteBy)
	// Whoever was reminded may have begun meanwhile: then the task's end is what is left.
	v.Begin = in.Clock == casework.ClockStartBy && v.StartBy != ""
	if v.By = cmp.Or(v.CompleteBy, "the end of "+v.Due); v.Begin {
		v.By = v.StartBy
	}
	if in.Kind == casework.MailEscalation {
		v.Holder, v.Missing = line(n.Task.Holder), missing(in, n)
		v.Operations = v.Missing != "" || in.About == string(casework.ActEscalateOperations)
		v.whereTo = p.whereTo(n.Case.Reference, runbookOf(in.Kind))
		if !v.Operations {
			v.Workflow = "" // which is for operators
		}
	}
	return v
}

// missing says who an escalation would have gone to before operations; empty if it went to them or is operations' own.
func missing(in casework.MailInput, n docket.Notice) string {
	switch {
	case !n.Unled:
		return ""
	case in.About == string(casework.ActEscalateLead):
		return "Nobody leads whoever holds the task, and the component has no chief besides them"
	default:
		return "The component has no chief besides whoever holds the task"
	}
}

// viewHolderAlert is a task whose promised clock runs out soon or ran out, for whoever holds it: no centre, no candidate.
func (p *Printer) viewHolderAlert(in casework.MailInput, n docket.Notice, clock deadline.Clock) taskView {
	v := p.viewTask(n)
	v.Left, v.Until = span(clock.Ends.Sub(in.At)), until(clock)
	return v
}

// momentIf is an instant to the minute; empty for none.
func momentIf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t)
}
