package grading

// Ungraded is the grade below the lowest boundary.
const Ungraded = "U"

// Grade is the grade with the highest boundary that the mark reaches, Ungraded below the lowest. Without
// boundaries there is no grade: it is empty. The boundaries' order does not matter.
func Grade(boundaries []Boundary, mark int) string {
	if len(boundaries) == 0 {
		return ""
	}
	if reached, ok := highest(boundaries, mark); ok {
		return reached.Grade
	}
	return Ungraded
}

// highest is the highest boundary that the mark reaches; ok is false below the lowest.
func highest(boundaries []Boundary, mark int) (reached Boundary, ok bool) {
	for _, b := range boundaries {
		if b.Mark <= mark && (!ok || b.Mark > reached.Mark) {
			reached, ok = b, true
		}
	}
	return reached, ok
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
