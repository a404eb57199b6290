package offer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// requester refuses who may not ask: an appeal is the head of centre's, and a private candidate may ask directly
// only where the body says so (domain §1.1).
func (i inquiry) requester(reasons []casework.Reason) []casework.Reason {
	who := i.ask.Requester
	if who == "" || slices.Contains(i.rules.Requesters, who) {
		return reasons
	}
	allowed := make([]string, len(i.rules.Requesters))
	for n, r := range i.rules.Requesters {
		allowed[n] = i.person(r)
	}
	remedy := "Let one of these ask."
	if who == policy.PrivateCandidate {
		remedy = "Ask the " + i.centre() + " at which the examination was taken to make the request."
	}
	return append(reasons, because(i.rules.Provenance, casework.Reason{
		Code: CodeWrongRequester, Pointer: "/service",
		Detail: fmt.Sprintf("%s is asked for by %s; this request comes from %s.", one(i.ask.Service), strings.Join(allowed, " or "), i.person(who)),
		Remedy: remedy,
	}))
}

// candidate and centre are the body's own words for them: learner and provider at NCFE (domain §8.3, reading 11).
func (i inquiry) candidate() string { return cmp.Or(i.policy.Words.Candidate, "candidate") }

func (i inquiry) centre() string { return cmp.Or(i.policy.Words.Centre, "centre") }

// person names a requester in the body's own words.
func (i inquiry) person(r policy.Requester) string {
	centre, candidate := i.centre(), i.candidate()
	switch r {
	case policy.ExamsOfficer:
		return "the " + centre + "'s exams officer"
	case policy.HeadOfCentre:
		return "the head of " + centre
	case policy.PrivateCandidate:
		return "a private " + candidate
	case policy.CentreStaff:
		return "a member of the " + centre + "'s staff"
	default:
		return string(r)
	}
}

// payFirst reports whether this requester pays before the case is begun.
func (i inquiry) payFirst() bool {
	rule, ok := i.rules.Fee(policy.ForRequest)
	return ok && i.ask.Requester != "" && slices.Contains(rule.InAdvance, i.ask.Requester)
}
