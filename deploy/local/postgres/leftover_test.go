package postgres_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/postgres"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

// pidFile makes the data folder of a version with a server's number in it.
func pidFile(t *testing.T, dir string, version int, content string) string {
	t.Helper()
	data := filepath.Join(dir, fmt.Sprint("data-", version))
	require.NoError(t, os.MkdirAll(data, 0o700))
	file := filepath.Join(data, "postmaster.pid")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

// program starts a program that waits, with what it does when it is interrupted, and returns when it has begun.
func program(t *testing.T, interrupted string, args ...string) *process.Process {
	t.Helper()
	spawner, log := process.NewSpawner(), filepath.Join(t.TempDir(), "log")
	t.Cleanup(spawner.Close)
	p, err := spawner.Start(process.Spec{
		Name: "program", Path: "/bin/sh", Args: append([]string{"-c", "trap '" + interrupted + "' INT; echo begun; " + waiting, "postgres"}, args...),
		Env: os.Environ(), LogFile: log,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Kill()) })
	require.Eventually(t, func() bool {
		begun, err := os.ReadFile(log)
		return err == nil && len(begun) > 0
	}, 10*time.Second, 5*time.Millisecond)
	return p
}

// waiting waits, and ends at a signal at once.
const waiting = "while :; do sleep 0.02; done"

func running(p *process.Process) bool {
	select {
	case <-p.Done():
		return false
	default:
		return true
	}
}

func TestAServerOfEachVersionIsEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var left []*process.Process
	for _, version := range []int{16, 17} {
		p := program(t, "exit 0", "-D", filepath.Join(dir, fmt.Sprint("data-", version)), "-p", "5433")
		pidFile(t, dir, version, fmt.Sprintf("%d\n%s\n", p.PID(), dir))
		left = append(left, p)
	}
	require.NoError(t, postgres.ClearLeftovers(t.Context(), dir))
	for _, p := range left {
		<-p.Done()
		require.NoError(t, p.Err(), "it was asked, not killed")
	}
}

// A number is used again by the next program, whatever that one does.
func TestOnlyAServerOfThisFolderIsEnded(t *testing.T) { //nolint:tparallel // the programs take turns at one folder
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data-17")
	for name, args := range map[string][]string{
		"another program":                   {},
		"an editor of the server's file":    {filepath.Join(data, "postgresql.conf")},
		"a copy of the folder":              {"-a", data, "/elsewhere"},
		"a server of a folder below":        {"-D", filepath.Join(data, "old")},
		"a server of a longer folder name":  {"-D", data + "0"},
		"a server of a folder that ends so": {"-D", "/srv" + data},
	} {
		t.Run(name, func(t *testing.T) {
			p := program(t, "exit 0", args...)
			file := pidFile(t, dir, 17, fmt.Sprintf("%d\n", p.PID()))
			require.NoError(t, postgres.ClearLeftovers(t.Context(), dir))
			require.True(t, running(p))
			require.NoFileExists(t, file, "the file would keep the next server from starting")
		})
	}
}

func TestAFileThatNamesNobodyIsLeftToTheServer(t *testing.T) {
	t.Parallel()
	gone := exec.Command("/bin/true")
	require.NoError(t, gone.Run())
	for _, content := range []string{"", "\n", "half", "-1\n", "0\n", "1\n", "99999999999999999999\n", fmt.Sprintf("%d\n", gone.Process.Pid)} {
		dir := t.TempDir()
		file := pidFile(t, dir, 17, content)
		require.NoError(t, postgres.ClearLeftovers(t.Context(), dir), "%q", content)
		require.FileExists(t, file, "%q", content)
	}
	require.NoError(t, postgres.ClearLeftovers(t.Context(), filepath.Join(t.TempDir(), "absent")), "a first start has nothing to clear")
}

// In a container the process that takes over orphans often counts none of them, so an ended server stays listed.
func TestAnEndedServerThatNobodyCountsIsGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// The test itself is the parent, and counts it only at the end.
	orphan := exec.Command("/bin/sh", "-c", "trap 'exit 0' INT; echo begun; "+waiting, "postgres", "-D", filepath.Join(dir, "data-17"))
	out, err := orphan.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, orphan.Start())
	t.Cleanup(func() { require.NoError(t, orphan.Wait()) })
	_, err = out.Read(make([]byte, 1))
	require.NoError(t, err)
	file := pidFile(t, dir, 17, fmt.Sprintf("%d\n", orphan.Process.Pid))
	began := time.Now()
	require.NoError(t, postgres.ClearLeftovers(t.Context(), dir))
	require.Less(t, time.Since(began), 4*time.Second, "it is not waited for until the patience ends")
	require.NoError(t, syscall.Kill(orphan.Process.Pid, 0), "the number is still taken")
	require.NoError(t, postgres.ClearLeftovers(t.Context(), dir))
	require.NoFileExists(t, file)
}

func TestAServerThatDoesNotEndIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := program(t, "", "-D", filepath.Join(dir, "data-17"))
	pidFile(t, dir, 17, fmt.Sprintf("%d\n", p.PID()))
	require.ErrorContains(t, postgres.ClearLeftovers(t.Context(), dir), fmt.Sprint(p.PID()))
	require.True(t, running(p))
}
