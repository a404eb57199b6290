package rulebook

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// highestPence bounds a price: ten thousand pounds is a slip of the pen.
const highestPence = 1_000_000

// unpublished stands in place of a price whose figure nobody published.
const unpublished = "unpublished"

func tariff(t *table) []policy.Price {
	t.need("tariff", "a list of {fee: …, fromLevel: 1, toLevel: 8, pence: 1500, clause: …}")
	var prices []policy.Price
	for _, row := range t.tables("tariff", "a price") {
		p := policy.Price{Code: fee.Code(row.text("fee")), Provenance: row.provenance()}
		p.FromLevel, p.ToLevel = levels(row, "fromLevel", "toLevel")
		if node := row.need("pence", "whole pence, 0 if it is free, or "+unpublished); node != nil {
			p.Pence, p.Unpublished = pence(row.file, node)
		}
		row.end()
		row.file.once(func(whole policy.Policy) {
			if _, charged := whole.Waiver(p.Code); p.Code != "" && !charged {
				row.file.fault(row.place("fee"), "fee %q belongs to no service; write the code of one of their fees", p.Code)
			}
		})
		prices = append(prices, p)
	}
	return prices
}

// pence reads a price; unknown is true if it is not published, or is none at all, which is a fault of its own.
func pence(f *file, node ast.Node) (amount fee.Pence, unknown bool) {
	if written, ok := node.(*ast.StringNode); ok && written.Value == unpublished {
		return 0, true
	}
	before := len(f.faults)
	amount = fee.Pence(f.whole("pence", node, 0, highestPence))
	return amount, len(f.faults) > before
}

// fees reads what a service costs. One of them is for the request itself, so that every request can be quoted.
func fees(t *table, s policy.Service) []policy.FeeRule {
	t.need("fees", "a list of {code: …, for: request, waiver: …}; a free service has one whose waiver is always_free")
	var rules []policy.FeeRule
	for _, row := range t.tables("fees", "a fee") {
		rule := feeRule(row, s)
		if rule.For != "" && slices.ContainsFunc(rules, func(other policy.FeeRule) bool { return other.For == rule.For }) {
			row.file.fault(row.place("for"), "%s has two fees for %s; leave one", s.Service, rule.For)
		}
		rules = append(rules, rule)
	}
	if t.has("fees") && !slices.ContainsFunc(rules, func(rule policy.FeeRule) bool { return rule.For == policy.ForRequest }) {
		t.file.fault(t.place("fees"), "%s has no fee for a request; a free service has one whose waiver is always_free", s.Service)
	}
	return rules
}

func feeRule(t *table, s policy.Service) policy.FeeRule {
	rule := policy.FeeRule{Code: fee.Code(t.text("code")), For: choice(t, "for", occasionsOf(s.Service)), InAdvance: chosenIf(t, "inAdvance", policy.Requesters())}
	if rule.Code != "" && !codeShape.MatchString(string(rule.Code)) {
		t.file.fault(t.place("code"), "a fee has a code in lower case; %q is not one", rule.Code)
	}
	if row, ok := t.child("small"); ok {
		rule.Small = small(row, s)
	}
	if row, ok := t.needed("waiver", "{strategy: linked_award_grade, clause: …, source: …, confirmed: true}"); ok {
		rule.Waiver = waiver(row, s.Scope)
		if rule.Waiver.Strategy == fee.UnitGrade {
			t.file.fault(row.place("strategy"), "strategy %s needs the unit-grade, which a linear qualification does not have; write it under unitised, and here what holds for the others", fee.UnitGrade)
		}
	}
	if row, ok := t.child("unitised"); ok {
		other := waiver(row, s.Scope)
		rule.Unitised = &other
		if other.Strategy == fee.AlwaysFree {
			t.file.fault(row.place("strategy"), "the tariff has one price for all qualifications, so a fee is not free for some; choose another strategy")
		}
	}
	t.file.once(func(p policy.Policy) { t.priced(p, s, rule) })
	t.end()
	return rule
}

// small reads by how much a fee is less for a small cohort, which only a request for a cohort can be about.
func small(t *table, s policy.Service) *policy.SmallCohort {
	rule := policy.SmallCohort{UpTo: t.whole("upTo", 1, longest), Percent: t.whole("percent", 1, 99), Provenance: t.provenance()}
	if s.Scope != policy.CohortComponent {
		t.fault("a request for %s is about no cohort; leave small out", s.Scope)
	}
	t.end()
	return &rule
}

// waiver reads a rule by which a fee is waived. It is refused if a request of that scope never brings about what the
// rule looks at.
func waiver(t *table, scope policy.Scope) fee.Waiver {
	strategy, from := choice(t, "strategy", fee.Strategies()), t.provenance()
	t.end()
	for _, need := range strategy.Needs() {
		if scope != "" && !scope.BringsAbout(need) {
			t.file.fault(t.place("strategy"), "strategy %s needs the %s, which a request for %s does not bring about; choose another", strategy, need, scope)
		}
	}
	return fee.Waiver{Strategy: strategy, Clause: from.Clause, Source: from.Source, Confirmed: from.Confirmed}
}

// priced demands that a code belongs to one fee, that the tariff has exactly one row of it at every level for which the
// service may be asked, and that what is always free, and nothing else, costs nothing there.
func (t *table) priced(p policy.Policy, s policy.Service, rule policy.FeeRule) {
	if rule.Code == "" {
		return
	}
	at, used := t.place("code"), 0
	for _, other := range p.Services {
		for _, f := range other.Fees {
			if f.Code == rule.Code {
				used++
			}
		}
	}
	if used > 1 {
		t.file.fault(at, "fee %q is used twice; give each fee a code of its own", rule.Code)
	}
	from, to := levelsOf(s)
	for level := from; level <= to; level++ {
		if text := pricedAt(p.Tariff, rule, level); text != "" {
			t.file.fault(at, "%s", text)
			return
		}
	}
}

// pricedAt says what is wrong with the price of a fee at a level, empty if nothing is.
func pricedAt(tariff []policy.Price, rule policy.FeeRule, level int) string {
	rows := slices.DeleteFunc(slices.Clone(tariff), func(p policy.Price) bool { return p.Code != rule.Code || !p.Covers(level) })
	if len(rows) != 1 {
		return fmt.Sprintf("the tariff has %d prices of fee %q at level %d; it must have one, %s if nobody knows it", len(rows), rule.Code, level, unpublished)
	}
	switch costs, always := rows[0].Unpublished || rows[0].Pence > 0, rule.Waiver.Strategy == fee.AlwaysFree; {
	case always && costs:
		return fmt.Sprintf("fee %q is always free and has a price at level %d; write pence: 0 or another strategy", rule.Code, level)
	case !always && !costs:
		return fmt.Sprintf("fee %q costs nothing at level %d and is not always free; write its price, %s if nobody knows it, or strategy: always_free", rule.Code, level, unpublished)
	}
	return ""
}

// free reports whether fees are never charged.
func free(rules []policy.FeeRule) bool {
	for _, rule := range rules {
		if rule.Waiver.Strategy != fee.AlwaysFree {
			return false
		}
	}
	return true
}
