package policy

import "github.com/recourse-exams/recourse/casework"

// Test is what an eligibility condition asks about, as rule files spell it.
type Test string

const (
	// LevelWithin: the qualification's level lies within FromLevel and ToLevel.
	LevelWithin Test = "level"
	// ExternallyMarked: the body marks the component.
	ExternallyMarked Test = "externally-marked"
	// CentreMarked: the centre marks the component and the body moderates.
	CentreMarked Test = "centre-marked"
	// NotObjective: the component is no multiple choice or machine-marked test.
	NotObjective Test = "not-objective"
	// ScriptHeld: the body holds the script.
	ScriptHeld Test = "script-held"
	// MarksChanged: moderation changed the centre's marks.
	MarksChanged Test = "marks-changed"
	// SampleHeld: the original sample was kept secure and not given back.
	SampleHeld Test = "sample-held"
	// PlaceAtRisk: the centre declares that a place in higher education depends on the outcome.
	PlaceAtRisk Test = "place-at-risk"
	// OncePerResult: this service was not asked for this result before.
	OncePerResult Test = "once"
	// NotAfter: none of Services, which contain this one, was asked for this result before.
	NotAfter Test = "not-after"
	// OnlyAfter: one of Services was asked for this result and has an outcome.
	OnlyAfter Test = "only-after"
	// WithinAfter: if one of Services has an outcome, the request comes within Within of it.
	WithinAfter Test = "within-after"
	// SeriesMonth: the series is of one of Months.
	SeriesMonth Test = "series-month"
	// NotPending: the result shows no indicator Q; a malpractice enquiry blocks a review.
	NotPending Test = "not-pending"
)

// Tests lists every test that a rule file may name.
func Tests() []Test {
	return []Test{
		LevelWithin, ExternallyMarked, CentreMarked, NotObjective, ScriptHeld, MarksChanged, SampleHeld, PlaceAtRisk, OncePerResult,
		NotAfter, OnlyAfter, WithinAfter, SeriesMonth, NotPending,
	}
}

// Condition is one thing that must hold before a service may be asked for.
type Condition struct {
	Test Test
	// FromLevel and ToLevel bound LevelWithin, both included.
	FromLevel, ToLevel int
	// Services are those of NotAfter, OnlyAfter and WithinAfter.
	Services []casework.Service
	// Within is the span of WithinAfter.
	Within Span
	// Months are those of SeriesMonth, 1 to 12.
	Months []int
	Provenance
}
