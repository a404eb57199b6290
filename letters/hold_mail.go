package letters

import (
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
)

// heldView is what a centre is told of a request that waits, or goes on: for what, why, and what becomes of its dates.
// It does not say who decided.
type heldView struct {
	caseView
	// Waits says for what the request waits, within a sentence; Reason is the awarding body's own sentence, empty where it
	// is not for the centre.
	Waits, Reason string
	Since         string
	// Asked is what the centre owes, within a sentence, and AskedUntil until when; both empty if it owes nothing.
	Asked, AskedUntil string
	// Delivered is true if the centre was asked for something and did it; Still says for what else the request waits.
	Delivered bool
	Still     string
	Dates     []dateView
}

// dateView is one of the request's dates and what becomes of it.
type dateView struct{ Name, Fate string }

// dutyView is what a centre owes, and the body's operations if it did not come.
type dutyView struct {
	caseView
	Asked, Until string
	Operations   alertView
}

func (p *Printer) viewHeld(in casework.MailInput, n docket.Notice) (heldView, error) {
	n.Case = n.Case.ForCentre()
	hold, err := holdOf(n.Case, in.Number)
	if err != nil {
		return heldView{}, err
	}
	v := heldView{
		caseView: p.viewMailed(n), Waits: waitsFor(hold.Cause), Reason: line(hold.Reason), Since: moment(hold.BeganAt),
	}
	resumed := in.Kind == casework.MailResumed
	if resumed {
		v.Waits, v.Reason, v.Since = waitedFor(hold.Cause), line(hold.EndReason), moment(hold.EndedAt)
		v.Delivered = hold.Delivered && hold.Cause != casework.HoldOther && hold.Cause != casework.HoldPending
	}
	for _, other := range n.Case.Holds {
		if other.EndedAt.IsZero() && other.Number != hold.Number {
			v.Still = waitedFor(other.Cause)
		}
	}
	if clock, ok := clockOf(n.Case, hold.Cause.Duty()); ok {
		v.Asked, v.AskedUntil = asked(clock.ID), until(clock)
	}
	v.Dates = datesOf(n.Case, hold, resumed)
	return v, nil
}

// holdOf finds a hold of a case by its number.
func holdOf(c docket.Case, number int) (docket.Hold, error) {
	i := slices.IndexFunc(c.Holds, func(h docket.Hold) bool { return h.Number == number })
	if i < 0 {
		return docket.Hold{}, fmt.Errorf("the case has no hold %d", number)
	}
	return c.Holds[i], nil
}

// datesOf are the dates of a request that its hold, or the end of it, may move: neither what the centre owes nor a goal, nor
// what was over before.
func datesOf(c docket.Case, hold docket.Hold, resumed bool) []dateView {
	var dates []dateView
	for _, clock := range c.Clocks {
		over := clock.MetAt
		if over.IsZero() {
			over = clock.CancelledAt
		}
		if clock.Kind == casework.ClockTarget || clock.Kind == casework.ClockDuty || !over.IsZero() && over.Before(hold.BeganAt) {
			continue
		}
		dates = append(dates, dateView{Name: clockTitle(clock.ID), Fate: fate(clock.Clock, hold.Cause, resumed)})
	}
	return dates
}

// viewDuty is a duty of the centre that is due soon, or ran out.
func (p *Printer) viewDuty(in casework.MailInput, n docket.Notice) (dutyView, error) {
	clock, ok := clockOf(n.Case, in.Clock)
	if !ok {
		return dutyView{}, fmt.Errorf("the case has no clock %q", in.Clock)
	}
	return dutyView{caseView: p.viewMailed(n), Asked: asked(in.Clock), Until: until(clock), Operations: p.viewAlert(in, n)}, nil
}

// fate says what becomes of a date while a request waits for a cause, or what it is once the wait is over.
func fate(clock deadline.Clock, cause casework.HoldCause, resumed bool) string {
	switch {
	case !resumed && clock.Stops(cause):
		return "stands still; before the wait it was due " + until(clock)
	case !resumed:
		return "does not wait: " + until(clock)
	case clock.Standing():
		return "still stands still"
	case clock.Ends.Equal(clock.OriginalEnds):
		return until(clock) + ", as before"
	default:
		first := clock
		first.Ends = clock.OriginalEnds
		return until(clock) + " (first promised: " + until(first) + ")"
	}
}

// until says when a clock is due: by the end of a day, or of a clock in hours at an instant.
func until(clock deadline.Clock) string {
	if clock.Unit == deadline.Hours {
		return "by " + moment(clock.Ends) + ", UK time"
	}
	return "by the end of " + lastDay(clock.Ends) + ", UK time"
}

// waitsFor says for what a request waits, as its centre is told, within a sentence that begins with "waits".
func waitsFor(cause casework.HoldCause) string {
	switch cause {
	case casework.HoldSample:
		return "until we have the original sample of the candidates’ work"
	case casework.HoldConsent:
		return "until we have seen the candidate’s written consent"
	case casework.HoldPayment:
		return "until the fee is paid"
	case casework.HoldPending:
		return "while the result is pending"
	default:
		return "for a reason that we give below"
	}
}

// waitedFor says it later: a reason of the body's own stood in the mail that told of the wait, and not in this one.
func waitedFor(cause casework.HoldCause) string {
	if cause == casework.HoldOther {
		return "for the reason that we wrote to you when it began"
	}
	return waitsFor(cause)
}

// asked names what a centre owes, within a sentence.
func asked(duty casework.ClockID) string {
	switch duty {
	case casework.ClockSample:
		return "the original sample of the candidates’ work"
	case casework.ClockConsentInspection:
		return "the candidate’s written consent"
	case casework.ClockEvidence:
		return "the candidates’ work"
	default:
		return clockName(duty)
	}
}

// clockTitle is a date of a request as a centre reads it.
func clockTitle(id casework.ClockID) string {
	switch id {
	case casework.ClockOutcome:
		return "Outcome"
	case casework.ClockScript:
		return "Reviewed script"
	case casework.ClockWindow:
		return "Time for an appeal"
	case casework.ClockAcceptance:
		return "Acceptance"
	default:
		return clockName(id)
	}
}
