package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/engine"
	"github.com/recourse-exams/recourse/deploy/local/postgres"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

// starting is how long the whole start may take. Fetching PostgreSQL over a slow line is the longest part.
const starting = 5 * time.Minute

// Stack is a running stack. Its methods may be called from any goroutine.
type Stack struct {
	// Endpoints are its addresses.
	Endpoints Endpoints

	options  Options
	settings settings
	began    time.Time
	spawner  *process.Spawner
	lock     *os.File
	reserved *reservation
	members  []*member // in the order of starting
	failures chan error
	cancel   context.CancelFunc // of what runs beside the children
	stopped  sync.Once
}

func databases() []string {
	return []string{productDatabase, engine.MainDatabase, engine.VisibilityDatabase}
}

// Start starts everything and returns when it serves. On an error nothing is left running.
//
// Errors that a person can mend have types or values of their own: ErrRunning, PortTakenError,
// postgres.ErrNotFound.
func Start(ctx context.Context, options Options) (*Stack, error) {
	options, err := options.validated()
	if err != nil {
		return nil, err
	}
	at := state(options.State)
	if err := os.MkdirAll(options.State, 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	held, err := lockPatiently(at.lockFile())
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", err, options.State)
	}
	s := &Stack{
		options: options, began: time.Now(), spawner: process.NewSpawner(), lock: held,
		failures: make(chan error, 1), cancel: func() {},
	}
	if err := s.start(ctx, at); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context, at state) error {
	ctx, cancel := context.WithTimeout(ctx, starting)
	defer cancel()
	if err := s.prepare(ctx, at); err != nil {
		return err
	}
	if err := s.enlist(at); err != nil {
		return err
	}
	if err := s.startInfrastructure(ctx); err != nil {
		return err
	}
	if err := s.settings.writeTokens(time.Now); err != nil {
		return err
	}
	if err := s.startProduct(ctx); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = stop
	go s.renewTokens(background)
	return nil
}

// prepare settles folders, secrets and ports.
func (s *Stack) prepare(ctx context.Context, at state) error {
	if err := at.prepare(); err != nil {
		return err
	}
	if err := postgres.ClearLeftovers(ctx, at.path("postgres")); err != nil {
		return err
	}
	made, err := at.secrets()
	if err != nil {
		return err
	}
	ports, reserved, err := choosePorts(ctx, at.portsFile(), s.options.AutoPorts)
	if err != nil {
		return err
	}
	s.reserved = reserved
	s.settings = settings{state: at, ports: ports, secrets: made}
	s.Endpoints = s.settings.endpoints()
	return nil
}

// enlist lists the services in the order in which they start; they stop in the opposite order.
func (s *Stack) enlist(at state) error {
	services := []service{s.database()}
	for _, child := range []struct {
		name   string
		config any
	}{
		{Temporal, s.settings.temporal()}, {S3, s.settings.s3()}, {Mail, s.settings.mail()}, {OIDC, s.settings.oidc()},
	} {
		made, err := s.child(child.name, child.config)
		if err != nil {
			return err
		}
		services = append(services, made)
	}
	if s.options.Product != "" {
		way, err := s.child(Door, s.settings.door())
		if err != nil {
			return err
		}
		services = append(services, s.product(Starter, s.Endpoints.API), s.product(Worker, s.Endpoints.Metrics), s.product(Watcher, s.Endpoints.WatcherMetrics), way)
	}
	for _, made := range services {
		s.members = append(s.members, &member{service: made, fail: s.fail, note: at.notePID})
	}
	return nil
}

// startInfrastructure starts what needs nothing at once, and Temporal when its database is there.
func (s *Stack) startInfrastructure(ctx context.Context) error {
	return together(ctx,
		func(ctx context.Context) error {
			if err := s.bring(ctx, Postgres); err != nil {
				return err
			}
			return s.bring(ctx, Temporal)
		},
		func(ctx context.Context) error { return s.bring(ctx, S3) },
		func(ctx context.Context) error { return s.bring(ctx, Mail) },
		func(ctx context.Context) error { return s.bring(ctx, OIDC) },
	)
}

