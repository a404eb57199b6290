package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// Ports are the loopback ports of one stack. They are kept in the state folder, so that links and
// settings stay good over a restart.
type Ports struct {
	API       int `json:"api"`
	Metrics   int `json:"metrics"` // the worker's
	Figures   int `json:"starterMetrics"`
	Watch     int `json:"watcherMetrics"`
	Temporal  int `json:"temporal"`
	UI        int `json:"ui"`
	Mail      int `json:"mail"`
	OIDC      int `json:"oidc"`
	Panel     int `json:"panel"`
	S3        int `json:"s3"`
	Postgres  int `json:"postgres"`
	History   int `json:"history"` // the rest is Temporal talking to itself
	Matching  int `json:"matching"`
	Scheduler int `json:"scheduler"`
}

// DefaultPorts are what a first start wants.
func DefaultPorts() Ports {
	return Ports{
		API: 8080, Metrics: 8081, Figures: 8082, Watch: 8083, Temporal: 7233, UI: 8233, Panel: 8234, Mail: 8025, OIDC: 8026, S3: 8027, Postgres: 5433,
		History: 7234, Matching: 7235, Scheduler: 7239,
	}
}

// port is one entry of Ports with what people call it.
type port struct {
	thing  string
	number *int
	public bool // people know the number: it may move only when they allow it
}

func (p *Ports) list() []port {
	return []port{
		{"the REST API", &p.API, true},
		{"the worker's metrics", &p.Metrics, true},
		{"the starter's metrics", &p.Figures, true},
		{"the watcher's metrics", &p.Watch, true},
		{"Temporal", &p.Temporal, true},
		{"the Temporal Web UI", &p.UI, true},
		{"mail (SES and the inbox)", &p.Mail, true},
		{"the OpenID Connect issuer", &p.OIDC, true},
		{"the operators' panel", &p.Panel, true},
		{"S3", &p.S3, true},
		{"PostgreSQL", &p.Postgres, true},
		{"Temporal's history service", &p.History, false},
		{"Temporal's matching service", &p.Matching, false},
		{"Temporal's worker service", &p.Scheduler, false},
	}
}

// PortTakenError means that another program listens on a port that the stack wants.
type PortTakenError struct {
	Port  int
	Thing string // what the stack wants it for
}

func (e *PortTakenError) Error() string {
	return fmt.Sprintf("port %d, wanted for %s, is taken by another program: "+
		"stop that program, or let the stack choose free ports with --auto-ports", e.Port, e.Thing)
}

// maxStep is how far from the wanted number a free port is looked for.
const maxStep = 2000

// reservation holds ports for one stack against the user's other stacks, from the choice until the
// stack ends, by a lock per port: between a look and the child's listening, a look alone is no claim.
type reservation struct {
	dir   string
	locks []*os.File
}

// choosePorts settles and reserves every port, starting from those that the state folder remembers.
func choosePorts(ctx context.Context, file string, auto bool) (Ports, *reservation, error) {
	ports, err := readPorts(file)
	if err != nil {
		return Ports{}, nil, err
	}
	// One folder per user: nobody else could take over the locks in it.
	held := &reservation{dir: filepath.Join(os.TempDir(), fmt.Sprintf("recourse-stack-ports-%d", os.Getuid()))}
	if err := os.MkdirAll(held.dir, 0o700); err != nil {
		return Ports{}, nil, fmt.Errorf("make the folder of port reservations: %w", err)
	}
	for _, p := range ports.list() {
		chosen, err := held.choose(ctx, *p.number, auto || !p.public)
		if err != nil {
			held.release()
			return Ports{}, nil, err
		}
		if chosen == 0 {
			held.release()
			return Ports{}, nil, &PortTakenError{Port: *p.number, Thing: p.thing}
		}
		*p.number = chosen
	}
	if err := writePorts(file, ports); err != nil {
		held.release()
		return Ports{}, nil, err
	}
	return ports, held, nil
}

// choose takes the wanted port or, if it may move, the next free one; 0 means that none is free.
func (r *reservation) choose(ctx context.Context, wanted int, mayMove bool) (int, error) {
	last := wanted
	if mayMove {
		last += maxStep
	}
	for number := wanted; number <= last; number++ {
		taken, err := r.take(ctx, number)
		if err != nil {
			return 0, err
		}
		if taken {
			return number, nil
		}
	}
	return 0, nil
}

func (r *reservation) take(ctx context.Context, number int) (bool, error) {
	held, err := lock(filepath.Join(r.dir, strconv.Itoa(number)))
	if errors.Is(err, ErrRunning) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reserve port %d: %w", number, err)
	}
	if !free(ctx, number) {
		return false, held.Close()
	}
	r.locks = append(r.locks, held)
	return true, nil
}

// free says whether nobody listens on a port, by listening there for a moment.
func free(ctx context.Context, number int) bool {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", loopbackAddress(number))
	return err == nil && listener.Close() == nil
}

func (r *reservation) release() {
	for _, f := range r.locks {
		_ = f.Close() // the lock goes with it in any case
	}
	r.locks = nil
}

func loopbackAddress(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func loopbackURL(port int) string { return "http://" + loopbackAddress(port) }

func secureURL(port int) string { return "https://" + loopbackAddress(port) }

// readPorts returns what the file remembers, or the defaults.
func readPorts(file string) (Ports, error) {
	ports := DefaultPorts()
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return ports, nil
	}
	if err != nil {
		return Ports{}, fmt.Errorf("read the ports: %w", err)
	}
	if err := json.Unmarshal(data, &ports); err != nil {
		return Ports{}, fmt.Errorf("read the ports from %s: %w", file, err)
	}
	return ports, nil
}

func writePorts(file string, ports Ports) error {
	data, err := json.MarshalIndent(ports, "", "  ")
	if err != nil {
		return fmt.Errorf("write the ports: %w", err)
	}
	if err := os.WriteFile(file, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the ports: %w", err)
	}
	return nil
}
