package offer

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
)

// warnings are what a centre should know before it makes a request that would be taken.
func (i inquiry) warnings(v Verdict) []Warning {
	var warnings []Warning
	if changesMarks(i.ask.Service) {
		warnings = append(warnings, i.mayFall())
		warnings = i.secondReview(warnings)
	}
	if reviewsScript(i.ask.Service) {
		warnings = i.heldBack(warnings)
		warnings = i.moneyAdvice(warnings, v)
	}
	if script := i.rules.Script; script != nil && script.HideDuringReview && !i.facts.NoScript {
		warnings = append(warnings, Warning{
			Code: WarnScriptHidden, Provenance: script.Provenance,
			Detail: fmt.Sprintf("The original script cannot be read while this %s runs; take your copy before you ask.", lower(i.ask.Service)),
		})
	}
	return i.priority(warnings)
}

func (i inquiry) mayFall() Warning {
	detail := "Marks and grade may fall as well as rise."
	switch effect := i.rules.Effect; {
	case effect.Protected && effect.CarryForward:
		detail = "Marks may fall as well as rise. The published grade does not fall in this series, but a lower mark counts if it is carried forward."
	case effect.Protected:
		detail = "Marks may fall as well as rise; the published grade does not fall in this series."
	}
	return Warning{Code: WarnMayFall, Detail: detail, Provenance: i.rules.Effect.Provenance}
}

// secondReview names the cases in which somebody has looked at the marks before.
func (i inquiry) secondReview(warnings []Warning) []Warning {
	for _, e := range i.facts.Earlier {
		if i.ask.Service == casework.Appeal || !changesMarks(e.Service) {
			continue
		}
		warnings = append(warnings, Warning{
			Code: WarnSecondReview, Cases: []casework.Reference{e.Reference},
			Detail: fmt.Sprintf("This asks for a second review of component %s: the %s of case %s was the first.", i.facts.Component, lower(e.Service), e.Reference),
		})
	}
	return warnings
}

// heldBack names the open reviews of other components that the award's grade waits for.
func (i inquiry) heldBack(warnings []Warning) []Warning {
	for _, l := range i.facts.Linked {
		if !l.Open {
			continue
		}
		warnings = append(warnings, Warning{
			Code: WarnGradeHeldBack, Cases: []casework.Reference{l.Reference},
			Detail: fmt.Sprintf("Your open %s %s of component %s will hold back this one's grade: the award is decided when both have an outcome.",
				lower(l.Service), l.Reference, l.Component),
		})
	}
	return warnings
}

func (i inquiry) moneyAdvice(warnings []Warning, v Verdict) []Warning {
	if len(i.facts.Linked) == 0 {
		return warnings
	}
	for _, set := range fee.Foresee([]fee.Request{v.Basket(i.facts.Component, *i.facts)}).Sets {
		for _, advice := range set.Advice {
			warnings = append(warnings, Warning{Code: advice.Code, Detail: advice.Text, Cases: advice.Cases})
		}
	}
	return warnings
}

// priority says until when a copy may be asked for with priority.
func (i inquiry) priority(warnings []Warning) []Warning {
	if i.rules.Priority == nil {
		return warnings
	}
	w, err := i.end(i.rules.Priority, true)
	if err != nil || w.closes.IsZero() || !i.ask.ReceivedAt.Before(w.closes) {
		return warnings
	}
	return append(warnings, Warning{
		Code: WarnPriorityUntil, Provenance: w.rule,
		Detail: fmt.Sprintf("%s with priority is possible only until %s.", one(i.ask.Service), until(w.closes)),
	})
}

// faster says until when a faster service of the same kind may be asked for, where one may.
func faster(options []Option, service casework.Service) []Warning {
	var warnings []Warning
	for _, quicker := range quickerThan(service) {
		for n := range options {
			other := &options[n]
			if other.Service != quicker || other.Verdict.Refusal != nil || other.Verdict.Closes.IsZero() {
				continue
			}
			warnings = append(warnings, Warning{
				Code: WarnFasterUntil, Provenance: other.Verdict.Window,
				Detail: fmt.Sprintf("%s is possible only until %s.", one(quicker), until(other.Verdict.Closes)),
			})
		}
	}
	return warnings
}

func quickerThan(service casework.Service) []casework.Service {
	switch service {
	case casework.ReviewOfMarking:
		return []casework.Service{casework.PriorityReview, casework.ExpeditedReview}
	case casework.ReviewOfModeration:
		return []casework.Service{casework.ExpeditedModeration}
	default:
		return nil
	}
}
