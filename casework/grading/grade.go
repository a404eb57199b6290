package grading

// Ungraded is the grade below the lowest boundary.
const Ungraded = "U"

// Grade is the grade with the highest boundary that the mark reaches, Ungraded below the lowest. Without
// boundaries there is no grade: it is empty. The boundaries' order does not matter.
func Grade(boundaries []Boundary, mark int) string {
	if len(boundaries) == 0 {
		return ""
	}
	grade, reached := Ungraded, -1
	for _, b := range boundaries {
		if b.Mark <= mark && b.Mark > reached {
			grade, reached = b.Grade, b.Mark
		}
	}
	return grade
}

// total is the award's mark from its components' weighted raw marks, before or after the review.
func (a Award) total(mark func(Component) int) int {
	total := 0
	for _, c := range a.Components {
		total += c.Weight * mark(c)
	}
	return total
}

// Settle computes what an award review did. Marks and grades may fall as well as rise (domain §5.2), and there
// is no tolerance: every changed mark counts (domain §8.3, reading 4).
func Settle(a Award) Settlement {
	s := Settlement{
		TotalBefore: a.total(func(c Component) int { return c.Before }),
		TotalAfter:  a.total(func(c Component) int { return c.After }),
	}
	s.GradeBefore, s.GradeAfter = Grade(a.Boundaries, s.TotalBefore), Grade(a.Boundaries, s.TotalAfter)
	if !a.Unitised {
		return s
	}
	for _, c := range a.Components {
		s.Units = append(s.Units, UnitGrade{Component: c.Code, Before: Grade(c.Boundaries, c.Before), After: Grade(c.Boundaries, c.After)})
	}
	return s
}

// Changed reports whether the award's grade changed, in either direction.
func (s Settlement) Changed() bool { return s.GradeBefore != s.GradeAfter }

// Unit returns the grades of one unit; ok is false in a linear qualification or for a unit of another award.
func (s Settlement) Unit(component string) (unit UnitGrade, ok bool) {
	for _, u := range s.Units {
		if u.Component == component {
			return u, true
		}
	}
	return UnitGrade{}, false
}

// Changed reports whether the unit's grade changed, in either direction.
func (u UnitGrade) Changed() bool { return u.Before != u.After }
