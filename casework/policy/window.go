package policy

import "github.com/recourse-exams/recourse/casework"

// Anchor is the day from which a window is counted.
type Anchor string

const (
	// AnchorGCSERelease counts from the series' GCSE results day, whichever qualification is asked about.
	AnchorGCSERelease Anchor = "gcse-release"
	// AnchorALevelRelease counts from the series' A level results day, whichever qualification is asked about.
	AnchorALevelRelease Anchor = "a-level-release"
	// AnchorCandidateRelease counts from the day on which candidates have these results.
	AnchorCandidateRelease Anchor = "candidate-release"
	// AnchorOutcome counts from the outcome that the request is about: of a late copy, or an appeal.
	AnchorOutcome Anchor = "outcome"
	// AnchorModeration counts from the day of moderation of a claim.
	AnchorModeration Anchor = "moderation"
	// AnchorResult counts from the day on which the centre received this very result, outside a series.
	AnchorResult Anchor = "result"
	// AnchorKeyDate: there is a last day, and only the series' own row says which.
	AnchorKeyDate Anchor = "key-date"
	// AnchorNone: there is no last day.
	AnchorNone Anchor = "none"
)

// Anchors lists every anchor that a rule file may name.
func Anchors() []Anchor {
	return []Anchor{
		AnchorGCSERelease, AnchorALevelRelease, AnchorCandidateRelease, AnchorOutcome, AnchorModeration, AnchorResult, AnchorKeyDate,
		AnchorNone,
	}
}

// Counted reports whether a window with the anchor ends a span after a day.
func (a Anchor) Counted() bool { return a != AnchorKeyDate && a != AnchorNone }

// event is what happens on the anchor's day.
func (a Anchor) event() Event {
	switch a {
	case AnchorOutcome:
		return OutcomePublished
	case AnchorModeration:
		return Moderated
	default:
		return ResultsPublished
	}
}

// WindowRule says until when a service may be asked for: the end of the London day that lies a span after the
// anchor, or its cut-off. A series' key date for the service stands in place of the formula (domain §8.2).
type WindowRule struct {
	Anchor Anchor
	// Span is zero for an anchor that is not counted from.
	Span
	Provenance
}

// Clock returns the window as a clock, the right to ask; ok is false if the window is not counted from a day.
func (w WindowRule) Clock() (rule ClockRule, ok bool) {
	if !w.Anchor.Counted() {
		return ClockRule{}, false
	}
	return ClockRule{ID: casework.ClockWindow, Kind: casework.ClockRight, Starts: w.Anchor.event(), Span: w.Span, Provenance: w.Provenance}, true
}

// WindowClock returns the service's window as its clock "window"; ok is false if it is not counted from a day.
func (s Service) WindowClock() (rule ClockRule, ok bool) { return s.Window.Clock() }
