package letters_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/letters"
)

const (
	reference = casework.Reference("R-7K4F-M2QX-9TBD-H")
	linked    = casework.Reference("R-2XWD-8CNH-4RPV-K")
)

// The instants of the sample case.
var (
	received  = time.Date(2026, 11, 10, 14, 5, 30, 0, time.UTC)
	published = time.Date(2026, 11, 26, 10, 12, 0, 0, time.UTC)
)

func printer(t *testing.T, options ...letters.Option) *letters.Printer {
	t.Helper()
	p, err := letters.New(options...)
	require.NoError(t, err)
	return p
}

// open is a case that was just opened: a review of marking with a copy of the script.
func open() docket.Notice {
	return docket.Notice{
		BodyName: "Cambria Awards (fictional)",
		Centre: docket.Centre{
			Number: "64101", Name: "Ashdown School",
			Address: []string{"14 Forest Lane", "Ashdown", "TN22 9ZZ"}, Nation: "england",
		},
		Candidate: "Maya Okonkwo-Reid",
		Task: docket.NoticeTask{
			ID: casework.TaskOf(reference, 1), Kind: casework.TaskReview, Holder: "Piotr Vance",
			StartBy: time.Date(2026, 11, 12, 17, 0, 0, 0, time.UTC), CompleteBy: time.Date(2026, 11, 17, 17, 0, 0, 0, time.UTC),
		},
		To: []docket.Recipient{{Name: "Amira Holt", Address: "amira.holt@ashdown.example"}},
		Case: docket.Case{
			Reference: reference, Kind: casework.KindEnquiry, Stage: casework.StageAssigned, WaitingOn: "reviewer",
			Request: casework.EnquiryRequest{
				Service: casework.ReviewOfMarking, CentreNumber: "64101", CandidateNumber: "0421", Series: "June 2026",
				Component: "CM1/01", ConsentGivenOn: calendar.Date{Year: 2026, Month: 11, Day: 9}, ReviewedScript: true,
				Reason: casework.ReasonNearBoundary,
			},
			ReceivedAt: received, ComponentTitle: "Paper 1, non-calculator", Qualification: "Cambria GCSE Mathematics",
			Clocks: []docket.Clock{{Clock: deadline.Clock{
				ID: casework.ClockOutcome, Kind: casework.ClockSLA, StartedAt: received,
				Ends: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), OriginalEnds: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
				PausedBy: []casework.HoldCause{casework.HoldConsent},
			}}},
			Holds: []docket.Hold{{
				Number: 1, Cause: casework.HoldConsent, Reason: "The consent on file is dated before the results.",
				AskedBy: "cw-asker", ApprovedBy: "cw-approver", ApproverName: "Imogen Vale", BeganAt: received.AddDate(0, 0, 1),
			}},
			Fees: []fee.Line{
				{Reference: reference, Code: "review-of-marking", Pence: 6200, State: fee.Quoted},
				{Reference: reference, Code: "reviewed-script", Pence: 1350, State: fee.Quoted},
			},
		},
	}
}

// upgraded is the case settled: two items changed, and with them the grade.
func upgraded() docket.Notice {
	n := open()
	c := &n.Case
	c.Stage, c.WaitingOn = casework.StageAppealWindow, "centre"
	c.Outcome = &docket.Outcome{
		PublishedAt: published, MarkBefore: 57, MarkAfter: 61, ComponentMax: 80,
		Settled: true, GradeBefore: "5", GradeAfter: "6",
	}
	for i := range 10 {
		c.Outcome.Items = append(c.Outcome.Items, docket.OutcomeItem{Item: fmt.Sprint(i + 1), Max: 8, Before: 6, After: 6})
	}
	c.Outcome.Items[2].Before, c.Outcome.Items[2].After = 3, 5
	c.Outcome.Items[2].Reason = "levels-scheme-misapplied"
	c.Outcome.Items[7].Before, c.Outcome.Items[7].After = 6, 8
	c.Outcome.Items[7].Reason = "work-not-marked"
	n.ReasonTexts = []docket.Fact{
		{Name: "levels-scheme-misapplied", Value: "A levels-based mark scheme had not been applied correctly."},
		{Name: "work-not-marked", Value: "A part of the work had not been seen or not been marked."},
	}
	for i := range c.Fees {
		c.Fees[i].State = fee.Waived
		c.Fees[i].Why = "The grade of the award changed from 5 to 6 (clause 6.1)."
	}
	c.AppealUntil = time.Date(2026, 12, 11, 0, 0, 0, 0, time.UTC)
	c.Clocks = append(c.Clocks,
		docket.Clock{Clock: deadline.Clock{ID: casework.ClockScript, Kind: casework.ClockSLA, StartedAt: published, Ends: published.Add(24 * time.Hour)}},
		docket.Clock{Clock: deadline.Clock{ID: casework.ClockWindow, Kind: casework.ClockRight, StartedAt: published, Ends: c.AppealUntil}},
	)
	return n
}

