package rulebook

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// A rule file is far below these bounds. They stand before the YAML library, whose time grows with the square of both.
const (
	maxFileBytes = 1 << 17
	maxNesting   = 16
)

// codeShape is how sets, sources, fees and codes are written.
var codeShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Parse reads a rule file. It is strict: a key that it does not know, a value of the wrong type, a rule without its
// clause, its source or whether that source confirms it, a name that means nothing, and every rule that contradicts
// another of the file is a fault. The error is a *FileError, which holds every fault at once, in the order of the
// file; only a text that is no YAML gives the first alone.
func Parse(name string, text []byte) (policy.Policy, error) {
	edition, faults := parse(name, text)
	if len(faults) > 0 {
		return policy.Policy{}, &FileError{inOrder(faults)}
	}
	return edition.policy, nil
}

// edition is a policy with the places of its file that other files may contradict.
type edition struct {
	file        string
	policy      policy.Policy
	from, until place
}

func parse(name string, text []byte) (edition, []Fault) {
	f := &file{name: name, sources: map[string]string{}, spelled: map[string]bool{}, services: map[casework.Service]place{}}
	if len(text) > maxFileBytes {
		f.fault(place{1, 1}, "a rule file has at most %d bytes; this has %d", maxFileBytes, len(text))
		return edition{}, f.faults
	}
	if at, deep := tooDeep(text); deep {
		f.fault(at, "brackets stand in one another more than %d deep; a rule file needs no more than four", maxNesting)
		return edition{}, f.faults
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return edition{}, []Fault{formFault(name, err)}
	}
	if len(tree.Docs) != 1 || !isMapping(tree.Docs[0].Body) {
		f.fault(place{1, 1}, "a rule file is one document of keys and values")
		return edition{}, f.faults
	}
	if root, ok := f.table("the file", tree.Docs[0].Body); ok {
		f.read(root)
	}
	if len(f.faults) == 0 {
		f.checkCalendar()
	}
	return f.edition, f.faults
}

// tooDeep finds the bracket that opens one level too many. Brackets in texts count too, which no text needs so many of.
func tooDeep(text []byte) (at place, deep bool) {
	at, depth := place{1, 0}, 0
	for _, c := range text {
		at.column++
		switch c {
		case '\n':
			at = place{at.line + 1, 0}
		case '[', '{':
			if depth++; depth > maxNesting {
				return at, true
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return place{}, false
}

func isMapping(node ast.Node) bool {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// formFault tells where the YAML library stopped, without its excerpt of the source.
func formFault(name string, err error) Fault {
	fault := Fault{File: name, Line: 1, Column: 1, Text: err.Error()}
	var located yaml.Error
	if !errors.As(err, &located) {
		return fault
	}
	fault.Text = located.GetMessage()
	if token := located.GetToken(); token != nil && token.Position != nil {
		fault.Line, fault.Column = token.Position.Line, token.Position.Column
	}
	return fault
}

// file is one rule file while it is read.
type file struct {
	name    string
	faults  []Fault
	edition edition
	// sources finds the title of a source by its id.
	sources map[string]string
	// spelled holds every code of a wording.
	spelled map[string]bool
	// later holds the checks of what one rule says of another; they run when all rules are read.
	later []func(p policy.Policy)
	// services and series are where each one stands, in the order of the policy's.
	services map[casework.Service]place
	series   []place
}

// fault records what is wrong at a place.
func (f *file) fault(at place, format string, args ...any) {
	f.faults = append(f.faults, Fault{File: f.name, Line: at.line, Column: at.column, Text: fmt.Sprintf(format, args...)})
}

// once a rule file is read, check is called with the whole policy.
func (f *file) once(check func(p policy.Policy)) { f.later = append(f.later, check) }

// source finds the title of a source.
func (f *file) source(id string) (title string, known bool) {
	title, known = f.sources[id]
	return title, known
}
