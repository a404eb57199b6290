package register

import (
	"slices"

	"github.com/recourse-exams/recourse/casework/grading"
)

// checkBoundaries demands that each ladder of grades is given highest first and falls with every row, because
// that is how grading reads it.
func (c *checker) checkBoundaries() {
	for i, b := range c.set.Boundaries {
		r := c.row(Boundaries, i)
		r.checkFilled("grade", b.Grade)
		unique(r, c.index.boundaries, b.withoutMark(), "grade", "the boundary of grade "+b.Grade)
		known(r, c.index.series, b.Series, SeriesList, "series", b.Series)
		switch {
		case (b.Qualification == "") == (b.Component == ""):
			r.fault("component", "give a qualification for an award's boundary, or a component for a unit's: one of the two")
		case b.Component != "":
			c.checkUnitBoundary(r, b)
		default:
			c.checkAwardBoundary(r, b)
		}
	}
}

func (c *checker) checkAwardBoundary(r row, b Boundary) {
	if !known(r, c.index.qualifications, b.Qualification, Qualifications, "qualification", b.Qualification) {
		return
	}
	highest, counted := 0, 0
	for _, at := range c.index.componentsOf[b.Qualification] {
		if component := c.set.Components[at]; b.Part == "" || b.Part == component.Assessment {
			highest += component.MaxMark * component.Weight
			counted++
		}
	}
	if b.Part != "" && counted == 0 {
		r.faultBy([]Noun{Components}, "part", "%q is not how a component of %s is marked: write %s or %s, as its components say", b.Part, b.Qualification, External, Moderated)
		return
	}
	c.checkLadder(r, b, highest, c.index.awardBoundaries[b.ladder()])
}

func (c *checker) checkUnitBoundary(r row, b Boundary) {
	if b.Part != "" {
		r.fault("part", "%s is one component, so a boundary of it has no part", b.Component)
	}
	if !known(r, c.index.components, b.Component, Components, "component", b.Component) {
		return
	}
	component := c.set.Components[c.index.components[b.Component]]
	if at, ok := c.index.qualifications[component.Qualification]; ok && !c.set.Qualifications[at].Unitised {
		r.faultBy([]Noun{Qualifications, Components}, "component", "%s is linear, so its component %s has no grade of its own", component.Qualification, b.Component)
	}
	c.checkLadder(r, b, component.MaxMark, c.index.unitBoundaries[paperKey{b.Series, b.Component}])
}

func (c *checker) checkLadder(r row, b Boundary, highest int, ladder []int) {
	if b.Mark < 0 || b.Mark > highest {
		r.faultBy([]Noun{Components}, "mark", "the boundary %d is not between 0 and the highest possible mark of %d", b.Mark, highest)
	}
	for place, at := range ladder {
		if at == r.index && place > 0 {
			if above := c.set.Boundaries[ladder[place-1]]; above.Mark <= b.Mark {
				r.faultBy([]Noun{Boundaries}, "mark", "the boundary %d of grade %s is not below the %d of grade %s before it: give grades highest first", b.Mark, b.Grade, above.Mark, above.Grade)
			}
		}
	}
}

func (c *checker) checkAwards() {
	for i, award := range c.set.Awards {
		r := c.row(Awards, i)
		unique(r, c.index.awards, award.Entry, "qualification", "this award of "+award.Centre+"/"+award.Candidate)
		r.checkIndicator(award.Indicator)
		if _, ok := c.index.entries[award.Entry]; !ok {
			r.faultBy([]Noun{Entries}, "qualification", "candidate %s/%s has no entry for %s", award.Centre, award.Candidate, award.Qualification)
			continue
		}
		at, ok := c.index.qualifications[award.Qualification]
		if !ok {
			continue // The entry's fault says so.
		}
		c.checkAward(r, award, c.set.Qualifications[at])
	}
}

// checkAward computes the award from its results and compares.
func (c *checker) checkAward(r row, award Award, q Qualification) {
	needs := []Noun{Qualifications, Components, Boundaries, Results}
	facts := grading.Award{Unitised: q.Unitised, Boundaries: c.ladder(c.index.awardBoundaries[ladderKey{series: award.Series, qualification: q.ID}])}
	if len(facts.Boundaries) == 0 {
		r.faultBy(needs, "grade", "%s has no grade boundaries in %s", q.ID, Boundaries)
		return
	}
	var shown []Indicator
	for _, at := range c.index.componentsOf[q.ID] {
		component := c.set.Components[at]
		position, ok := c.index.results[ResultKey{award.Centre, award.Candidate, award.Series, component.ID}]
		if !ok {
			r.faultBy(needs, "qualification", "the result in %s, which the award counts, is not in %s", component.ID, Results)
			return
		}
		if q.Unitised && len(c.index.unitBoundaries[paperKey{award.Series, component.ID}]) == 0 {
			r.faultBy(needs, "grade", "the unit %s of %s has no grade boundaries in %s", component.ID, q.ID, Boundaries)
			return
		}
		mark := c.set.Results[position].Mark
		shown = append(shown, c.set.Results[position].Indicator)
		facts.Components = append(facts.Components, grading.Component{
			Code: component.ID, Before: mark, After: mark, Weight: component.Weight,
			Boundaries: c.ladder(c.index.unitBoundaries[paperKey{award.Series, component.ID}]),
		})
	}
	checkShown(r, award.Indicator, shown)
	settled := grading.Settle(facts)
	if award.Total != settled.TotalBefore {
		r.faultBy(needs, "total", "total %d does not agree with the results, which make %d", award.Total, settled.TotalBefore)
	}
	if award.Grade != settled.GradeBefore {
		r.faultBy(needs, "grade", "grade %s does not agree with the boundaries, which give %s for %d", award.Grade, settled.GradeBefore, settled.TotalBefore)
	}
}

// checkShown compares an award's indicator with those of its results: a grade is no more final than the marks that
// make it, and was reached without part of the work exactly if part of it is missing. An award may show X or Q for
// reasons of its own, such as an invalid combination of units.
func checkShown(r row, award Indicator, results []Indicator) {
	needs := []Noun{Components, Results}
	absent := slices.Contains(results, NoResult) || slices.Contains(results, PartlyAbsent)
	switch {
	case award == NoResult || award == Pending:
	case slices.Contains(results, Pending):
		r.faultBy(needs, "indicator", "a result that the award counts is pending, so the award shows %s", Pending)
	case award == Settled && absent:
		r.faultBy(needs, "indicator", "part of the work that the award counts is missing, so the award shows %s or %s", PartlyAbsent, NoResult)
	case award == PartlyAbsent && !absent:
		r.faultBy(needs, "indicator", "the award shows %s, but no result that it counts shows %s or %s", PartlyAbsent, NoResult, PartlyAbsent)
	}
}

func (c *checker) ladder(positions []int) []grading.Boundary {
	var ladder []grading.Boundary
	for _, at := range positions {
		ladder = append(ladder, grading.Boundary{Grade: c.set.Boundaries[at].Grade, Mark: c.set.Boundaries[at].Mark})
	}
	return ladder
}
