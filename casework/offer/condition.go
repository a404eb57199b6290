package offer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// condition adds why a condition does not hold; what holds adds nothing.
func (i inquiry) condition(reasons []casework.Reason, c *policy.Condition) []casework.Reason {
	switch c.Test {
	case policy.OncePerResult:
		return i.once(reasons, c)
	case policy.NotAfter:
		return i.contained(reasons, c)
	case policy.OnlyAfter:
		return i.follows(reasons, c)
	case policy.WithinAfter:
		return i.soonAfter(reasons, c)
	default:
		if i.holds(c) {
			return reasons
		}
		return append(reasons, because(c.Provenance, i.missing(c)))
	}
}

// holds compares a condition with what the register or the request says. The other tests are about earlier requests;
// a loader lets no unknown one pass.
func (i inquiry) holds(c *policy.Condition) bool {
	f := i.facts
	switch c.Test {
	case policy.LevelWithin:
		return c.FromLevel <= f.Level && f.Level <= c.ToLevel
	case policy.ExternallyMarked:
		return !f.CentreMarked
	case policy.CentreMarked:
		return f.CentreMarked
	case policy.NotObjective:
		return !f.Objective
	case policy.ScriptHeld:
		// That there is no script goes without saying where the component cannot be asked about at all.
		return !f.NoScript || f.Objective && i.tests(policy.NotObjective) || f.CentreMarked && i.tests(policy.ExternallyMarked)
	case policy.MarksChanged:
		return f.MarksChanged || i.unmoderated()
	case policy.SampleHeld:
		return f.SampleHeld || i.unmoderated()
	case policy.PlaceAtRisk:
		return i.ask.PlaceAtRisk
	case policy.SeriesMonth:
		return slices.Contains(c.Months, f.SeriesMonth)
	case policy.NotPending:
		return !f.pending()
	default:
		return true
	}
}

// unmoderated reports whether the service is refused because nothing was moderated: of its marks and its sample there
// is then nothing to say.
func (i inquiry) unmoderated() bool { return !i.facts.CentreMarked && i.tests(policy.CentreMarked) }

// missing is the reason of a condition that does not hold.
func (i inquiry) missing(c *policy.Condition) casework.Reason {
	switch c.Test {
	case policy.LevelWithin:
		return i.wrongLevel(c)
	case policy.ExternallyMarked:
		return i.centreMarked()
	case policy.CentreMarked:
		return i.notModerated()
	case policy.NotObjective:
		return i.objectiveTest()
	case policy.ScriptHeld:
		return i.noScript("/service")
	case policy.MarksChanged:
		return i.marksAccepted()
	case policy.SampleHeld:
		return i.noSample()
	case policy.PlaceAtRisk:
		return i.placeNotAtRisk()
	case policy.SeriesMonth:
		return i.wrongSeries(c)
	default:
		return i.resultPending()
	}
}

// tests reports whether the service has a condition of this kind.
func (i inquiry) tests(test policy.Test) bool {
	for n := range i.rules.Eligible {
		if i.rules.Eligible[n].Test == test {
			return true
		}
	}
	return false
}

// instead advises to ask for another service if the body offers it.
func (i inquiry) instead(service casework.Service, advice, otherwise string) string {
	if serviceOf(i.policy, service) == nil {
		return otherwise
	}
	return advice
}

func (i inquiry) wrongLevel(c *policy.Condition) casework.Reason {
	levels := fmt.Sprintf("level %d", c.FromLevel)
	if c.ToLevel > c.FromLevel {
		levels = fmt.Sprintf("levels %d to %d", c.FromLevel, c.ToLevel)
	}
	return casework.Reason{
		Code: CodeWrongLevel, Pointer: "/service",
		Detail: fmt.Sprintf("%s is for qualifications of %s; this one is of level %d.", one(i.ask.Service), levels, i.facts.Level),
		Remedy: "Ask for a service that qualifications of this level have.",
	}
}

