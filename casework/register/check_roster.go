package register

import (
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

func (c *checker) checkPerformers() {
	for i, performer := range c.set.Performers {
		r := c.row(Performers, i)
		r.checkCode("id", performer.ID)
		r.checkFilled("name", performer.Name)
		r.checkEmail("email", performer.Email)
		unique(r, c.index.performers, performer.ID, "id", performer.ID)
		c.checkRoles(r, performer)
		if known(r, c.index.bodies, performer.Body, Bodies, "body", performer.Body) {
			c.checkRank(r, performer)
		}
		c.checkLeader(r, performer)
		if performer.Capacity < 0 {
			r.fault("capacity", "the capacity %d is below 0", performer.Capacity)
		}
		c.checkField(r, performer)
		if !performer.ContractFrom.IsZero() && !performer.ContractUntil.IsZero() && performer.ContractUntil.Before(performer.ContractFrom) {
			r.fault("contractUntil", "the contract ends on %s, before it begins on %s", performer.ContractUntil, performer.ContractFrom)
		}
	}
}

func (c *checker) checkRoles(r row, performer Performer) {
	var allowed []string
	for _, role := range casework.PerformerRoles() {
		allowed = append(allowed, string(role))
	}
	if len(performer.Roles) == 0 {
		r.fault("roles", "%s is engaged for nothing: give one of %s", performer.ID, strings.Join(allowed, ", "))
	}
	for at, role := range performer.Roles {
		r.checkOneOf("roles", string(role), allowed...)
		if slices.Contains(performer.Roles[:at], role) {
			r.fault("roles", "%s is given twice", role)
		}
	}
}

// checkRank demands one of the body's ranks; nobody reaches a rank that the order does not know.
func (c *checker) checkRank(r row, performer Performer) {
	order := c.set.Bodies[c.index.bodies[performer.Body]].RankOrder()
	if !slices.Contains(order, performer.Rank) {
		r.faultBy([]Noun{Bodies}, "rank", "%q is no rank of %s, which has %s", performer.Rank, performer.Body, ranksInWords(order))
	}
}

func ranksInWords(order []casework.Rank) string {
	words := make([]string, len(order))
	for i, rank := range order {
		words[i] = string(rank)
	}
	return strings.Join(words, ", ")
}

// checkLeader demands a leader of the same body who is not led, over however many others, by the person.
func (c *checker) checkLeader(r row, performer Performer) {
	if performer.Leader == "" {
		return
	}
	if performer.Leader == performer.ID {
		r.fault("leader", "%s leads themselves", performer.ID)
		return
	}
	if !known(r, c.index.performers, performer.Leader, Performers, "leader", performer.Leader) {
		return
	}
	leader := c.set.Performers[c.index.performers[performer.Leader]]
	if leader.Body != performer.Body {
		r.fault("leader", "%s works for %s, and %s for %s", leader.ID, leader.Body, performer.ID, performer.Body)
	}
	for range c.set.Performers { // A circle that the person is not in ends with the count.
		if leader.Leader == "" {
			return
		}
		if leader.Leader == performer.ID {
			r.fault("leader", "%s is led by %s in turn", performer.Leader, performer.ID)
			return
		}
		at, ok := c.index.performers[leader.Leader]
		if !ok {
			return // The leader has a fault of their own.
		}
		leader = c.set.Performers[at]
	}
}

// checkField demands components, subjects and tiers that exist.
func (c *checker) checkField(r row, performer Performer) {
	for at, component := range performer.Components {
		if known(r, c.index.components, component, Components, "components", component) {
			c.checkOwn(r, performer, c.set.Components[c.index.components[component]])
		}
		if slices.Contains(performer.Components[:at], component) {
			r.fault("components", "%s is given twice", component)
		}
	}
	for at, subject := range performer.Subjects {
		if _, ok := c.index.subjects[subject]; !ok {
			r.faultBy([]Noun{Qualifications}, "subjects", "no qualification has the subject %s", subject)
		}
		if slices.Contains(performer.Subjects[:at], subject) {
			r.fault("subjects", "%s is given twice", subject)
		}
	}
	for at, tier := range performer.Tiers {
		r.checkOneOf("tiers", tier, tiers...)
		if slices.Contains(performer.Tiers[:at], tier) {
			r.fault("tiers", "%s is given twice", tier)
		}
	}
}

// checkOwn demands that a component is of the body for which the person works.
func (c *checker) checkOwn(r row, performer Performer, component Component) {
	at, ok := c.index.qualifications[component.Qualification]
	if !ok {
		return // The component has its own fault.
	}
	if body := c.set.Qualifications[at].Body; body != performer.Body {
		r.faultBy([]Noun{Components, Qualifications}, "components", "%s is a component of %s, and %s works for %s", component.ID, body, performer.ID, performer.Body)
	}
}

func (c *checker) checkAbsences() {
	for i, absence := range c.set.Absences {
		r := c.row(Absences, i)
		known(r, c.index.performers, absence.Performer, Performers, "performer", absence.Performer)
		unique(r, c.index.absences, absence.withoutReason(), "performer", "this absence of "+absence.Performer)
		if absence.Until.Before(absence.From) {
			r.fault("until", "the absence ends on %s, before it begins on %s", absence.Until, absence.From)
		}
		r.checkOneOf("reason", absence.Reason, "holiday", "illness", "other")
	}
}
