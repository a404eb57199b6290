package recourse_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readsClock are the functions of package time that read the machine's clock, or stand still by it.
var readsClock = map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true}

// wallClocks lists the files that may read the machine's clock, each with its reason. Everything else takes
// an instant or a func() time.Time, so that a case can be moved through time.
var wallClocks = map[string]string{
	"cmd/recourse": "hands the clock to what it starts",
	"connect":      "makes the processes' one clock out of the machine's and the stack's offset",
	"starter":      "wiring: hands connect's clock to api",
	"worker":       "wiring: hands connect's clock on, and the machine's to what signs and expires",
	"watcher":      "wiring: hands connect's clock on, and the machine's to what signs",
	localStack:     "supervises processes, whose start and end happen in the machine's time",
}

func wallClock(src source) []string {
	if src.test() {
		return nil
	}
	for allowed := range wallClocks {
		if inFolder(src.name, allowed) {
			return nil
		}
	}
	return callsOf(src, "time", readsClock, "take a func() time.Time or an instant as a parameter; only wiring reads the clock (add a file to wallClocks in house_clock_test.go with its reason if it is wiring)")
}

func sleepingTest(src source) []string {
	if !src.test() && !src.kit() {
		return nil
	}
	return callsOf(src, "time", map[string]bool{"Sleep": true, "Tick": true}, "a test waits for a fact (a channel, require.Eventually), never for time to pass")
}

// ends lists the files outside package main that may end the process, each with its reason.
var ends = map[string]string{
	localStack + "/stack/child.go": "turns the process of a test or a command into a child, which never returns",
}

func exits(src source) []string {
	if src.test() || src.file.Name.Name == "main" || ends[src.name] != "" {
		return nil
	}
	advice := "return an error; only package main ends the process"
	return append(callsOf(src, "os", map[string]bool{"Exit": true}, advice), callsOf(src, "log", map[string]bool{"Fatal": true, "Fatalf": true, "Fatalln": true}, advice)...)
}

// callsOf finds the uses of a package's functions, called or passed on, under whatever name it is imported.
func callsOf(src source, imported string, names map[string]bool, advice string) []string {
	local := localName(src, imported)
	if local == "" {
		return nil
	}
	var faults []string
	ast.Inspect(src.file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && of.Name == local && names[selector.Sel.Name] {
			faults = append(faults, fmt.Sprintf("%s: %s.%s: %s", src.at(selector), imported, selector.Sel.Name, advice))
		}
		return true
	})
	return faults
}

// localName is the name under which the file knows a package, empty if it does not import it.
func localName(src source, imported string) string {
	for _, spec := range src.file.Imports {
		if strings.Trim(spec.Path.Value, `"`) != imported {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return imported[strings.LastIndex(imported, "/")+1:]
	}
	return ""
}

// databaseNow matches every way in which PostgreSQL tells its own time.
var databaseNow = regexp.MustCompile(`(?i)\b(now\s*\(\s*\)|current_(timestamp|date|time)\b|local(timestamp|time)\b|(clock|statement|transaction)_timestamp\s*\(|timeofday\s*\()`)

const databaseAdvice = "the caller gives the instant as a parameter: the database's clock cannot be moved with the case's"

func databaseClock(src source) []string {
	if src.test() {
		return nil
	}
	var faults []string
	ast.Inspect(src.file, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if ok && literal.Kind == token.STRING && databaseNow.MatchString(literal.Value) {
			faults = append(faults, fmt.Sprintf("%s: %q in SQL: %s", src.at(literal), databaseNow.FindString(literal.Value), databaseAdvice))
		}
		return true
	})
	return faults
}

func TestMigrationsNeverReadTheDatabasesClock(t *testing.T) {
	t.Parallel()
	names, err := files()
	require.NoError(t, err)
	var faults []string
	for _, name := range names {
		if filepath.Ext(name) != ".sql" {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for i, line := range bytes.Split(text, []byte("\n")) {
			statement, _, _ := bytes.Cut(line, []byte("--"))
			if found := databaseNow.Find(statement); found != nil {
				faults = append(faults, fmt.Sprintf("%s:%d: %q: %s", name, i+1, found, databaseAdvice))
			}
		}
	}
	report(t, faults)
}

func goroutines(src source) []string {
	if src.test() || !inFolder(src.folder(), "casework") && !inFolder(src.folder(), "workflows") {
		return nil
	}
	var faults []string
	ast.Inspect(src.file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GoStmt:
			faults = append(faults, src.at(node)+": a goroutine: use workflow.Go in a workflow, and none in the domain")
		case *ast.SelectStmt:
			faults = append(faults, src.at(node)+": a select: use workflow.Selector in a workflow, and none in the domain")
		}
		return true
	})
	return faults
}

// replayed are the packages whose answers must never depend on the order of a map.
var replayed = []string{"./casework/...", "./workflows/..."}

func TestNothingReplayedRangesOverAMap(t *testing.T) {
	t.Parallel()
	packages, exports := listPackages(t, replayed...)
	set := token.NewFileSet()
	lookup := func(imported string) (io.ReadCloser, error) { return os.Open(exports[imported]) }
	config := types.Config{Importer: importer.ForCompiler(set, "gc", lookup)}
	var faults []string
	for _, pkg := range packages {
		var parsed []*ast.File
		for _, name := range pkg.GoFiles {
			file, err := parser.ParseFile(set, filepath.Join(pkg.Dir, name), nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			parsed = append(parsed, file)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
		_, err := config.Check(pkg.ImportPath, set, parsed, info)
		require.NoError(t, err)
		faults = append(faults, mapRanges(set, parsed, info)...)
	}
	report(t, faults)
}

// mapRanges finds loops over maps, direct or through maps.Keys and its sisters.
func mapRanges(set *token.FileSet, parsed []*ast.File, info *types.Info) []string {
	var faults []string
	for _, file := range parsed {
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.RangeStmt:
				if _, isMap := info.TypeOf(node.X).Underlying().(*types.Map); isMap {
					faults = append(faults, fmt.Sprintf("%s: a loop over a map has another order each time: keep a slice or a sorted table", set.Position(node.Pos())))
				}
			case *ast.SelectorExpr:
				if used := info.Uses[node.Sel]; used != nil && used.Pkg() != nil && used.Pkg().Path() == "maps" {
					faults = append(faults, fmt.Sprintf("%s: maps.%s has no order: keep a slice or a sorted table", set.Position(node.Pos()), node.Sel.Name))
				}
			}
			return true
		})
	}
	return faults
}

// listed is what go list says about a package.
type listed struct {
	ImportPath string   `json:"ImportPath"`
	Dir        string   `json:"Dir"`
	Export     string   `json:"Export"`
	GoFiles    []string `json:"GoFiles"`
	DepOnly    bool     `json:"DepOnly"`
}

// listPackages asks go list for the packages and the compiled export data of everything that they import.
func listPackages(t *testing.T, patterns ...string) (packages []listed, exports map[string]string) {
	t.Helper()
	arguments := append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,DepOnly"}, patterns...)
	list := exec.CommandContext(t.Context(), "go", arguments...)
	var complaints bytes.Buffer
	list.Stderr = &complaints
	out, err := list.Output()
	require.NoError(t, err, "%s", complaints.String())
	exports = map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var pkg listed
		require.NoError(t, decoder.Decode(&pkg))
		exports[pkg.ImportPath] = pkg.Export
		if !pkg.DepOnly {
			packages = append(packages, pkg)
		}
	}
	return packages, exports
}
