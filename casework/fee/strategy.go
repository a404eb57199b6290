package fee

// Strategy names a rule by which a fee is waived, as rule files spell it. A grade that changed waives in either
// direction (domain §8.3, reading 1).
type Strategy string

const (
	// UnitGrade waives a case's fee when the grade of its own unit changes, and every linked fee when the award's
	// does (AQA modular).
	UnitGrade Strategy = "unit_grade"
	// LinkedAwardGrade waives the fees of every linked case when the award's grade changes, whichever component
	// caused it (AQA linear, OCR); in a unitised qualification also a case's own fee when its unit's grade changes.
	LinkedAwardGrade Strategy = "linked_award_grade"
	// OverallExternalGrade waives when the overall grade of the externally marked components changes (NCFE).
	OverallExternalGrade Strategy = "overall_external_grade"
	// MarksReinstated waives when a review of moderation gives the centre its own marks back, and never because a
	// grade moved (domain §8.3, reading 1).
	MarksReinstated Strategy = "marks_reinstated"
	// ModeratedGradeChange waives when a review of moderation changes the overall moderated grade of any candidate
	// (NCFE).
	ModeratedGradeChange Strategy = "moderated_grade_change"
	// AppealUpheld waives when the appeal is upheld, in whole or in part.
	AppealUpheld Strategy = "appeal_upheld"
	// AlwaysFree: the body takes no fee; it needs no price.
	AlwaysFree Strategy = "always_free"
	// Never: the fee is due whatever comes out (a copy that is ordered after the outcome).
	Never Strategy = "never"
)

// Strategies lists every strategy that a rule file may name.
func Strategies() []Strategy {
	return []Strategy{
		UnitGrade, LinkedAwardGrade, OverallExternalGrade, MarksReinstated, ModeratedGradeChange, AppealUpheld, AlwaysFree, Never,
	}
}

// Need is a fact without which a strategy cannot decide.
type Need string

const (
	// NeedAwardGrade: the award's grade before and after.
	NeedAwardGrade Need = "award-grade"
	// NeedUnitGrade: the grade of the case's own unit before and after.
	NeedUnitGrade Need = "unit-grade"
	// NeedExternalGrade: the overall grade of the externally marked components before and after.
	NeedExternalGrade Need = "external-grade"
	// NeedReinstatement: whether a review of moderation reinstated the centre's marks.
	NeedReinstatement Need = "reinstatement"
	// NeedModeratedGrades: how many candidates' overall moderated grades a review of moderation changed.
	NeedModeratedGrades Need = "moderated-grades"
	// NeedAppealOutcome: what became of the appeal.
	NeedAppealOutcome Need = "appeal-outcome"
)

// Needs lists the facts without which the strategy cannot decide; none for one that decides without any. A rule
// file whose service cannot bring them about is refused when it is loaded.
func (s Strategy) Needs() []Need {
	switch s {
	case UnitGrade:
		return []Need{NeedUnitGrade}
	case LinkedAwardGrade:
		return []Need{NeedAwardGrade}
	case OverallExternalGrade:
		return []Need{NeedExternalGrade}
	case MarksReinstated:
		return []Need{NeedReinstatement}
	case ModeratedGradeChange:
		return []Need{NeedModeratedGrades}
	case AppealUpheld:
		return []Need{NeedAppealOutcome}
	case AlwaysFree, Never:
	}
	return nil
}