func (i inquiry) centreMarked() casework.Reason {
	return casework.Reason{
		Code: CodeCentreMarked, Pointer: "/service",
		Detail: fmt.Sprintf("Component %s is marked by the %s and moderated; %s has no marking of it to look at.", i.facts.Component, i.centre(), i.policy.BodyName),
		Remedy: i.instead(casework.ReviewOfModeration, "Ask for a review of moderation of the whole cohort instead.", "Ask the awarding body what may be asked for about moderated work."),
	}
}

func (i inquiry) notModerated() casework.Reason {
	return casework.Reason{
		Code: CodeNotModerated, Pointer: "/service",
		Detail: fmt.Sprintf("Component %s is marked by %s; there is no moderation of it to look at.", i.facts.Component, i.policy.BodyName),
		Remedy: i.instead(casework.ReviewOfMarking, "Ask for a review of marking of each "+i.candidate()+"'s work instead.", "Ask the awarding body what may be asked for about this component."),
	}
}

func (i inquiry) objectiveTest() casework.Reason {
	return casework.Reason{
		Code: CodeObjectiveTest, Pointer: "/service",
		Detail: fmt.Sprintf("Component %s is an objective test, which has no marking to review.", i.facts.Component),
		Remedy: "Ask for a clerical check instead.",
	}
}

func (i inquiry) noScript(pointer string) casework.Reason {
	return casework.Reason{
		Code: CodeNoScript, Pointer: pointer,
		Detail: fmt.Sprintf("The script of component %s is not in the register.", i.facts.Component),
		Remedy: "Ask the awarding body to find the script, then ask again; a clerical check without a copy can be asked for now.",
	}
}

func (i inquiry) marksAccepted() casework.Reason {
	return casework.Reason{
		Code: CodeMarksAccepted, Pointer: "/service",
		Detail: fmt.Sprintf("Moderation left the %s's marks of component %s unchanged, so there is no change to review.", i.centre(), i.facts.Component),
		Remedy: "Only marks that moderation changed can be reviewed; if your moderation report says that it changed them, tell the awarding body.",
	}
}

func (i inquiry) noSample() casework.Reason {
	return casework.Reason{
		Code: CodeNoSample, Pointer: "/service",
		Detail: fmt.Sprintf("The original sample of component %s was given back or is not held securely, and no other work may be looked at.", i.facts.Component),
		Remedy: "If the original sample is still held under secure conditions, tell the awarding body before you ask again.",
	}
}

func (i inquiry) placeNotAtRisk() casework.Reason {
	return casework.Reason{
		Code: CodePlaceNotAtRisk, Pointer: "/reason",
		Detail: fmt.Sprintf("%s is for %ss whose place in higher education depends on the outcome, which is not declared.", one(i.ask.Service), i.candidate()),
		Remedy: i.instead(casework.ReviewOfMarking, "Declare it if it is so; otherwise ask for a review of marking.", "Declare it if it is so."),
	}
}

func (i inquiry) wrongSeries(c *policy.Condition) casework.Reason {
	months := make([]string, len(c.Months))
	for n, month := range c.Months {
		months[n] = time.Month(month).String()
	}
	this := "the register does not say of which month series " + i.facts.Series + " is"
	if i.facts.SeriesMonth != 0 {
		this = "series " + i.facts.Series + " is one of " + time.Month(i.facts.SeriesMonth).String()
	}
	return casework.Reason{
		Code: CodeWrongSeries, Pointer: "/series",
		Detail: fmt.Sprintf("%s is offered for series of %s only; %s.", one(i.ask.Service), strings.Join(months, " and "), this),
		Remedy: "Ask for a service that this series has.",
	}
}

func (i inquiry) resultPending() casework.Reason {
	return casework.Reason{
		Code: CodeResultPending, Pointer: "/component",
		Detail: fmt.Sprintf("The result of component %s is pending (indicator %s): it is not final, so there is nothing to look at yet.", i.facts.Component, indicatorPending),
		Remedy: "Ask again when the result is final; if the window may close before, tell the awarding body now.",
	}
}
