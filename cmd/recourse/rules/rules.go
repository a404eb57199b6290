// Package rules is the command "recourse rules": it lists, shows, explains, checks and compares the rules of the
// awarding bodies. It needs no server, no database and no configuration, because the rules are compiled in.
package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/rulebook"
)

// Command is the command line below "rules". Its commands write to the io.Writer, take the rules from the Load and
// the time from the Now that are bound to them; they write nothing if they refuse.
type Command struct {
	List    ListCommand    `cmd:"" help:"List the sets of rules with their versions."`
	Show    ShowCommand    `cmd:"" help:"Show the rules of one set, each with its clause and source."`
	Explain ExplainCommand `cmd:"" help:"Compute one deadline and explain it day by day."`
	Lint    LintCommand    `cmd:"" help:"Check the rules that are compiled in, or rule files; exit 1 if one has a fault."`
	Diff    DiffCommand    `cmd:"" help:"Compare two versions or rule files rule by rule; exit 1 if they differ."`
}

// Load reads the rulebook, as rulebook.Load does.
type Load func() (*rulebook.Book, error)

// Now tells the time. Only the check of how far the calendar reaches asks for it.
type Now func() time.Time

// refused is the status with which the process ends when the question cannot be answered as it was put.
const refused = 2

// RefusalError is a sentence about what is wrong with the command line and what may stand there.
type RefusalError struct{ sentence string }

// Refuse returns the refusal that a sentence gives; it is that of the command line's own reader too.
func Refuse(format string, args ...any) *RefusalError {
	return &RefusalError{sentence: fmt.Sprintf(format, args...)}
}

func (r *RefusalError) Error() string { return r.sentence }

// ExitCode is the status of the process.
func (*RefusalError) ExitCode() int { return refused }

// DifferenceError ends the process with status 1 and without a word more: everything was written already.
type DifferenceError struct{}

func (DifferenceError) Error() string { return "" }

// ExitCode is the status of the process.
func (DifferenceError) ExitCode() int { return 1 }

// oneOf demands a name of a list, which the refusal then gives. where is the flag or the command that asks for it.
func oneOf[T ~string](where, given, noun, nouns string, names []T) (T, error) {
	switch {
	case slices.Contains(names, T(given)):
		return T(given), nil
	case len(names) == 0:
		return "", Refuse("%s: there are no %s", where, nouns)
	case given == "":
		return "", Refuse("%s is missing; the %s are %s", where, nouns, list(names))
	}
	return "", Refuse("%s: there is no %s %q; the %s are %s", where, noun, given, nouns, list(names))
}

// list writes names for people, such as "a, b and c".
func list[T ~string](names []T) string {
	if len(names) < 2 {
		return join(names, ", ")
	}
	return join(names[:len(names)-1], ", ") + " and " + string(names[len(names)-1])
}

func join[T ~string](names []T, between string) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, between)
}
