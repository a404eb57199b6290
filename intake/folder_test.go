package intake_test

import (
	"io/fs"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/intake"
)

// importDay is a Saturday.
var importDay = calendar.Date{Year: 2026, Month: 11, Day: 21}

// ruleSets are sets of rules that a qualification may name.
var ruleSets = []string{"cambria", "ocr-gq"}

// demonstration loads the checked-in folder once; folder hands out copies.
var demonstration = sync.OnceValues(func() (fstest.MapFS, error) {
	loaded := fstest.MapFS{}
	dir := os.DirFS("../deploy/demo/cambria")
	err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dir, name)
		loaded[name] = &fstest.MapFile{Data: body}
		return err
	})
	return loaded, err
})

// folder is a copy of the demonstration folder that a test may spoil: files are replaced, never changed in place.
func folder(t *testing.T) fstest.MapFS {
	t.Helper()
	loaded, err := demonstration()
	require.NoError(t, err)
	return maps.Clone(loaded)
}

// brief is the folder with its first four scripts only, for tests that store files.
func brief(t *testing.T) fstest.MapFS {
	t.Helper()
	dir := folder(t)
	rows := strings.SplitAfter(string(dir["scripts.csv"].Data), "\n")
	write(dir, "scripts.csv", strings.Join(rows[:5], ""))
	return dir
}

// little is the folder with the results of its first candidate and one candidate's of a moderated qualification, for
// tests that read it many times.
func little(t *testing.T) fstest.MapFS {
	t.Helper()
	dir := folder(t)
	for _, name := range []string{"entries.csv", "results.csv", "itemmarks.csv", "awards.csv", "scripts.csv"} {
		var kept strings.Builder
		for line := range strings.Lines(string(dir[name].Data)) {
			coursework := strings.HasPrefix(line, "64101,1004,") && (strings.Contains(line, ",DM-") || strings.Contains(line, ",gcse-design"))
			if strings.HasPrefix(line, "centre,") || strings.HasPrefix(line, "64101,1001,") || coursework {
				kept.WriteString(line)
			}
		}
		write(dir, name, kept.String())
	}
	moderations := strings.SplitAfter(string(dir["moderations.csv"].Data), "\n")
	write(dir, "moderations.csv", strings.Join(moderations[:2], ""))
	return dir
}

// edit replaces the first occurrence of a text in a file.
func edit(t *testing.T, dir fstest.MapFS, name, before, after string) {
	t.Helper()
	body := string(dir[name].Data)
	require.Contains(t, body, before)
	write(dir, name, strings.Replace(body, before, after, 1))
}

func write(dir fstest.MapFS, name, body string) { dir[name] = &fstest.MapFile{Data: []byte(body)} }

// problemsOf reads a folder and returns its problems as lines.
func problemsOf(dir fs.FS) []string {
	_, problems := intake.Read(dir, importDay, ruleSets)
	var found []string
	for _, problem := range problems {
		found = append(found, problem.String())
	}
	return found
}
