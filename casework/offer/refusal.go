package offer

import (
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

// The codes of every reason why a request cannot be taken.
const (
	// CodeUnknownCandidate: the centre has no such candidate.
	CodeUnknownCandidate = "unknown-candidate"
	// CodeUnknownResult: the candidate has no result in the component.
	CodeUnknownResult = "unknown-result"
	// CodeUnknownService: the awarding body does not offer the service.
	CodeUnknownService = "unknown-service"
	// CodeNoPolicy: no rules of the awarding body were in force.
	CodeNoPolicy = "no-policy-in-force"
	// CodeNoPrice: the tariff has no price for the qualification's level.
	CodeNoPrice = "no-price"
	// CodeNotOpenYet: candidates do not have their results yet.
	CodeNotOpenYet = "not-open-yet"
	// CodeWindowClosed: the last day for the service has passed.
	CodeWindowClosed = "window-closed"
	// CodeConsentMissing: the candidate's written consent was not declared.
	CodeConsentMissing = "consent-missing"
	// CodeConsentTooEarly: consent was given before candidates had their results.
	CodeConsentTooEarly = "consent-too-early"
	// CodeConsentInFuture: consent is dated after the day of receipt.
	CodeConsentInFuture = "consent-in-future"
	// CodeObjectiveTest: an objective test has no marking that could be reviewed.
	CodeObjectiveTest = "objective-test"
	// CodeNoScript: the register holds no script to review or to copy.
	CodeNoScript = "no-script"
	// CodeAlreadyRequested: the same service was asked for about the same result.
	CodeAlreadyRequested = "already-requested"
	// CodeClericalAfterReview: an earlier review of marking contained the clerical check.
	CodeClericalAfterReview = "clerical-check-after-review"
)

// unknownFacts is the fault of a request about something that the register does not have, nil if it has all.
func unknownFacts(f Facts) *casework.Fault {
	var reason casework.Reason
	switch {
	case !f.KnownCandidate:
		reason = casework.Reason{
			Code: CodeUnknownCandidate, Pointer: "/candidateNumber",
			Detail: "Centre " + f.CentreNumber + " has no candidate " + f.CandidateNumber + ".",
			Remedy: "Check the candidate number on the statement of results.",
		}
	case !f.KnownResult:
		reason = casework.Reason{
			Code: CodeUnknownResult, Pointer: "/component",
			Detail: "Candidate " + f.CandidateNumber + " has no result in component " + f.Component + " of series " + f.Series + ".",
			Remedy: "Check the component code and the series on the statement of results.",
		}
	default:
		return nil
	}
	return casework.NewFault(casework.Invalid, reason.Code, "The request is about something that the register does not have.", reason)
}

// refusal makes one fault of all reasons, nil if there is none. It takes the first reason's code; that the same
// service was asked for before is a conflict, which nothing else in the request could mend.
func refusal(service casework.Service, reasons []casework.Reason) *casework.Fault {
	if len(reasons) == 0 {
		return nil
	}
	kind := casework.Refused
	if slices.ContainsFunc(reasons, func(r casework.Reason) bool { return r.Code == CodeAlreadyRequested }) {
		kind = casework.Conflict
	}
	return casework.NewFault(kind, reasons[0].Code, "This "+strings.ToLower(service.Short())+" cannot be opened.", reasons...)
}
