package policy

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Unit is what a rule counts, as rule files spell it.
type Unit string

const (
	// CalendarDays count every day; day 1 is the day after the start (domain §8.1).
	CalendarDays Unit = "calendar-days"
	// WorkingDays leave out weekends, the calendar's bank holidays and the body's closures; day 1 is the next
	// working day after the start (domain §8.1).
	WorkingDays Unit = "working-days"
	// Weeks are of seven calendar days.
	Weeks Unit = "weeks"
	// Months end on the same day of a later month, or on its last day if it is shorter (domain §8.1).
	Months Unit = "months"
	// Hours are elapsed time, the same across clock changes.
	Hours Unit = "hours"
)

// Units lists every unit that a rule may count.
func Units() []Unit { return []Unit{CalendarDays, WorkingDays, Weeks, Months, Hours} }

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

// Pause is a cause for which a clock stands still, as rule files spell it.
type Pause string

// The causes of a pause (domain §5.5: the policy says for which the body's clock stops).
const (
	WaitingForSample  Pause = "waiting-for-sample"
	ConsentInspection Pause = "consent-inspection"
	WaitingForPayment Pause = "waiting-for-payment"
	Hold              Pause = "hold"
)

// Pauses lists every cause that a rule file may name.
func Pauses() []Pause { return []Pause{WaitingForSample, ConsentInspection, WaitingForPayment, Hold} }

// Span is a length of time as a rule counts it.
type Span struct {
	Amount int
	Unit   Unit
	// RollForward moves an end that is not a working day to the next one; without it calendar days, weeks and months
	// end on whatever day they end (domain §8.1).
	RollForward bool
	// Cutoff is the London time of day before which something must be received on the last day; nil is the whole day.
	Cutoff *calendar.TimeOfDay
}

// ClockRule says how long a clock runs and when it warns.
type ClockRule struct {
	ID   casework.ClockID
	Kind casework.ClockKind
	// Starts is the event from which it counts.
	Starts Event
	Span
	// PausedBy lists the causes for which it stands still; any other cause leaves it running.
	PausedBy []Pause
	// Warn holds the warn points; only sla clocks have any.
	Warn []WarnRule
	Provenance
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
