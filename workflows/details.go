package workflows

import (
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// The search attributes that a case keeps up to date.
var (
	stageKey        = temporal.NewSearchAttributeKeyKeyword(casework.AttributeStage)
	assigneeKey     = temporal.NewSearchAttributeKeyKeyword(casework.AttributeAssignee)
	slaStateKey     = temporal.NewSearchAttributeKeyKeyword(casework.AttributeSLAState)
	waitingOnKey    = temporal.NewSearchAttributeKeyKeyword(casework.AttributeWaitingOn)
	slaDueAtKey     = temporal.NewSearchAttributeKeyTime(casework.AttributeSLADueAt)
	nextActionAtKey = temporal.NewSearchAttributeKeyTime(casework.AttributeNextActionAt)
)

// standing is what the search attributes say of a case; the instants are zero where there are none.
type standing struct {
	stage                casework.Stage
	sla                  casework.SLAState
	waitingOn, assignee  string
	slaDueAt, nextAction time.Time
}

func (e *enquiry) standing() standing {
	s := standing{
		stage: e.stage, sla: e.sla, waitingOn: casework.WaitingOn(e.stage, e.held), assignee: e.task.Assignee, slaDueAt: e.outcomeEnds.UTC(),
	}
	if next, ok := e.agenda.next(); ok {
		s.nextAction = next.Fires().UTC()
	}
	return s
}

// attributes are all of them in one upsert.
func (s standing) attributes() []temporal.SearchAttributeUpdate {
	updates := []temporal.SearchAttributeUpdate{
		stageKey.ValueSet(string(s.stage)), slaStateKey.ValueSet(string(s.sla)), waitingOnKey.ValueSet(s.waitingOn),
		assigneeKey.ValueUnset(), nextActionAtKey.ValueUnset(),
	}
	if s.assignee != "" {
		updates = append(updates, assigneeKey.ValueSet(s.assignee))
	}
	if !s.nextAction.IsZero() {
		updates = append(updates, nextActionAtKey.ValueSet(s.nextAction))
	}
	if !s.slaDueAt.IsZero() {
		updates = append(updates, slaDueAtKey.ValueSet(s.slaDueAt))
	}
	return updates
}

// show tells operators where the case stands: the details of its page, and, if they have changed, the attributes.
func (e *enquiry) show(ctx workflow.Context) error {
	workflow.SetCurrentDetails(ctx, e.details())
	now := e.standing()
	if now == e.shown {
		return nil
	}
	e.shown = now
	return workflow.UpsertTypedSearchAttributes(ctx, now.attributes()...)
}

// details is the case in a few lines of Markdown. It names no candidate.
func (e *enquiry) details() string {
	page := "**" + e.in.Request.Service.Short() + "** " + string(e.in.Reference) + "\n\n| | |\n|---|---|\n"
	row := func(name, value string) { page += "| " + name + " | " + strings.ReplaceAll(value, "|", "/") + " |\n" }
	row("Stage", string(e.stage))
	row("Acts next", casework.WaitingOn(e.stage, e.held))
	if len(e.held) > 0 {
		row("Waits for", strings.Join(words(e.held), ", "))
	}
	if e.policy != "" {
		row("Rules", e.policy)
	}
	if due := e.outcomeEnds; !due.IsZero() {
		row("Outcome clock", "ends "+casework.Shown(due)+", "+string(e.sla))
	}
	if e.task.Sheet.Task != "" {
		e.taskRows(row)
	}
	if next, ok := e.agenda.next(); ok {
		row("Next by itself", named(next)+" at "+casework.Shown(next.Fires()))
	}
	if e.lastRefusal != "" {
		row("Last refused signal", e.lastRefusal)
	}
	return page + "\n" + e.allowed()
}

// taskRows say who has the task, in which state, and until when. While it is suspended its deadlines stand still.
func (e *enquiry) taskRows(row func(name, value string)) {
	row("Task", string(e.task.Sheet.Task)+", "+e.taskStands())
	for _, by := range []struct {
		name string
		at   time.Time
	}{{"Start by", e.task.Times.StartBy}, {"Complete by", e.task.Times.CompleteBy}} {
		if by.at.IsZero() || e.decided != nil {
			continue
		}
		until := casework.Shown(by.at)
		if e.task.state == casework.TaskSuspended {
			until += ", stands still"
		}
		row(by.name, until)
	}
}

func (e *enquiry) taskStands() string {
	switch {
	case e.decided != nil:
		return "completed by " + e.task.Assignee
	case e.task.Assignee == "":
		return string(e.task.state) + ", nobody has it"
	default:
		return string(e.task.state) + ", with " + e.task.Assignee
	}
}

// instantFormat is how a timer's summary, which is part of the history, writes an instant.
const instantFormat = "2006-01-02 15:04:05 UTC"
