package fee

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/grading"
)

// Waiver is the rule by which the fees of one code are waived.
type Waiver struct {
	Strategy Strategy
	// Clause names the rule and Source where it is published; Confirmed is false for an unconfirmed reading.
	Clause    string
	Source    string
	Confirmed bool
}

// Finding is what came out of one case, as far as its service can bring it about: a fact that is not known stays
// nil or empty.
type Finding struct {
	// Component is what the case is about, empty for an appeal.
	Component string
	// Award is what the award review did, of a case about one candidate's result.
	Award *grading.Settlement
	// Moderation is what a review of moderation did to the cohort.
	Moderation *Moderation
	// Appeal is what became of an appeal.
	Appeal AppealOutcome
}

// Moderation is what a review of moderation did to its cohort.
type Moderation struct {
	// Reinstated is true if the centre has its own marks back.
	Reinstated bool
	// ChangedGrades counts the candidates whose overall moderated grade changed, in either direction.
	ChangedGrades int
}

// AppealOutcome is what became of an appeal.
type AppealOutcome string

// The outcomes of an appeal (domain §1.1); empty is undecided.
const (
	Upheld       AppealOutcome = "upheld"
	UpheldInPart AppealOutcome = "upheld-in-part"
	NotUpheld    AppealOutcome = "not-upheld"
	NotAccepted  AppealOutcome = "not-accepted"
)

// Decision is what became of one quoted line when everything that its waiver looks at was known.
type Decision struct {
	LineID int64
	// State is Due, Waived or, of a fee that an upgrade replaced, Cancelled.
	State State
	// Why is the sentence that the centre reads, with the rule in it.
	Why string
}

// Decide says for each line, in the lines' order, whether it is due or waived. found gives what came out of a
// line's case; waiver gives the rule of a fee code, and false if no rule waives it. Only quoted lines are decided:
// what became of the others stands. A line whose rule needs a fact that was not found is left out: it stays quoted
// until somebody knows.
func Decide(lines []Line, found func(casework.Reference) Finding, waiver func(Code) (Waiver, bool)) []Decision {
	var decisions []Decision
	for _, line := range lines {
		if line.State != Quoted {
			continue
		}
		state, why, known := Due, "No rule waives this fee.", true
		if rule, ok := waiver(line.Code); ok {
			state, why, known = rule.decide(found(line.Reference))
		}
		if known {
			decisions = append(decisions, Decision{LineID: line.ID, State: state, Why: why})
		}
	}
	return decisions
}

// decide applies the rule; known is false if the finding lacks what the rule looks at.
func (w Waiver) decide(f Finding) (state State, why string, known bool) {
	switch w.Strategy {
	case UnitGrade, LinkedAwardGrade:
		return w.byGrade(f)
	case OverallExternalGrade:
		if f.Award == nil || !f.Award.External.Known() {
			return "", "", false
		}
		return w.waivedIf(f.Award.External.Changed(),
			"The overall external assessment grade changed from "+f.Award.External.Before+" to "+f.Award.External.After,
			"The overall external assessment grade did not change")
	case MarksReinstated:
		if f.Moderation == nil {
			return "", "", false
		}
		return w.waivedIf(f.Moderation.Reinstated, "The centre's marks were reinstated", "The centre's marks were not reinstated")
	case ModeratedGradeChange:
		if f.Moderation == nil {
			return "", "", false
		}
		return w.waivedIf(f.Moderation.ChangedGrades > 0,
			fmt.Sprintf("The overall moderated grade changed for %s", candidates(f.Moderation.ChangedGrades)),
			"No overall moderated grade changed")
	case AppealUpheld:
		if f.Appeal == "" {
			return "", "", false
		}
		return w.waivedIf(f.Appeal == Upheld || f.Appeal == UpheldInPart, "The appeal was "+f.Appeal.words(), "The appeal was "+f.Appeal.words())
	case AlwaysFree:
		return w.waivedIf(true, "This service is free of charge", "")
	case Never:
		return w.waivedIf(false, "", "This fee is charged whatever the outcome")
	}
	return Due, "No rule waives this fee.", true
}

// byGrade looks at the award's grade first, because it waives every linked fee, then at the case's own unit.
func (w Waiver) byGrade(f Finding) (state State, why string, known bool) {
	if f.Award == nil {
		return "", "", false
	}
	if f.Award.Changed() {
		return w.waivedIf(true, "The grade of the award changed from "+f.Award.GradeBefore+" to "+f.Award.GradeAfter, "")
	}
	unit, ok := f.Award.Unit(f.Component)
	if !ok && w.Strategy == UnitGrade {
		return "", "", false
	}
	return w.waivedIf(unit.Changed(), "The grade of unit "+f.Component+" changed from "+unit.Before+" to "+unit.After, "No grade changed")
}

func (w Waiver) waivedIf(waived bool, because, otherwise string) (state State, why string, known bool) {
	if waived {
		return Waived, because + " (" + w.Clause + ").", true
	}
	return Due, otherwise + " (" + w.Clause + ").", true
}

// words writes the outcome for people.
func (o AppealOutcome) words() string {
	switch o {
	case UpheldInPart:
		return "upheld in part"
	case NotUpheld:
		return "not upheld"
	case NotAccepted:
		return "not accepted"
	case Upheld:
	}
	return string(o)
}

func candidates(n int) string {
	if n == 1 {
		return "one candidate"
	}
	return fmt.Sprintf("%d candidates", n)
}
