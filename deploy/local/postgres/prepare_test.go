package postgres_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/deploy/local/postgres"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

// initdb notes its arguments and the password, and makes the folder; then it does what fails says.
func initdb(t *testing.T, fails string) {
	t.Helper()
	t.Setenv(postgres.BinVariable, programs(t, map[string]string{
		"postgres": "echo 'postgres (PostgreSQL) 17.0'",
		"initdb": `while [ $# -gt 0 ]; do
	case "$1" in --pgdata) data=$2 ;; --pwfile) password=$2 ;; esac
	shift
done
mkdir "$data" && cp "$password" "$data/seen" || exit 9
` + fails,
	}))
}

func prepare(t *testing.T, dir string) error {
	t.Helper()
	spawner := process.NewSpawner()
	t.Cleanup(spawner.Close)
	_, err := postgres.Prepare(t.Context(), spawner, postgres.Config{
		Dir: dir, Port: 1, Password: "a secret", LogFile: filepath.Join(dir, "log"),
	})
	return err
}

func TestAnInterruptedInitialisationIsDoneAgain(t *testing.T) {
	dir := t.TempDir()
	initdb(t, "echo no room left; exit 3")
	err := prepare(t, dir)
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, filepath.Join(dir, "log"), "the message leads to the log")
	require.NoDirExists(t, filepath.Join(dir, "data-17"), "half a cluster is not taken for one")
	require.NoFileExists(t, filepath.Join(dir, "password"))
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "no room left")

	initdb(t, "")
	require.NoError(t, prepare(t, dir), "what the failure left is cleared away")
	seen, err := os.ReadFile(filepath.Join(dir, "data-17", "seen"))
	require.NoError(t, err)
	require.Equal(t, "a secret\n", string(seen))
	require.NoFileExists(t, filepath.Join(dir, "password"), "the password is needed once")

	initdb(t, "exit 4")
	require.NoError(t, prepare(t, dir), "a cluster that is there is not made again")
}

func TestAnotherVersionsFolderIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "data-16")
	require.NoError(t, os.Mkdir(old, 0o700))
	initdb(t, "")
	require.NoError(t, prepare(t, dir))
	require.DirExists(t, old)
	require.DirExists(t, filepath.Join(dir, "data-17"))
}

func TestAServerThatCannotStartIsGivenUpWithItsLog(t *testing.T) {
	initdb(t, "")
	dir := t.TempDir()
	spawner := process.NewSpawner()
	t.Cleanup(spawner.Close)
	cluster, err := postgres.Prepare(t.Context(), spawner, postgres.Config{Dir: dir, Port: 1, Password: "p", LogFile: filepath.Join(dir, "log")})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err = cluster.Start(ctx) // the fake server says its version and ends
	require.ErrorContains(t, err, "postgres ended while starting (exit status 0)")
	require.ErrorContains(t, err, filepath.Join(dir, "log"))
	require.NoError(t, ctx.Err(), "by itself")
}

// A password may hold whatever a person types into secrets.json.
func TestAnyPasswordFitsIntoTheAddress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringN(1, 40, -1).Filter(func(s string) bool { return !strings.Contains(s, "\x00") }).Draw(t, "password")
		port := rapid.IntRange(1, 65535).Draw(t, "port")
		parsed, err := pgx.ParseConfig(postgres.Config{Port: port, Password: password}.URL("recourse"))
		require.NoError(t, err)
		require.Equal(t, password, parsed.Password)
		require.Equal(t, "recourse", parsed.Database)
		require.Equal(t, "127.0.0.1", parsed.Host)
		require.EqualValues(t, port, parsed.Port)
	})
}
