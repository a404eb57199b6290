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
	// Before and After are the raw marks before and after the award review, every fall included.
	Before, After int
	// ProtectedFall is how many raw marks of After a review took that must not lower the published grade: a review
	// of moderation (domain §1.1, S3). It is 0 or more.
	ProtectedFall int
	// Weight multiplies the raw mark into the award's total.
	Weight int
	// CentreMarked is true if the centre marks the component and the body moderates; the body marks every other.
	CentreMarked bool
	// Boundaries grade the component itself in a unitised qualification, highest first; empty otherwise.
	Boundaries []Boundary
}

// Award is everything that an award's grade depends on.
type Award struct {
	Unitised   bool
	Boundaries []Boundary
	// External grades the body-marked components together and Moderated the centre-marked ones, in a qualification
	// that publishes such an overall grade (NCFE); empty in any other.
	External   []Boundary
	Moderated  []Boundary
	Components []Component
}

// Change is a grade before and after. Two empty grades say that there is no such grade.
type Change struct {
	Before, After string
}

// Changed reports whether the grade changed, in either direction.
func (c Change) Changed() bool { return c.Before != c.After }

// Known reports whether there is such a grade at all.
func (c Change) Known() bool { return c != Change{} }

// Settlement is what an award review did.
type Settlement struct {
	// TotalBefore and TotalAfter are the award's marks, every fall included.
	TotalBefore, TotalAfter int
	// GradeBefore and GradeAfter are the published grades. GradeAfter may be higher than TotalAfter earns: then
	// Protected is true.
	GradeBefore, GradeAfter string
	// Protected is true if a fall by a review of moderation would have lowered the grade further (domain §8.3,
	// reading 2).
	Protected bool
	// External and Moderated are the overall grades of the two kinds of components, unknown where the qualification
	// has none. Protection does not reach them: it is the published subject grade's.
	External  Change
	Moderated Change
	// Units holds the unit grades of a unitised qualification, in the order of the components.
	Units []UnitGrade
}

// UnitGrade is one unit's grade before and after.
type UnitGrade struct {
	Component     string
	Before, After string
}
