package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework/register"
)

// Problem is one thing that is wrong with a file of the folder.
type Problem struct {
	File string
	// Line and Column count from 1 and point at the first character of the field, as editors count; both are 0
	// if the whole file is at fault. Column counts bytes.
	Line   int
	Column int
	Detail string
}

// String writes the problem as "results.csv:14:22: mark 92 is above the component's maximum of 80".
func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Detail)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Detail)
}

// Problems is the error of an import that imported nothing: the folder's faults, in the order of files and lines.
type Problems []Problem

// Error writes one problem a line.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p)+1)
	lines = append(lines, fmt.Sprintf("%s, nothing was imported:", counted(len(p), "problem")))
	for _, problem := range p {
		lines = append(lines, problem.String())
	}
	return strings.Join(lines, "\n")
}

// fileOf names the file that holds a noun's rows.
func fileOf(noun register.Noun) string { return string(noun) + ".csv" }

func sortProblems(problems []Problem) {
	var order []string
	for _, noun := range register.Nouns() {
		order = append(order, fileOf(noun))
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.File), slices.Index(order, b.File)),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
}

// counted writes "1 problem" or "3 problems".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
