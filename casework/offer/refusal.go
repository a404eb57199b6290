package offer

import (
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// unknownFacts is the fault of a request about something that the register does not have, nil if it has all that a
// request of the scope is about.
func unknownFacts(f Facts, service casework.Service, scope policy.Scope) *casework.Fault {
	var reason casework.Reason
	// An appeal is about the outcome of a cohort if it names no candidate.
	ofCohort := scope == policy.CohortComponent || scope == policy.WholeCase && f.CandidateNumber == ""
	switch {
	case scope == policy.WholeClaim:
		return nil
	case ofCohort && f.Cohort > 0:
		return nil
	case ofCohort && !f.KnownResult:
		reason = casework.Reason{
			Code: CodeUnknownCohort, Pointer: "/component",
			Detail: "Centre " + f.CentreNumber + " has no results in component " + f.Component + " of series " + f.Series + ".",
			Remedy: "Check the component code and the series on the statement of results.",
		}
	case !f.KnownCandidate:
		reason = casework.Reason{
			Code: CodeUnknownCandidate, Pointer: "/candidateNumber",
			Detail: "Centre " + f.CentreNumber + " has no candidate " + f.CandidateNumber + ".",
			Remedy: "Check the candidate number on the statement of results.",
		}
	// A missing result, or the award of banked units, is asked for because it is not there.
	case !f.KnownResult && service != casework.MissingResult && scope != policy.CandidateAward:
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
	return casework.NewFault(kind, reasons[0].Code, "This "+lower(service)+" cannot be opened.", reasons...)
}

// because gives a reason its rule.
func because(rule policy.Provenance, r casework.Reason) casework.Reason {
	r.Clause, r.Source, r.Unconfirmed = rule.Clause, rule.Source, !rule.Confirmed
	return r
}

// lower is a service's name within a sentence, and one with its article before it.
func lower(service casework.Service) string { return strings.ToLower(service.Short()) }

func one(service casework.Service) string {
	name := lower(service)
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "An " + name
	}
	return "A " + name
}
