package stack_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

const parentVariable = "STACK_TEST_PARENT"

// maybeParent makes the test binary a program that runs a stack, prints the numbers of its processes and
// then does nothing, so that it can be killed.
func maybeParent() {
	dir := os.Getenv(parentVariable)
	if dir == "" {
		return
	}
	s, err := stack.Start(context.Background(), stack.Options{State: dir, AutoPorts: true})
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	var numbers []string
	for _, name := range infrastructure {
		pid, err := s.PID(name)
		if err != nil {
			os.Exit(1)
		}
		numbers = append(numbers, strconv.Itoa(pid))
	}
	fmt.Println(strings.Join(numbers, " "))
	select {}
}

func TestKillingTheParentLeavesNothingRunningAndTheNextStartIsWarm(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), parentVariable+"="+dir)
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line := make([]byte, 4096)
	n, err := out.Read(line)
	require.NoError(t, err)
	numbers := strings.Fields(string(line[:n]))
	require.Len(t, numbers, len(infrastructure), string(line[:n]))

	require.NotEmpty(t, running(t, dir, numbers), "the processes are there before")
	require.NoError(t, parent.Process.Signal(syscall.SIGKILL))
	require.Error(t, parent.Wait())
	require.Eventually(t, func() bool { return len(running(t, dir, numbers)) == 0 }, 5*time.Second, 20*time.Millisecond)

	s := start(t, stack.Options{State: dir, AutoPorts: true})
	require.NoError(t, s.Stop())
}

// running lists the processes among numbers, and any that has the folder in its command line.
func running(t *testing.T, dir string, numbers []string) []string {
	t.Helper()
	var found []string
	out, err := exec.Command("ps", "-A", "-o", "pid=,stat=,command=").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || strings.HasPrefix(fields[1], "Z") {
			continue // a zombie runs no more
		}
		for _, number := range numbers {
			if fields[0] == number {
				found = append(found, line)
			}
		}
		if strings.Contains(line, filepath.Clean(dir)) {
			found = append(found, line)
		}
	}
	return found
}
