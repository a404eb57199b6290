// Package process starts the child processes of the local stack so that none of them can outlive
// the process that started it: on Linux the kernel kills them with their parent, and everywhere a
// child of this program sees its lifeline close.
package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
)

// ErrClosed is returned by Start after Close.
var ErrClosed = errors.New("the spawner is closed")

// Spawner starts processes from one operating system thread that lives as long as the Spawner.
// Linux sends the parent-death signal when the creating *thread* ends, and Go ends idle threads, so
// children started from an ordinary goroutine would be killed at random.
type Spawner struct {
	requests chan request
	done     chan struct{}
	close    sync.Once
}

type request struct {
	command *exec.Cmd
	answer  chan error
}

// NewSpawner starts the thread. Close must be called when no child is needed any more.
func NewSpawner() *Spawner {
	s := &Spawner{requests: make(chan request), done: make(chan struct{})}
	go s.serve()
	return s
}

// serve never unlocks its thread, so the thread ends with this goroutine.
func (s *Spawner) serve() {
	runtime.LockOSThread()
	for {
		select {
		case r := <-s.requests:
			r.answer <- r.command.Start()
		case <-s.done:
			return
		}
	}
}

// Close ends the thread. On Linux this kills every child that is still running.
func (s *Spawner) Close() {
	s.close.Do(func() { close(s.done) })
}

// Start starts the process that spec describes, with standard output and standard error appended to
// its log file and in a process group of its own, so that an interrupt typed at the terminal reaches
// the parent alone and children stop in order.
func (s *Spawner) Start(spec Spec) (*Process, error) {
	logFile, err := os.OpenFile(spec.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", spec.Name, err)
	}
	defer closeAll(logFile)

	command := exec.Command(spec.Path, spec.Args...) //nolint:noctx // a child outlives the call that starts it
	command.Env = spec.Env
	command.Dir = spec.Dir
	command.Stdout, command.Stderr = logFile, logFile
	command.SysProcAttr = attributes(spec)

	p := &Process{spec: spec, command: command, done: make(chan struct{})}
	var inherited []*os.File
	if spec.Notify {
		if inherited, err = p.openPipes(); err != nil {
			return nil, err
		}
		command.ExtraFiles = inherited
	}
	err = s.start(command)
	closeAll(inherited...)
	if err != nil {
		p.closePipes()
		return nil, fmt.Errorf("start %s: %w", spec.Name, err)
	}
	go p.wait()
	return p, nil
}

func (s *Spawner) start(command *exec.Cmd) error {
	r := request{command: command, answer: make(chan error, 1)}
	select {
	case s.requests <- r:
		return <-r.answer
	case <-s.done:
		return ErrClosed
	}
}
