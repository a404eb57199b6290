// Package pgserver runs a private PostgreSQL server from the installed programs, for tests. Its data lives in a
// temporary folder that is removed when the server ends, and the server ends with the process that started it,
// however that process ends.
package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Server is a running server with one superuser and the databases that initdb makes. It listens on a socket in
// its own folder, so that no two servers can meet.
type Server struct {
	dir string
	// lifeline is held open as long as the server is to live; its end, by whatever cause, ends the server.
	lifeline io.Closer
	ended    chan struct{}
	log      *bytes.Buffer
}

const superuser = "recourse"

// watch runs the server as a child of a small shell, which outlives this process: when the lifeline on standard
// input closes, it shuts the server down at once and removes the folder. A server that has hardly begun does not
// hear the polite signal.
const watch = `
exec 3<&0
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -F \
    -c full_page_writes=off -c synchronous_commit=off -c max_connections=300 -c jit=off -c timezone=UTC 3<&- >&2 &
server=$!
( read -r _ <&3 ; kill -QUIT $server ; sleep 3 ; kill -KILL $server ) >/dev/null 2>&1 &
watcher=$!
wait $server
kill $watcher 2>/dev/null
rm -rf "$2"`

// Start initialises a fresh server in a temporary folder and waits until it answers. It is as durable as a test
// needs: nothing is flushed to disk.
func Start(ctx context.Context) (*Server, error) {
	bin, err := Find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "recourse-postgres-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	server, err := start(ctx, bin, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return server, nil
}

func start(ctx context.Context, bin, dir string) (*Server, error) {
	account, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", superuser, "-A", "trust",
		"-E", "UTF8", "--no-locale", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attributes(account), dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", errors.Join(ctx.Err(), err), out)
	}
	// Not CommandContext: the server lives until Stop, longer than the context of its start.
	server := &Server{dir: dir, ended: make(chan struct{}), log: new(bytes.Buffer)}
	command := exec.Command("/bin/sh", "-c", watch, "sh", bin, dir) //nolint:noctx // See above.
	command.SysProcAttr, command.Dir, command.Stderr = attributes(account), dir, server.log
	if server.lifeline, err = command.StdinPipe(); err != nil {
		return nil, fmt.Errorf("make the lifeline of PostgreSQL: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	go func() {
		defer close(server.ended)
		_ = command.Wait() // How the shell ended says nothing that the log does not.
	}()
	if err := server.await(ctx); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}

// URL is the address of a database of the server.
func (s *Server) URL(database string) string {
	address := url.URL{
		Scheme: "postgres", User: url.User(superuser), Path: "/" + database,
		RawQuery: url.Values{"host": {s.dir}, "sslmode": {"disable"}}.Encode(),
	}
	return address.String()
}

// Stop ends the server and removes its data.
func (s *Server) Stop() error {
	err := s.lifeline.Close()
	<-s.ended
	if err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	return nil
}

// statusLine is where the server's pid file says how far it has come, as pg_ctl reads it.
const statusLine = 8

func (s *Server) await(ctx context.Context) error {
	for {
		body, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
		lines := strings.Split(string(body), "\n")
		if err == nil && len(lines) >= statusLine && strings.TrimSpace(lines[statusLine-1]) == "ready" {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("PostgreSQL ended while starting: %s", s.log)
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
