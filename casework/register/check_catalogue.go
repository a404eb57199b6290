package register

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

func (c *checker) checkBodies() {
	for i, body := range c.set.Bodies {
		r := c.row(Bodies, i)
		r.checkCode("id", body.ID)
		r.checkFilled("name", body.Name)
		unique(r, c.index.bodies, body.ID, "id", body.ID)
		for at, rank := range body.Ranks {
			r.checkCode("ranks", string(rank))
			if slices.Contains(body.Ranks[:at], rank) {
				r.fault("ranks", "%s is given twice", rank)
			}
		}
	}
}

func (c *checker) checkQualifications() {
	for i, q := range c.set.Qualifications {
		r := c.row(Qualifications, i)
		r.checkCode("id", q.ID)
		r.checkFilled("title", q.Title)
		unique(r, c.index.qualifications, q.ID, "id", q.ID)
		known(r, c.index.bodies, q.Body, Bodies, "body", q.Body)
		if q.Level < 1 || q.Level > 8 {
			r.fault("level", "level %d is not between 1 and 8", q.Level)
		}
		r.checkCode("subject", q.Subject)
		r.checkOneOf("family", string(q.Family), string(casework.FamilyGeneral), string(casework.FamilyVocational))
		c.checkRules(r, q)
		if len(c.index.componentsOf[q.ID]) == 0 {
			r.faultBy([]Noun{Components}, "id", "%s has no component", q.ID)
		}
	}
}

// checkRules demands a set of rules that exists. The fault stands at rules, also where the set is meant that is named
// like the body; a body that does not exist has its own fault.
func (c *checker) checkRules(r row, q Qualification) {
	if slices.Contains(c.ruleSets, q.RuleSet()) {
		return
	}
	sets := strings.Join(c.ruleSets, ", ")
	if q.Rules != "" {
		r.fault("rules", "%q is no set of rules; there are %s", q.Rules, sets)
	} else if _, ok := c.index.bodies[q.Body]; ok {
		r.fault("rules", "no set of rules is named like the awarding body %s: name one of %s", q.Body, sets)
	}
}

func (c *checker) checkComponents() {
	for i, component := range c.set.Components {
		r := c.row(Components, i)
		r.checkCode("id", component.ID)
		r.checkFilled("title", component.Title)
		unique(r, c.index.components, component.ID, "id", component.ID)
		known(r, c.index.qualifications, component.Qualification, Qualifications, "qualification", component.Qualification)
		if component.MaxMark < 1 {
			r.fault("maxMark", "the maximum mark %d is not above 0", component.MaxMark)
		}
		if component.Weight < 1 {
			r.fault("weight", "the weight %d is not above 0", component.Weight)
		}
		r.checkOneOf("assessment", string(component.Assessment), string(External), string(Moderated))
		if component.Tier != "" {
			r.checkOneOf("tier", component.Tier, tiers...)
		}
		if component.Objective && component.Assessment == Moderated {
			r.fault("objective", "%s is marked by the centre, so it is no objective test", component.ID)
		}
	}
}

// tiers are the levels of entry for which a component may be set (domain §1.2).
var tiers = []string{"foundation", "higher"}

func (c *checker) checkSeries() {
	for i, series := range c.set.Series {
		r := c.row(SeriesList, i)
		r.checkCode("id", series.ID)
		r.checkFilled("title", series.Title)
		unique(r, c.index.series, series.ID, "id", series.ID)
		known(r, c.index.bodies, series.Body, Bodies, "body", series.Body)
		if series.Month < 1 || series.Month > 12 {
			r.fault("month", "month %d is not between 1 and 12", series.Month)
		}
		if series.CentreRelease.After(series.CandidateRelease) {
			r.fault("centreRelease", "centres would see their results after the candidates")
		}
		if series.CandidateRelease.IsZero() {
			r.fault("candidateRelease", "the candidates' results day is missing")
		}
		if series.GCSERelease.IsZero() {
			r.fault("gcseRelease", "the GCSE results day is missing")
		}
		if !series.GCSERelease.IsZero() && series.GCSERelease.Before(series.ALevelRelease) {
			r.fault("aLevelRelease", "the A level results day %s is after the GCSE results day %s", series.ALevelRelease, series.GCSERelease)
		}
	}
}

func (c *checker) checkKeyDates() {
	for i, date := range c.set.KeyDates {
		r := c.row(KeyDates, i)
		unique(r, c.index.keyDates, date.withoutDay(), "service", date.Series+" "+string(date.Service))
		var services []string
		for _, service := range casework.Services() {
			services = append(services, string(service))
		}
		r.checkOneOf("service", string(date.Service), services...)
		if date.Priority && date.Service != casework.ScriptCopy {
			r.fault("priority", "%s has no last day of its own for priority; only %s has", date.Service, casework.ScriptCopy)
		}
		if !known(r, c.index.series, date.Series, SeriesList, "series", date.Series) {
			continue
		}
		released := calendar.DateOf(c.set.Series[c.index.series[date.Series]].CandidateRelease)
		if date.LastDay.Before(released) {
			r.faultBy([]Noun{SeriesList}, "lastDay", "the last day %s is before the candidates' results day %s", date.LastDay, released)
		}
	}
}

func (c *checker) checkItems() {
	for i, item := range c.set.Items {
		r := c.row(Items, i)
		r.checkFilled("item", item.Item)
		unique(r, c.index.items, item.key(), "item", "item "+item.Item+" of "+item.Component)
		known(r, c.index.series, item.Series, SeriesList, "series", item.Series)
		if item.Max < 1 {
			r.fault("max", "the maximum mark %d of item %s is not above 0", item.Max, item.Item)
		}
		c.checkPosition(r, item)
		if known(r, c.index.components, item.Component, Components, "component", item.Component) && c.index.firstItems[item.key().paperKey] == i {
			c.checkPaper(r, item.key().paperKey)
		}
	}
}

// checkPosition demands that the items of a paper stand in one order; an item that is given twice has its own fault.
func (c *checker) checkPosition(r row, item Item) {
	if item.Position < 1 {
		r.fault("item", "the position %d of item %s is not above 0", item.Position, item.Item)
	}
	if c.index.items[item.key()] == r.index {
		unique(r, c.index.positions, item.place(), "item", fmt.Sprintf("position %d of %s", item.Position, item.Component))
	}
}

// checkPaper looks at a whole paper; its faults stand at the paper's first item.
func (c *checker) checkPaper(r row, paper paperKey) {
	component := c.set.Components[c.index.components[paper.component]]
	if sum := c.index.paperMax[paper]; sum != component.MaxMark {
		r.faultBy([]Noun{Components, Items}, "component", "the items of %s carry %d marks in all, but its maximum is %d", paper.component, sum, component.MaxMark)
	}
	for _, kind := range []string{"paper", "scheme"} {
		if _, ok := c.index.papers[[3]string{paper.series, paper.component, kind}]; !ok {
			r.faultBy([]Noun{Papers}, "component", "%s has no %s in %s", paper.component, kind, Papers)
		}
	}
}

func (c *checker) checkPapers() {
	for i, paper := range c.set.Papers {
		r := c.row(Papers, i)
		r.checkOneOf("kind", paper.Kind, "scheme", "paper")
		r.checkFilled("file", paper.Path)
		unique(r, c.index.papers, [3]string{paper.Series, paper.Component, paper.Kind}, "kind", paper.Kind+" of "+paper.Component)
		known(r, c.index.series, paper.Series, SeriesList, "series", paper.Series)
		known(r, c.index.components, paper.Component, Components, "component", paper.Component)
	}
}
