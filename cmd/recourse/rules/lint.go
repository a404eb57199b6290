package rules

import (
	"fmt"
	"io"
	"os"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/rulebook"
)

// LintCommand checks rule files.
type LintCommand struct {
	Files []string `arg:"" optional:"" help:"Rule files, checked together; without any, those that are compiled in." type:"path"`
}

// Run writes every fault and every warning as file:line:column and returns a DifferenceError if there is a fault. It refuses
// a file that it cannot read with a *RefusalError.
func (c LintCommand) Run(out io.Writer, now Now) error {
	texts := make([]rulebook.Text, len(c.Files))
	for i, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return Refuse("read the rule file: %v", err)
		}
		texts[i] = rulebook.Text{Name: name, Text: text}
	}
	faults, warnings := rulebook.Lint(calendar.DateOf(now()), texts...)
	for _, warning := range warnings {
		fmt.Fprintf(out, "%s (warning)\n", warning)
	}
	for _, fault := range faults {
		fmt.Fprintln(out, fault)
	}
	if len(faults) > 0 {
		return DifferenceError{}
	}
	return nil
}
