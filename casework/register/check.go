package register

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Check returns everything that is wrong inside a set, in the order of Nouns and rows; nil means that every row
// is well-formed, every name that a row uses exists, and marks, totals and grades agree. A set is complete in itself:
// the one thing outside it that a row may name is a set of rules, of which ruleSets lists those that exist.
func Check(set Set, ruleSets []string) []Fault {
	c := &checker{set: set, ruleSets: ruleSets, index: newIndex(set)}
	c.checkBodies()
	c.checkCentres()
	c.checkContacts()
	c.checkQualifications()
	c.checkComponents()
	c.checkSeries()
	c.checkKeyDates()
	c.checkBoundaries()
	c.checkItems()
	c.checkCandidates()
	c.checkEntries()
	c.checkResults()
	c.checkItemMarks()
	c.checkAwards()
	c.checkPerformers()
	c.checkConflicts()
	c.checkAbsences()
	c.checkApprovers()
	c.checkPapers()
	c.checkScripts()
	c.checkModerations()
	sortFaults(c.faults)
	return c.faults
}

type checker struct {
	set      Set
	ruleSets []string
	index    *index
	faults   []Fault
}

// row is the row under examination; its methods record what is wrong with it.
type row struct {
	checker *checker
	noun    Noun
	index   int
}

func (c *checker) row(noun Noun, index int) row { return row{c, noun, index} }

// fault records a fault that the row alone shows.
func (r row) fault(field, format string, args ...any) {
	r.faultBy(nil, field, format, args...)
}

// faultBy records a fault that shows only beside the rows of other nouns.
func (r row) faultBy(needs []Noun, field, format string, args ...any) {
	r.checker.faults = append(r.checker.faults, Fault{Noun: r.noun, Index: r.index, Field: field, Detail: fmt.Sprintf(format, args...), Needs: needs})
}

// unique records a fault if the row is not the first one with its key.
func unique[K comparable](r row, first map[K]int, key K, field, name string) {
	if at := first[key]; at != r.index {
		r.fault(field, "%s is given twice, first in row %d", name, at+1)
	}
}

// known records a fault if nothing of the other noun has the key.
func known[K comparable](r row, rows map[K]int, key K, other Noun, field, name string) bool {
	if _, ok := rows[key]; ok {
		return true
	}
	r.faultBy([]Noun{other}, field, "%s is not in %s", name, other)
	return false
}

// code is what an id may look like: it stands in addresses and in file keys.
var code = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

func (r row) checkCode(field, id string) {
	if !code.MatchString(id) {
		r.fault(field, "%q is not a code of up to 40 letters, digits, dots, dashes and underscores", id)
	}
}

func (r row) checkFilled(field, text string) {
	if strings.TrimSpace(text) == "" {
		r.fault(field, "%s is empty", field)
	}
}

func (r row) checkEmail(field, address string) {
	name, host, ok := strings.Cut(address, "@")
	labels := strings.Split(host, ".")
	strange := func(c rune) bool {
		return unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune(`,;:<>()[]"\`, c)
	}
	if !ok || name == "" || len(labels) < 2 || slices.Contains(labels, "") || strings.Contains(host, "@") || strings.ContainsFunc(address, strange) {
		r.fault(field, "%q is not a mail address", address)
	}
}

func (r row) checkOneOf(field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		r.fault(field, "%q is not one of %s", value, strings.Join(allowed, ", "))
	}
}
