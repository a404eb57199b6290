package ops

import (
	"net/url"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// view is a list of cases in the Temporal Web UI, kept as its address: the UI keeps views in one browser only.
type view struct {
	Title string
	// Why says what stands in it and what is to be done.
	Why   string
	Query string
	URL   string
	// Count is how many cases the register counts for the view; Counted is false where only Temporal knows.
	Count   int64
	Counted bool
	// Alarm is true if the view should be empty.
	Alarm bool
}

const running = " AND ExecutionStatus = 'Running'"

// late is how long an automatic step may take before a person should look.
const late = 2 * time.Minute

// views are the lists that operators work through, at an instant of the cases' clock.
func (s *site) views(at time.Time, counted docket.Desk) []view {
	instant := func(t time.Time) string { return "'" + t.UTC().Format(time.RFC3339) + "'" }
	// Only as many findings are listed as a person can read; beyond them nobody counted by kind.
	all := counted.FindingCount <= int64(len(counted.Findings))
	made := []view{
		{
			Title: "Breached", Why: "A promised date has passed. Get the outcome out and tell the centre.", Alarm: true,
			Query: casework.AttributeSLAState + " = '" + string(casework.SLABreached) + "'" + running,
			Count: counted.Breached, Counted: true,
		},
		{
			Title: "Due in 24 hours", Why: "The outcome is promised for the next 24 hours.",
			Query: casework.AttributeSLADueAt + " >= " + instant(at) + " AND " + casework.AttributeSLADueAt + " < " + instant(at.Add(24*time.Hour)) +
				" AND " + casework.AttributeStage + " != '" + string(casework.StageDecided) + "' AND " + casework.AttributeStage + " != '" + string(casework.StageAppealWindow) + "'" + running,
			Count: counted.DueIn24h, Counted: true,
		},
		{
			Title: "Needs a human", Why: "Nobody eligible could be found for the task. Extend the roster, or take a conflict back.", Alarm: true,
			Query: casework.AttributeStage + " = '" + string(casework.StageUnassigned) + "'" + running,
			Count: counted.InPool, Counted: true,
		},
		{
			Title: "Waiting for the centre", Why: "The centre acts next: it was asked for something, or may still appeal.",
			Query: casework.AttributeWaitingOn + " = '" + casework.WaitingCentre + "'" + running,
			Count: counted.AtCentre, Counted: true,
		},
		{
			Title: "Task failures", Why: "A workflow's own code fails again and again: nothing of the case moves.", Alarm: true,
			Query: "TemporalReportedProblems IS NOT NULL" + running,
			Count: found(counted.Findings, docket.FindingWorkflow), Counted: all,
		},
		{
			Title: "Late by itself", Why: "Something was due to happen by itself and has not.",
			Query: casework.AttributeNextActionAt + " < " + instant(at.Add(-late)) + running, Alarm: true,
			Count: found(counted.Findings, docket.FindingNoProgress), Counted: all,
		},
	}
	for i := range made {
		made[i].URL = s.viewURL(made[i].Query)
	}
	return made
}

// found counts the findings of a kind.
func found(findings []docket.Finding, kind docket.FindingKind) (n int64) {
	for _, f := range findings {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

// viewURL is where the Web UI lists what a query finds; empty without a Web UI.
func (s *site) viewURL(query string) string {
	if s.host == "" {
		return ""
	}
	return s.workflows() + "?query=" + url.QueryEscape(query)
}

// workflowURL is where the Web UI shows a case's workflow; empty without a Web UI.
func (s *site) workflowURL(kind casework.Kind, reference casework.Reference) string {
	if s.host == "" {
		return ""
	}
	return s.workflows() + "/" + url.PathEscape(casework.WorkflowID(kind, reference))
}

func (s *site) workflows() string {
	return s.host + "/namespaces/" + url.PathEscape(s.Namespace) + "/workflows"
}
