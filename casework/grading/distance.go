package grading

// Distance says how far a mark lies from the grades beside its own. Marks are those that the boundaries count; raw
// marks are the component's own, which its weight multiplies.
type Distance struct {
	// Mark is what was graded, and Grade what it earned.
	Mark  int
	Grade string
	// Next is the next grade up, empty at the highest. ToNext is how many marks it lacks and RawToNext how many raw
	// marks of the component would give them, rounded up.
	Next      string
	ToNext    int
	RawToNext int
	// Below is the next grade down, empty if there is none. Above is how many marks the mark lies above the lowest
	// of its grade and RawAbove how many raw marks the component may lose and keep the grade, rounded down.
	Below    string
	Above    int
	RawAbove int
}

// Distance is how far the award's grade is from changing by the marks of one component. ok is false if the award
// has no boundaries or no such component.
func (a Award) Distance(component string) (distance Distance, ok bool) {
	c, ok := a.component(component)
	if !ok || len(a.Boundaries) == 0 {
		return Distance{}, false
	}
	return distanceFrom(a.Boundaries, a.graded(), c.Weight), true
}

// UnitDistance is how far a unit's own grade is from changing. ok is false in a linear qualification and for a unit
// without boundaries.
func (a Award) UnitDistance(component string) (distance Distance, ok bool) {
	c, ok := a.component(component)
	if !ok || !a.Unitised || len(c.Boundaries) == 0 {
		return Distance{}, false
	}
	return distanceFrom(c.Boundaries, c.After, 1), true
}

func (a Award) component(code string) (found Component, ok bool) {
	for _, c := range a.Components {
		if c.Code == code {
			return c, true
		}
	}
	return Component{}, false
}

// distanceFrom measures a mark against boundaries in any order. A component without weight moves nothing: its raw
// distances stay 0.
func distanceFrom(boundaries []Boundary, mark, weight int) Distance {
	d := Distance{Mark: mark, Grade: Grade(boundaries, mark)}
	if next, ok := lowestAbove(boundaries, mark); ok {
		d.Next, d.ToNext = next.Grade, next.Mark-mark
		if weight > 0 {
			d.RawToNext = (d.ToNext + weight - 1) / weight
		}
	}
	own, ok := highest(boundaries, mark)
	if !ok {
		return d
	}
	d.Below, d.Above = Grade(boundaries, own.Mark-1), mark-own.Mark
	if weight > 0 {
		d.RawAbove = d.Above / weight
	}
	return d
}

// lowestAbove is the lowest boundary that the mark does not reach; ok is false at the highest grade.
func lowestAbove(boundaries []Boundary, mark int) (next Boundary, ok bool) {
	for _, b := range boundaries {
		if b.Mark > mark && (!ok || b.Mark < next.Mark) {
			next, ok = b, true
		}
	}
	return next, ok
}
