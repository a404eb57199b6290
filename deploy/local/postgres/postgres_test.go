package postgres_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/postgres"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

// fakeBin makes a folder whose postgres only knows its version.
func fakeBin(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range map[string]string{
		"postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n",
		"initdb":   "#!/bin/sh\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
	return dir
}

func TestTheVariableDecidesWherePostgreSQLIs(t *testing.T) {
	bin := fakeBin(t, "99.3")
	t.Setenv(postgres.BinVariable, bin)
	found, err := postgres.Find(t.Context(), t.TempDir())
	require.NoError(t, err)
	require.Equal(t, postgres.Installation{Bin: bin, Major: 99}, found)

	t.Setenv(postgres.BinVariable, t.TempDir())
	_, err = postgres.Find(t.Context(), t.TempDir())
	require.ErrorContains(t, err, postgres.BinVariable, "a wrong folder is not passed over")
}

func TestPathComesBeforeThePackagedFolders(t *testing.T) {
	t.Setenv(postgres.BinVariable, "")
	bin := fakeBin(t, "98.1")
	links := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(bin, "postgres"), filepath.Join(links, "postgres")))
	t.Setenv("PATH", links)
	found, err := postgres.Find(t.Context(), t.TempDir())
	require.NoError(t, err)
	target, err := filepath.EvalSymlinks(bin)
	require.NoError(t, err)
	require.Equal(t, postgres.Installation{Bin: target, Major: 98}, found, "a link leads to the folder with initdb")
}

// server prepares and starts a cluster in dir.
func server(t *testing.T, dir string, port int) (*postgres.Cluster, *process.Process) {
	t.Helper()
	spawner := process.NewSpawner()
	t.Cleanup(spawner.Close)
	cluster, err := postgres.Prepare(t.Context(), spawner, postgres.Config{
		Dir: dir, Port: port, Password: "a secret", LogFile: filepath.Join(dir, "log"),
	})
	require.NoError(t, err)
	p, err := cluster.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Stop(syscall.SIGINT, 10*time.Second)) })
	return cluster, p
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// One server serves the whole story: each start of one costs a second.
func TestAClusterSurvivesWhatHappensToItsServer(t *testing.T) { //nolint:tparallel // the parts are one story
	t.Parallel()
	dir, port := t.TempDir(), freePort(t)
	cluster, p := server(t, dir, port)
	require.NoError(t, cluster.CreateDatabases(t.Context(), "one", "two"))
	require.NoError(t, cluster.CreateDatabases(t.Context(), "one", "two"), "databases that exist are left alone")
	conn, err := cluster.Connect(t.Context(), "two")
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "create table kept (n int)")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))

	t.Run("a wrong password is refused", func(t *testing.T) {
		wrong := postgres.Config{Port: port, Password: "a guess"}
		_, err := queryOne(t.Context(), wrong.URL("two"), "select 1")
		require.ErrorContains(t, err, "password")
	})
	t.Run("a killed server starts again with what was committed", func(t *testing.T) {
		require.NoError(t, p.Kill())
		again, err := cluster.Start(t.Context())
		require.NoError(t, err)
		kept(t, cluster)
		p = again
	})
	t.Run("a server of a dead parent is ended before the next", func(t *testing.T) {
		require.NoError(t, postgres.ClearLeftovers(t.Context(), dir))
		select {
		case <-p.Done():
		case <-time.After(10 * time.Second):
			require.Fail(t, "the server is still there")
		}
	})
	t.Run("a number that belongs to another program by now is no obstacle", func(t *testing.T) {
		folders, err := filepath.Glob(filepath.Join(dir, "data-*"))
		require.NoError(t, err)
		require.Len(t, folders, 1)
		stale := filepath.Join(folders[0], "postmaster.pid")
		require.NoError(t, os.WriteFile(stale, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600))
		require.NoError(t, postgres.ClearLeftovers(t.Context(), dir))
		require.NoFileExists(t, stale)
		_, _ = server(t, dir, port)
		kept(t, cluster)
	})
}

func kept(t *testing.T, cluster *postgres.Cluster) {
	t.Helper()
	count, err := queryOne(t.Context(), cluster.URL("two"), "select count(*)::int from kept")
	require.NoError(t, err)
	require.Zero(t, count)
}
