package postgres_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/postgres"
)

// programs makes a folder with the given scripts, each executable.
func programs(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	return dir
}

func TestTheFirstFolderThatWorksIsTaken(t *testing.T) {
	says := func(version string) string { return "echo 'postgres (PostgreSQL) " + version + "'" }
	good, second := fakeBin(t, "16.2"), fakeBin(t, "15.1")
	server := programs(t, map[string]string{"postgres": says("14.0")})
	broken := programs(t, map[string]string{"postgres": "exit 1", "initdb": ""})
	mumbling := programs(t, map[string]string{"postgres": "echo development", "initdb": ""})
	t.Setenv("PATH", t.TempDir()) // no npm
	for name, c := range map[string]struct {
		bins []string
		want postgres.Installation
	}{
		"the first wins over a newer one":    {[]string{second, good}, postgres.Installation{Bin: second, Major: 15}},
		"a folder that is gone":              {[]string{"/no/such/folder", good}, postgres.Installation{Bin: good, Major: 16}},
		"a client without initdb":            {[]string{server, good}, postgres.Installation{Bin: good, Major: 16}},
		"programs that do not start":         {[]string{broken, good}, postgres.Installation{Bin: good, Major: 16}},
		"programs of an unreadable version":  {[]string{mumbling, good}, postgres.Installation{Bin: good, Major: 16}},
		"one that works is enough":           {[]string{server, broken, mumbling, second}, postgres.Installation{Bin: second, Major: 15}},
		"an old installation is named as is": {[]string{fakeBin(t, "9.6.24"), good}, postgres.Installation{Major: 9}},
	} {
		found, err := postgres.Search(t.Context(), c.bins, t.TempDir())
		require.NoError(t, err, name)
		require.Equal(t, c.want.Major, found.Major, name)
		if c.want.Bin != "" {
			require.Equal(t, c.want, found, name)
		}
	}
	_, err := postgres.Search(t.Context(), []string{server, broken}, t.TempDir())
	require.ErrorIs(t, err, postgres.ErrNotFound)
	require.ErrorContains(t, err, "npm", "and why it could not be fetched")
	require.ErrorContains(t, err, postgres.BinVariable, "and what else to do")
}

func TestNothingInstalledIsFetched(t *testing.T) {
	tools, cache := t.TempDir(), t.TempDir()
	npm := fakeNPM + `echo 'echo "postgres (PostgreSQL) 18.1"' >> "$native/bin/postgres"` + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(tools, "npm"), []byte(npm), 0o755))
	t.Setenv("PATH", tools)
	found, err := postgres.Search(t.Context(), nil, cache)
	require.NoError(t, err)
	require.Equal(t, 18, found.Major)
	inside, err := filepath.Rel(cache, found.Bin)
	require.NoError(t, err)
	require.True(t, filepath.IsLocal(inside), "it is kept in the cache: %s", found.Bin)
}

// The programs run in the cluster's folder, in which a relative path would lead to nothing.
func TestARelativeFolderMeansTheOneThatTheUserSees(t *testing.T) {
	bin, err := filepath.EvalSymlinks(fakeBin(t, "17.0"))
	require.NoError(t, err)
	t.Chdir(filepath.Dir(bin))
	for _, written := range []string{filepath.Base(bin), "./" + filepath.Base(bin), bin + "/"} {
		t.Setenv(postgres.BinVariable, written)
		found, err := postgres.Find(t.Context(), t.TempDir())
		require.NoError(t, err)
		require.Equal(t, postgres.Installation{Bin: bin, Major: 17}, found, written)
	}
}

func TestAFolderWithoutTheServerIsNotPassedOver(t *testing.T) {
	for name, bin := range map[string]string{
		"only initdb": programs(t, map[string]string{"initdb": ""}),
		"no version":  programs(t, map[string]string{"initdb": "", "postgres": "echo development"}),
	} {
		t.Setenv(postgres.BinVariable, bin)
		_, err := postgres.Find(t.Context(), t.TempDir())
		require.ErrorContains(t, err, postgres.BinVariable, name)
	}
}

func TestPackagedFoldersAreTriedFromTheNewest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		made []string // below one folder
		glob string
		want []string
	}{
		"Debian":       {[]string{"lib/9.6/bin", "lib/10/bin", "lib/17/bin", "lib/16/bin"}, "lib/*/bin", []string{"lib/17/bin", "lib/16/bin", "lib/10/bin", "lib/9.6/bin"}},
		"Homebrew":     {[]string{"opt/postgresql@9.5/bin", "opt/postgresql@14/bin", "opt/postgresql@17/bin"}, "opt/postgresql@*/bin", []string{"opt/postgresql@17/bin", "opt/postgresql@14/bin", "opt/postgresql@9.5/bin"}},
		"a link there": {[]string{"Versions/latest/bin", "Versions/16/bin"}, "Versions/*/bin", []string{"Versions/16/bin", "Versions/latest/bin"}},
		"none":         {nil, "lib/*/bin", nil},
	} {
		root, err := os.MkdirTemp("", "packaged") //nolint:usetesting // the name of a test's own folder ends in a number
		require.NoError(t, err)
		t.Cleanup(func() { os.RemoveAll(root) })
		root = filepath.Join(root, "root")
		for _, dir := range c.made {
			require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o700))
		}
		var got []string
		for _, dir := range postgres.NewestFirst(filepath.Join(root, c.glob)) {
			relative, err := filepath.Rel(root, dir)
			require.NoError(t, err)
			got = append(got, relative)
		}
		if name == "a link there" {
			require.ElementsMatch(t, c.want, got, name) // which has no number of its own
			continue
		}
		require.Equal(t, c.want, got, name)
	}
}

func TestAPackageThatIsNotWholeIsSaidAndTriedAgain(t *testing.T) {
	for name, c := range map[string]struct{ npm, says string }{
		"npm fails":            {"#!/bin/sh\necho 'no such package' >&2\nexit 1\n", "no such package"},
		"npm installs nothing": {"#!/bin/sh\n", "postgres"},
		"a list of noise":      {fakeNPM + `echo '[' > "$native/pg-symlinks.json"` + "\n", "pg-symlinks.json"},
		"initdb is missing":    {fakeNPM + `/bin/rm "$native/bin/initdb"` + "\n", "initdb"},
	} {
		t.Run(name, func(t *testing.T) {
			tools, cache := t.TempDir(), t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(tools, "npm"), []byte(c.npm), 0o755))
			t.Setenv("PATH", tools)
			_, err := postgres.Fetch(t.Context(), cache)
			require.ErrorContains(t, err, c.says)

			require.NoError(t, os.RemoveAll(filepath.Join(cache, "node_modules")))
			require.NoError(t, os.WriteFile(filepath.Join(tools, "npm"), []byte(fakeNPM), 0o755))
			_, err = postgres.Fetch(t.Context(), cache)
			require.NoError(t, err)
		})
	}
}