func (s *Stack) startProduct(ctx context.Context) error {
	if s.options.Product == "" {
		return nil
	}
	if err := s.command(ctx, "migrate"); err != nil {
		return err
	}
	s.progress("register migrated")
	if s.options.Demo != "" {
		if err := s.command(ctx, "import", "--if-empty", s.options.Demo); err != nil {
			return err
		}
		s.progress("demonstration data in place")
	}
	return together(ctx,
		func(ctx context.Context) error { return s.bring(ctx, Starter) },
		func(ctx context.Context) error { return s.bring(ctx, Worker) },
		func(ctx context.Context) error { return s.bring(ctx, Watcher) },
		func(ctx context.Context) error { return s.bring(ctx, Door) },
	)
}

// together runs functions at once. The first error cancels the others and is returned.
func together(ctx context.Context, functions ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	for _, f := range functions {
		wait.Go(func() {
			if err := f(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

func (s *Stack) bring(ctx context.Context, name string) error {
	m, err := s.member(name)
	if err != nil {
		return err
	}
	if err := m.start(ctx); err != nil {
		return err
	}
	s.progress(name + " ready")
	return nil
}

func (s *Stack) progress(step string) { s.options.Progress(step, time.Since(s.began)) }

func (s *Stack) member(name string) (*member, error) {
	at := slices.IndexFunc(s.members, func(m *member) bool { return m.name == name })
	if at < 0 {
		return nil, fmt.Errorf("the stack has no process %q", name)
	}
	return s.members[at], nil
}

// fail keeps the first failure for Failed.
func (s *Stack) fail(err error) {
	select {
	case s.failures <- err:
	default:
	}
}

// Failed delivers the first unexpected end of a process that is not started again by itself.
func (s *Stack) Failed() <-chan error { return s.failures }

// Kill sends SIGKILL to one process and returns when it is gone. The starter, the worker and the watcher are started
// again by themselves; the others stay down until Restart.
func (s *Stack) Kill(name string) error {
	return s.with(name, (*member).crash)
}

// Halt sends SIGKILL to one process and keeps it down, the product's own too, until Restart.
func (s *Stack) Halt(name string) error {
	return s.with(name, func(m *member) error { return m.halt(false) })
}

// Restart ends one process in order, if it runs, starts it and returns when it is ready.
func (s *Stack) Restart(ctx context.Context, name string) error {
	return s.with(name, func(m *member) error { return m.restart(ctx) })
}

// Pause freezes one process and the processes it made, as if the machine it runs on hung.
func (s *Stack) Pause(name string) error {
	return s.with(name, func(m *member) error { return m.signal(context.Background(), syscall.SIGSTOP) })
}

// Resume lets a frozen process go on.
func (s *Stack) Resume(name string) error {
	return s.with(name, func(m *member) error { return m.signal(context.Background(), syscall.SIGCONT) })
}

// PID is the number of the running process, or 0 while none runs.
func (s *Stack) PID(name string) (int, error) {
	m, err := s.member(name)
	if err != nil {
		return 0, err
	}
	if p := m.running(); p != nil {
		return p.PID(), nil
	}
	return 0, nil
}

func (s *Stack) with(name string, do func(*member) error) error {
	m, err := s.member(name)
	if err != nil {
		return err
	}
	return do(m)
}

// Logs is the path of one process's log.
func (s *Stack) Logs(name string) string { return s.settings.state.logFile(name) }

// Environment is what the product's processes are given, one NAME=value each.
func (s *Stack) Environment() []string { return s.settings.environment() }

// TokenFile is where a persona's ready token lies.
func (s *Stack) TokenFile(persona string) string { return s.settings.state.path("tokens", persona) }

// Stop ends every process in the opposite order of starting and frees the state folder. A second call
// does nothing.
func (s *Stack) Stop() error {
	var failed error
	s.stopped.Do(func() {
		s.cancel()
		for _, m := range slices.Backward(s.members) {
			failed = errors.Join(failed, m.halt(true))
		}
		s.spawner.Close()
		if s.reserved != nil {
			s.reserved.release()
		}
		failed = errors.Join(failed, s.lock.Close())
	})
	return failed
}
