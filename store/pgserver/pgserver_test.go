package pgserver_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/store/pgserver"
)

func TestStart_AnswersQueriesAndEndsWithStop(t *testing.T) {
	t.Parallel()
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)

	conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
	require.NoError(t, err)
	var folder string
	require.NoError(t, conn.QueryRow(t.Context(), "SHOW data_directory").Scan(&folder))
	require.NoError(t, conn.Close(t.Context()))
	require.DirExists(t, folder)

	require.NoError(t, server.Stop())
	require.NoDirExists(t, filepath.Dir(folder), "nothing is left behind")
	_, err = pgx.Connect(t.Context(), server.URL("postgres"))
	require.Error(t, err, "the server is gone")
}

func TestStart_TwoServersDoNotCollide(t *testing.T) {
	t.Parallel()
	for range 2 {
		server, err := pgserver.Start(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, server.Stop()) })
	}
}

func TestFind_NamedFolderWins(t *testing.T) {
	t.Setenv("RECOURSE_POSTGRES_BIN", "/somewhere/bin")
	bin, err := pgserver.Find()
	require.NoError(t, err)
	require.Equal(t, "/somewhere/bin", bin)
}

func TestFind_FolderHoldsTheServersPrograms(t *testing.T) {
	t.Setenv("RECOURSE_POSTGRES_BIN", "")
	bin, err := pgserver.Find()
	require.NoError(t, err)
	for _, program := range []string{"initdb", "postgres"} {
		_, err := os.Stat(filepath.Join(bin, program))
		require.NoError(t, err)
	}
}

func TestFind_PathWithoutTheServersProgramsIsPassedOver(t *testing.T) {
	t.Setenv("RECOURSE_POSTGRES_BIN", "")
	half := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(half, "initdb"), []byte("#!/bin/sh\n"), 0o700))
	t.Setenv("PATH", half)
	bin, err := pgserver.Find()
	if err == nil {
		require.NotEqual(t, half, bin)
		return
	}
	require.ErrorIs(t, err, pgserver.ErrNotInstalled)
}

// starter names the environment variable that turns this test binary into a process that starts a server, says
// where, and waits to be killed.
const starter = "RECOURSE_PGSERVER_TEST_STARTER"

func TestStart_ServerEndsWithTheProcessThatStartedIt(t *testing.T) {
	if os.Getenv(starter) != "" {
		server, err := pgserver.Start(t.Context())
		require.NoError(t, err)
		fmt.Println(server.URL("postgres"))
		_, _ = io.ReadAll(os.Stdin)
		return
	}
	t.Parallel()
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestStart_ServerEndsWithTheProcessThatStartedIt$")
	process.Env = append(os.Environ(), starter+"=1")
	stdin, err := process.StdinPipe()
	require.NoError(t, err)
	defer stdin.Close()
	stdout, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	config, err := pgx.ParseConfig(strings.TrimSpace(line))
	require.NoError(t, err)
	require.DirExists(t, config.Host)

	require.NoError(t, process.Process.Kill())
	require.Error(t, process.Wait(), "it was killed, so nothing of its own could tidy up")
	require.Eventually(t, func() bool {
		_, err := os.Stat(config.Host)
		return os.IsNotExist(err)
	}, 20*time.Second, 10*time.Millisecond, "server and folder go with it")
}
