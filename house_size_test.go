package recourse_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

const (
	mostFileLines     = 400
	mostFunctionLines = 70
)

func longFile(src source) []string {
	lines := strings.Count(string(src.text), "\n")
	if lines <= mostFileLines {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d lines, %d are allowed: split it by noun", src.name, lines, mostFileLines)}
}

// longFunction leaves tests out: a table of cases is long and easy to read.
func longFunction(src source) []string {
	if src.test() {
		return nil
	}
	var faults []string
	for _, declaration := range src.file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		lines := src.set.Position(function.End()).Line - src.set.Position(function.Pos()).Line + 1
		if lines > mostFunctionLines {
			faults = append(faults, fmt.Sprintf("%s: %s has %d lines, %d are allowed: give its steps names of their own", src.at(function), function.Name.Name, lines, mostFunctionLines))
		}
	}
	return faults
}

func undocumented(src source) []string {
	if src.test() || src.file.Name.Name == "main" {
		return nil
	}
	var faults []string
	complain := func(name *ast.Ident) {
		faults = append(faults, fmt.Sprintf("%s: %s is exported and says nothing about itself: say what it is, its units and zone, its errors", src.at(name), name.Name))
	}
	for _, declaration := range src.file.Decls {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			if declaration.Doc == nil && declaration.Name.IsExported() && !wellKnown(declaration) && !unexportedReceiver(declaration) {
				complain(declaration.Name)
			}
		case *ast.GenDecl:
			for _, name := range undocumentedNames(declaration) {
				complain(name)
			}
		}
	}
	return faults
}

// wellKnown reports whether the function is a method that means the same everywhere.
func wellKnown(function *ast.FuncDecl) bool {
	return function.Recv != nil && slices.Contains([]string{"Error", "Unwrap", "String", "ServeHTTP"}, function.Name.Name)
}

// unexportedReceiver reports whether the function is a method of a type that other packages cannot name.
func unexportedReceiver(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return false
	}
	unexported := false
	ast.Inspect(function.Recv.List[0].Type, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			unexported = !name.IsExported()
			return false
		}
		return true
	})
	return unexported
}

// undocumentedNames returns the exported names of a group that neither their own comment, nor the group's, nor
// that of a name above them explains.
func undocumentedNames(group *ast.GenDecl) []*ast.Ident {
	if group.Doc != nil {
		return nil
	}
	above := ""
	var bare []*ast.Ident
	for _, spec := range group.Specs {
		names, doc, comment := specParts(spec)
		if doc != nil {
			above = doc.Text()
		}
		for _, name := range names {
			if name.IsExported() && doc == nil && comment == nil && !strings.Contains(above, name.Name) {
				bare = append(bare, name)
			}
		}
	}
	return bare
}

func specParts(spec ast.Spec) (names []*ast.Ident, doc, comment *ast.CommentGroup) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{spec.Name}, spec.Doc, spec.Comment
	case *ast.ValueSpec:
		return spec.Names, spec.Doc, spec.Comment
	}
	return nil, nil, nil
}

// empty are words that say nothing about what a package or file holds.
var empty = []string{"util", "utils", "helper", "helpers", "manager", "common", "misc", "base", "impl", "shared"}

func emptyNames(src source) []string {
	var faults []string
	words := strings.FieldsFunc(strings.TrimSuffix(src.name, ".go"), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		if slices.Contains(empty, word) {
			faults = append(faults, fmt.Sprintf("%s: %q says nothing: name the file or package after the noun it holds", src.name, word))
		}
	}
	return faults
}

// undone matches the marks of unfinished work, put together so that this file does not match itself.
var undone = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)

func leftToDo(src source) []string {
	var faults []string
	for _, group := range src.file.Comments {
		for _, comment := range group.List {
			if mark := undone.FindString(comment.Text); mark != "" {
				faults = append(faults, fmt.Sprintf("%s: %s: do it, or open an issue and leave the comment out", src.at(comment), mark))
			}
		}
	}
	return faults
}

// wholeSystem holds tests only, so there is no package outside of which they could stand.
const wholeSystem = localStack + "/e2e"

// insidePackage allows export_test.go, the door through which a white-box test is let in.
func insidePackage(src source) []string {
	if !src.test() || strings.HasSuffix(src.file.Name.Name, "_test") || path.Base(src.name) == "export_test.go" || src.folder() == wholeSystem {
		return nil
	}
	return []string{fmt.Sprintf("%s: package %s: a test stands outside: package %s_test", src.name, src.file.Name.Name, src.file.Name.Name)}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	all, err := sources()
	require.NoError(t, err)
	described := map[string]bool{}
	for _, src := range all {
		if src.test() {
			continue
		}
		kept := described[src.folder()]
		described[src.folder()] = kept || src.file.Doc != nil && src.file.Doc.Pos() != token.NoPos
	}
	var faults []string
	for _, folder := range slices.Sorted(maps.Keys(described)) {
		if !described[folder] {
			faults = append(faults, folder+": no file has a package comment: say in one or two sentences what the package is")
		}
	}
	report(t, faults)
}

func TestThereIsAtLeastAsMuchTestAsCode(t *testing.T) {
	t.Parallel()
	all, err := sources()
	require.NoError(t, err)
	code, tests := map[string]int{}, map[string]int{}
	for _, src := range all {
		switch {
		case src.generated(), src.folder() == ".": // the rules of the house test no code
		case src.test() || src.kit():
			tests[src.folder()] += src.lines
		default:
			code[src.folder()] += src.lines
		}
	}
	codeInAll, testsInAll := 0, 0
	for _, folder := range slices.Sorted(maps.Keys(code)) {
		t.Logf("%-28s %6d lines of code %6d of tests", folder, code[folder], tests[folder])
		codeInAll += code[folder]
	}
	for _, lines := range tests {
		testsInAll += lines
	}
	t.Logf("%-28s %6d lines of code %6d of tests", "all", codeInAll, testsInAll)
	require.GreaterOrEqual(t, testsInAll, codeInAll, "fewer lines of tests than of code; run with -v to see which package lacks them")
}
