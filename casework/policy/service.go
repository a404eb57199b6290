package policy

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
)

// Service is what one policy says about one service.
type Service struct {
	Service casework.Service
	// Opens is the rule that the service opens at candidate release, not at the centres' embargoed release
	// (domain §8.1, "published").
	Opens   Provenance
	Window  WindowRule
	Consent ConsentRule
	// Once is the rule that the service is asked for once per result.
	Once Provenance
	// ContainedIn is the rule that the service cannot be asked for after one that contains it.
	ContainedIn ContainedRule
	// Objective is the rule about objective tests.
	Objective ObjectiveRule
	// Outcome is what the body owes: the outcome, counted from receipt.
	Outcome ClockRule
	Fee     fee.Code
	Waiver  fee.Waiver
	// Completion is what the policy accepts of a performer: the codes of reasons and checks.
	Completion casework.CompletionRules
}

// Anchor is the day from which a window is counted.
type Anchor string

// AnchorGCSERelease counts from the series' GCSE results day, whichever qualification is asked about.
const AnchorGCSERelease Anchor = "gcse-release"

// Anchors lists every anchor that a rule file may name.
func Anchors() []Anchor { return []Anchor{AnchorGCSERelease} }

// WindowRule says until when a service may be asked for: the end of the London day that lies Offset after the
// anchor. A series' key date for the service stands in place of the formula (domain §8.2).
type WindowRule struct {
	Anchor Anchor
	Offset int
	// Unit is CalendarDays.
	Unit Unit
	Provenance
}

// ConsentRule says what consent of the candidate a request needs.
type ConsentRule struct {
	// Required: the request must declare the day of the candidate's written consent.
	Required bool
	// AfterRelease: consent that is older than the candidates' release day does not count.
	AfterRelease bool
	Provenance
}

// ContainedRule names the services that contain a service; Services is empty if none does.
type ContainedRule struct {
	Services []casework.Service
	Provenance
}

// ObjectiveRule says whether a service may be asked for about an objective (multiple choice) test.
type ObjectiveRule struct {
	Allowed bool
	Provenance
}

// Price is one row of the tariff.
type Price struct {
	Code fee.Code
	// FromLevel and ToLevel are the first and the last qualification level of the row, 1 to 8.
	FromLevel int
	ToLevel   int
	Pence     fee.Pence
	Provenance
}

// Covers reports whether the row holds for a qualification level.
func (p Price) Covers(level int) bool { return p.FromLevel <= level && level <= p.ToLevel }
