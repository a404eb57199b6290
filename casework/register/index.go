package register

import "github.com/recourse-exams/recourse/casework/calendar"

// index finds rows by their natural keys. Each map holds the position of the first row with that key.
type index struct {
	bodies         map[string]int
	centres        map[string]int
	officers       map[string]int
	contacts       map[[2]string]int
	qualifications map[string]int
	components     map[string]int
	series         map[string]int
	keyDates       map[KeyDate]int
	boundaries     map[Boundary]int
	items          map[itemKey]int
	firstItems     map[paperKey]int
	positions      map[placeKey]int
	candidates     map[candidateKey]int
	ucis           map[string]int
	entries        map[Entry]int
	results        map[ResultKey]int
	itemMarks      map[itemMarkKey]int
	awards         map[Entry]int
	performers     map[string]int
	conflicts      map[Conflict]int
	absences       map[Absence]int
	approvers      map[[2]string]int
	papers         map[[3]string]int
	scripts        map[ResultKey]int
	moderations    map[CohortKey]int
	cohorts        map[CohortKey]int

	// subjects holds the subjects of the qualifications.
	subjects map[string]int
	// componentsOf lists the positions of a qualification's components, in the order given.
	componentsOf map[string][]int
	// paperMax sums the items of a component in a series, and paperItems counts them.
	paperMax   map[paperKey]int
	paperItems map[paperKey]int
	// marked sums the item marks of a result, and markedItems counts them.
	marked      map[ResultKey]int
	markedItems map[ResultKey]int
	// awardBoundaries and unitBoundaries list positions of boundary rows, in the order given.
	awardBoundaries map[ladderKey][]int
	unitBoundaries  map[paperKey][]int
}

type paperKey struct{ series, component string }

type ladderKey struct {
	series, qualification string
	part                  Assessment
}

type itemKey struct {
	paperKey

	item string
}

type placeKey struct {
	paperKey

	position int
}

type candidateKey struct{ centre, number string }

type itemMarkKey struct {
	ResultKey

	item string
}

func newIndex(set Set) *index {
	x := &index{
		bodies:         first(set.Bodies, func(b Body) string { return b.ID }),
		centres:        first(set.Centres, func(c Centre) string { return c.Number }),
		contacts:       first(set.Contacts, func(c Contact) [2]string { return [2]string{c.Centre, c.Subject} }),
		qualifications: first(set.Qualifications, func(q Qualification) string { return q.ID }),
		components:     first(set.Components, func(c Component) string { return c.ID }),
		series:         first(set.Series, func(s Series) string { return s.ID }),
		keyDates:       first(set.KeyDates, KeyDate.withoutDay),
		boundaries:     first(set.Boundaries, Boundary.withoutMark),
		items:          first(set.Items, Item.key),
		firstItems:     first(set.Items, func(i Item) paperKey { return i.key().paperKey }),
		positions:      first(set.Items, Item.place),
		candidates:     first(set.Candidates, func(c Candidate) candidateKey { return candidateKey{c.Centre, c.Number} }),
		ucis:           first(set.Candidates, func(c Candidate) string { return c.Centre + c.UCI }),
		entries:        first(set.Entries, func(e Entry) Entry { return e }),
		results:        first(set.Results, func(r Result) ResultKey { return r.ResultKey }),
		itemMarks:      first(set.ItemMarks, func(m ItemMark) itemMarkKey { return itemMarkKey{m.ResultKey, m.Item} }),
		awards:         first(set.Awards, func(a Award) Entry { return a.Entry }),
		performers:     first(set.Performers, func(p Performer) string { return p.ID }),
		conflicts:      first(set.Conflicts, func(c Conflict) Conflict { return c }),
		absences:       first(set.Absences, Absence.withoutReason),
		approvers:      first(set.Approvers, func(a Approver) [2]string { return [2]string{a.Body, a.ID} }),
		papers:         first(set.Papers, func(p Paper) [3]string { return [3]string{p.Series, p.Component, p.Kind} }),
		scripts:        first(set.Scripts, func(s Script) ResultKey { return s.ResultKey }),
		moderations:    first(set.Moderations, func(m Moderation) CohortKey { return m.CohortKey }),
		cohorts:        first(set.Results, func(r Result) CohortKey { return r.cohort() }),
		subjects:       first(set.Qualifications, func(q Qualification) string { return q.Subject }),
		officers:       map[string]int{},
	}
	x.group(set)
	return x
}

func (x *index) group(set Set) {
	for i, contact := range set.Contacts {
		if contact.ExamsOfficer {
			x.officers[contact.Centre] = i
		}
	}
	x.componentsOf = map[string][]int{}
	for i, component := range set.Components {
		x.componentsOf[component.Qualification] = append(x.componentsOf[component.Qualification], i)
	}
	x.paperMax, x.paperItems = map[paperKey]int{}, map[paperKey]int{}
	for _, item := range set.Items {
		x.paperMax[item.key().paperKey] += item.Max
		x.paperItems[item.key().paperKey]++
	}
	x.marked, x.markedItems = make(map[ResultKey]int, len(set.Results)), make(map[ResultKey]int, len(set.Results))
	for _, mark := range set.ItemMarks {
		x.marked[mark.ResultKey] += mark.Mark
		x.markedItems[mark.ResultKey]++
	}
	x.awardBoundaries, x.unitBoundaries = map[ladderKey][]int{}, map[paperKey][]int{}
	for i, b := range set.Boundaries {
		if b.Component == "" {
			key := b.ladder()
			x.awardBoundaries[key] = append(x.awardBoundaries[key], i)
			continue
		}
		key := paperKey{b.Series, b.Component}
		x.unitBoundaries[key] = append(x.unitBoundaries[key], i)
	}
}

func first[R any, K comparable](rows []R, key func(R) K) map[K]int {
	positions := make(map[K]int, len(rows))
	for i, r := range rows {
		if _, seen := positions[key(r)]; !seen {
			positions[key(r)] = i
		}
	}
	return positions
}

func (i Item) key() itemKey { return itemKey{paperKey{i.Series, i.Component}, i.Item} }

func (i Item) place() placeKey { return placeKey{i.key().paperKey, i.Position} }

func (k ResultKey) cohort() CohortKey { return CohortKey{k.Centre, k.Component, k.Series} }

func (k KeyDate) withoutDay() KeyDate {
	k.LastDay = calendar.Date{}
	return k
}

func (a Absence) withoutReason() Absence {
	a.Reason = ""
	return a
}

func (b Boundary) ladder() ladderKey { return ladderKey{b.Series, b.Qualification, b.Part} }

func (b Boundary) withoutMark() Boundary {
	b.Mark = 0
	return b
}
