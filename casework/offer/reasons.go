package offer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// because gives a reason its rule.
func because(rule policy.Provenance, r casework.Reason) casework.Reason {
	r.Clause, r.Source = rule.Clause, rule.Source
	return r
}

// earlier finds requests that were made for the same result before: the same service, or one that contains it
// (domain §6, row 11).
func (i inquiry) earlier() []casework.Reason {
	name := strings.ToLower(i.ask.Service.Short())
	var same, containing []casework.Reason
	for _, e := range i.facts.Earlier {
		switch {
		case e.Service == i.ask.Service:
			same = append(same, because(i.rules.Once, casework.Reason{
				Code: CodeAlreadyRequested, Pointer: "/component",
				Detail: fmt.Sprintf("A %s of this result was requested before: case %s.", name, e.Reference),
				Remedy: fmt.Sprintf("Follow case %s; each result has one %s.", e.Reference, name),
			}))
		case slices.Contains(i.rules.ContainedIn.Services, e.Service):
			containing = append(containing, because(i.rules.ContainedIn.Provenance, casework.Reason{
				Code: CodeClericalAfterReview, Pointer: "/service",
				Detail: fmt.Sprintf("The %s of case %s contains the %s of this result.", strings.ToLower(e.Service.Short()), e.Reference, name),
				Remedy: fmt.Sprintf("Follow case %s.", e.Reference),
			}))
		}
	}
	return append(same, containing...)
}

func (i inquiry) objective() []casework.Reason {
	if !i.facts.Objective || i.rules.Objective.Allowed {
		return nil
	}
	return []casework.Reason{because(i.rules.Objective.Provenance, casework.Reason{
		Code: CodeObjectiveTest, Pointer: "/service",
		Detail: fmt.Sprintf("Component %s is an objective test, which has no marking to review.", i.facts.Component),
		Remedy: "Ask for a clerical check instead.",
	})}
}

// script refuses what cannot be done without a script: the review itself, or the copy that is ordered with it.
func (i inquiry) script() []casework.Reason {
	if !i.facts.NoScript {
		return nil
	}
	reason := casework.Reason{
		Code: CodeNoScript, Detail: fmt.Sprintf("The script of component %s is not in the register.", i.facts.Component),
		Remedy: "Ask the awarding body to find the script, then ask again; a clerical check without a copy can be asked for now.",
	}
	switch {
	case i.rules.Completion.AnnotatedScript && !i.facts.Objective:
		reason.Pointer = "/service"
	case i.ask.ReviewedScript:
		reason.Pointer = "/reviewedScript"
	default:
		return nil
	}
	return []casework.Reason{because(i.rules.Outcome.Provenance, reason)}
}

// consent holds the declared day against the candidates' release and the receipt, all as London dates: consent
// cannot be given before results are known (domain §1.1, note on consent).
func (i inquiry) consent() []casework.Reason {
	rule, given := i.rules.Consent, i.ask.ConsentGivenOn
	fault := func(code, remedy, detail string, args ...any) []casework.Reason {
		return []casework.Reason{because(rule.Provenance, casework.Reason{
			Code: code, Pointer: "/consentGivenOn", Detail: fmt.Sprintf(detail, args...), Remedy: remedy,
		})}
	}
	if given.IsZero() {
		if !rule.Required {
			return nil
		}
		return fault(CodeConsentMissing, "Obtain the candidate's written consent and give its date.",
			"The candidate's written consent is not declared; marks and grade may fall as well as rise.")
	}
	release, received := i.facts.CandidateRelease, calendar.DateOf(i.ask.ReceivedAt)
	switch {
	case rule.AfterRelease && !release.IsZero() && given.Before(calendar.DateOf(release)):
		return fault(CodeConsentTooEarly, "Obtain the candidate's consent again, now that the result is known.",
			"Consent of %s is older than the results, which candidates received on %s.", given.Long(), calendar.DateOf(release).Long())
	case received.Before(given):
		return fault(CodeConsentInFuture, "Give the day on which the candidate consented.",
			"Consent of %s lies after the request, which was received on %s.", given.Long(), received.Long())
	}
	return nil
}

// longInstant writes an instant for people in London's time.
func longInstant(t time.Time) string {
	return calendar.DateOf(t).Long() + " at " + t.In(calendar.London()).Format("15:04:05")
}
