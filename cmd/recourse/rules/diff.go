package rules

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// DiffCommand compares two versions of rules.
type DiffCommand struct {
	Old string `arg:"" help:"A version, such as cambria-2026.1, or a rule file."`
	New string `arg:"" help:"The version or rule file that would come after it."`
}

// Run writes what changed, was added and was removed, rule by rule, and returns a DifferenceError if anything was. It refuses
// what is neither a version nor a file with a *RefusalError.
func (c DiffCommand) Run(out io.Writer, load Load) error {
	book, err := load()
	if err != nil {
		return err
	}
	before, err := edition(book, c.Old)
	if err != nil {
		return err
	}
	after, err := edition(book, c.New)
	if err != nil {
		return err
	}
	changes := compare(statementsOf(before), statementsOf(after))
	for _, change := range changes {
		fmt.Fprintln(out, change)
	}
	if len(changes) > 0 {
		return DifferenceError{}
	}
	_, err = fmt.Fprintf(out, "%s and %s say the same.\n", c.Old, c.New)
	return err
}

// edition finds a version in the rulebook, or reads it from a file.
func edition(book *rulebook.Book, name string) (policy.Policy, error) {
	if p, err := book.Policy(name); err == nil {
		return p, nil
	}
	text, err := os.ReadFile(name) //nolint:gosec // the operator names the file to be read
	switch {
	case errors.Is(err, fs.ErrNotExist) && filepath.Ext(name) == "":
		return policy.Policy{}, Refuse("there is neither a version nor a file %q; the versions are %s", name, list(versionsOf(book)))
	case err != nil:
		return policy.Policy{}, Refuse("read the rule file: %v", err)
	}
	p, err := rulebook.Parse(filepath.Base(name), text)
	if err != nil {
		return policy.Policy{}, Refuse("the rule file has faults:\n%v", err)
	}
	return p, nil
}

func versionsOf(book *rulebook.Book) []string {
	var names []string
	for _, set := range book.Sets() {
		for _, p := range book.Versions(set) {
			names = append(names, p.Version)
		}
	}
	return names
}

// compare writes what became of each rule of before, in its order, and then what after adds.
func compare(before, after []statement) []string {
	var changes []string
	for _, old := range before {
		now, ok := find(after, old)
		switch {
		case !ok:
			changes = append(changes, fmt.Sprintf("Removed: %s: %s", old.name(), old.words))
		case now != old:
			changes = append(changes, fmt.Sprintf("Changed: %s: %s", old.name(), difference(old, now)))
		}
	}
	for _, now := range after {
		if _, ok := find(before, now); !ok {
			changes = append(changes, fmt.Sprintf("Added: %s: %s", now.name(), now.words))
		}
	}
	return changes
}

// find looks for the rule of the same name.
func find(rules []statement, wanted statement) (statement, bool) {
	for _, s := range rules {
		if s.service == wanted.service && s.rule == wanted.rule {
			return s, true
		}
	}
	return statement{}, false
}

// difference says what of a rule changed: its words, or only where it comes from.
func difference(old, now statement) string {
	if old.words != now.words {
		return fmt.Sprintf("was %s; is now %s", old.words, now.words)
	}
	return fmt.Sprintf("stays %s; came from %s; comes now from %s", old.words, old.provenance(), now.provenance())
}
