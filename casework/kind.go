package casework

// Kind says which process a case follows. Each kind is one workflow type.
type Kind string

// KindEnquiry is an enquiry about one candidate's result in one component.
const KindEnquiry Kind = "enquiry"

// Service is what a centre asks for. The names are those of the contract and of the rule files.
type Service string

const (
	// ClericalCheck (service 1) checks that all parts were marked, totalled and transferred; it is not an
	// examiner's review (domain §8.3, reading 3).
	ClericalCheck Service = "clerical-check"
	// ReviewOfMarking (service 2) checks that the agreed mark scheme was applied correctly and contains a
	// clerical check (seed 000).
	ReviewOfMarking Service = "review-of-marking"
	// PriorityReview (priority service 2) is a review of marking on which a place in higher education depends.
	PriorityReview Service = "priority-review-of-marking"
	// ExpeditedReview is a faster review of marking (NCFE T Level).
	ExpeditedReview Service = "expedited-review-of-marking"
	// ReviewOfModeration (service 3) looks at the moderation of a whole cohort's work again, never at one candidate's.
	ReviewOfModeration Service = "review-of-moderation"
	// ExpeditedModeration is a faster review of moderation (NCFE T Level).
	ExpeditedModeration Service = "expedited-review-of-moderation"
	// ScriptCopy is access to a marked script before, or without, a review.
	ScriptCopy Service = "script-copy"
	// ReviewedScriptCopy is the script with the reviewer's annotations, ordered with a review or later.
	ReviewedScriptCopy Service = "reviewed-script-copy"
	// MissingResult is a query about a missing or incomplete result.
	MissingResult Service = "missing-result"
	// LateCertification asks for the subject grade of banked units after the entry deadline ("cash-in").
	LateCertification Service = "late-certification"
	// ModerationClaim is a claim of remotely moderated vocational units or awards.
	ModerationClaim Service = "moderation-claim"
	// Appeal is an appeal against an outcome or a decision, in two stages.
	Appeal Service = "appeal"
)

// Services lists every service that a rule file may name, in the order in which they are shown.
func Services() []Service {
	return []Service{
		ClericalCheck, ReviewOfMarking, PriorityReview, ExpeditedReview, ReviewOfModeration, ExpeditedModeration, ScriptCopy,
		ReviewedScriptCopy, MissingResult, LateCertification, ModerationClaim, Appeal,
	}
}

// EnquiryServices lists the services that are carried out as cases of kind enquiry.
func EnquiryServices() []Service { return []Service{ClericalCheck, ReviewOfMarking} }

// Short is the service's name as operators and letters read it.
func (s Service) Short() string {
	switch s {
	case ClericalCheck:
		return "Clerical check"
	case ReviewOfMarking:
		return "Review of marking"
	case PriorityReview:
		return "Priority review of marking"
	case ExpeditedReview:
		return "Expedited review of marking"
	case ReviewOfModeration:
		return "Review of moderation"
	case ExpeditedModeration:
		return "Expedited review of moderation"
	case ScriptCopy:
		return "Script copy"
	case ReviewedScriptCopy:
		return "Reviewed script copy"
	case MissingResult:
		return "Missing result query"
	case LateCertification:
		return "Late certification"
	case ModerationClaim:
		return "Moderation claim"
	case Appeal:
		return "Appeal"
	default:
		return string(s)
	}
}

// Performer says who carries out the service's task.
func (s Service) Performer() PerformerRole {
	if s == ClericalCheck {
		return Clerk
	}
	return Reviewer
}
