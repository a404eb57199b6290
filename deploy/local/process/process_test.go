package process_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/process"
)

// roleVariable makes the test binary play a child.
const roleVariable = "PROCESS_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "serves":
		child := process.InheritedChild()
		if err := child.Ready(); err != nil {
			os.Exit(1)
		}
		<-child.Orphaned()
		fmt.Println("orphaned")
	case "fails":
		process.InheritedChild().Fail(errors.New("no such\ncupboard"))
		os.Exit(1)
	case "dies":
		os.Exit(3)
	case "leaves":
		os.Exit(0)
	case "parent":
		playParent()
	case "fails-later":
		child := process.InheritedChild()
		if err := child.Ready(); err != nil {
			os.Exit(1)
		}
		child.Fail(errors.New("too late to matter"))
		os.Exit(4)
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		if err := process.InheritedChild().Ready(); err != nil {
			os.Exit(1)
		}
		select {}
	}
}

// nursery is a spawner and a folder for logs.
type nursery struct {
	t       *testing.T
	spawner *process.Spawner
	log     string
}

func newNursery(t *testing.T) *nursery {
	t.Helper()
	n := &nursery{t: t, spawner: process.NewSpawner(), log: filepath.Join(t.TempDir(), "child.log")}
	t.Cleanup(n.spawner.Close)
	return n
}

// child starts this binary in a role.
func (n *nursery) child(role string) *process.Process {
	self, err := os.Executable()
	require.NoError(n.t, err)
	return n.start(process.Spec{
		Name: role, Path: self, Env: append(os.Environ(), roleVariable+"="+role), LogFile: n.log, Notify: true,
	})
}

// shell starts a script.
func (n *nursery) shell(script string) *process.Process {
	return n.start(process.Spec{Name: "shell", Path: "/bin/sh", Args: []string{"-c", script}, Env: os.Environ(), LogFile: n.log})
}

func (n *nursery) start(spec process.Spec) *process.Process {
	p, err := n.spawner.Start(spec)
	require.NoError(n.t, err)
	n.t.Cleanup(func() { require.NoError(n.t, p.Kill()) })
	return p
}

func (n *nursery) logged() string {
	data, err := os.ReadFile(n.log)
	require.NoError(n.t, err)
	return string(data)
}

func ended(p *process.Process) bool {
	select {
	case <-p.Done():
		return true
	default:
		return false
	}
}

func TestAChildSaysWhenItIsReady(t *testing.T) {
	t.Parallel()
	p := newNursery(t).child("serves")
	require.NoError(t, p.WaitReady(t.Context()))
	require.False(t, ended(p))
}

func TestAChildSaysWhyItIsNotReady(t *testing.T) {
	t.Parallel()
	p := newNursery(t).child("fails")
	require.ErrorContains(t, p.WaitReady(t.Context()), "no such cupboard")
}

func TestAChildThatDiesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	err := n.child("dies").WaitReady(t.Context())
	require.ErrorContains(t, err, "exit status 3")
	require.ErrorContains(t, err, n.log, "the message leads to the log")
}

func TestWaitingForReadinessEndsWithItsContext(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	p := n.start(process.Spec{
		Name: "silent", Path: "/bin/sh", Args: []string{"-c", "exec sleep 60"}, Env: os.Environ(), LogFile: n.log, Notify: true,
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, p.WaitReady(ctx), context.DeadlineExceeded)
}

func TestOutputIsAppendedToTheLog(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	for _, script := range []string{"echo first", "echo second >&2"} {
		p := n.shell(script)
		<-p.Done()
		require.NoError(t, p.Err())
	}
	require.Equal(t, "first\nsecond\n", n.logged())
}

func TestStopAsksAndThenKills(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	polite := n.shell("exec sleep 60")
	require.NoError(t, polite.Stop(syscall.SIGTERM, time.Minute))
	require.True(t, ended(polite))

	stubborn := n.child("stubborn")
	require.NoError(t, stubborn.WaitReady(t.Context()))
	require.NoError(t, stubborn.Stop(syscall.SIGTERM, 50*time.Millisecond))
	require.ErrorContains(t, stubborn.Err(), "killed")
	require.NoError(t, stubborn.Stop(syscall.SIGTERM, time.Second), "a second stop finds nothing to do")
}

func TestAFrozenProcessCanBeStopped(t *testing.T) {
	t.Parallel()
	p := newNursery(t).shell("exec sleep 60")
	require.NoError(t, p.Signal(syscall.SIGSTOP))
	require.NoError(t, p.Stop(syscall.SIGTERM, time.Minute))
	require.ErrorContains(t, p.Err(), "terminated")
}

func TestATreeIsSignalledWhole(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	// setsid takes the grandchild out of the group, as PostgreSQL does with its sessions.
	p := n.shell("setsid sleep 60 & echo $!; wait")
	var grandchild int
	require.Eventually(t, func() bool {
		line, err := bufio.NewReader(strings.NewReader(n.logged())).ReadString('\n')
		if err != nil {
			return false
		}
		grandchild, err = strconv.Atoi(strings.TrimSpace(line))
		return err == nil
	}, 5*time.Second, 5*time.Millisecond)
	require.NoError(t, p.SignalTree(t.Context(), syscall.SIGKILL))
	<-p.Done()
	require.Eventually(t, func() bool { return syscall.Kill(grandchild, 0) != nil || zombie(grandchild) },
		5*time.Second, 5*time.Millisecond)
}

// zombie says whether a process has ended and only waits to be counted.
func zombie(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(data), ") Z ")
}

func TestAClosedSpawnerStartsNothing(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	n.spawner.Close()
	_, err := n.spawner.Start(process.Spec{Name: "late", Path: "/bin/true", LogFile: n.log})
	require.ErrorIs(t, err, process.ErrClosed)
}

func TestAMissingProgramIsNamed(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	_, err := n.spawner.Start(process.Spec{Name: "ghost", Path: "/no/such/program", LogFile: n.log})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "start ghost")
}
