package intake_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/intake"
)

// headerOf is a file's columns in the demonstration's order, and the rest of the file.
func headerOf(t *testing.T, noun register.Noun) (columns []string, rows string) {
	t.Helper()
	header, rows, _ := strings.Cut(string(little(t)[string(noun)+".csv"].Data), "\n")
	return strings.Split(header, ","), rows
}

// TestRead_EveryHeaderIsExact leaves out, repeats and misspells each column of each file: every name at fault is
// reported where it stands, and no row of any file is blamed for it.
func TestRead_EveryHeaderIsExact(t *testing.T) {
	t.Parallel()
	for _, noun := range register.Nouns() {
		t.Run(string(noun), func(t *testing.T) {
			t.Parallel()
			file := string(noun) + ".csv"
			columns, rows := headerOf(t, noun)
			problems := func(header []string) []string {
				dir := little(t)
				write(dir, file, strings.Join(header, ",")+"\n"+rows)
				return problemsOf(dir)
			}
			at := 1
			for i, column := range columns {
				missing := fmt.Sprintf("%s:1:1: column %q is missing", file, column)
				require.Equal(t, []string{missing}, problems(slices.Delete(slices.Clone(columns), i, i+1)))

				end := len(strings.Join(columns, ",")) + 2
				require.Equal(t, []string{fmt.Sprintf("%s:1:%d: column %q is given twice", file, end, column)}, problems(append(slices.Clone(columns), column)))

				for _, misspelt := range []string{strings.ToUpper(column), column + " ", "", column + "\u200b"} {
					spoilt := slices.Clone(columns)
					spoilt[i] = misspelt
					unknown := fmt.Sprintf("%s:1:%d: column %q is unknown; the columns are %s", file, at, misspelt, strings.Join(columns, ","))
					require.ElementsMatch(t, []string{missing, unknown}, problems(spoilt))
				}
				at += len(column) + 1
			}
		})
	}
}

// TestRead_AnyOrderOfColumnsIsTheSameFile: columns of every file may be swapped, and faults stand where the field
// then is.
func TestRead_AnyOrderOfColumnsIsTheSameFile(t *testing.T) {
	t.Parallel()
	want := read(t, little(t))
	rapid.Check(t, func(rt *rapid.T) {
		dir := little(t)
		for _, noun := range register.Nouns() {
			columns, rows := headerOf(t, noun)
			if strings.Contains(rows, `"`) {
				continue // Its rows cannot be parted at commas.
			}
			order := rapid.Permutation(rangeOf(len(columns))).Draw(rt, string(noun))
			var out strings.Builder
			for line := range strings.Lines(strings.Join(columns, ",") + "\n" + rows) {
				fields := strings.Split(strings.TrimSuffix(line, "\n"), ",")
				for i, from := range order {
					if i > 0 {
						out.WriteByte(',')
					}
					out.WriteString(fields[from])
				}
				out.WriteByte('\n')
			}
			write(dir, string(noun)+".csv", out.String())
		}
		set, problems := intake.Read(dir, importDay, ruleSets)
		require.Empty(rt, problems)
		require.Equal(rt, want, set)
	})
}

func rangeOf(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestRead_FilesThatAreNoCSVOfOurs says of each what is wrong with it as a whole, once.
func TestRead_FilesThatAreNoCSVOfOurs(t *testing.T) {
	t.Parallel()
	wide := func(s string) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune("\uFEFF" + s)) {
			out = append(out, byte(unit&0xff), byte(unit>>8))
		}
		return string(out)
	}
	columns := "the columns are id,name,ranks"
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"empty":             {"", []string{"bodies.csv: the file is empty; its first line must be: id,name,ranks"}},
		"a mark alone":      {"\uFEFF", []string{"bodies.csv: the file is empty; its first line must be: id,name,ranks"}},
		"blank lines alone": {"\n\r\n\n", []string{"bodies.csv: the file is empty; its first line must be: id,name,ranks"}},
		"two marks": {
			"\uFEFF\uFEFFid,name,ranks\ncambria,Cambria Awards,\n",
			[]string{`bodies.csv:1:1: column "id" is missing`, `bodies.csv:1:1: column "\ufeffid" is unknown; ` + columns},
		},
		"semicolons": {"id;name;ranks\ncambria;Cambria Awards;\n", []string{
			`bodies.csv:1:1: column "id" is missing`, `bodies.csv:1:1: column "id;name;ranks" is unknown; ` + columns,
			`bodies.csv:1:1: column "name" is missing`, `bodies.csv:1:1: column "ranks" is missing`,
		}},
		"no header": {"cambria,Cambria Awards,ranks\n", []string{
			`bodies.csv:1:1: column "cambria" is unknown; ` + columns,
			`bodies.csv:1:1: column "id" is missing`, `bodies.csv:1:1: column "name" is missing`, `bodies.csv:1:9: column "Cambria Awards" is unknown; ` + columns,
		}},
		"a quote in the header": {
			"id,na\"me,ranks\ncambria,Cambria Awards\n",
			[]string{"bodies.csv:1:6: a quote stands where none may: put the whole field in quotes and double the quotes inside"},
		},
		"an open quote":    {"id,name,ranks\ncambria,\"Cambria Awards\n", []string{"bodies.csv:2:25: a quoted field is not closed, or something follows its closing quote"}},
		"behind a quote":   {"id,name,ranks\ncambria,\"Cambria\" Awards,\n", []string{"bodies.csv:2:17: a quoted field is not closed, or something follows its closing quote"}},
		"spaces in a line": {"id,name,ranks\ncambria,Cambria Awards,\n   \n", []string{"bodies.csv:3:1: the row has 1 field, the header 3"}},
		"commas alone":     {"id,name,ranks\ncambria,Cambria Awards,\n,,\n", []string{"bodies.csv:3:1: id is empty", "bodies.csv:3:2: name is empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := little(t)
			write(dir, "bodies.csv", test.body)
			require.ElementsMatch(t, test.want, problemsOf(dir))
		})
	}
	for name, body := range map[string]string{
		"two bytes a letter": wide("id,name,ranks\ncambria,Cambria Awards,\n"), "lines of old": "id,name,ranks\rcambria,Cambria Awards,\r", "a PDF": "%PDF-1.7\n1 0 obj\n",
	} {
		dir := little(t)
		write(dir, "bodies.csv", body)
		problems := problemsOf(dir)
		require.NotEmpty(t, problems, name)
		for _, problem := range problems {
			require.True(t, strings.HasPrefix(problem, "bodies.csv:"), problem)
		}
	}
}

