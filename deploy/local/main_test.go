package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	local "github.com/recourse-exams/recourse/deploy/local"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// commandVariable makes the test binary the command.
const commandVariable = "STACK_TEST_COMMAND"

func TestMain(m *testing.M) {
	stack.MaybeChild()
	if os.Getenv(commandVariable) != "" {
		os.Unsetenv(commandVariable)
		local.Main()
		return
	}
	os.Exit(m.Run())
}

// command is the stack command over a state folder.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, append(args, "--state", dir)...)
	c.Env = append(os.Environ(), commandVariable+"=1")
	return c
}

// output runs a command to its end.
func output(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	out, err := command(t, dir, args...).CombinedOutput()
	return string(out), err
}

// up starts a stack and returns its first lines, up to the one that says how to end it.
func up(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	c := command(t, dir, "up", "--no-product", "--auto-ports")
	stdout, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	var text strings.Builder
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
		text.WriteString(lines.Text() + "\n")
	}
	require.NoError(t, lines.Err())
	return c, text.String()
}

func TestOneCommandPrintsWhereEverythingIsAndCtrlCStopsIt(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	running, table := up(t, dir)
	v, err := stack.Look(dir)
	require.NoError(t, err)
	for _, shown := range []string{
		v.Endpoints.TemporalUI, v.Endpoints.Mail, v.Endpoints.OIDC, v.Endpoints.S3, v.Endpoints.DatabaseURL,
		"Amira Holt", "post-results-full-access/gq", "ex-1006", filepath.Join("tokens", "ops-5001"),
	} {
		require.Contains(t, table, shown)
	}
	require.NotContains(t, table, v.Endpoints.API, "there is no API without the product")

	status, err := output(t, dir, "status")
	require.NoError(t, err)
	require.Regexp(t, `Temporal Web UI +up +[0-9]+ +[0-9]+ +http`, status)
	require.Regexp(t, `Database +up +[0-9]+ `, status)
	require.Regexp(t, `API +down +- `, status)
	require.Contains(t, status, filepath.Join("tokens", "ops-5001"))
	second, err := output(t, dir, "up", "--no-product", "--auto-ports")
	require.Error(t, err)
	require.Contains(t, second, "already running")
	refused, err := output(t, dir, "clean")
	require.Error(t, err)
	require.Contains(t, refused, "stop it first")

	require.NoError(t, running.Process.Signal(os.Interrupt))
	require.NoError(t, running.Wait(), "an asked-for end is no failure")
	_, err = http.Get(v.Endpoints.Mail)
	require.Error(t, err)
	status, err = output(t, dir, "status")
	require.Error(t, err)
	require.Contains(t, status, "no stack runs here")
	moved, err := output(t, dir, "fast-forward", "1d")
	require.Error(t, err)
	require.Contains(t, moved, "no stack runs here")

	_, err = output(t, dir, "clean")
	require.NoError(t, err)
	require.NoDirExists(t, dir)
	again, err := output(t, dir, "clean")
	require.NoError(t, err)
	require.Contains(t, again, "nothing to forget")
}

func TestAPartThatEndsIsReportedAndTheRestStops(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := command(t, dir, "up", "--no-product", "--auto-ports")
	var messages strings.Builder
	c.Stderr = &messages
	stdout, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
	}
	require.NoError(t, lines.Err())
	killChild(t, c.Process.Pid, "child mail")
	_, err = io.Copy(io.Discard, stdout)
	require.NoError(t, err)
	require.Error(t, c.Wait())
	require.Contains(t, messages.String(), "mail ended unexpectedly")
}

// killChild kills the child of a process whose command line contains what.
func killChild(t *testing.T, parent int, what string) {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,command=").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		var pid, ppid int
		if n, err := fmt.Sscan(line, &pid, &ppid); err == nil && n == 2 && ppid == parent && strings.Contains(line, what) {
			require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
			return
		}
	}
	require.Fail(t, "no such child", "%s of %d", what, parent)
}

func TestTheEnvironmentCanBeTakenOverByAShell(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := output(t, dir, "env")
	require.Error(t, err, "there is no stack yet")
	stopped(t, dir)
	lines, err := output(t, dir, "env")
	require.NoError(t, err)
	script := lines + "\n" + `printf '%s|%s|%s' "$RECOURSE_LISTEN" "$RECOURSE_MAIL_FROM" "$RECOURSE_TEMPORAL_NAMESPACE"`
	out, err := exec.Command("/bin/sh", "-c", script).Output()
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:18080|Cambria Awards <results@cambria.example>|recourse", string(out))
}

func TestABadDurationIsExplained(t *testing.T) {
	t.Parallel()
	message, err := output(t, t.TempDir(), "fast-forward", "soon")
	require.Error(t, err)
	require.Contains(t, message, "20d, 36h or 1d12h")
}

func TestAnUnbuiltProductIsExplained(t *testing.T) {
	t.Parallel()
	message, err := output(t, t.TempDir(), "up")
	require.Error(t, err)
	require.Contains(t, message, "the product is not built")
}
