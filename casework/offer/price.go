package offer

import (
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// copied refuses a copy that is ordered with a request if there is nothing to copy, the service reviews no script, or
// the body gives no copy. That the request itself needs the script is a condition of its own.
func (i inquiry) copied(reasons []casework.Reason) []casework.Reason {
	if !i.ask.ReviewedScript || i.ask.Service == casework.ReviewedScriptCopy {
		return reasons
	}
	rules := serviceOf(i.policy, casework.ReviewedScriptCopy)
	switch {
	case !reviewsScript(i.ask.Service), rules == nil && !i.includesCopy():
		return append(reasons, because(i.rules.Provenance, casework.Reason{
			Code: CodeNoCopy, Pointer: "/reviewedScript",
			Detail: fmt.Sprintf("%s gives no copy of a reviewed script with a %s.", i.policy.BodyName, lower(i.ask.Service)),
			Remedy: "Ask without the copy.",
		}))
	case i.facts.NoScript && !i.tests(policy.ScriptHeld):
		source := i.rules.Provenance
		if rules != nil {
			source = rules.Provenance
		}
		return append(reasons, because(source, i.noScript("/reviewedScript")))
	}
	return reasons
}

// includesCopy reports whether the reviewed copy comes with the outcome anyway.
func (i inquiry) includesCopy() bool { return i.rules.Script != nil && i.rules.Script.IncludedCopy }

// fees quotes the service and, if ordered, the copy of the reviewed script. A price that nobody knows is a reason not
// to take the request: nobody may be asked to pay it.
func (i inquiry) fees(reasons []casework.Reason) ([]fee.Quote, []casework.Reason) {
	known := len(reasons)
	var quotes []fee.Quote
	if rule, ok := i.requestFee(); ok {
		quotes, reasons = i.quote(quotes, reasons, rule, "/component")
	}
	if i.ask.ReviewedScript && reviewsScript(i.ask.Service) && !i.includesCopy() {
		if rules := serviceOf(i.policy, casework.ReviewedScriptCopy); rules != nil {
			if rule, ok := rules.Fee(policy.ForRequest); ok {
				quotes, reasons = i.quote(quotes, reasons, rule, "/reviewedScript")
			}
		}
	}
	switch {
	case len(reasons) == known:
		return quotes, reasons
	case i.refusesLevel():
		// A tariff need not price what the level rules out.
		return nil, reasons[:known]
	default:
		return nil, reasons // a part of the price alone would mislead
	}
}

// refusesLevel reports whether the service is not for qualifications of this level.
func (i inquiry) refusesLevel() bool {
	return slices.ContainsFunc(i.rules.Eligible, func(c policy.Condition) bool { return c.Test == policy.LevelWithin && !i.holds(&c) })
}

// requestFee is the fee of the request: of a reviewed copy that is asked for by itself, the late one's.
func (i inquiry) requestFee() (rule policy.FeeRule, ok bool) {
	if i.ask.Service == casework.ReviewedScriptCopy {
		if rule, ok = i.rules.Fee(policy.ForLateCopy); ok {
			return rule, true
		}
	}
	return i.rules.Fee(policy.ForRequest)
}

// quote adds the price of one fee, or why there is none; pointer is the field that asks for it.
func (i inquiry) quote(quotes []fee.Quote, reasons []casework.Reason, rule policy.FeeRule, pointer string) ([]fee.Quote, []casework.Reason) {
	waiver := rule.Waiver
	if i.facts.Unitised && rule.Unitised != nil {
		waiver = *rule.Unitised
	}
	price, ok := i.policy.Price(rule.Code, i.facts.Level)
	switch {
	case ok:
	case waiver.Strategy == fee.AlwaysFree:
		price = policy.Price{Provenance: policy.Provenance{Clause: waiver.Clause, Source: waiver.Source, Confirmed: waiver.Confirmed}}
	case price.Unpublished:
		return quotes, append(reasons, because(price.Provenance, casework.Reason{
			Code: CodeFeeNotPublished, Pointer: pointer,
			Detail: fmt.Sprintf("%s charges a fee (%s) that is not published: nobody may be charged a price that they could not know.", i.policy.BodyName, rule.Code),
			Remedy: "Ask the awarding body for the fee and, if it is right, to have it published here.",
		}))
	default:
		return quotes, append(reasons, casework.Reason{
			Code: CodeNoPrice, Pointer: pointer,
			Detail: fmt.Sprintf("There is no price of %s for a qualification of level %d.", rule.Code, i.facts.Level),
			Remedy: "Tell the awarding body; the request itself may be right.",
		})
	}
	quote := fee.Quote{
		Code: rule.Code, Pence: price.Pence, Clause: price.Clause, Source: price.Source, Confirmed: price.Confirmed, Waiver: waiver,
	}
	if small := rule.Small; small != nil && 0 < i.facts.Cohort && i.facts.Cohort <= small.UpTo {
		quote = quote.Reduced(fee.Reduction{Percent: small.Percent, Clause: small.Clause, Source: small.Source, Confirmed: small.Confirmed})
	}
	return append(quotes, quote), reasons
}
