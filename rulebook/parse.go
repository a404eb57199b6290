package rulebook

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/recourse-exams/recourse/casework/policy"
)

// maxFileBytes is far above any rule file; a larger text is a mistake.
const maxFileBytes = 1 << 20

// Fault is one thing that is wrong with a rule file.
type Fault struct {
	File string
	// Line and Column count from 1.
	Line   int
	Column int
	Text   string
}

// String writes the fault as compilers do: "cambria-2026.yaml:14:5: …".
func (f Fault) String() string { return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text) }

// FileError is everything that is wrong with a rule file; it is the error of Parse.
type FileError struct {
	// Faults has at least one entry.
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

// Parse reads a rule file. It is strict: a key that it does not know, a value of the wrong type, a rule without
// its clause and source or a code that is spelled out nowhere is a fault. The error is a *FileError, which holds
// every fault of meaning at once, in the order of the file, or the first of form.
func Parse(name string, text []byte) (policy.Policy, error) {
	if len(text) > maxFileBytes {
		return policy.Policy{}, &FileError{[]Fault{{File: name, Line: 1, Column: 1, Text: fmt.Sprintf("a rule file has at most %d bytes; this has %d", maxFileBytes, len(text))}}}
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return policy.Policy{}, &FileError{[]Fault{formFault(name, err)}}
	}
	if len(tree.Docs) != 1 || !isMapping(tree.Docs[0].Body) {
		return policy.Policy{}, &FileError{[]Fault{{File: name, Line: 1, Column: 1, Text: "a rule file is one document of keys and values"}}}
	}
	var file policyFile
	if err := yaml.NodeToValue(tree.Docs[0].Body, &file, yaml.Strict()); err != nil {
		return policy.Policy{}, &FileError{[]Fault{formFault(name, err)}}
	}
	check := &check{name: name, tree: tree, file: file}
	p := check.policy()
	if len(check.faults) > 0 {
		slices.SortStableFunc(check.faults, func(a, b Fault) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return policy.Policy{}, &FileError{check.faults}
	}
	return p, nil
}

func isMapping(node ast.Node) bool {
	return node != nil && (node.Type() == ast.MappingType || node.Type() == ast.MappingValueType)
}

// formFault tells where the YAML library stopped, without its excerpt of the source. Errors of our own types
// (a date, a time of day) carry no position; they quote the value.
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
	var mismatch *yaml.TypeError
	if errors.As(err, &mismatch) && mismatch.DstType != nil {
		fault.Text = "expected " + kindName(mismatch.DstType.Kind()) + " here"
	}
	return fault
}

// kindName says in a rule writer's words what a key takes.
func kindName(kind reflect.Kind) string {
	switch kind {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	default:
		return "keys and values"
	}
}
