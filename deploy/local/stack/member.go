package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/process"
)

const (
	// firstBackoff and longestBackoff bound the wait before a product process is started again.
	firstBackoff, longestBackoff = 200 * time.Millisecond, 5 * time.Second
	// steady is how long a process must live for the wait to begin again at its minimum.
	steady = 10 * time.Second
)

// service says how one child is started and stopped.
type service struct {
	name string
	// spawn starts the process, ready waits until it serves.
	spawn func(context.Context) (*process.Process, error)
	ready func(context.Context, *process.Process) error
	stop  os.Signal
	grace time.Duration
	// revive starts the process again when it ends although nobody asked it to.
	revive bool
}

// member is a service and the process that runs it now.
type member struct {
	service
	fail func(error) // told of an end that nobody asked for and that is not revived
	note func(name string, pid int) error

	operation sync.Mutex // held by start, halt and restart, so that they do not interleave

	mu      sync.Mutex
	current *process.Process // nil when none runs
	wanted  bool             // a process should be running
}

// start runs the service and returns when it is ready.
func (m *member) start(ctx context.Context) error {
	m.operation.Lock()
	defer m.operation.Unlock()
	return m.launch(ctx)
}

func (m *member) launch(ctx context.Context) error {
	p, err := m.spawn(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.current, m.wanted = p, true
	m.mu.Unlock()
	if err := errors.Join(m.note(m.name, p.PID()), m.ready(ctx, p)); err != nil {
		m.want(false)
		return errors.Join(err, p.Kill())
	}
	go m.watch(context.WithoutCancel(ctx), p)
	return nil
}

// watch waits for the process's end and revives it or reports it, if the end was not asked for.
func (m *member) watch(ctx context.Context, p *process.Process) {
	backoff := firstBackoff
	for {
		started := time.Now()
		<-p.Done()
		if !m.lost(p) {
			return
		}
		if !m.revive {
			m.fail(fmt.Errorf("%s ended unexpectedly (%s)", m.name, p.Ending()))
			return
		}
		if time.Since(started) > steady {
			backoff = firstBackoff
		}
		next := m.again(ctx, p, backoff)
		if next == nil {
			return
		}
		p, backoff = next, min(2*backoff, longestBackoff)
	}
}

// lost says whether p is the process that should be running.
func (m *member) lost(p *process.Process) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wanted && m.current == p
}

// again starts the successor of p until that works, unless somebody takes the service in hand.
func (m *member) again(ctx context.Context, p *process.Process, backoff time.Duration) *process.Process {
	for {
		time.Sleep(backoff)
		m.operation.Lock()
		if !m.lost(p) {
			m.operation.Unlock()
			return nil
		}
		next, err := m.spawn(ctx)
		if err == nil {
			m.mu.Lock()
			m.current = next
			m.mu.Unlock()
			if noted := m.note(m.name, next.PID()); noted != nil {
				m.fail(noted)
			}
		}
		m.operation.Unlock()
		switch {
		case err == nil:
			return next
		case errors.Is(err, process.ErrClosed):
			return nil
		}
		backoff = min(2*backoff, longestBackoff)
	}
}

func (m *member) want(running bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wanted = running
}

// running returns the live process or nil.
func (m *member) running() *process.Process {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current == nil {
		return nil
	}
	select {
	case <-m.current.Done():
		return nil
	default:
		return m.current
	}
}

// halt ends the process in the orderly way, or by SIGKILL, and leaves the service down.
func (m *member) halt(orderly bool) error {
	m.operation.Lock()
	defer m.operation.Unlock()
	return m.end(orderly)
}

func (m *member) end(orderly bool) error {
	m.want(false)
	p := m.running()
	if p == nil {
		return nil
	}
	if orderly {
		return p.Stop(m.stop, m.grace)
	}
	return p.Kill()
}

// crash kills the process; a service that is revived comes back by itself.
func (m *member) crash() error {
	if !m.revive {
		return m.halt(false)
	}
	p := m.running()
	if p == nil {
		return nil
	}
	return p.Kill()
}

// restart ends the process if there is one and starts the next.
func (m *member) restart(ctx context.Context) error {
	m.operation.Lock()
	defer m.operation.Unlock()
	if err := m.end(true); err != nil {
		return err
	}
	return m.launch(ctx)
}

// signal reaches the process and the ones it made.
func (m *member) signal(ctx context.Context, sig syscall.Signal) error {
	p := m.running()
	if p == nil {
		return fmt.Errorf("%s is not running", m.name)
	}
	return p.SignalTree(ctx, sig)
}
