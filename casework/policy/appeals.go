package policy

// Decision is what may be appealed against besides the outcome of a review, as rule files spell it.
type Decision string

// The decisions of domain §1.1, "Preliminary appeal".
const (
	MalpracticeDecision   Decision = "malpractice"
	AccessDecision        Decision = "access-arrangements"
	ConsiderationDecision Decision = "special-consideration"
	AdministrativeRuling  Decision = "administrative"
	AssessmentDecision    Decision = "assessment"
)

// Decisions lists every decision that a rule file may name.
func Decisions() []Decision {
	return []Decision{MalpracticeDecision, AccessDecision, ConsiderationDecision, AdministrativeRuling, AssessmentDecision}
}

// DecisionWindow is until when such decisions may be appealed against, counted from the decision.
type DecisionWindow struct {
	Of []Decision
	Span
	Provenance
}

// PanelRule says who decides the second stage of an appeal.
type PanelRule struct {
	// Members is the least number of people, and Independent how many of them are neither employees nor assessors of
	// the body nor otherwise connected to it.
	Members     int
	Independent int
	Provenance
}
