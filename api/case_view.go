package api

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

// caseView shows a case at an instant as the contract describes it. What of it the reader may know readCase and listCases
// have decided.
func caseView(c docket.Case, at time.Time) Case {
	view := Case{
		Reference: string(c.Reference), Href: caseHref(c.Reference), Kind: CaseKind(c.Kind), Service: Service(c.Request.Service),
		Stage: Stage(c.Stage), Version: c.Version, ReceivedAt: c.ReceivedAt, RequestedBy: c.Requester,
		Centre:    CentreName{Number: c.Request.CentreNumber, Name: c.CentreName},
		Candidate: CandidateName{Number: c.Request.CandidateNumber, Name: c.CandidateName},
		Series:    c.Request.Series, SeriesTitle: c.SeriesTitle,
		Component: Titled{Code: c.Request.Component, Title: c.ComponentTitle},
		Reason:    EnquiryReason(c.Request.Reason), ConsentGivenOn: c.Request.ConsentGivenOn, ReviewedScript: c.Request.ReviewedScript,
		Policy: c.Policy, SLAState: SLAState(c.SLAState), WaitingOn: c.WaitingOn, NextActionAt: c.NextActionAt,
		Holds: make([]Hold, len(c.Holds)), Clocks: make([]Clock, len(c.Clocks)), Fees: make([]FeeLine, len(c.Fees)), Documents: make([]Document, len(c.Documents)),
		Linked: make([]LinkedCase, len(c.Linked)), AppealUntil: lastSecond(c.AppealUntil),
		Outcome: outcomeView(c.Outcome), Refusal: refusalView(c.Refusal),
	}
	if c.QualificationID != "" {
		view.Qualification = Titled{Code: c.QualificationID, Title: c.Qualification}
	}
	for i, hold := range c.Holds {
		view.Holds[i] = holdView(hold)
	}
	for i, clock := range c.Clocks {
		view.Clocks[i] = clockView(c.Reference, clock, at)
	}
	for i, line := range c.Fees {
		view.Fees[i] = feeLineView(line)
	}
	for i, document := range c.Documents {
		view.Documents[i] = documentView(c.Reference, document)
	}
	for i, linked := range c.Linked {
		view.Linked[i] = LinkedCase{Reference: string(linked.Reference), Component: linked.Component, Stage: Stage(linked.Stage)}
	}
	return view
}

func feeLineView(line fee.Line) FeeLine {
	return FeeLine{
		ID: line.ID, Reference: string(line.Reference), CentreNumber: line.Centre, Code: string(line.Code), Pence: int64(line.Pence),
		Amount: line.Pence.String(), State: FeeState(line.State), Why: line.Why, DueAt: line.DueAt, Invoice: line.Invoice,
	}
}

func outcomeView(o *docket.Outcome) Outcome {
	if o == nil {
		return Outcome{}
	}
	view := Outcome{
		PublishedAt: o.PublishedAt, MarkBefore: o.MarkBefore, MarkAfter: o.MarkAfter, ComponentMax: o.ComponentMax,
		Items: make([]OutcomeItem, len(o.Items)), UnchangedReason: o.Reason, Settled: o.Settled,
	}
	for i, item := range o.Items {
		view.Items[i] = OutcomeItem{Item: item.Item, Max: item.Max, Before: item.Before, After: item.After, Reason: item.Reason}
	}
	if o.Settled {
		// Grades are final only once every linked case is decided.
		view.GradeBefore, view.GradeAfter = o.GradeBefore, o.GradeAfter
		view.UnitGradeBefore, view.UnitGradeAfter = o.UnitGradeBefore, o.UnitGradeAfter
	}
	return view
}

func refusalView(f *casework.Fault) Refusal {
	if f == nil {
		return Refusal{}
	}
	return Refusal{Code: f.Code, Detail: f.Detail, Errors: reasonsOf(f.Reasons)}
}

// lastSecond is the last second before an exclusive end, which is what people are told; zero stays zero.
func lastSecond(ends time.Time) time.Time {
	if ends.IsZero() {
		return time.Time{}
	}
	return ends.Add(-time.Second)
}
