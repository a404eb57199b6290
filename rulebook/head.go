package rulebook

import (
	"regexp"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// numberShape is the end of a version after its set: a year and a number.
var numberShape = regexp.MustCompile(`^-[0-9]{4}\.[1-9][0-9]*$`)

// read turns a rule file into the policy of the edition and collects what is wrong with it on the way.
func (f *file) read(t *table) {
	f.edition.file = f.name
	p := &f.edition.policy
	f.head(t, p)
	f.readSources(t, p)
	p.Words = words(t)
	p.Closures = closures(t)
	p.ChangeReasons = wordings(t, "changeReasons", codeShape)
	p.UnchangedReasons = wordings(t, "unchangedReasons", codeShape)
	p.Checks = wordings(t, "checks", codeShape)
	p.Indicators = wordings(t, "indicators", indicatorShape)
	p.Services = f.readServices(t)
	p.Series = f.readSeries(t)
	p.Tariff = tariff(t)
	p.Invoices = invoices(t)
	p.RoadMaps = roadMaps(t)
	t.end()
	for _, check := range f.later {
		check(*p)
	}
}

func (f *file) head(t *table, p *policy.Policy) {
	p.Set, p.Version, p.Title = t.text("set"), t.text("version"), t.text("title")
	p.Body, p.BodyName, p.Fictional = t.text("body"), t.text("bodyName"), t.yes("fictional")
	p.ValidFrom, p.ValidUntil = t.day("validFrom"), t.dayIf("validUntil")
	p.Division = choice(t, "division", calendar.Divisions())
	f.edition.from, f.edition.until = t.place("validFrom"), t.place("validUntil")
	for key, id := range map[string]string{"set": p.Set, "body": p.Body} {
		if id != "" && !codeShape.MatchString(id) {
			f.fault(t.place(key), "%s is an id in lower case such as cambria; %q is not one", key, id)
		}
	}
	if number, ok := strings.CutPrefix(p.Version, p.Set); p.Version != "" && p.Set != "" && (!ok || !numberShape.MatchString(number)) {
		f.fault(t.place("version"), "a version is its set, a year and a number, like %s-2026.1; %q is not one", p.Set, p.Version)
	}
	if !p.ValidUntil.IsZero() && p.ValidUntil.Before(p.ValidFrom) {
		f.fault(f.edition.until, "validUntil %s lies before validFrom %s; give a later day, or leave it out while the rules hold", p.ValidUntil, p.ValidFrom)
	}
}

func (f *file) readSources(t *table, p *policy.Policy) {
	t.need("sources", "a list of {id: regulations, title: Regulations 2026}")
	for _, row := range t.tables("sources", "a source") {
		s := policy.Source{ID: row.text("id"), Title: row.text("title"), Address: row.textIf("address")}
		row.end()
		_, twice := f.sources[s.ID]
		switch {
		case s.ID == "":
		case !codeShape.MatchString(s.ID):
			f.fault(row.place("id"), "a source has an id in lower case; %q is not one", s.ID)
		case twice:
			f.fault(row.place("id"), "source %s is listed twice; leave one", s.ID)
		}
		if strings.Contains(s.Address, "://") {
			f.fault(row.place("address"), "an address is written without its scheme, such as example.org/rules")
		}
		f.sources[s.ID] = s.Title
		p.Sources = append(p.Sources, s)
	}
}

func words(t *table) policy.Words {
	row, ok := t.needed("words", "{candidate: candidate, centre: centre, clause: …, source: …, confirmed: true}")
	if !ok {
		return policy.Words{}
	}
	w := policy.Words{Candidate: row.text("candidate"), Centre: row.text("centre"), Provenance: row.provenance()}
	for key, word := range map[string]string{"candidate": w.Candidate, "centre": w.Centre} {
		if word != strings.ToLower(word) {
			row.file.fault(row.place(key), "%s is a word in lower case, in the singular; %q is not", key, word)
		}
	}
	row.end()
	return w
}

func closures(t *table) []policy.Closure {
	var list []policy.Closure
	for _, row := range t.tables("closures", "a closure") {
		c := policy.Closure{From: row.day("from"), To: row.day("to"), Why: row.text("why"), Provenance: row.provenance()}
		row.end()
		if !c.From.IsZero() && c.To.Before(c.From) {
			row.file.fault(row.place("to"), "the closure ends on %s, before it begins on %s", c.To, c.From)
		}
		list = append(list, c)
	}
	return list
}

func invoices(t *table) policy.InvoiceRule {
	row, ok := t.needed("invoices", "{months: [10, 11, 1], clause: …, source: …, confirmed: true}")
	if !ok {
		return policy.InvoiceRule{}
	}
	row.need("months", "a list of the months of invoice runs, [] if none is published")
	rule := policy.InvoiceRule{Months: months(row), Provenance: row.provenance()}
	row.end()
	return rule
}

// months reads calendar months, 1 to 12, none twice.
func months(t *table) []int {
	var list []int
	for _, node := range t.list("months") {
		before := len(t.file.faults)
		month := t.file.whole("a month", node, 1, 12)
		if len(t.file.faults) > before {
			continue
		}
		if slices.Contains(list, month) {
			t.file.fault(placeOf(node), "month %d is named twice; leave one", month)
		}
		list = append(list, month)
	}
	return list
}

// servicesIn reads the names of services under a key, each of which the set must have.
func servicesIn(t *table, key string, least int) []casework.Service {
	if t.has(key) || least > 0 {
		t.need(key, "a list of services such as [review-of-marking]")
	}
	nodes := t.list(key)
	if t.has(key) && len(nodes) < least {
		t.file.fault(t.place(key), "%s names no service", key)
	}
	services := chosenIf(t, key, casework.Services())
	for i, service := range services {
		t.file.mustHave(service, placeOf(nodes[i]))
	}
	return services
}

// mustHave demands that the set has rules for a service that another rule names.
func (f *file) mustHave(service casework.Service, at place) {
	f.once(func(p policy.Policy) {
		if _, ok := p.Service(service); service != "" && !ok {
			f.fault(at, "service %s has no rules in set %s; add them, or do not name it", service, p.Set)
		}
	})
}
