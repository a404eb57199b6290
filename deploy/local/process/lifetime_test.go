package process_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/process"
)

// playParent is a program that starts a child which knows nothing of lifelines, says its number and waits.
func playParent() {
	spawner := process.NewSpawner()
	p, err := spawner.Start(process.Spec{
		Name: "grandchild", Path: "/bin/sh", Args: []string{"-c", "exec sleep 60"}, Env: os.Environ(), LogFile: os.DevNull,
	})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(p.PID())
	select {}
}

// gone says whether no process with the number runs.
func gone(pid int) bool { return syscall.Kill(pid, 0) != nil || zombie(pid) }

// printed waits for the first number in the log.
func (n *nursery) printed() int {
	var number int
	require.Eventually(n.t, func() bool {
		line, _, whole := strings.Cut(n.logged(), "\n")
		var err error
		number, err = strconv.Atoi(line)
		return whole && err == nil
	}, 10*time.Second, 5*time.Millisecond)
	return number
}

func TestKillingTheParentKillsItsChildren(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has a parent-death signal")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), roleVariable+"=parent")
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	child, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err, line)
	require.False(t, gone(child))
	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	require.Eventually(t, func() bool { return gone(child) }, 10*time.Second, 5*time.Millisecond)
}

func TestClosingTheSpawnerKillsWhatItStarted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has a parent-death signal")
	}
	n := newNursery(t)
	ours, shell := n.child("serves"), n.shell("exec sleep 60")
	require.NoError(t, ours.WaitReady(t.Context()))
	n.spawner.Close()
	for _, p := range []*process.Process{ours, shell} {
		select {
		case <-p.Done():
			require.ErrorContains(t, p.Err(), "killed")
		case <-time.After(10 * time.Second):
			require.Fail(t, "it is still there")
		}
	}
	n.spawner.Close() // a second time does nothing
}

func TestChildrenStartedAtOnceAllLiveAndEndByThemselves(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	var starters sync.WaitGroup
	children := make([]*process.Process, 12)
	for i := range children {
		starters.Go(func() {
			// The goroutine's thread may end at once; the child's creator is the spawner's thread.
			runtime.LockOSThread()
			children[i] = n.shell(fmt.Sprintf("read line </dev/null; exit %d", i))
		})
	}
	starters.Wait()
	for i, p := range children {
		<-p.Done()
		if i == 0 {
			require.NoError(t, p.Err())
			require.Equal(t, "exit status 0", p.Ending())
			continue
		}
		require.ErrorContains(t, p.Err(), fmt.Sprintf("exit status %d", i), "every one ends by itself and none is killed")
	}
}

func TestAChildHasAGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	p := newNursery(t).shell("exec sleep 60")
	group, err := syscall.Getpgid(p.PID())
	require.NoError(t, err)
	require.Equal(t, p.PID(), group, "an interrupt typed at the terminal does not reach it")
}

func TestAChildGetsExactlyWhatTheSpecSays(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	p := n.start(process.Spec{
		Name: "shell", Path: "/bin/sh", Args: []string{"-c", `pwd; echo "$ONLY"; echo "$1|$2"; echo "home=$HOME"`, "x", "two words", "$HOME; 'q'"},
		Env: []string{"ONLY=this"}, Dir: dir, LogFile: n.log,
	})
	<-p.Done()
	require.NoError(t, p.Err())
	require.Equal(t, dir+"\nthis\ntwo words|$HOME; 'q'\nhome=\n", n.logged())
	info, err := os.Stat(n.log)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "a log may hold what is nobody else's business")
}

func TestALogThatCannotBeWrittenIsNamed(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	_, err := n.spawner.Start(process.Spec{Name: "mute", Path: "/bin/true", LogFile: filepath.Join(t.TempDir(), "absent", "log")})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "mute")
}

func TestAnEndedProcessTakesEverySignalInPeace(t *testing.T) {
	t.Parallel()
	p := newNursery(t).shell("exit 7")
	<-p.Done()
	require.Equal(t, "exit status 7", p.Ending())
	require.NoError(t, p.Signal(syscall.SIGTERM))
	require.NoError(t, p.Kill())
	require.NoError(t, p.Stop(syscall.SIGTERM, time.Minute))
	require.NoError(t, p.SignalTree(t.Context(), syscall.SIGKILL))
	require.Equal(t, "exit status 7", p.Ending(), "and stays ended as it did")
}

func TestReadinessIsSaidOnceAndWhatComesLaterIsNoFailure(t *testing.T) {
	t.Parallel()
	n := newNursery(t)
	p := n.child("fails-later")
	require.NoError(t, p.WaitReady(t.Context()))
	<-p.Done()
	require.ErrorContains(t, p.Err(), "exit status 4")
}

func TestAChildThatEndsInOrderBeforeItIsReadyIsAFailure(t *testing.T) {
	t.Parallel()
	err := newNursery(t).child("leaves").WaitReady(t.Context())
	require.ErrorIs(t, err, process.ErrExited)
}

func TestATreeFreezesAndThawsWhole(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("states are read from /proc")
	}
	n := newNursery(t)
	p := n.shell("setsid sleep 60 & echo $!; wait")
	grandchild := n.printed()
	state := func(pid int) string {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		require.NoError(t, err)
		_, after, _ := strings.Cut(string(data), ") ")
		return after[:1]
	}
	both := func(want string) func() bool {
		return func() bool {
			return strings.Contains(want, state(p.PID())) && strings.Contains(want, state(grandchild))
		}
	}
	require.NoError(t, p.SignalTree(t.Context(), syscall.SIGSTOP))
	require.Eventually(t, both("T"), 10*time.Second, 5*time.Millisecond)
	require.NoError(t, p.SignalTree(t.Context(), syscall.SIGCONT))
	require.Eventually(t, both("RS"), 10*time.Second, 5*time.Millisecond)
	require.NoError(t, p.SignalTree(t.Context(), syscall.SIGKILL))
}

func TestRootGivesAChildAnotherAccount(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give away an account")
	}
	for _, namespace := range []bool{false, true} {
		n := newNursery(t)
		made := filepath.Join(t.TempDir(), "made")
		spec := process.Spec{
			Name: "shell", Path: "/bin/sh", Args: []string{"-c", `id -u; id -g; [ "$2" = no ] || : > "$1"`, "x", made, strconv.FormatBool(namespace)},
			Env: os.Environ(), LogFile: n.log, User: &process.User{UID: 65534, GID: 65534, Namespace: namespace},
		}
		if !namespace {
			spec.Args[len(spec.Args)-1] = "no" // the folder is root's
		}
		p, err := n.spawner.Start(spec)
		if namespace && err != nil {
			t.Skipf("no user namespaces here: %v", err)
		}
		require.NoError(t, err)
		<-p.Done()
		require.NoError(t, p.Err())
		require.Equal(t, "65534\n65534\n", n.logged(), "the child believes that it is this user")
		if namespace {
			info, err := os.Stat(made)
			require.NoError(t, err)
			require.EqualValues(t, 0, info.Sys().(*syscall.Stat_t).Uid, "and its files stay root's")
		}
	}
}
