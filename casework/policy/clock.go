package policy

import (
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Event is what starts a clock or a window, as rule files spell it.
type Event string

// The events from which rules count.
const (
	// Received: the starter received the request.
	Received Event = "received"
	// Accepted: the body decided to take the request (NCFE review of moderation).
	Accepted Event = "accepted"
	// SampleCalled: the centre was asked for the original sample.
	SampleCalled Event = "sample-called"
	// SampleReceived: the moderator has the sample (AQA review of moderation).
	SampleReceived Event = "sample-received"
	// Submitted: a claim was submitted.
	Submitted Event = "submitted"
	// WorkComplete: the last required item of a claim was verified, or its dispatch by post recorded.
	WorkComplete Event = "work-complete"
	// ResultsPublished: candidates have their results; of a claim, the results of this claim.
	ResultsPublished Event = "results-published"
	// Moderated: the day of moderation of a claim's work.
	Moderated Event = "moderated"
	// OutcomePublished: the outcome of the case is available to the centre.
	OutcomePublished Event = "outcome-published"
	// ReasonsReceived: the centre has the reasons of an outcome.
	ReasonsReceived Event = "reasons-received"
	// PreliminaryDecided: the first stage of an appeal was decided.
	PreliminaryDecided Event = "preliminary-decided"
	// HearingRequested: the second stage of an appeal was asked for.
	HearingRequested Event = "hearing-requested"
	// ScriptReceived: the centre has the copy of the script.
	ScriptReceived Event = "script-received"
	// ConsentCalled: the centre was asked to show the consent.
	ConsentCalled Event = "consent-called"
	// FinalOutcome: the last outcome, of the review or of any later appeal.
	FinalOutcome Event = "final-outcome"
)

// Events lists every event that a rule file may name.
func Events() []Event {
	return []Event{
		Received, Accepted, SampleCalled, SampleReceived, Submitted, WorkComplete, ResultsPublished, Moderated, OutcomePublished,
		ReasonsReceived, PreliminaryDecided, HearingRequested, ScriptReceived, ConsentCalled, FinalOutcome,
	}
}

// Pause is a cause for which a clock stands still, as rule files spell it: the causes for which a case can wait.
type Pause = casework.HoldCause

// The causes of a pause (domain §5.5: the policy says for which the body's clock stops).
const (
	WaitingForSample  = casework.HoldSample
	ConsentInspection = casework.HoldConsent
	WaitingForPayment = casework.HoldPayment
	Malpractice       = casework.HoldMalpractice
	Hold              = casework.HoldOther
)

// Pauses lists every cause that a rule file may name.
func Pauses() []Pause { return casework.HoldCauses() }

// ClockRule says how long a clock runs and when it warns.
type ClockRule struct {
	ID   casework.ClockID
	Kind casework.ClockKind
	// Starts is the event from which it counts.
	Starts Event
	Span
	// PausedBy lists the causes for which it stands still; any other cause leaves it running.
	PausedBy []Pause
	// PauseRule is where PausedBy comes from, zero if nothing pauses the clock.
	PauseRule Provenance
	// Warn holds the warn points of an sla, and of a duty the points at which the centre is chased, which the body's
	// practice adds; no other clock has any.
	Warn []WarnRule
	Provenance
}

// Check returns what is wrong with the rule in words, nil if nothing is. It does not look at the provenance, which
// whoever loads rules checks for every rule alike.
func (r ClockRule) Check() error {
	if !r.known() {
		return fmt.Errorf("there is no clock %q", r.ID)
	}
	if !slices.Contains(casework.ClockKinds(), r.Kind) {
		return fmt.Errorf("the clock %s is of no kind that there is: %q", r.ID, r.Kind)
	}
	if err := r.Span.Check(); err != nil {
		return fmt.Errorf("the clock %s: %w", r.ID, err)
	}
	if len(r.Warn) > 0 && r.Kind != casework.ClockSLA && r.Kind != casework.ClockDuty {
		return fmt.Errorf("the clock %s is a %s and has nobody to warn", r.ID, r.Kind)
	}
	for _, w := range r.Warn {
		if err := w.Check(); err != nil {
			return fmt.Errorf("the clock %s: %w", r.ID, err)
		}
	}
	for _, cause := range r.PausedBy {
		if !slices.Contains(Pauses(), cause) {
			return fmt.Errorf("the clock %s cannot be paused by %q", r.ID, cause)
		}
	}
	return nil
}

// known reports whether there is a clock of the rule's name: of a goal, one beside which it stands, or a task's deadline.
func (r ClockRule) known() bool {
	ids := casework.ClockIDs()
	if r.Kind == casework.ClockTarget {
		ids = append(ids, casework.ClockStartBy, casework.ClockCompleteBy)
		return slices.Contains(ids, r.ID.Goals())
	}
	return slices.Contains(ids, r.ID)
}

// CentresCalendar reports whether working days are counted on the calendar of the centre's nation: what a centre
// owes is, what the body owes and every window is counted on the body's (domain §8.1).
func (r ClockRule) CentresCalendar() bool { return r.Kind == casework.ClockDuty }

// WarnRule is one warn point: DaysBefore the due day at a London time, or HoursBefore the end.
type WarnRule struct {
	DaysBefore int
	// At is the London time of day of a warn point in days.
	At          calendar.TimeOfDay
	HoursBefore int
}

// Check returns what is wrong with the warn point in words, nil if nothing is.
func (w WarnRule) Check() error {
	switch {
	case w.DaysBefore < 0 || w.HoursBefore < 0:
		return fmt.Errorf("a warn point lies before the end; give a positive number")
	case (w.DaysBefore > 0) == (w.HoursBefore > 0):
		return fmt.Errorf("a warn point is given either in days or in hours before the end")
	case w.HoursBefore > 0 && w.At != calendar.TimeOfDay{}:
		return fmt.Errorf("a warn point in hours takes no time of day")
	case w.At.Hour == 1:
		return fmt.Errorf("London's clocks skip or repeat the hour from 01:00 when they change; warn at another time than %s", w.At)
	}
	return nil
}
