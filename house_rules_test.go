package recourse_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryRuleFindsWhatItForbids gives each rule a source that breaks it and one that keeps it.
func TestEveryRuleFindsWhatItForbids(t *testing.T) {
	t.Parallel()
	own := func(folder string) string { return fmt.Sprintf("package p\nimport _ %q\n", module+"/"+folder) }
	for _, row := range []struct {
		check rule
		name  string
		wrong string
		right string
	}{
		{wrongImports, "casework/stage.go", "package p\nimport _ \"encoding/json\"\n", "package p\nimport _ \"time\"\n"},
		{wrongImports, "casework/stage.go", "package p\nimport _ \"github.com/google/uuid\"\n", "package p\nimport _ \"slices\"\n"},
		{wrongImports, "casework/stage.go", own("store"), own("casework/calendar")},
		{wrongImports, "casework/fee/fee.go", own("casework/offer"), own("casework")},
		{wrongImports, "casework/newcomer/newcomer.go", own("casework"), "package p\n"},
		{wrongImports, "store/case.go", own("files"), own("casework/docket")},
		{wrongImports, "mail/mail.go", "package p\nimport _ \"go.temporal.io/sdk/client\"\n", "package p\nimport _ \"github.com/aws/aws-sdk-go-v2/service/ses\"\n"},
		{wrongImports, "workflows/enquiry.go", own("casework/fee"), own("casework")},
		{wrongImports, "workflows/enquiry.go", own("store"), own("activities")},
		{wrongImports, "activities/ports.go", own("store"), own("rulebook")},
		{wrongImports, "api/task.go", "package p\nimport _ \"go.temporal.io/sdk/client\"\n", own("casework/docket")},
		{wrongImports, "newcomer/newcomer.go", "package p\n", ""},
		{kitsInProduct, "api/task.go", own("store/storetest"), own("casework")},
		{wallClock, "store/case.go", "package p\nimport clock \"time\"\nvar at = clock.Now\n", "package p\nimport \"time\"\nvar at time.Time\n"},
		{wallClock, "casework/plan.go", "package p\nimport \"time\"\nfunc f(t time.Time) { _ = time.Since(t) }\n", "package p\nimport \"time\"\nfunc f(now func() time.Time) { _ = now() }\n"},
		{sleepingTest, "api/task_test.go", "package p_test\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", "package p_test\nimport \"time\"\nvar _ = time.Second\n"},
		{exits, "store/case.go", "package p\nimport \"os\"\nfunc f() { os.Exit(1) }\n", "package main\nimport \"os\"\nfunc f() { os.Exit(1) }\n"},
		{databaseClock, "store/case.go", "package p\nconst q = `UPDATE cases SET closed_at = NOW()`\n", "package p\nconst q = `UPDATE cases SET closed_at = @at`\n"},
		{databaseClock, "store/case.go", "package p\nconst q = `SELECT current_timestamp`\n", "package p\n// Nothing here calls now().\n"},
		{goroutines, "workflows/enquiry.go", "package p\nfunc f() { go f() }\n", "package p\nfunc f() { f() }\n"},
		{goroutines, "casework/plan.go", "package p\nfunc f(c chan int) { select { case <-c: } }\n", "package p\nfunc f(c chan int) {}\n"},
		{longFile, "store/case.go", "package p\n" + strings.Repeat("//\n", mostFileLines), "package p\n" + strings.Repeat("//\n", mostFileLines-1)},
		{longFunction, "store/case.go", "package p\nfunc f() {\n" + strings.Repeat("_ = 1\n", mostFunctionLines-1) + "}\n", "package p\nfunc f() {\n" + strings.Repeat("_ = 1\n", mostFunctionLines-2) + "}\n"},
		{undocumented, "store/case.go", "package p\nfunc Open() {}\n", "package p\n// Open opens.\nfunc Open() {}\n"},
		{undocumented, "store/case.go", "package p\ntype Case struct{}\n", "package p\ntype row struct{}\nfunc (row) Error() {}\n"},
		{undocumented, "store/case.go", "package p\nconst (\n// Open is a stage.\nOpen = 1\nShut = 2\n)\n", "package p\nconst (\n// Open is a stage, Shut another.\nOpen = 1\nShut = 2\n)\n"},
		{undocumented, "store/case.go", "package p\ntype row struct{}\nfunc (Row) Find() {}\n", "package p\nfunc (Row) Error() string { return `` }\n"},
		{undocumented, "store/case.go", "package p\nvar ErrGone = 1\n", "package p\n// Kinds of case.\nconst (\nA = 1\nB = 2\n)\n"},
		{emptyNames, "store/util.go", "package p\n", ""},
		{emptyNames, "shared/case.go", "package p\n", ""},
		{leftToDo, "store/case.go", "package p\n// TO" + "DO: later.\n", "package p\n// R-XXXX-1 looks like a reference; nothing is left.\n"},
		{insidePackage, "store/case_test.go", "package store\n", "package store_test\n"},
	} {
		wrong, err := parse(row.name, []byte(row.wrong))
		require.NoError(t, err)
		require.NotEmpty(t, row.check(wrong), "%s lets this through:\n%s", row.name, row.wrong)
		if row.right == "" {
			continue
		}
		right, err := parse(strings.Replace(row.name, "newcomer/newcomer", "fee/fee", 1), []byte(row.right))
		require.NoError(t, err)
		require.Empty(t, row.check(right), "%s refuses this:\n%s", row.name, row.right)
	}
}

func TestALoopOverAMapIsFound(t *testing.T) {
	t.Parallel()
	const text = `package p
import "maps"
type set map[string]bool
func f(s set, list []string) {
	for range s {}
	for range list {}
	for range maps.Keys(s) {}
}`
	fileSet := token.NewFileSet()
	file, err := parser.ParseFile(fileSet, "p.go", text, parser.SkipObjectResolution)
	require.NoError(t, err)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(fileSet, "source", nil)}
	_, err = config.Check("p", fileSet, []*ast.File{file}, info)
	require.NoError(t, err)
	require.Len(t, mapRanges(fileSet, []*ast.File{file}, info), 2)
}

func TestWhatIsPrivateIsFound(t *testing.T) {
	t.Parallel()
	for line, faults := range map[string]int{
		"cd /" + "root/go":                            1,
		"state: '/" + "home/amira/recourse'":          1,
		"open /" + "work/main/store":                  1,
		"see casework/" + "calendar and workflows/":   0,
		"-----BEGIN RSA PRIVATE" + " KEY-----":        1,
		"key = AKIA" + "IOSFODNN7EXAMPLE":             1,
		"  \"resolved\": \"https://a.example/x.tgz\"": 1,
		"proxy https://packages.example/go":           1,
		"the exams officer reads the letter":          0,
	} {
		require.Len(t, textFaults("a.md", []byte(line), []string{"packages.example"}), faults, line)
	}
}

func TestASecretInTheBoxIsFound(t *testing.T) {
	t.Parallel()
	require.Len(t, composeFaults("a.yml", []byte("      POSTGRES_PASSWORD: temporal\n      - POSTGRES_PWD=temporal\n")), 2)
	require.Empty(t, composeFaults("a.yml", []byte("      POSTGRES_PASSWORD_FILE: /run/secrets/postgres\n      POSTGRES_USER: recourse\n")))
}