// TestRead_BrokenRowsDoNotMoveOtherFaults mixes lost rows, blank lines and fields of several lines among good rows,
// in any order: the fault that the register finds in the last row is reported at its true line.
func TestRead_BrokenRowsDoNotMoveOtherFaults(t *testing.T) {
	t.Parallel()
	junk := []string{"\n", "\r\n", "x\n", "a,b,c,d,e,f,g\n", "x\"y,b,c,d,e,f\n"}
	rapid.Check(t, func(rt *rapid.T) {
		columns, rows := headerOf(t, register.Performers)
		var body strings.Builder
		body.WriteString(strings.Join(columns, ",") + "\n")
		for line := range strings.Lines(rows) {
			for _, lost := range rapid.SliceOfN(rapid.SampledFrom(junk), 0, 3).Draw(rt, "junk") {
				body.WriteString(lost)
			}
			body.WriteString(line)
		}
		dir := little(t)
		write(dir, "performers.csv", strings.Replace(body.String(), "m.obi@cambria.example", "m.obi at cambria", 1))
		line := strings.Count(body.String()[:strings.Index(body.String(), "cl-2002")], "\n") + 1
		require.Contains(rt, problemsOf(dir), fmt.Sprintf(`performers.csv:%d:20: "m.obi at cambria" is not a mail address`, line))
	})
}

// TestRead_StrangersInTheFolder: every other CSV file is a misspelt name until somebody says otherwise; anything
// else in the folder is nobody's business.
func TestRead_StrangersInTheFolder(t *testing.T) {
	t.Parallel()
	for name, reported := range map[string]bool{
		"Bodies.csv": true, "bodies.CSV": true, "bodies.csv.csv": true, "candidates (1).csv": true, ".csv": true,
		"README.md": false, "bodies.csv.bak": false, "csv": false, "old/bodies2.csv": false,
	} {
		dir := little(t)
		write(dir, name, "")
		if reported {
			require.Equal(t, []string{name + ": no file of the register has this name"}, problemsOf(dir))
		} else {
			require.Empty(t, problemsOf(dir), name)
		}
	}
}

// locked is a folder in which one file cannot be opened and nothing be listed.
type locked struct {
	fs.FS

	name string
}

func (l locked) Open(name string) (fs.File, error) {
	if name == l.name || name == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.FS.Open(name)
}

func TestRead_WhatCannotBeOpenedIsNotMissing(t *testing.T) {
	t.Parallel()
	_, problems := intake.Read(locked{little(t), "centres.csv"}, importDay, ruleSets)
	require.Len(t, problems, 2)
	require.Contains(t, problems[0].String(), "the folder cannot be listed")
	require.Equal(t, "centres.csv: the file cannot be opened: open centres.csv: permission denied", problems[1].String())

	_, problems = intake.Read(locked{little(t), "papers/GM-1-paper.pdf"}, importDay, ruleSets)
	require.Equal(t, "papers.csv:2:17: papers/GM-1-paper.pdf cannot be opened: open papers/GM-1-paper.pdf: permission denied", problems[1].String())

	dir := little(t)
	delete(dir, "bodies.csv")
	write(dir, "bodies.csv/inside", "")
	require.Len(t, problemsOf(dir), 1, "a folder with the name of a file")
	require.Contains(t, problemsOf(dir)[0], "bodies.csv: the file cannot be read: ")
}
