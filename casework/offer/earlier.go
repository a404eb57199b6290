package offer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// subject is what a request of the service is about, for sentences.
func (i inquiry) subject() string {
	switch i.rules.Scope {
	case policy.CohortComponent:
		return "cohort"
	case policy.CandidateAward:
		return "award"
	case policy.WholeClaim:
		return "claim"
	default:
		return "result"
	}
}

// once finds requests for the same service (domain §6, row 11).
func (i inquiry) once(reasons []casework.Reason, c *policy.Condition) []casework.Reason {
	for _, e := range i.facts.Earlier {
		if e.Service != i.ask.Service {
			continue
		}
		reasons = append(reasons, because(c.Provenance, casework.Reason{
			Code: CodeAlreadyRequested, Pointer: "/component",
			Detail: fmt.Sprintf("%s of this %s was requested before: case %s.", one(i.ask.Service), i.subject(), e.Reference),
			Remedy: fmt.Sprintf("Follow case %s; each %s has one %s.", e.Reference, i.subject(), lower(i.ask.Service)),
		}))
	}
	return reasons
}

// contained finds requests for services that contain this one (domain §6, row 11).
func (i inquiry) contained(reasons []casework.Reason, c *policy.Condition) []casework.Reason {
	code := CodeContained
	if i.ask.Service == casework.ClericalCheck {
		code = CodeClericalAfterReview
	}
	for _, e := range i.facts.Earlier {
		if !slices.Contains(c.Services, e.Service) {
			continue
		}
		reasons = append(reasons, because(c.Provenance, casework.Reason{
			Code: code, Pointer: "/service",
			Detail: fmt.Sprintf("The %s of case %s contains the %s of this %s.", lower(e.Service), e.Reference, lower(i.ask.Service), i.subject()),
			Remedy: fmt.Sprintf("Follow case %s.", e.Reference),
		}))
	}
	return reasons
}

// follows refuses a service whose foregoing one was not asked for, or has no outcome yet.
func (i inquiry) follows(reasons []casework.Reason, c *policy.Condition) []casework.Reason {
	foregoing, found := i.latest(c.Services)
	switch {
	case !found:
		return append(reasons, because(c.Provenance, casework.Reason{
			Code: CodeNothingToFollow, Pointer: "/service",
			Detail: fmt.Sprintf("%s follows the outcome of another service, and this %s has no case of any: %s.", one(i.ask.Service), i.subject(), names(c.Services)),
			Remedy: "Ask for one of these first.",
		}))
	case foregoing.OutcomeAt.IsZero():
		return append(reasons, i.noOutcome(c.Provenance, foregoing))
	}
	return reasons
}

func (i inquiry) noOutcome(rule policy.Provenance, foregoing Earlier) casework.Reason {
	return because(rule, casework.Reason{
		Code: CodeNoOutcomeYet, Pointer: "/service",
		Detail: fmt.Sprintf("The %s of case %s has no outcome yet.", lower(foregoing.Service), foregoing.Reference),
		Remedy: fmt.Sprintf("Ask again when the outcome of case %s is published.", foregoing.Reference),
	})
}

// soonAfter refuses what comes too late after the outcome of another service; without such an outcome there is no
// hurry.
func (i inquiry) soonAfter(reasons []casework.Reason, c *policy.Condition) []casework.Reason {
	foregoing, found := i.latest(c.Services)
	if !found || foregoing.OutcomeAt.IsZero() {
		return reasons
	}
	rule := policy.ClockRule{ID: casework.ClockWindow, Kind: casework.ClockRight, Starts: policy.OutcomePublished, Span: c.Within, Provenance: c.Provenance}
	clock, err := deadline.Start(rule, i.calendars.Body, foregoing.OutcomeAt)
	if err != nil {
		return append(reasons, i.calendarEnds(c.Provenance, err))
	}
	if i.ask.ReceivedAt.Before(clock.Ends) {
		return reasons
	}
	return append(reasons, because(c.Provenance, casework.Reason{
		Code: CodeTooLateAfter, Pointer: "/service",
		Detail: fmt.Sprintf("After the %s of case %s, %s could be asked for within %s, until %s; this request was received on %s (UK time).",
			lower(foregoing.Service), foregoing.Reference, aThing(i.ask.Service), c.Within.Words(), until(clock.Ends), longInstant(i.ask.ReceivedAt)),
		Remedy: "The time is not extended; ask the awarding body if its system was unavailable.",
	}))
}

// latest is the earlier case of one of the services whose outcome came last, or one without an outcome if there is no
// other. If the request names a case, it is that one or none.
func (i inquiry) latest(services []casework.Service) (latest Earlier, found bool) {
	for _, e := range i.facts.Earlier {
		switch {
		case i.ask.About != "" && e.Reference != i.ask.About:
		case services != nil && !slices.Contains(services, e.Service):
		case !found || latest.OutcomeAt.Before(e.OutcomeAt):
			latest, found = e, true
		}
	}
	return latest, found
}

// about is the case that the request follows; found is false if there is none.
func (i inquiry) about() (about Earlier, found bool) {
	for n := range i.rules.Eligible {
		if c := &i.rules.Eligible[n]; c.Test == policy.OnlyAfter {
			return i.latest(c.Services)
		}
	}
	return i.latest(nil)
}

// names lists services for people: "clerical check, review of marking or script copy".
func names(services []casework.Service) string {
	words := make([]string, len(services))
	for n, s := range services {
		words[n] = lower(s)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// aThing is a service with its article, within a sentence.
func aThing(service casework.Service) string {
	name := one(service)
	return strings.ToLower(name[:1]) + name[1:]
}

// until writes an exclusive end for people: a whole day by its name, any other instant with its time in London.
func until(end time.Time) string {
	due := end.Add(-time.Second)
	if last := calendar.DateOf(due); last.End().Equal(end) {
		return "the end of " + last.Long()
	}
	return longInstant(end)
}
