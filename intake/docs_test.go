package intake_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

// TestDocs_NameEveryColumn compares docs/import.md with what the reader demands, which an empty file's problem lists.
func TestDocs_NameEveryColumn(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../docs/import.md")
	require.NoError(t, err)
	for _, noun := range register.Nouns() {
		file := string(noun) + ".csv"
		dir := folder(t)
		write(dir, file, "")
		problem := problemsOf(dir)[0]
		_, header, found := strings.Cut(problem, "its first line must be: ")
		require.True(t, found, problem)
		row := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(file) + "` \\| (.*) \\|$").FindSubmatch(body)
		require.NotNil(t, row, "%s is not in the table of files", file)
		var documented []string
		for _, word := range regexp.MustCompile("`([a-zA-Z]+)`").FindAllStringSubmatch(string(row[1]), -1) {
			documented = append(documented, word[1])
		}
		for _, column := range strings.Split(header, ",") {
			require.True(t, slices.Contains(documented, column), "%s: column %s is not documented", file, column)
		}
	}
}

// TestDocs_NameEveryServiceThatMayHaveAKeyDate keeps the list beside the files complete.
func TestDocs_NameEveryServiceThatMayHaveAKeyDate(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../docs/import.md")
	require.NoError(t, err)
	_, list, found := strings.Cut(string(body), "\nServices: ")
	require.True(t, found)
	list, _, _ = strings.Cut(list, ".\n")
	var documented []casework.Service
	for _, name := range regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(list, -1) {
		documented = append(documented, casework.Service(name[1]))
	}
	require.Equal(t, casework.Services(), documented)
}
