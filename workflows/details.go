package workflows

import (
	"strings"

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

// show tells operators where the case stands: several attributes in one upsert, and the details of its page.
func (e *enquiry) show(ctx workflow.Context) error {
	updates := []temporal.SearchAttributeUpdate{
		stageKey.ValueSet(string(e.stage)),
		slaStateKey.ValueSet(string(e.sla)),
		waitingOnKey.ValueSet(e.stage.WaitingOn()),
	}
	if due := e.outcomeEnds; !due.IsZero() {
		updates = append(updates, slaDueAtKey.ValueSet(due))
	}
	if e.task.Assignee != "" {
		updates = append(updates, assigneeKey.ValueSet(e.task.Assignee))
	}
	if next, ok := e.agenda.plan.Next(); ok {
		updates = append(updates, nextActionAtKey.ValueSet(next.Fires()))
	} else {
		updates = append(updates, nextActionAtKey.ValueUnset())
	}
	workflow.SetCurrentDetails(ctx, e.details())
	return workflow.UpsertTypedSearchAttributes(ctx, updates...)
}

// details is the case in a few lines of Markdown. It names no candidate.
func (e *enquiry) details() string {
	page := "**" + e.in.Request.Service.Short() + "** " + string(e.in.Reference) + "\n\n| | |\n|---|---|\n"
	row := func(name, value string) { page += "| " + name + " | " + strings.ReplaceAll(value, "|", "/") + " |\n" }
	row("Stage", string(e.stage))
	row("Acts next", e.stage.WaitingOn())
	if e.policy != "" {
		row("Rules", e.policy)
	}
	if due := e.outcomeEnds; !due.IsZero() {
		row("Outcome clock", "ends "+casework.Shown(due)+", "+string(e.sla))
	}
	if e.task.Assignee != "" {
		row("Task", string(e.task.Sheet.Task)+" with "+e.task.Assignee)
	}
	if next, ok := e.agenda.plan.Next(); ok {
		row("Next by itself", string(next.Act)+" of the "+string(next.Clock)+" clock at "+casework.Shown(next.At))
	}
	row("You may", e.allowed())
	if e.lastRefusal != "" {
		row("Last refused signal", e.lastRefusal)
	}
	return page
}

// instantFormat is how a timer's summary, which is part of the history, writes an instant.
const instantFormat = "2006-01-02 15:04:05 UTC"

// allowed says what an operator may do now.
func (e *enquiry) allowed() string {
	switch e.stage {
	case casework.StageUnassigned:
		return "extend the roster, then signal `" + casework.SignalReallocate + "`"
	case casework.StageAssigned:
		return "signal `" + casework.MessageComplete + "` on behalf of the performer, with a reason"
	case casework.StageDecided:
		return "nothing: the linked case settles the award"
	case casework.StageAppealWindow, casework.StageClosed, casework.StageRefused:
		return "nothing"
	default:
		return "nothing"
	}
}
