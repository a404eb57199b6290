package policy

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Target is a goal that a body publishes beside the promise of a clock, such as "about a week": it is shown and never
// breached. A clock without a promise is itself of kind target instead.
type Target struct {
	// Clock is the clock whose start the goal shares.
	Clock casework.ClockID
	// Span is zero if the goal is a day of the year.
	Span
	// By is zero if the goal is a span.
	By YearDay
	Provenance
}

// Rule is the goal, the number-th beside its clock, as the rule of a clock of its own, which is started with that clock.
func (t Target) Rule(number int, starts Event) ClockRule {
	return ClockRule{ID: casework.TargetOf(t.Clock, number), Kind: casework.ClockTarget, Starts: starts, Span: t.Span, Provenance: t.Provenance}
}

// YearDay is a day of the year in which the results were published, such as 31 August.
type YearDay struct {
	Month time.Month
	Day   int
}
