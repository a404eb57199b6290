package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	local "github.com/recourse-exams/recourse/deploy/local"
	"github.com/recourse-exams/recourse/deploy/local/issuer"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// stopped makes a folder what a stack leaves behind.
func stopped(t *testing.T, dir string) {
	t.Helper()
	for name, content := range map[string]string{
		"ports.json":    `{"api": 18080, "metrics": 18081, "starterMetrics": 18082, "watcherMetrics": 18083}`,
		"secrets.json":  `{"databasePassword": "PASSWORD", "accessKey": "KEY", "secretKey": "SECRET"}`,
		"reference.key": strings.Repeat("ab", 32) + "\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
}

// golden compares a text with a file under testdata, in which the state folder is written STATE.
func golden(t *testing.T, file, dir, text string) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	require.Equal(t, string(want), strings.ReplaceAll(text, dir, "STATE"))
}

func TestEnv_PrintsEverySettingAsAnExportLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stopped(t, dir)
	lines, err := output(t, dir, "env")
	require.NoError(t, err)
	golden(t, "env.txt", dir, lines)
}

func TestEnv_AnyFolderSurvivesTheShell(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), `O'Neill's "state" $HOME`)
	require.NoError(t, os.Mkdir(dir, 0o700))
	stopped(t, dir)
	lines, err := output(t, dir, "env")
	require.NoError(t, err)
	out, err := exec.Command("/bin/sh", "-c", lines+"\n"+`cat "$RECOURSE_REFERENCE_KEY_FILE"`).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, strings.Repeat("ab", 32)+"\n", string(out))
}

func TestStatus_SaysWhatIsDownAndFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stopped(t, dir)
	text, err := output(t, dir, "status")
	var ended *exec.ExitError
	require.ErrorAs(t, err, &ended)
	require.Equal(t, 1, ended.ExitCode())
	parts, people, found := strings.Cut(text, "PERSONA ")
	require.True(t, found)
	golden(t, "status.txt", dir, parts)
	require.Contains(t, people, filepath.Join(dir, "tokens", "ops-5001"), "who may be played")
	require.True(t, strings.HasSuffix(people, "stack: no stack runs here\n"))
}

func TestUp_ShowsWhereEverythingIsAndWhoMayBePlayed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stopped(t, dir)
	v, err := stack.Look(dir)
	require.NoError(t, err)
	personas, err := issuer.Personas()
	require.NoError(t, err)
	token := func(persona string) string { return "/state/tokens/" + persona }
	for file, product := range map[string]bool{"addresses.txt": true, "addresses-infrastructure.txt": false} {
		var text bytes.Buffer
		require.NoError(t, local.PrintTables(&text, v.Endpoints, token, product))
		addresses, people, found := strings.Cut(text.String(), "PERSONA ")
		require.True(t, found)
		golden(t, file, dir, addresses)
		lines := strings.Split(strings.TrimSpace(people), "\n")[1:]
		for n, p := range personas {
			require.Regexp(t, "^"+regexp.QuoteMeta(p.ID)+" +"+regexp.QuoteMeta(p.Name)+" .* "+regexp.QuoteMeta(token(p.ID))+"$", lines[n])
			require.Equal(t, p.Centre != "", strings.Contains(lines[n], "centre "+p.Centre+", "), lines[n])
		}
		require.Equal(t, product, strings.Contains(people, "curl"), "there is nothing to ask without the product")
	}
}

func TestACommandWithoutAStackSaysSo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "nothing")
	for _, args := range [][]string{{"status"}, {"env"}, {"fast-forward", "1d"}} {
		text, err := output(t, dir, args...)
		require.Error(t, err, args)
		require.Contains(t, text, "there is no stack here: "+dir, args)
	}
	require.NoDirExists(t, dir, "asking makes nothing")
}

func TestCleanLeavesAFolderThatIsNoStacksAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter")
	require.NoError(t, os.WriteFile(letter, nil, 0o600))
	text, err := output(t, dir, "clean")
	require.NoError(t, err)
	require.Contains(t, text, "nothing to forget")
	require.FileExists(t, letter)
}

func TestWhatCannotBeDoneIsExplained(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"an unknown command":      {[]string{"down"}, "down"},
		"no duration":             {[]string{"fast-forward"}, "duration"},
		"a clock that goes back":  {[]string{"fast-forward", "1d-2d"}, "1d-2d"},
		"a missing product":       {[]string{"up", "--product", "no-such-program"}, "no-such-program"},
		"missing data of a demo":  {[]string{"demo", "--product", "/bin/true", "--demo-data", "no-such-folder"}, "no-such-folder is missing"},
		"missing data of a bench": {[]string{"bench", "--product", "/bin/true", "--demo-data", "no-such-folder"}, "no-such-folder is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := output(t, t.TempDir(), c.args...)
			require.Error(t, err)
			require.Contains(t, text, c.says)
		})
	}
}
