package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/store/storetest"
)

// parsed reads the package's own files, without its tests and without the import, whose statements run on
// temporary tables.
func parsed(t *testing.T) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	require.NoError(t, err)
	files := make(map[string]*ast.File)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "intake") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		files[path] = file
	}
	return files
}

// statements are the constants whose names end in SQL.
func statements(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for _, file := range parsed(t) {
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, name := range spec.Names {
				if literal, ok := value(spec, i).(*ast.BasicLit); ok && strings.HasSuffix(name.Name, "SQL") {
					text, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					found[name.Name] = text
				}
			}
			return true
		})
	}
	return found
}

func value(spec *ast.ValueSpec, i int) ast.Expr {
	if i < len(spec.Values) {
		return spec.Values[i]
	}
	return nil
}

func TestStatements_EveryOneFitsTheSchema(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	found := statements(t)
	require.Greater(t, len(found), 60, "the statements were found")
	conn, err := s.Pool().Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	for name, text := range found {
		_, err := conn.Conn().Prepare(t.Context(), name, text)
		require.NoError(t, err, "%s: %s", name, text)
	}
}

func TestStatements_RunOnlyFromNamedConstants(t *testing.T) {
	t.Parallel()
	// Where a statement stands among the arguments of what runs it.
	position := map[string]int{
		"Exec": 1, "Query": 1, "QueryRow": 1, "collect": 2, "collectOne": 2, "names": 2, "readMails": 2,
		"write": 1, "change": 1, "queue": 1, "each": 2, "column": 2, "answers": 3, "newUnit": 1, "once": 1,
	}
	for path, file := range parsed(t) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := position[called(call.Fun)]
			if !ok || len(call.Args) <= at {
				return true
			}
			var name string
			switch statement := call.Args[at].(type) {
			case *ast.Ident:
				name = statement.Name
			case *ast.SelectorExpr:
				name = statement.Sel.Name
			}
			// A function that passes its own argument on is called with a constant.
			require.True(t, strings.HasSuffix(name, "SQL") || name == "sql", "%s: %s runs something that is not a constant …SQL", path, called(call.Fun))
			return true
		})
	}
}

func called(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr:
		return called(f.X)
	}
	return ""
}

func TestStatements_NeverAskTheServerForTheTime(t *testing.T) {
	t.Parallel()
	for name, text := range statements(t) {
		for _, forbidden := range []string{"now()", "current_timestamp", "current_date", "clock_timestamp", "statement_timestamp", "localtime"} {
			require.NotContains(t, strings.ToLower(text), forbidden, name)
		}
		require.NotContains(t, strings.ToLower(text), "select *", name)
	}
}