// unchanged is a clerical check without a copy, which found nothing.
func unchanged() docket.Notice {
	n := upgraded()
	c := &n.Case
	c.Request.Service, c.Request.ReviewedScript = casework.ClericalCheck, false
	for i := range c.Outcome.Items {
		c.Outcome.Items[i].After = c.Outcome.Items[i].Before
		c.Outcome.Items[i].Reason = ""
	}
	c.Outcome.MarkAfter, c.Outcome.GradeAfter = c.Outcome.MarkBefore, c.Outcome.GradeBefore
	c.Outcome.Reason = "addition-and-transfer-correct"
	n.ReasonTexts = []docket.Fact{{
		Name: "addition-and-transfer-correct", Value: "Every part was marked, and the marks were added up and carried over correctly.",
	}}
	c.Fees = []fee.Line{{Reference: reference, Code: "clerical-check", Pence: 1500, State: fee.Due, Why: "No grade changed (clause 6.1)."}}
	c.Clocks = []docket.Clock{c.Clocks[0], c.Clocks[2]}
	return n
}

// pending is a case whose mark is published while a linked case is still open.
func pending() docket.Notice {
	n := upgraded()
	c := &n.Case
	c.Stage, c.WaitingOn = casework.StageDecided, "linked case"
	c.Outcome.Settled, c.Outcome.GradeBefore, c.Outcome.GradeAfter = false, "", ""
	c.Linked = []docket.Linked{{Reference: linked, Component: "CM1/02", Stage: casework.StageAssigned}}
	for i := range c.Fees {
		c.Fees[i].State, c.Fees[i].Why = fee.Quoted, ""
	}
	c.AppealUntil = time.Time{}
	c.Clocks = c.Clocks[:2]
	return n
}

// downgraded is a unit whose mark fell; its own grade fell with it, and the award's stayed. Names are long and
// the paper has forty items.
func downgraded() docket.Notice {
	n := upgraded()
	c := &n.Case
	n.BodyName = "The Cambria and Borders Awarding Organisation for General and Vocational Qualifications"
	n.Centre.Name = "The Venerable Bede and Saint Cuthbert Catholic Voluntary Aided Sixth Form College of the Northern Counties"
	n.Centre.Address = []string{"Unit 14B, Former Locomotive Works", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "Ynys Môn", "LL61 5UJ"}
	n.Candidate = "Anastasia-Wilhelmina Fitzgerald-Featherstonehaugh van den Broeck"
	c.Qualification = "Cambria Level 3 Extended Certificate in Geography, Environment and Sustainable Development (unitised)"
	c.ComponentTitle = "Unit 4: fieldwork investigation, data presentation and geographical skills"
	c.Outcome = &docket.Outcome{
		PublishedAt: published, MarkBefore: 160, MarkAfter: 155, ComponentMax: 200, Settled: true,
		GradeBefore: "Distinction", GradeAfter: "Distinction", UnitGradeBefore: "Distinction", UnitGradeAfter: "Merit",
	}
	for i := range 40 {
		c.Outcome.Items = append(c.Outcome.Items, docket.OutcomeItem{Item: fmt.Sprintf("%d(%c)", i/4+1, 'a'+i%4), Max: 5, Before: 4, After: 4})
	}
	for _, i := range []int{3, 4, 11, 25, 39} {
		c.Outcome.Items[i].After, c.Outcome.Items[i].Reason = 3, "levels-scheme-misapplied"
	}
	for i := range c.Fees {
		c.Fees[i].Why = "The grade of unit CM1/01 changed from Distinction to Merit (clause 6.1)."
	}
	return n
}

// invoice has n fees of £62.00.
func invoice(n int) docket.Invoice {
	i := docket.Invoice{
		Number: "CA-2026-000117", Body: "cambria", BodyName: "Cambria Awards (fictional)", Centre: open().Centre,
		Month: calendar.Date{Year: 2026, Month: 11, Day: 1}, IssuedAt: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC),
		To: open().To,
	}
	for k := range n {
		i.Lines = append(i.Lines, docket.InvoiceLine{
			Line:    fee.Line{Reference: reference, Centre: "64101", Code: "review-of-marking", Pence: 6200, State: fee.Invoiced, DueAt: published},
			Service: casework.ReviewOfMarking, Component: "CM1/01", Candidate: fmt.Sprintf("%04d Maya Okonkwo-Reid", k+1),
		})
		i.Total += 6200
	}
	return i
}
