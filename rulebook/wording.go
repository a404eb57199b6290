package rulebook

import (
	"regexp"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// indicatorShape is a single sign, as a statement of results prints it.
var indicatorShape = regexp.MustCompile(`^[A-Z#*]$`)

// wordings reads codes with their texts. Every code is spelled out once in the whole file, so that it alone says what
// is meant.
func wordings(t *table, key string, shape *regexp.Regexp) []policy.Wording {
	var list []policy.Wording
	for _, row := range t.tables(key, "an entry of "+key) {
		w := policy.Wording{Code: row.text("code"), Text: row.text("text"), Provenance: row.provenance()}
		row.end()
		if w.Code != "" && !shape.MatchString(w.Code) {
			row.file.fault(row.place("code"), "code %q is not written as a code of %s is: %s", w.Code, key, shape)
		}
		if w.Code != "" && row.file.spelled[w.Code] {
			row.file.fault(row.place("code"), "code %s is spelled out twice; leave one", w.Code)
		}
		row.file.spelled[w.Code] = true
		list = append(list, w)
	}
	return list
}

// completion reads what the policy accepts of a performer; it may be left out where nobody marks anything.
func completion(t *table) casework.CompletionRules {
	row, ok := t.child("completion")
	if !ok {
		return casework.CompletionRules{}
	}
	rules := casework.CompletionRules{
		ChangeReasons:    codes(row, "changeReasons", func(p policy.Policy) []policy.Wording { return p.ChangeReasons }),
		UnchangedReasons: codes(row, "unchangedReasons", func(p policy.Policy) []policy.Wording { return p.UnchangedReasons }),
		Checklist:        codes(row, "checklist", func(p policy.Policy) []policy.Wording { return p.Checks }),
		AnnotatedScript:  row.yes("annotatedScript"),
	}
	row.end()
	return rules
}

// codes reads a list of codes, each named once and spelled out in the file.
func codes(t *table, key string, spelled func(policy.Policy) []policy.Wording) []string {
	node := t.need(key, "a list of codes")
	if node == nil {
		return nil
	}
	nodes := t.list(key)
	if len(nodes) == 0 {
		t.file.fault(placeOf(node), "%s is empty; name at least one code", key)
	}
	var list []string
	seen := map[string]bool{}
	for _, node := range nodes {
		code := t.file.text("a code", node)
		if code == "" {
			continue
		}
		if seen[code] {
			t.file.fault(placeOf(node), "code %s is named twice; leave one", code)
		}
		seen[code] = true
		list = append(list, code)
		t.file.once(func(p policy.Policy) {
			for _, w := range spelled(p) {
				if w.Code == code {
					return
				}
			}
			t.file.fault(placeOf(node), "code %q is spelled out nowhere in this file; add it to the list of its kind", code)
		})
	}
	return list
}

// roadMaps reads the road maps, whose steps may only follow earlier ones.
func roadMaps(t *table) []policy.RoadMap {
	var maps []policy.RoadMap
	families := map[string]bool{}
	for _, row := range t.tables("roadMaps", "a road map") {
		m := policy.RoadMap{Family: row.text("family"), Title: row.text("title"), Provenance: row.provenance()}
		if m.Family != "" && !codeShape.MatchString(m.Family) {
			row.file.fault(row.place("family"), "a family has a name in lower case such as t-level; %q is not one", m.Family)
		}
		if families[m.Family] {
			row.file.fault(row.place("family"), "family %s has two road maps; leave one", m.Family)
		}
		families[m.Family] = true
		row.need("steps", "a list of {service: …, text: …, after: [1]}")
		for i, step := range row.tables("steps", "a step") {
			m.Steps = append(m.Steps, roadStep(step, i))
		}
		row.end()
		maps = append(maps, m)
	}
	return maps
}

func roadStep(t *table, index int) policy.RoadStep {
	step := policy.RoadStep{Text: t.text("text")}
	if node := t.get("service"); node != nil {
		step.Service = oneOf(t.file, "service", node, casework.Services())
		t.file.mustHave(step.Service, placeOf(node))
	}
	for _, node := range t.list("after") {
		number := t.file.whole("a step before", node, 1, max(index, 1))
		step.After = append(step.After, number)
	}
	switch {
	case index == 0 && t.has("after"):
		t.file.fault(t.place("after"), "the first step follows none; leave after out")
	case index > 0 && len(step.After) == 0:
		t.fault("step %d does not say which steps lead to it; write after: [%d]", index+1, index)
	}
	t.end()
	return step
}
