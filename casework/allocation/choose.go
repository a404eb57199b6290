package allocation

import (
	"cmp"
	"slices"
)

// Choose finds who performs a task and proves it: everybody on the roster has a finding, by id. Whoever is
// excluded is never chosen and whoever is full not now; of the rest the least loaded against capacity is, then
// the longest idle, then the first by id. The roster's order does not matter.
func Choose(task Task, roster []Performer) Proof {
	people := make([]*Performer, len(roster)) // A performer is too large to be moved about.
	for i := range roster {
		people[i] = &roster[i]
	}
	slices.SortFunc(people, func(a, b *Performer) int { return cmp.Compare(a.ID, b.ID) })
	proof := Proof{Findings: make([]Finding, 0, len(people))}
	var chosen *Performer
	for _, p := range people {
		finding := judge(&task, p)
		proof.Findings = append(proof.Findings, finding)
		if len(finding.Excluded) == 0 && !finding.Full && (chosen == nil || p.before(chosen)) {
			chosen = p
		}
	}
	if chosen != nil {
		proof.Chosen = chosen.ID
	}
	return proof
}

// judge finds what stands against one person. Full is said of the eligible only.
func judge(task *Task, p *Performer) Finding {
	excluded := exclusions(task, p)
	return Finding{
		Performer: p.ID, Excluded: excluded, Full: len(excluded) == 0 && p.Load() >= p.Capacity,
		OpenTasks: p.OpenTasks, WeekTasks: p.WeekTasks, Capacity: p.Capacity,
	}
}

// before ranks by load against capacity, compared as cross products so that no rounding decides, then by how
// long the person has been idle: the zero instant, "never", is the longest.
func (p *Performer) before(other *Performer) bool {
	mine, theirs := p.Load()*other.Capacity, other.Load()*p.Capacity
	if mine != theirs {
		return mine < theirs
	}
	return p.IdleSince.Before(other.IdleSince)
}
