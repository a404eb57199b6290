package rulebook

import (
	"fmt"
	"path"
	"slices"
	"sync"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Text is a rule file that may or may not be good.
type Text struct {
	// Name is its path; the last part is the version with the ending .yaml.
	Name string
	Text []byte
}

// Lint checks rule files together, as Load does; without any it checks those that are compiled in. Faults forbid
// loading. Warnings are for the people who keep the rules: bank holidays that end within twelve months of today, rules
// that run out by then, and how many rules no published text confirms.
func Lint(today calendar.Date, texts ...Text) (faults, warnings []Fault) {
	if len(texts) == 0 {
		own, err := compiledIn()
		if err != nil {
			return []Fault{{File: "sets", Line: 1, Column: 1, Text: err.Error()}}, nil
		}
		texts = append(own, Text{Name: practiceName, Text: practiceText})
	}
	sets, practices := apart(texts)
	editions, faults := parseAll(sets)
	for _, text := range practices {
		read, more := parsePractice(text.Name, text.Text)
		faults = append(faults, more...)
		if len(faults) == 0 && len(sets) > 0 {
			faults = strangers(text.Name, read, editions)
		}
	}
	if err := calendar.BankHolidays().Check(today); err != nil {
		warnings = append(warnings, Fault{File: "bank-holidays.txt", Line: 1, Column: 1, Text: err.Error()})
	}
	for _, e := range editions {
		warnings = append(warnings, e.warnings(today)...)
	}
	return inOrder(faults), inOrder(warnings)
}

// apart parts the sets of rules from the files of practices.
func apart(texts []Text) (sets, practices []Text) {
	for _, text := range texts {
		if path.Base(text.Name) == practiceName {
			practices = append(practices, text)
		} else {
			sets = append(sets, text)
		}
	}
	return sets, practices
}

func (e edition) warnings(today calendar.Date) []Fault {
	var list []Fault
	warn := func(at place, format string, args ...any) {
		list = append(list, Fault{File: e.file, Line: at.line, Column: at.column, Text: fmt.Sprintf(format, args...)})
	}
	rules, unconfirmed := e.policy.Provenances(), 0
	for _, rule := range rules {
		if !rule.Confirmed {
			unconfirmed++
		}
	}
	if unconfirmed > 0 {
		warn(place{1, 1}, "%d of %d rules are readings that no published text confirms", unconfirmed, len(rules))
	}
	if until := e.policy.ValidUntil; !until.IsZero() && until.Before(today.AddMonths(12)) && !until.Before(today) {
		warn(e.until, "these rules end on %s; add the next version", until)
	}
	return list
}

// parseAll reads rule files, several at once, and checks them against one another.
func parseAll(texts []Text) ([]edition, []Fault) {
	editions := make([]edition, len(texts))
	found := make([][]Fault, len(texts))
	var group sync.WaitGroup
	for i, text := range texts {
		group.Go(func() { editions[i], found[i] = parse(text.Name, text.Text) })
	}
	group.Wait()
	faults := slices.Concat(found...)
	if len(faults) > 0 {
		return nil, faults
	}
	for _, e := range editions {
		if want := e.policy.Version + ".yaml"; path.Base(e.file) != want {
			faults = append(faults, Fault{File: e.file, Line: 1, Column: 1, Text: fmt.Sprintf("the file is named after its version: call it %s", want)})
		}
	}
	return editions, append(append(faults, chain(editions)...), drawnTwice(editions)...)
}

// chain demands that the versions of each set follow one another without an overlap and without a day between them.
// Each fault stands at the later version and names the earlier.
func chain(editions []edition) []Fault {
	var faults []Fault
	sorted := slices.Clone(editions)
	slices.SortStableFunc(sorted, func(a, b edition) int { return inTime(a.policy, b.policy) })
	for i, next := range sorted {
		if j := slices.IndexFunc(sorted[:i], func(e edition) bool { return e.policy.Version == next.policy.Version }); j >= 0 {
			faults = append(faults, next.against(sorted[j], "policy %s is in the book twice", next.policy.Version))
			continue
		}
		if i == 0 || sorted[i-1].policy.Set != next.policy.Set {
			continue
		}
		if text := rift(sorted[i-1].policy, next.policy); text != "" {
			faults = append(faults, next.against(sorted[i-1], "%s", text))
		}
	}
	return faults
}

// rift says what is wrong between two versions that follow one another, empty if nothing is.
func rift(before, after policy.Policy) string {
	begins := after.ValidFrom
	switch {
	case before.ValidUntil.IsZero() || !before.ValidUntil.Before(begins):
		until := "has no last day"
		if !before.ValidUntil.IsZero() {
			until = "decides until " + before.ValidUntil.String()
		}
		return fmt.Sprintf("%s begins on %s, and %s %s: end that one with validUntil: %s", after.Version, begins, before.Version, until, begins.AddDays(-1))
	case before.ValidUntil.AddDays(1) != begins:
		return fmt.Sprintf("between %s, which ends on %s, and %s, which begins on %s, no rules decide: move one of the days", before.Version, before.ValidUntil, after.Version, begins)
	}
	return ""
}

// against makes a fault at the first day of an edition that names where another one ends.
func (e edition) against(other edition, format string, args ...any) Fault {
	at := other.from
	if other.until.line > 0 && !other.policy.ValidUntil.IsZero() {
		at = other.until
	}
	text := fmt.Sprintf(format, args...)
	if at.line > 0 {
		text += fmt.Sprintf(" (%s:%d)", other.file, at.line)
	}
	return Fault{File: e.file, Line: e.from.line, Column: e.from.column, Text: text}
}

// drawnTwice demands that the road map of a family stands in one set.
func drawnTwice(editions []edition) []Fault {
	var faults []Fault
	sets := map[string]edition{}
	for _, e := range editions {
		for _, m := range e.policy.RoadMaps {
			other, drawn := sets[m.Family]
			if drawn && other.policy.Set != e.policy.Set {
				faults = append(faults, e.against(other, "the road map %s is also drawn by set %s; leave one", m.Family, other.policy.Set))
			}
			sets[m.Family] = e
		}
	}
	return faults
}
