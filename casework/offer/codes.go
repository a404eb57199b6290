package offer

// The codes of every reason why a request cannot be taken.
const (
	// CodeUnknownCandidate: the centre has no such candidate.
	CodeUnknownCandidate = "unknown-candidate"
	// CodeUnknownResult: the candidate has no result in the component.
	CodeUnknownResult = "unknown-result"
	// CodeUnknownCohort: the centre has no candidates with a result in the component.
	CodeUnknownCohort = "unknown-cohort"
	// CodeUnknownService: the awarding body does not offer the service.
	CodeUnknownService = "unknown-service"
	// CodeNoPolicy: no rules of the awarding body were in force.
	CodeNoPolicy = "no-policy-in-force"
	// CodeWrongRequester: somebody else has to ask.
	CodeWrongRequester = "wrong-requester"
	// CodeAlreadyRequested: the same service was asked for about the same result.
	CodeAlreadyRequested = "already-requested"
	// CodeClericalAfterReview: an earlier review of marking contained the clerical check.
	CodeClericalAfterReview = "clerical-check-after-review"
	// CodeContained: an earlier request for another service contained this one.
	CodeContained = "contained-in-earlier-request"
	// CodeNothingToFollow: the service follows another, which was not asked for.
	CodeNothingToFollow = "nothing-to-follow"
	// CodeNoOutcomeYet: the case that the service follows has no outcome yet.
	CodeNoOutcomeYet = "no-outcome-yet"
	// CodeTooLateAfter: the time after the outcome of another service has passed.
	CodeTooLateAfter = "too-late-after-outcome"
	// CodeWrongLevel: the service is for qualifications of another level.
	CodeWrongLevel = "wrong-level"
	// CodeCentreMarked: the centre marked the component, so that the body has no marking to look at.
	CodeCentreMarked = "centre-marked"
	// CodeNotModerated: the body marked the component, so that there is no moderation to look at.
	CodeNotModerated = "not-moderated"
	// CodeObjectiveTest: an objective test has no marking that could be reviewed.
	CodeObjectiveTest = "objective-test"
	// CodeNoScript: the register holds no script to review or to copy.
	CodeNoScript = "no-script"
	// CodeMarksAccepted: moderation left the centre's marks as they were.
	CodeMarksAccepted = "marks-accepted"
	// CodeNoSample: the original sample is not held any more.
	CodeNoSample = "no-sample"
	// CodePlaceNotAtRisk: the centre did not declare that a place depends on the outcome.
	CodePlaceNotAtRisk = "place-at-risk-not-declared"
	// CodeWrongSeries: the service is for series of another month.
	CodeWrongSeries = "wrong-series"
	// CodeResultPending: the result is not final.
	CodeResultPending = "result-pending"
	// CodeNoCopy: the awarding body gives no copy of a reviewed script.
	CodeNoCopy = "no-reviewed-copy"
	// CodeNotOpenYet: candidates do not have their results yet.
	CodeNotOpenYet = "not-open-yet"
	// CodeWindowClosed: the last day for the service has passed.
	CodeWindowClosed = "window-closed"
	// CodeCalendarEnds: a date lies beyond the bank holidays that are known.
	CodeCalendarEnds = "calendar-ends"
	// CodeConsentMissing: the candidate's written consent was not declared.
	CodeConsentMissing = "consent-missing"
	// CodeConsentTooEarly: consent was given before candidates had their results.
	CodeConsentTooEarly = "consent-too-early"
	// CodeConsentInFuture: consent is dated after the day of receipt.
	CodeConsentInFuture = "consent-in-future"
	// CodeNoPrice: the tariff has no price for the qualification's level.
	CodeNoPrice = "no-price"
	// CodeFeeNotPublished: the awarding body charges, and its figure is not known.
	CodeFeeNotPublished = "fee-not-published"
)

// The codes of every warning beside an offer; those of fee.Advice stand beside them.
const (
	// WarnGradeHeldBack: an open review of another component holds this one's grade back.
	WarnGradeHeldBack = "grade-held-back"
	// WarnFasterUntil: a faster service can be asked for, and until when.
	WarnFasterUntil = "faster-service-until"
	// WarnPriorityUntil: a copy can be asked for with priority, and until when.
	WarnPriorityUntil = "priority-until"
	// WarnSecondReview: the result was looked at before.
	WarnSecondReview = "second-review"
	// WarnMayFall: marks and grade may fall.
	WarnMayFall = "marks-may-fall"
	// WarnScriptHidden: the original script cannot be read while the review runs.
	WarnScriptHidden = "script-hidden"
)
