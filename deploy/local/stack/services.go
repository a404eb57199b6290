package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/postgres"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

const (
	orderly = 15 * time.Second      // how long a child may take to stop before it is killed
	look    = 20 * time.Millisecond // the pause between two looks at a process that starts
)

// database is the PostgreSQL service. Its folder is prepared at the first start.
func (s *Stack) database() service {
	var cluster *postgres.Cluster
	return service{
		name: Postgres,
		spawn: func(ctx context.Context) (*process.Process, error) {
			if cluster == nil {
				prepared, err := postgres.Prepare(ctx, s.spawner, s.settings.postgres())
				if err != nil {
					return nil, err
				}
				cluster = prepared
			}
			return cluster.Start(ctx)
		},
		ready: func(ctx context.Context, _ *process.Process) error {
			return cluster.CreateDatabases(ctx, databases()...)
		},
		stop:  syscall.SIGINT, // PostgreSQL's fast shutdown
		grace: orderly,
	}
}

// child is a service that runs in a re-execution of this program.
func (s *Stack) child(name string, config any) (service, error) {
	encoded, err := json.Marshal(config)
	if err != nil {
		return service{}, fmt.Errorf("write the configuration of %s: %w", name, err)
	}
	self, err := executable()
	if err != nil {
		return service{}, err
	}
	return service{
		name: name,
		spawn: func(context.Context) (*process.Process, error) {
			return s.spawner.Start(process.Spec{
				Name: name, Path: self, Args: []string{childCommand, name},
				Env:     append(inherited(), childVariable+"="+string(encoded)),
				LogFile: s.settings.state.logFile(name), Notify: true,
			})
		},
		ready: func(ctx context.Context, p *process.Process) error { return p.WaitReady(ctx) },
		stop:  syscall.SIGTERM,
		grace: orderly,
	}, nil
}

// executable is this program. The kernel's own link still leads to it after its file was replaced.
func executable() (string, error) {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil {
		return self, nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	return path, nil
}

// product is one of the product's long-running processes, ready when GET /readyz answers 200.
func (s *Stack) product(name, url string) service {
	environment := s.productEnvironment()
	switch name {
	case Starter:
		environment = append(environment, "RECOURSE_METRICS_LISTEN="+loopbackAddress(s.settings.ports.Figures))
	case Watcher:
		environment = append(environment, "RECOURSE_METRICS_LISTEN="+loopbackAddress(s.settings.ports.Watch))
	}
	return service{
		name: name,
		spawn: func(context.Context) (*process.Process, error) {
			return s.spawner.Start(process.Spec{
				Name: name, Path: s.options.Product, Args: []string{name},
				Env: environment, LogFile: s.settings.state.logFile(name),
			})
		},
		ready: func(ctx context.Context, p *process.Process) error {
			return awaitReady(ctx, name, url+"/readyz", p, s.settings.state.logFile(name))
		},
		stop:   syscall.SIGTERM,
		grace:  orderly,
		revive: true,
	}
}

func (s *Stack) productEnvironment() []string {
	return append(append(inherited(), s.settings.environment()...), s.options.Environment...)
}

// awaitReady asks until the answer is 200. What the process answers instead says what it waits for.
func awaitReady(ctx context.Context, name, url string, p *process.Process, log string) error {
	last := "no answer"
	for {
		status, body, err := get(ctx, url)
		switch {
		case err != nil && ctx.Err() == nil:
			last = "no answer"
		case err == nil && status == http.StatusOK:
			return nil
		case err == nil:
			last = fmt.Sprintf("it answers %d: %s", status, body)
		}
		select {
		case <-p.Done():
			return fmt.Errorf("%s ended before it was ready (%w); see %s", name, p.Err(), log)
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready (%s): %w; see %s", name, last, ctx.Err(), log)
		case <-time.After(look):
		}
	}
}

func get(ctx context.Context, url string) (int, string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", fmt.Errorf("ask %s: %w", url, err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", fmt.Errorf("ask %s: %w", url, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 500))
	if err != nil {
		return 0, "", fmt.Errorf("read the answer of %s: %w", url, err)
	}
	return answer.StatusCode, string(body), nil
}

// command runs one of the product's commands to its end.
func (s *Stack) command(ctx context.Context, name string, args ...string) error {
	log := s.settings.state.logFile(name)
	p, err := s.spawner.Start(process.Spec{
		Name: name, Path: s.options.Product, Args: append([]string{name}, args...),
		Env: s.productEnvironment(), LogFile: log,
	})
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("%s %s: %w", filepath.Base(s.options.Product), name, ctx.Err()), p.Kill())
	}
	if p.Err() != nil {
		return fmt.Errorf("%s %s: %w; see %s:\n%s", filepath.Base(s.options.Product), name, p.Err(), log, tail(log))
	}
	return nil
}

// tail is the end of a log, for a message.
func tail(log string) string {
	data, err := os.ReadFile(log)
	if err != nil {
		return ""
	}
	const most = 2000
	return string(data[max(0, len(data)-most):])
}
