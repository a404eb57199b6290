// Package recourse_test holds the rules of the house: who may import whom, where the clock may be read, how
// long a file may be. Each rule is a function from a source to the sentences that say what is wrong with it
// and what to do; TestEveryRuleFindsWhatItForbids shows that none of them is blind.
package recourse_test

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the product's import path.
const module = "github.com/recourse-exams/recourse"

// source is one Go file of the repository.
type source struct {
	// name is the path from the root, with slashes.
	name  string
	text  []byte
	set   *token.FileSet
	file  *ast.File
	lines int
}

// folder is the package's folder; the root is ".".
func (s source) folder() string { return path.Dir(s.name) }

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// kit reports whether the file belongs to a package that only tests import, such as store/storetest.
func (s source) kit() bool {
	for part := range strings.SplitSeq(s.folder(), "/") {
		if strings.HasSuffix(part, "test") && part != "test" {
			return true
		}
	}
	return false
}

func (s source) generated() bool { return ast.IsGenerated(s.file) }

// at says where a node stands, as editors understand it.
func (s source) at(node ast.Node) string {
	position := s.set.Position(node.Pos())
	position.Filename = s.name
	position.Column = 0
	return position.String()
}

// parse reads one Go file; a file that does not parse is the compiler's business, not the house's.
func parse(name string, text []byte) (source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{name: name, text: text, set: set, file: file, lines: countLines(text)}, nil
}

// countLines counts the lines that hold something.
func countLines(text []byte) int {
	lines := 0
	for scanner := bufio.NewScanner(bytes.NewReader(text)); scanner.Scan(); {
		if len(bytes.TrimSpace(scanner.Bytes())) > 0 {
			lines++
		}
	}
	return lines
}

// outside are folders that hold nothing of ours: state, tools, builds, other people's packages.
var outside = []string{".git", ".local", ".tools", "bin", "node_modules"}

// files are the names of all files of the repository.
var files = sync.OnceValues(func() ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(outside, entry.Name()):
			return fs.SkipDir
		case entry.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	return names, err
})

var sources = sync.OnceValues(func() ([]source, error) {
	names, err := files()
	if err != nil {
		return nil, err
	}
	var all []source
	for _, name := range names {
		if path.Ext(name) != ".go" {
			continue
		}
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			return nil, err
		}
		src, err := parse(name, text)
		if err != nil {
			return nil, err
		}
		all = append(all, src)
	}
	return all, nil
})

// rule says in sentences what is wrong with a source; nil means nothing.
type rule func(source) []string

// keeps checks every hand-written source against the rule.
func keeps(t *testing.T, check rule) {
	t.Helper()
	all, err := sources()
	require.NoError(t, err)
	var faults []string
	for _, src := range all {
		if !src.generated() {
			faults = append(faults, check(src)...)
		}
	}
	report(t, faults)
}

// report fails the test with one line for each fault.
func report(t *testing.T, faults []string) {
	t.Helper()
	require.Empty(t, strings.Join(faults, "\n"), "%d fault(s); each line says what to do", len(faults))
}

func TestTheHouseIsKept(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]rule{
		"imports go the way of the architecture":    wrongImports,
		"test kits stay out of the product":         kitsInProduct,
		"only the wiring reads the wall clock":      wallClock,
		"SQL never reads the database's clock":      databaseClock,
		"the domain starts no goroutine":            goroutines,
		"a file has at most 400 lines":              longFile,
		"a function has at most 70 lines":           longFunction,
		"every exported name is documented":         undocumented,
		"names say what is in a package or file":    emptyNames,
		"nothing is left to be done in a comment":   leftToDo,
		"tests stand outside the package they test": insidePackage,
		"no test sleeps":                            sleepingTest,
		"the product ends only where it is started": exits,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keeps(t, check)
		})
	}
}
