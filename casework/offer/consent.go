package offer

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// consent holds the declared day against the day of the result and that of the receipt, all as London dates: consent
// cannot be given before results are known (domain §1.1, note on consent). Outside a series the result is known when
// the centre received it.
func (i inquiry) consent(reasons []casework.Reason) []casework.Reason {
	rule, given := i.rules.Consent, i.ask.ConsentGivenOn
	if given.IsZero() {
		return i.undated(reasons)
	}
	release, received := i.anchor(policy.AnchorResult), calendar.DateOf(i.ask.ReceivedAt)
	switch {
	case rule.AfterRelease && !release.IsZero() && given.Before(calendar.DateOf(release)):
		return append(reasons, because(rule.Provenance, casework.Reason{
			Code: CodeConsentTooEarly, Pointer: "/consentGivenOn",
			Detail: fmt.Sprintf("Consent of %s is older than the results, which %ss received on %s.", given.Long(), i.candidate(), calendar.DateOf(release).Long()),
			Remedy: "Obtain the " + i.candidate() + "'s consent again, now that the result is known.",
		}))
	case received.Before(given):
		return append(reasons, because(rule.Provenance, casework.Reason{
			Code: CodeConsentInFuture, Pointer: "/consentGivenOn",
			Detail: fmt.Sprintf("Consent of %s lies after the request, which was received on %s.", given.Long(), received.Long()),
			Remedy: "Give the day on which the " + i.candidate() + " consented.",
		}))
	}
	return reasons
}

// undated judges a request that gives no day of consent.
func (i inquiry) undated(reasons []casework.Reason) []casework.Reason {
	rule := i.rules.Consent
	switch {
	case i.consents:
		return reasons
	case rule.Need == policy.ConsentRequired:
		return append(reasons, because(rule.Provenance, casework.Reason{
			Code: CodeConsentMissing, Pointer: "/consentGivenOn",
			Detail: "The " + i.candidate() + "'s written consent is not declared; marks and grade may fall as well as rise.",
			Remedy: "Obtain the " + i.candidate() + "'s written consent and give its date.",
		}))
	case rule.Need == policy.ConsentDeclared && !i.ask.ConsentDeclared:
		return append(reasons, because(rule.Provenance, casework.Reason{
			Code: CodeConsentMissing, Pointer: "/consentGivenOn",
			Detail: "The " + i.centre() + " does not declare that it holds the " + i.candidate() + "'s consent.",
			Remedy: "Obtain the " + i.candidate() + "'s consent and declare it, or give its date.",
		}))
	}
	return reasons
}

// longInstant writes an instant for people in London's time.
func longInstant(t time.Time) string {
	return calendar.DateOf(t).Long() + " at " + t.In(calendar.London()).Format("15:04:05")
}
