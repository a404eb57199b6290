package register

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with one row of a Set.
type Fault struct {
	// Noun and Index name the row: Index counts from 0 in the Set's slice of that noun.
	Noun  Noun
	Index int
	// Field names the column at fault, as docs/import.md spells it.
	Field string
	// Detail says what is wrong, with the values of the row in it, without a full stop.
	Detail string
	// Needs lists the other nouns that were consulted: if one of them is incomplete, the fault may be untrue.
	Needs []Noun
}

// Error writes the fault as "results row 13, mark: mark 92 is above …", counting rows from 1.
func (f Fault) Error() string {
	return fmt.Sprintf("%s row %d, %s: %s", f.Noun, f.Index+1, f.Field, f.Detail)
}

// TouchedError says that an import would change results on which a case already rests.
type TouchedError struct {
	// Results lists the results in the order of their keys.
	Results []ResultKey
}

// Error names the first results and counts the others.
func (e *TouchedError) Error() string {
	const shown = 3
	var names []string
	for _, key := range e.Results[:min(shown, len(e.Results))] {
		names = append(names, key.String())
	}
	more := ""
	if len(e.Results) > shown {
		more = fmt.Sprintf(" and %d more", len(e.Results)-shown)
	}
	return fmt.Sprintf("a case already rests on the result of %s%s; a result under enquiry is changed by its case only", strings.Join(names, ", "), more)
}

// String names a result as "64101/1001 in GM-1 (demo)".
func (k ResultKey) String() string {
	return fmt.Sprintf("%s/%s in %s (%s)", k.Centre, k.Candidate, k.Component, k.Series)
}

// String names a cohort as "centre 64101 in DM-2 (demo)".
func (k CohortKey) String() string {
	return fmt.Sprintf("centre %s in %s (%s)", k.Centre, k.Component, k.Series)
}

// sortFaults orders faults by noun, row and the order in which they were found.
func sortFaults(faults []Fault) {
	order := Nouns()
	slices.SortStableFunc(faults, func(a, b Fault) int {
		if c := cmp.Compare(slices.Index(order, a.Noun), slices.Index(order, b.Noun)); c != 0 {
			return c
		}
		return cmp.Compare(a.Index, b.Index)
	})
}
