package pgserver_test

import (
	"bufio"
	"context"
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

// programs makes a folder with an initdb and a postgres of the given shell text, and a place for what they leave.
func programs(t *testing.T, initdb, postgres string) (temporary string) {
	t.Helper()
	// Not t.TempDir, whose parent is closed to the account that the server runs as.
	bin, err := os.MkdirTemp("", "programs-") //nolint:usetesting // see above
	require.NoError(t, err)
	temporary, err = os.MkdirTemp("", "temporary-") //nolint:usetesting // see above
	require.NoError(t, err)
	for _, dir := range []string{bin, temporary} {
		t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
		require.NoError(t, os.Chmod(dir, 0o777))
	}
	for name, text := range map[string]string{"initdb": initdb, "postgres": postgres} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755))
	}
	t.Setenv("RECOURSE_POSTGRES_BIN", bin)
	t.Setenv("TMPDIR", temporary)
	return temporary
}

func TestStart_FailedInitialisationSaysWhyAndLeavesNothing(t *testing.T) {
	temporary := programs(t, "echo the disk is full >&2; exit 1", "exit 1")
	_, err := pgserver.Start(t.Context())
	require.ErrorContains(t, err, "the disk is full")
	left, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestStart_ServerThatEndsAtOnceSaysWhyAndLeavesNothing(t *testing.T) {
	temporary := programs(t, `mkdir "$2"`, "echo FATAL: out of memory >&2; exit 1")
	_, err := pgserver.Start(t.Context())
	require.ErrorContains(t, err, "FATAL: out of memory")
	left, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestStart_ServerThatNeverAnswersIsGivenUpWithTheContext(t *testing.T) {
	temporary := programs(t, `mkdir "$2"`, "exec sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := pgserver.Start(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	left, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestStop_TwiceIsOnce(t *testing.T) {
	t.Parallel()
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	require.NoError(t, server.Stop())
	require.NoError(t, server.Stop())
}

func TestStart_EndedContextStartsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := pgserver.Start(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestStop_EndsOpenSessions(t *testing.T) {
	t.Parallel()
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
	require.NoError(t, err)
	require.NoError(t, server.Stop(), "it does not wait for the session")
	require.Error(t, conn.Ping(t.Context()))
}

// TestServer asks one server everything that does not end it.
func TestServer(t *testing.T) {
	t.Parallel()
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	for name, check := range map[string]func(*testing.T, *pgserver.Server){
		"url names database and socket": urlNamesDatabaseAndSocket,
		"nobodys but its starters":      nobodysButItsStarters,
		"text is UTF8 and time is UTC":  textIsUTF8AndTimeIsUTC,
		"takes many connections":        takesManyConnections,
		"database name is escaped":      databaseNameIsEscaped,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, server)
		})
	}
}

func urlNamesDatabaseAndSocket(t *testing.T, server *pgserver.Server) {
	t.Helper()
	config, err := pgx.ParseConfig(server.URL("some_thing"))
	require.NoError(t, err)
	require.Equal(t, "some_thing", config.Database)
	require.DirExists(t, config.Host, "no port is taken")
	_, err = pgx.ConnectConfig(t.Context(), config)
	require.ErrorContains(t, err, "some_thing", "it does not exist yet")
}

func nobodysButItsStarters(t *testing.T, server *pgserver.Server) {
	t.Helper()
	config, err := pgx.ParseConfig(server.URL("postgres"))
	require.NoError(t, err)
	info, err := os.Stat(config.Host)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func textIsUTF8AndTimeIsUTC(t *testing.T, server *pgserver.Server) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
	require.NoError(t, err)
	for setting, want := range map[string]string{
		"server_encoding": "UTF8", "TimeZone": "UTC", "lc_collate": "C", "fsync": "off", "synchronous_commit": "off", "listen_addresses": "",
	} {
		var got string
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&got), setting)
		require.Equal(t, want, got, setting)
	}
	require.NoError(t, conn.Close(t.Context()))
}

func takesManyConnections(t *testing.T, server *pgserver.Server) {
	t.Helper()
	for range 150 {
		conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	}
}

func databaseNameIsEscaped(t *testing.T, server *pgserver.Server) {
	t.Helper()
	config, err := pgx.ParseConfig(server.URL("half & half?"))
	require.NoError(t, err)
	require.Equal(t, "half & half?", config.Database)
}
