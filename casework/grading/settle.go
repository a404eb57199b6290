package grading

// Settle computes what an award review did. Marks and grades may fall as well as rise (domain §5.2), and there
// is no tolerance: every changed mark counts (domain §8.3, reading 4).
//
// What a review of moderation took away lowers marks and unit grades, never the published grade: that is the better
// of what the award earns with all changes and what it earns without those falls. As the sum of the changes does
// not depend on their order, neither does the grade (domain §8.3, reading 2).
func Settle(a Award) Settlement {
	s := Settlement{TotalBefore: a.total(before), TotalAfter: a.total(after)}
	s.GradeBefore, s.GradeAfter = Grade(a.Boundaries, s.TotalBefore), Grade(a.Boundaries, a.graded())
	s.Protected = s.GradeAfter != Grade(a.Boundaries, s.TotalAfter)
	s.External = a.part(a.External, func(c Component) bool { return !c.CentreMarked })
	s.Moderated = a.part(a.Moderated, func(c Component) bool { return c.CentreMarked })
	if !a.Unitised {
		return s
	}
	for _, c := range a.Components {
		s.Units = append(s.Units, UnitGrade{Component: c.Code, Before: Grade(c.Boundaries, c.Before), After: Grade(c.Boundaries, c.After)})
	}
	return s
}

func before(c Component) int { return c.Before }

func after(c Component) int { return c.After }

// protected is the component's mark as the published grade sees it.
func protected(c Component) int { return c.After + c.ProtectedFall }

// CarriedForward is the component's raw mark when it is carried to a later series: a protected review's fall
// counts there if the rules say so (domain §1.1, S3), whatever it did to the grade of this series.
func (c Component) CarriedForward(fallCounts bool) int {
	if fallCounts {
		return after(c)
	}
	return protected(c)
}

// total is the award's mark from its components' weighted raw marks.
func (a Award) total(mark func(Component) int) int {
	total := 0
	for _, c := range a.Components {
		total += c.Weight * mark(c)
	}
	return total
}

// graded is the total that decides the published grade.
func (a Award) graded() int { return max(a.total(after), a.total(protected)) }

// part is the overall grade of some of the components, unknown without boundaries.
func (a Award) part(boundaries []Boundary, in func(Component) bool) Change {
	some := Award{}
	for _, c := range a.Components {
		if in(c) {
			some.Components = append(some.Components, c)
		}
	}
	return Change{Before: Grade(boundaries, some.total(before)), After: Grade(boundaries, some.total(after))}
}
