package fee

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/grading"
)

// Strategy names a rule by which a fee is waived, as rule files spell it.
type Strategy string

// LinkedAwardGrade waives the fees of every linked case when the award's grade changes, in either direction
// (or, in a unitised qualification, the case's own fee when its unit grade changes).
const LinkedAwardGrade Strategy = "linked_award_grade"

// Strategies lists every strategy that a rule file may name.
func Strategies() []Strategy { return []Strategy{LinkedAwardGrade} }

// Waiver is the rule by which the fees of one code are waived.
type Waiver struct {
	Strategy Strategy
	// Clause names the rule and Source where it is published; Confirmed is false for an unconfirmed reading.
	Clause    string
	Source    string
	Confirmed bool
}

// Decision is what became of one quoted line when its award review was settled.
type Decision struct {
	LineID int64
	// State is Due or Waived.
	State State
	// Why is the sentence that the centre reads, with the rule in it.
	Why string
}

// Decide says for each line of an award review, in the lines' order, whether it is due or waived now that the
// review is settled. waiver gives the rule of a fee code, and false if no rule waives it; component names the
// component of a line's case. Only quoted lines are decided: what became of the others stands.
func Decide(lines []Line, settlement grading.Settlement, waiver func(Code) (Waiver, bool), component func(casework.Reference) string) []Decision {
	var decisions []Decision
	for _, line := range lines {
		if line.State != Quoted {
			continue
		}
		rule, ok := waiver(line.Code)
		state, why := Due, "No rule waives this fee."
		if ok {
			state, why = rule.decide(settlement, component(line.Reference))
		}
		decisions = append(decisions, Decision{LineID: line.ID, State: state, Why: why})
	}
	return decisions
}

func (w Waiver) decide(settlement grading.Settlement, component string) (State, string) {
	if w.Strategy != LinkedAwardGrade {
		return Due, "No rule waives this fee."
	}
	if settlement.Changed() {
		return Waived, "The grade of the award changed from " + settlement.GradeBefore + " to " + settlement.GradeAfter + " (" + w.Clause + ")."
	}
	if unit, ok := settlement.Unit(component); ok && unit.Changed() {
		return Waived, "The grade of unit " + component + " changed from " + unit.Before + " to " + unit.After + " (" + w.Clause + ")."
	}
	return Due, "No grade changed (" + w.Clause + ")."
}
