// Package rulebook holds the rules of awarding bodies as dated data files and answers questions about cases by
// the policy version that each is pinned to.
package rulebook

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

//go:embed sets/*.yaml
var published embed.FS

// Book holds every published policy. It is read-only and safe for concurrent use.
type Book struct {
	// policies are in the order of their sets and, within one, of their first days.
	policies []policy.Policy
	// office is how the bodies work.
	office office
}

// Load reads the rule files that are compiled in. The error is a *FileError, which names the file, line and column of
// every fault of every file; nothing is loaded if there is any.
func Load() (*Book, error) {
	texts, err := compiledIn()
	if err != nil {
		return nil, err
	}
	editions, faults := parseAll(texts)
	practices, more := parsePractice(practiceName, practiceText)
	faults = append(faults, more...)
	if len(faults) == 0 {
		faults = strangers(practiceName, practices, editions)
	}
	if len(faults) > 0 {
		return nil, &FileError{inOrder(faults)}
	}
	return bookOf(editions, practices), nil
}

// compiledIn returns the published rule files.
func compiledIn() ([]Text, error) {
	names, err := fs.Glob(published, "sets/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the rule files: %w", err)
	}
	var texts []Text
	for _, name := range names {
		text, err := published.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read rule file %s: %w", name, err)
		}
		texts = append(texts, Text{Name: name, Text: text})
	}
	return texts, nil
}

// New makes a book of policies that were read one by one. It refuses two of one version, and versions of one set that
// overlap or leave days between them without rules. Their bodies work as the compiled-in practices say.
func New(policies ...policy.Policy) (*Book, error) {
	editions := make([]edition, len(policies))
	for i, p := range policies {
		editions[i] = edition{file: p.Version, policy: p}
	}
	if faults := chain(editions); len(faults) > 0 {
		return nil, fmt.Errorf("make a rulebook: %s", faults[0].Text)
	}
	practices, faults := parsePractice(practiceName, practiceText)
	if len(faults) > 0 {
		return nil, &FileError{inOrder(faults)}
	}
	return bookOf(editions, practices), nil
}

func bookOf(editions []edition, practices office) *Book {
	book := &Book{office: practices}
	for _, e := range editions {
		book.policies = append(book.policies, e.policy)
	}
	slices.SortFunc(book.policies, func(a, b policy.Policy) int { return inTime(a, b) })
	return book
}

// inTime orders policies by set and first day.
func inTime(a, b policy.Policy) int {
	switch {
	case a.Set != b.Set:
		return strings.Compare(a.Set, b.Set)
	case a.ValidFrom.Before(b.ValidFrom):
		return -1
	case b.ValidFrom.Before(a.ValidFrom):
		return 1
	default:
		return 0
	}
}

// Sets lists the names of the sets in alphabetical order.
func (b *Book) Sets() []string {
	var sets []string
	for _, p := range b.policies {
		if !slices.Contains(sets, p.Set) {
			sets = append(sets, p.Set)
		}
	}
	return sets
}

// Versions returns the versions of a set, the earliest first; none if there is no such set.
func (b *Book) Versions(set string) []policy.Policy {
	var versions []policy.Policy
	for _, p := range b.policies {
		if p.Set == set {
			versions = append(versions, p)
		}
	}
	return versions
}

// Policy returns one version of the rules. It is an error if the book does not hold it.
func (b *Book) Policy(version string) (policy.Policy, error) {
	for _, p := range b.policies {
		if p.Version == version {
			return p, nil
		}
	}
	return policy.Policy{}, fmt.Errorf("the rulebook has no policy %q", version)
}

// InForce returns the set's version that decides a request received at an instant; ok is false if none does.
func (b *Book) InForce(set string, received time.Time) (p policy.Policy, ok bool) {
	day := calendar.DateOf(received)
	for _, p := range b.policies {
		if p.Set == set && p.Decides(day) {
			return p, true
		}
	}
	return policy.Policy{}, false
}

// ForSeries returns the set's version that decides on the day on which the results of a series are published, or, if
// that day is not published, the last one that lists the series; ok is false if none lists it.
func (b *Book) ForSeries(set, series string) (p policy.Policy, ok bool) {
	for _, candidate := range b.Versions(set) {
		s, listed := candidate.In(series)
		if !listed {
			continue
		}
		if candidate.Decides(firstDay(s)) {
			return candidate, true
		}
		p, ok = candidate, true
	}
	return p, ok
}

// RoadMap returns the road map of a family of qualifications and the newest policy that draws it; ok is false if none
// does.
func (b *Book) RoadMap(family string) (m policy.RoadMap, p policy.Policy, ok bool) {
	for _, candidate := range b.policies {
		for _, drawn := range candidate.RoadMaps {
			if drawn.Family == family {
				m, p, ok = drawn, candidate, true
			}
		}
	}
	return m, p, ok
}
