package ops_test

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
)

// reference is that of the case of these tests.
const reference casework.Reference = "R-7K4F-M2QX-9TBD-Z"

// candidate is a name that the panel must never show.
const candidate = "Ada Candidate"

// newRegister holds a review of marking that is with an examiner and whose outcome is overdue.
func newRegister() *register {
	ends := time.Date(2026, 8, 26, 23, 0, 0, 0, time.UTC)
	return &register{
		desk: docket.Desk{
			At: now, Open: 41, Breached: 3, DueIn24h: 5, InPool: 2, Held: 4, AtCentre: 6, Questions: 7, Monitoring: 8, DeadWebhooks: 1, DoubtfulMails: 9,
			FindingCount: 1, WatchedAt: now.Add(-4 * time.Second),
			Findings: []docket.Finding{{
				ID: 1, Reference: reference, Kind: docket.FindingUnrecorded, About: "outcome", Detail: "The outcome clock ended at 23:00 UTC.", FoundAt: now.Add(-3 * time.Hour),
			}},
		},
		urgent: []docket.DigestLine{
			{Reference: reference, Service: casework.ReviewOfMarking, Component: "CA-MAT-1", Clock: casework.ClockOutcome, Due: ends.Add(-time.Second), Assignee: "ex-1001", WaitingOn: casework.WaitingReviewer},
			{Reference: "R-2222-2222-2222-2", Service: casework.ClericalCheck, Component: "CA-MAT-2", Clock: casework.ClockOutcome, Due: now.Add(5 * time.Hour), WaitingOn: casework.WaitingBody},
		},
		found: docket.Case{
			Reference: reference, Kind: casework.KindEnquiry, Stage: casework.StageAssigned, Policy: "cambria/2026-1", SLAState: casework.SLABreached,
			Request:   casework.EnquiryRequest{Service: casework.ReviewOfMarking, CentreNumber: "64101", CandidateNumber: "4001", Series: "2026-06", Component: "CA-MAT-1"},
			WaitingOn: casework.WaitingReviewer, ReceivedAt: now.Add(-21 * 24 * time.Hour), Requester: "eo-64101", CandidateName: candidate, CentreName: "Ashdown School",
			ComponentTitle: "Mathematics paper 1", NextActionAt: now.Add(3 * time.Hour),
			Clocks: []docket.Clock{
				{Clock: deadline.Clock{
					ID: casework.ClockAcknowledgement, Kind: casework.ClockSLA, StartedAt: ends.AddDate(0, 0, -20), Ends: ends.AddDate(0, 0, -18),
					OriginalEnds: ends.AddDate(0, 0, -18), MetAt: ends.AddDate(0, 0, -19), Clause: "3.1", Confirmed: true,
				}},
				{Clock: deadline.Clock{
					ID: casework.ClockOutcome, Kind: casework.ClockSLA, StartedAt: ends.AddDate(0, 0, -20), Ends: ends, OriginalEnds: ends,
					PausedBy: []casework.HoldCause{casework.HoldConsent}, Clause: "4.2",
				}, BreachedAt: ends},
			},
		},
		inside: docket.Inside{
			Tasks: []docket.DeskTask{{
				ID: casework.TaskOf(reference, 1), Kind: casework.TaskReview, State: casework.TaskReserved, Assignee: "ex-1001", AssigneeName: "Helen Marsh",
				Leader: "ex-1006", ReservedAt: now.Add(-48 * time.Hour), StartBy: now.Add(-time.Hour), CompleteBy: now.Add(72 * time.Hour),
			}},
			Findings: []docket.Finding{{ID: 1, Reference: reference, Kind: docket.FindingUnrecorded, About: "outcome", Detail: "The outcome clock ended at 23:00 UTC.", FoundAt: now.Add(-3 * time.Hour)}},
		},
		approvers: []docket.Approver{
			{ID: "cw-3001", Body: "cambria", Name: "Imogen Vale"}, {ID: "ops-5001", Body: "cambria", Name: "Kate Munro"}, {ID: "cw-3002", Body: "cambria", Name: "Rhys Calder"},
		},
		notes: []docket.CaseNote{{ID: 1, Kind: "telephone", Author: "cw-3001", At: now.Add(-time.Hour), Contact: "the exams officer", Text: "They will send the consent form."}},
		trail: []docket.Entry{
			{Number: 1, At: now.Add(-21 * 24 * time.Hour), What: "opened", Actor: casework.Actor{Subject: "eo-64101", Role: casework.RolePostResults}, Centre: true, Facts: []docket.Fact{{Name: "outcomeDue", Value: "2026-08-26T22:59:59Z"}}},
			{
				Number: 2, At: now.Add(-2 * time.Hour), What: "signal-refused", Actor: casework.Actor{Subject: "somebody", Role: casework.RoleOperator, Claimed: true},
				Facts: []docket.Fact{{Name: "signal", Value: "complete"}, {Name: "why", Value: "Item 3 has no mark."}},
			},
		},
	}
}

// holding puts the case on hold.
func (r *register) holding(causes ...casework.HoldCause) {
	for i, cause := range causes {
		r.found.Holds = append(r.found.Holds, docket.Hold{
			Number: i + 1, Cause: cause, Reason: "We asked for the consent form.", AskedBy: "ops-5001", ApprovedBy: "cw-3001", ApproverName: "Imogen Vale", BeganAt: now.Add(-24 * time.Hour),
		})
	}
}
