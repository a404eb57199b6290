package rulebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a rule file.
type Fault struct {
	File string
	// Line and Column count from 1.
	Line   int
	Column int
	// Text says what is wrong and what to write instead.
	Text string
}

// String writes the fault as compilers do: "cambria-2026.1.yaml:14:5: …".
func (f Fault) String() string { return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text) }

// FileError is everything that is wrong with one or several rule files; it is the error of Parse and of Load.
type FileError struct {
	// Faults has at least one entry; they come by file, line and column.
	Faults []Fault
}

// Error implements error with one line for each fault.
func (e *FileError) Error() string {
	lines := make([]string, 0, len(e.Faults))
	for _, fault := range e.Faults {
		lines = append(lines, fault.String())
	}
	return strings.Join(lines, "\n")
}

// inOrder sorts faults by file, line and column.
func inOrder(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return faults
}

// place is where something stands in a rule file, both counted from 1.
type place struct{ line, column int }
