package rulebook

import (
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

func (f *file) readServices(t *table) []policy.Service {
	t.need("services", "a list of services with their rules")
	rows := t.tables("services", "a service")
	if t.has("services") && len(rows) == 0 {
		f.fault(t.place("services"), "the file has rules for no service")
	}
	var services []policy.Service
	for _, row := range rows {
		s := readService(row)
		if _, twice := f.services[s.Service]; twice && s.Service != "" {
			f.fault(row.place("service"), "service %s has rules twice; leave one", s.Service)
		}
		f.services[s.Service] = row.at
		services = append(services, s)
	}
	return services
}

func readService(t *table) policy.Service {
	s := policy.Service{Service: choice(t, "service", casework.Services()), Title: t.text("title"), Provenance: t.provenance()}
	if s.Service != "" {
		t.what = "service " + string(s.Service)
	}
	s.Requesters = chosen(t, "requesters", policy.Requesters())
	s.Scope = choice(t, "scope", policy.Scopes())
	for _, row := range t.tables("eligible", "a condition") {
		s.Eligible = append(s.Eligible, condition(row, s.Service))
	}
	s.Consent = consent(t)
	if row, ok := t.needed("opens", "{clause: …, source: …, confirmed: true}"); ok {
		s.Opens = row.provenance()
		row.end()
	}
	if row, ok := t.needed("window", "{anchor: gcse-release, amount: 35, unit: calendar-days, clause: …}"); ok {
		s.Window = window(row)
	}
	s.Priority = priority(t, s.Service)
	s.Clocks = clocks(t, s.Service)
	s.Targets = targets(t, s)
	s.Effect = effect(t)
	s.Fees = fees(t, s)
	s.Cancel = cancel(t, s)
	s.Upgrades = upgrades(t, s)
	s.Outputs = chosenIf(t, "outputs", policy.Outputs())
	s.Notices = chosenIf(t, "notices", policy.Notices())
	s.Script = script(t)
	s.Completion = completion(t)
	s.Rank = rank(t)
	s.Decisions, s.Panel = decisions(t), panel(t)
	if s.Service != casework.Appeal {
		for _, key := range []string{"decisions", "panel"} {
			if t.has(key) {
				t.file.fault(t.place(key), "only an appeal has %s; leave it out of %s", key, s.Service)
			}
		}
	}
	t.end()
	return s
}

// rank reads the least rank of who carries something out; empty if any will do.
func rank(t *table) casework.Rank {
	word := t.textIf("rank")
	if word != "" && !codeShape.MatchString(word) {
		t.file.fault(t.place("rank"), "rank is a word of the body's order such as %s; %q is not", casework.RankSenior, word)
	}
	return casework.Rank(word)
}

func consent(t *table) policy.ConsentRule {
	row, ok := t.needed("consent", "{need: required, afterRelease: true, clause: …, source: …, confirmed: true}")
	if !ok {
		return policy.ConsentRule{}
	}
	rule := policy.ConsentRule{Need: choice(row, "need", policy.ConsentNeeds()), AfterRelease: row.yes("afterRelease"), Provenance: row.provenance()}
	if rule.Need == policy.ConsentNone && rule.AfterRelease {
		row.file.fault(row.place("afterRelease"), "no consent is needed, so it has no day; write afterRelease: false")
	}
	row.end()
	return rule
}

func effect(t *table) policy.EffectRule {
	row, ok := t.needed("effect", "{protected: false, carryForward: false, clause: …, source: …, confirmed: true}")
	if !ok {
		return policy.EffectRule{}
	}
	rule := policy.EffectRule{Protected: row.yes("protected"), CarryForward: row.yes("carryForward"), Provenance: row.provenance()}
	row.end()
	return rule
}

// cancel reads until when a cancelled request costs nothing. A free one never costs anything, so a rule about it would
// mean nothing.
func cancel(t *table, s policy.Service) *policy.CancelRule {
	row, ok := t.child("cancel")
	if !ok {
		return nil
	}
	rule := policy.CancelRule{Until: choice(row, "until", policy.CancelUntils()), Provenance: row.provenance()}
	if free(s.Fees) {
		row.fault("%s is free, so no cancellation can save its fee; leave cancel out", s.Service)
	}
	row.end()
	return &rule
}

// upgrades reads into which services a request may be turned: those whose requests are about the same.
func upgrades(t *table, from policy.Service) []policy.UpgradeRule {
	var rules []policy.UpgradeRule
	for _, row := range t.tables("upgrades", "an upgrade") {
		rule := policy.UpgradeRule{To: choice(row, "to", casework.Services()), Provenance: row.provenance()}
		row.file.mustHave(rule.To, row.place("to"))
		twice := slices.ContainsFunc(rules, func(other policy.UpgradeRule) bool { return other.To == rule.To })
		if rule.To == from.Service || twice && rule.To != "" {
			row.file.fault(row.place("to"), "%s cannot be upgraded to %s here; name another service, each once", from.Service, rule.To)
		}
		row.file.once(func(p policy.Policy) {
			if to, ok := p.Service(rule.To); ok && to.Scope != from.Scope {
				row.file.fault(row.place("to"), "a request for %s cannot be turned into %s, which is about a %s; name a service of the same scope", from.Scope, rule.To, to.Scope)
			}
		})
		row.end()
		rules = append(rules, rule)
	}
	return rules
}

func script(t *table) *policy.ScriptRule {
	row, ok := t.child("script")
	if !ok {
		return nil
	}
	rule := policy.ScriptRule{HideDuringReview: row.yes("hideDuringReview"), IncludedCopy: row.yes("includedCopy"), Provenance: row.provenance()}
	row.end()
	return &rule
}

func decisions(t *table) []policy.DecisionWindow {
	var list []policy.DecisionWindow
	var named []policy.Decision
	for _, row := range t.tables("decisions", "a window for decisions") {
		w := policy.DecisionWindow{Of: chosen(row, "of", policy.Decisions()), Span: span(row, windowUnits()), Provenance: row.provenance()}
		for _, decision := range w.Of {
			if slices.Contains(named, decision) && decision != "" {
				row.file.fault(row.place("of"), "decision %s has two windows; leave one", decision)
			}
			named = append(named, decision)
		}
		row.end()
		list = append(list, w)
	}
	return list
}

func panel(t *table) *policy.PanelRule {
	row, ok := t.child("panel")
	if !ok {
		return nil
	}
	rule := policy.PanelRule{Members: row.whole("members", 1, 20), Independent: row.whole("independent", 0, 20), Provenance: row.provenance()}
	if rule.Independent > rule.Members {
		row.file.fault(row.place("independent"), "the panel has %d members, of whom %d cannot be independent", rule.Members, rule.Independent)
	}
	row.end()
	return &rule
}
