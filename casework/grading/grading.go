// Package grading turns marks into grades and decides what a review does to an award.
package grading

// Boundary is the lowest mark of a grade.
type Boundary struct {
	Grade string
	Mark  int
}

// Component is one component's part in an award.
type Component struct {
	Code string
	// Before and After are the raw marks before and after the award review.
	Before, After int
	// Weight multiplies the raw mark into the award's total.
	Weight int
	// Boundaries grade the component itself in a unitised qualification, highest first; empty otherwise.
	Boundaries []Boundary
}

// Award is everything that an award's grade depends on.
type Award struct {
	Unitised   bool
	Boundaries []Boundary
	Components []Component
}

// Settlement is what an award review did.
type Settlement struct {
	TotalBefore, TotalAfter int
	GradeBefore, GradeAfter string
	// Units holds the unit grades of a unitised qualification, in the order of the components.
	Units []UnitGrade
}

// UnitGrade is one unit's grade before and after.
type UnitGrade struct {
	Component     string
	Before, After string
}
