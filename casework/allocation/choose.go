package allocation

import (
	"cmp"
	"slices"
)

// The hard reasons why a person may not perform a task; a proof names every one that applies.
const (
	// WrongRole: the person does not perform this kind of task.
	WrongRole = "wrong-role"
	// WrongComponent: the person is not qualified for the component.
	WrongComponent = "component-not-theirs"
	// WorksAtCentre: the person works at the centre.
	WorksAtCentre = "works-at-centre"
	// WorkedAtCentre: the person worked at the centre before.
	WorkedAtCentre = "worked-at-centre"
	// RelatedToCandidate: the person is related to the candidate.
	RelatedToCandidate = "related-to-candidate"
	// OtherConflict: another declared interest in the centre or the candidate.
	OtherConflict = "other-conflict"
	// UnclearConflict: a declared interest that names neither centre nor candidate; until somebody completes the
	// entry, it stands against every task.
	UnclearConflict = "unclear-conflict"
	// MarkedItem: the person marked, second-marked or checked an item of the script.
	MarkedItem = "marked-item"
	// EarlierStage: the person took part in an earlier stage about the same result.
	EarlierStage = "took-part-earlier"
)

// Choose finds who performs a task and proves it: everybody on the roster has a finding, by id. Whoever is
// excluded is never chosen and whoever is full not now; of the rest the least loaded against capacity is, then
// the longest idle, then the first by id. The roster's order does not matter.
func Choose(task Task, roster []Performer) Proof {
	sorted := slices.SortedFunc(slices.Values(roster), func(a, b Performer) int { return cmp.Compare(a.ID, b.ID) })
	proof := Proof{Findings: make([]Finding, 0, len(sorted))}
	var chosen *Performer
	for i := range sorted {
		p := &sorted[i]
		finding := Finding{Performer: p.ID, Excluded: exclusions(task, *p), OpenTasks: p.OpenTasks, Capacity: p.Capacity}
		eligible := len(finding.Excluded) == 0
		finding.Full = eligible && p.OpenTasks >= p.Capacity
		proof.Findings = append(proof.Findings, finding)
		if eligible && !finding.Full && (chosen == nil || p.before(*chosen)) {
			chosen = p
		}
	}
	if chosen != nil {
		proof.Chosen = chosen.ID
	}
	return proof
}

// before ranks by load against capacity, compared as cross products so that no rounding decides, then by how
// long the person has been idle: the zero instant, "never", is the longest.
func (p Performer) before(other Performer) bool {
	mine, theirs := p.OpenTasks*other.Capacity, other.OpenTasks*p.Capacity
	if mine != theirs {
		return mine < theirs
	}
	return p.IdleSince.Before(other.IdleSince)
}

func exclusions(task Task, p Performer) []string {
	var reasons []string
	if p.Role != task.Role {
		reasons = append(reasons, WrongRole)
	}
	if !slices.Contains(p.Components, task.Component) {
		reasons = append(reasons, WrongComponent)
	}
	for _, c := range p.Conflicts {
		if reason, stands := c.against(task); stands && !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	if slices.Contains(task.MarkedBy, p.ID) {
		reasons = append(reasons, MarkedItem)
	}
	if slices.Contains(task.EarlierStages, p.ID) {
		reasons = append(reasons, EarlierStage)
	}
	return reasons
}
