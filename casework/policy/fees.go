package policy

import "github.com/recourse-exams/recourse/casework/fee"

// FeeRule is one fee that a service may cost, and the rule by which it is waived.
type FeeRule struct {
	Code fee.Code
	// For says what the fee is for: the request itself, or something that may follow.
	For FeeFor
	// Small halves or otherwise scales the fee for a small cohort; nil if nothing does.
	Small  *SmallCohort
	Waiver fee.Waiver
	// Unitised stands in place of Waiver for a qualification whose units have grades of their own; nil if Waiver holds
	// for every qualification.
	Unitised *fee.Waiver
	// InAdvance lists the requesters who pay before the case is begun.
	InAdvance []Requester
}

// FeeFor is what a fee is charged for, as rule files spell it.
type FeeFor string

const (
	// ForRequest: the request; of a reviewed copy, one that was ordered with the review.
	ForRequest FeeFor = "request"
	// ForLateCopy: a reviewed copy that was ordered after the review.
	ForLateCopy FeeFor = "late-copy"
	// ForSecondStage: the second stage of an appeal.
	ForSecondStage FeeFor = "second-stage"
)

// FeeFors lists every occasion that a rule file may name.
func FeeFors() []FeeFor { return []FeeFor{ForRequest, ForLateCopy, ForSecondStage} }

// SmallCohort scales a fee for a cohort of at most UpTo candidates to Percent of it.
type SmallCohort struct {
	UpTo    int
	Percent int
	Provenance
}

// Fee returns what a service costs on an occasion; ok is false if it costs nothing then.
func (s Service) Fee(occasion FeeFor) (rule FeeRule, ok bool) {
	for _, f := range s.Fees {
		if f.For == occasion {
			return f, true
		}
	}
	return FeeRule{}, false
}

// Waiver returns the rule by which a fee code is waived; ok is false if none of the services charges it.
func (p Policy) Waiver(code fee.Code) (waiver fee.Waiver, ok bool) { return p.WaiverFor(code, false) }

// WaiverFor returns the rule by which a fee code is waived in a qualification whose units have grades of their own,
// or in one whose units have none; ok is false if none of the services charges it.
func (p Policy) WaiverFor(code fee.Code, unitised bool) (waiver fee.Waiver, ok bool) {
	for _, s := range p.Services {
		for _, f := range s.Fees {
			switch {
			case f.Code != code:
			case unitised && f.Unitised != nil:
				return *f.Unitised, true
			default:
				return f.Waiver, true
			}
		}
	}
	return fee.Waiver{}, false
}

// BringsAbout reports whether a request of the scope can bring about what a waiver looks at: an award's grade moves
// with one candidate's marks, a cohort has its marks reinstated, an appeal is upheld. A fee for a cohort is never
// waived because a grade moved (domain §8.3, reading 1).
func (s Scope) BringsAbout(need fee.Need) bool {
	switch need {
	case fee.NeedAwardGrade, fee.NeedUnitGrade, fee.NeedExternalGrade:
		return s == CandidateComponent
	case fee.NeedReinstatement, fee.NeedModeratedGrades:
		return s == CohortComponent
	case fee.NeedAppealOutcome:
		return s == WholeCase
	}
	return false
}
