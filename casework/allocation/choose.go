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
	proof := Proof{Findings: make([]Finding, len(people))}
	var free []*Performer
	for i, p := range people {
		proof.Findings[i] = judge(&task, p)
		if len(proof.Findings[i].Excluded) == 0 && !proof.Findings[i].Full {
			free = append(free, p)
		}
	}
	if proof.Queue = queue(free); len(proof.Queue) > 0 {
		proof.Chosen = proof.Queue[0]
	}
	return proof
}

// judge finds what stands against one person. Full is said of the eligible only.
func judge(task *Task, p *Performer) Finding {
	excluded := exclusions(task, p)
	return Finding{
		Performer: p.ID, Excluded: excluded, Full: len(excluded) == 0 && p.full(),
		OpenTasks: p.OpenTasks, WeekTasks: p.WeekTasks, Capacity: p.Capacity,
	}
}

// queue names whom the rule chooses one after the other, if each is given the task before the next is chosen, until
// somebody would be chosen twice.
func queue(free []*Performer) []string {
	slices.SortFunc(free, rank)
	var queue []string
	var again *Performer // Who of those that have been chosen comes first with one more.
	for _, p := range free {
		if again != nil && rank(again, p) < 0 {
			break
		}
		queue = append(queue, p.ID)
		if more := p.WithOneMore(); !more.full() && (again == nil || rank(&more, again) < 0) {
			again = &more
		}
	}
	return queue
}

// rank orders by load against capacity, compared as cross products so that no rounding decides, then by how long
// each has been idle, where the zero instant, "never", is the longest, then by id.
func rank(a, b *Performer) int {
	if load := cmp.Compare(a.Load()*b.Capacity, b.Load()*a.Capacity); load != 0 {
		return load
	}
	if idle := a.IdleSince.Compare(b.IdleSince); idle != 0 {
		return idle
	}
	return cmp.Compare(a.ID, b.ID)
}
