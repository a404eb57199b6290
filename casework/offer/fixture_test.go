package offer_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

func instant(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

func date(t require.TestingT, text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

func calendars(t require.TestingT) offer.Calendars {
	c, err := offer.CalendarsOf(rules(), "england")
	require.NoError(t, err)
	return c
}

// judge applies the small rules on the calendar of England and Wales.
func judge(t require.TestingT, f offer.Facts, a offer.Ask) offer.Verdict {
	return offer.Judge(rules(), f, a, calendars(t))
}

func clause(number string) policy.Provenance {
	return policy.Provenance{Clause: "clause " + number, Source: "Regulations", Confirmed: true}
}

func waiver(strategy fee.Strategy) fee.Waiver {
	return fee.Waiver{Strategy: strategy, Clause: "clause 6", Source: "Regulations", Confirmed: true}
}

func days(amount int) policy.Span { return policy.Span{Amount: amount, Unit: policy.CalendarDays} }

func workingDays(amount int) policy.Span {
	return policy.Span{Amount: amount, Unit: policy.WorkingDays}
}

func condition(test policy.Test, number string, services ...casework.Service) policy.Condition {
	return policy.Condition{Test: test, Services: services, Provenance: clause(number)}
}

// service is one that is asked for about a candidate's component until 35 days after the GCSE results, with an
// outcome owed so many calendar days after the receipt.
func service(name casework.Service, outcome int, conditions ...policy.Condition) policy.Service {
	return policy.Service{
		Service: name, Title: "The " + name.Short(), Provenance: clause("1"), Scope: policy.CandidateComponent, Opens: clause("2.1"),
		Requesters: []policy.Requester{policy.ExamsOfficer},
		Window:     policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: days(35), Provenance: clause("2.2")},
		Consent:    policy.ConsentRule{Need: policy.ConsentRequired, AfterRelease: true, Provenance: clause("2.4")},
		Eligible:   append([]policy.Condition{condition(policy.OncePerResult, "2.5")}, conditions...),
		Clocks: []policy.ClockRule{{
			ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received, Span: days(outcome), Provenance: clause("3"),
		}},
		Effect: policy.EffectRule{Provenance: clause("4")},
		Fees:   []policy.FeeRule{{Code: fee.Code(name), For: policy.ForRequest, Waiver: waiver(fee.LinkedAwardGrade)}},
	}
}

// rules are small rules of both services that are carried out as cases, as domain §8.2 has them, and of the copy
// that is ordered with them.
func rules() policy.Policy {
	clerical := service(casework.ClericalCheck, 10, condition(policy.NotAfter, "2.6", casework.ReviewOfMarking))
	review := service(casework.ReviewOfMarking, 20, condition(policy.NotObjective, "2.7"), condition(policy.ScriptHeld, "2.8"))
	review.Completion = casework.CompletionRules{ChangeReasons: []string{"totalling-error"}, AnnotatedScript: true}
	copied := policy.Service{
		Service: casework.ReviewedScriptCopy, Title: "The copy", Provenance: clause("1.9"), Scope: policy.CandidateComponent, Opens: clause("2.1"),
		Window:   policy.WindowRule{Anchor: policy.AnchorOutcome, Span: days(14), Provenance: clause("2.9")},
		Eligible: []policy.Condition{condition(policy.OnlyAfter, "2.10", casework.ClericalCheck, casework.ReviewOfMarking)},
		Fees: []policy.FeeRule{
			{Code: "reviewed-script", For: policy.ForRequest, Waiver: waiver(fee.LinkedAwardGrade)},
			{Code: "late-reviewed-script", For: policy.ForLateCopy, Waiver: waiver(fee.Never)},
		},
	}
	return policy.Policy{
		Version: "small.1", Body: "cambria", BodyName: "Cambria Awards", Division: calendar.EnglandAndWales,
		Services: []policy.Service{clerical, review, copied},
		Tariff: []policy.Price{
			{Code: "clerical-check", FromLevel: 1, ToLevel: 8, Pence: 1500, Provenance: clause("row 1")},
			{Code: "review-of-marking", FromLevel: 1, ToLevel: 2, Pence: 6200, Provenance: clause("row 2")},
			{Code: "review-of-marking", FromLevel: 3, ToLevel: 3, Pence: 6600, Provenance: clause("row 3")},
			{Code: "reviewed-script", FromLevel: 1, ToLevel: 8, Pence: 1350, Provenance: clause("row 4")},
			{Code: "late-reviewed-script", FromLevel: 1, ToLevel: 8, Pence: 1350, Provenance: clause("row 5")},
		},
	}
}

// facts are of a GCSE result of the June 2026 series (domain §1.6).
func facts(t require.TestingT) offer.Facts {
	return offer.Facts{
		CentreNumber: "64101", CandidateNumber: "0007", Component: "M1/02", Series: "2026-06", Qualification: "M1", Nation: "england",
		KnownCandidate: true, KnownResult: true, Level: 2, Family: casework.FamilyGeneral, Body: "cambria", SeriesMonth: 6,
		CandidateRelease: instant(t, "2026-08-20T07:00:00Z"), ALevelRelease: date(t, "2026-08-13"), GCSERelease: date(t, "2026-08-20"),
	}
}

// ask is a review of marking with a copy, received in the window with consent of the day after results.
func ask(t require.TestingT) offer.Ask {
	return offer.Ask{
		Service: casework.ReviewOfMarking, ReceivedAt: instant(t, "2026-09-24T10:15:00Z"),
		ConsentGivenOn: date(t, "2026-08-21"), ReviewedScript: true,
	}
}
