package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Spec says what to start and how.
type Spec struct {
	Name    string   // the name used in messages and for the log file
	Path    string   // the executable
	Args    []string // arguments after the executable's name
	Env     []string // the whole environment
	Dir     string   // working directory; empty means the parent's
	LogFile string   // where standard output and standard error are appended
	Notify  bool     // the child is this program and reports readiness with Child
	User    *User    // the account to run as; nil means the parent's
}

// User is an account that a root parent gives to a child.
type User struct {
	UID, GID int
	// Namespace maps the account onto root inside a user namespace instead of switching to it: the
	// child believes that it is this user, while the files it makes stay root's.
	Namespace bool
}

// Process is one started child. Its methods may be called from any goroutine.
type Process struct {
	spec     Spec
	command  *exec.Cmd
	ready    *os.File // read end: the child's one line about readiness
	lifeline *os.File // write end: closes when the parent dies
	done     chan struct{}
	err      error // written before done closes
}

func (p *Process) openPipes() ([]*os.File, error) {
	readyRead, readyWrite, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("open the ready pipe of %s: %w", p.spec.Name, err)
	}
	lifeRead, lifeWrite, err := os.Pipe()
	if err != nil {
		closeAll(readyRead, readyWrite)
		return nil, fmt.Errorf("open the lifeline of %s: %w", p.spec.Name, err)
	}
	p.ready, p.lifeline = readyRead, lifeWrite
	return []*os.File{readyWrite, lifeRead}, nil
}

func (p *Process) closePipes() {
	if p.ready != nil {
		closeAll(p.ready, p.lifeline)
	}
}

func (p *Process) wait() {
	p.err = p.command.Wait()
	if p.lifeline != nil {
		closeAll(p.lifeline)
	}
	close(p.done)
}

// PID is the operating system's number of the process.
func (p *Process) PID() int { return p.command.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the process ended: nil for exit code 0. It is valid once Done is closed.
func (p *Process) Err() error { return p.err }

// WaitReady blocks until a child started with Notify says that it is ready. The error is what the
// child reported, or how it ended, or the context's.
func (p *Process) WaitReady(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = p.ready.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	defer closeAll(p.ready)
	line, err := bufio.NewReader(p.ready).ReadString('\n')
	switch line = strings.TrimSpace(line); {
	case line == readyLine:
		return nil
	case line != "":
		return fmt.Errorf("%s: %s", p.spec.Name, line)
	case ctx.Err() != nil:
		return fmt.Errorf("%s is not ready: %w", p.spec.Name, ctx.Err())
	case errors.Is(err, io.EOF):
		<-p.done
		return fmt.Errorf("%s ended before it was ready (%w); see %s", p.spec.Name, exitError(p.err), p.spec.LogFile)
	default:
		return fmt.Errorf("read the readiness of %s: %w", p.spec.Name, err)
	}
}

// ErrExited stands for an exit with code 0 where none was expected.
var ErrExited = errors.New("exit status 0")

func exitError(err error) error {
	if err == nil {
		return ErrExited
	}
	return err
}

// Ending says in words how the process ended. It is valid once Done is closed.
func (p *Process) Ending() string { return exitError(p.err).Error() }

// closeAll closes pipes, with which nothing can be lost.
func closeAll(files ...*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// Signal sends sig. A process that has already ended is not an error.
func (p *Process) Signal(sig os.Signal) error {
	if err := p.command.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %v to %s: %w", sig, p.spec.Name, err)
	}
	return nil
}

// Stop asks with sig and kills after grace. It returns when the process has ended.
func (p *Process) Stop(sig os.Signal, grace time.Duration) error {
	if err := p.Signal(sig); err != nil {
		return err
	}
	// A process stopped by SIGSTOP sees no other signal until it continues.
	if err := p.Signal(syscall.SIGCONT); err != nil {
		return err
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
		return p.Kill()
	}
}

// Kill sends SIGKILL and waits for the end.
func (p *Process) Kill() error {
	if err := p.Signal(os.Kill); err != nil {
		return err
	}
	<-p.done
	return nil
}
