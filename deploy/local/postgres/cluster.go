package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/deploy/local/process"
)

// User is the superuser of the cluster and the owner of every database in it.
const User = "recourse"

const (
	host = "127.0.0.1"
	// dial is the longest a connection attempt may take while the server starts.
	dial = time.Second
	// pause lies between two connection attempts.
	pause = 20 * time.Millisecond
)

// Config describes the one cluster of a state folder.
type Config struct {
	Dir      string // absolute; holds one data folder per major version
	Port     int    // on 127.0.0.1
	Password string // of User
	LogFile  string
}

// Cluster is an initialised data folder and the programs that serve it.
type Cluster struct {
	config  Config
	install Installation
	user    *process.User
	spawner *process.Spawner
}

// Prepare finds PostgreSQL, ends a server that an earlier run left behind, and initialises the data
// folder if there is none.
func Prepare(ctx context.Context, spawner *process.Spawner, config Config) (*Cluster, error) {
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the PostgreSQL folder: %w", err)
	}
	install, err := Find(ctx, filepath.Join(config.Dir, "npm"))
	if err != nil {
		return nil, err
	}
	c := &Cluster{config: config, install: install, spawner: spawner}
	if c.user, err = c.account(ctx); err != nil {
		return nil, err
	}
	if err := c.initialise(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// data is named by major version: another version's folder is left alone.
func (c *Cluster) data() string {
	return filepath.Join(c.config.Dir, "data-"+strconv.Itoa(c.install.Major))
}

// initialise runs initdb in a folder of another name and renames it when it is whole, so that an
// interrupted first start cannot be taken for a cluster.
func (c *Cluster) initialise(ctx context.Context) error {
	if _, err := os.Stat(c.data()); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for the data folder: %w", err)
	}
	fresh, password := c.data()+".new", filepath.Join(c.config.Dir, "password")
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove an unfinished data folder: %w", err)
	}
	if err := os.WriteFile(password, []byte(c.config.Password+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the password for initdb: %w", err)
	}
	defer func() { _ = os.Remove(password) }() // it lies in a private folder
	if err := c.own(password); err != nil {
		return err
	}
	// Without --no-sync every template file is flushed one by one; the server itself always flushes.
	if err := c.run(ctx, "initdb", filepath.Join(c.install.Bin, "initdb"), "--pgdata", fresh, "--username", User,
		"--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync"); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.data()); err != nil {
		return fmt.Errorf("name the data folder: %w", err)
	}
	return nil
}

// run runs one program to its end under the cluster's account.
func (c *Cluster) run(ctx context.Context, name, path string, args ...string) error {
	p, err := c.spawner.Start(process.Spec{
		Name: name, Path: path, Args: args, Env: os.Environ(), Dir: c.config.Dir,
		LogFile: c.config.LogFile, User: c.user,
	})
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.Kill())
	}
	if p.Err() != nil {
		return fmt.Errorf("%s: %w; see %s", name, p.Err(), c.config.LogFile)
	}
	return nil
}

// Start starts the server and waits until it accepts connections. Stop it with SIGINT, which ends
// open sessions and shuts down cleanly.
func (c *Cluster) Start(ctx context.Context) (*process.Process, error) {
	for began := time.Now(); ; {
		p, err := c.attempt(ctx)
		// Sessions of a server that was killed notice it a moment later, and until then the next server
		// ends at once, because it finds their shared memory.
		if err == nil || !errors.Is(err, errEnded) || time.Since(began) > leaving {
			return p, err
		}
		time.Sleep(5 * pause)
	}
}

// errEnded means that the server ended by itself before it served.
var errEnded = errors.New("postgres ended while starting")

func (c *Cluster) attempt(ctx context.Context) (*process.Process, error) {
	p, err := c.spawner.Start(process.Spec{
		Name: "postgres",
		Path: filepath.Join(c.install.Bin, "postgres"),
		Args: []string{
			"-D", c.data(), "-p", strconv.Itoa(c.config.Port),
			"-c", "listen_addresses=" + host,
			"-c", "unix_socket_directories=", // its path has a length limit that a state folder may exceed
			"-c", "max_connections=200",
			"-c", "jit=off",
			"-c", "timezone=UTC", "-c", "log_timezone=UTC",
		},
		Env: os.Environ(), Dir: c.config.Dir, LogFile: c.config.LogFile, User: c.user,
	})
	if err != nil {
		return nil, err
	}
	if err := c.await(ctx, p); err != nil {
		return nil, errors.Join(err, p.Kill())
	}
	return p, nil
}

func (c *Cluster) await(ctx context.Context, p *process.Process) error {
	for {
		conn, err := c.Connect(ctx, "postgres")
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-p.Done():
			return fmt.Errorf("%w (%s); see %s", errEnded, p.Ending(), c.config.LogFile)
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", errors.Join(ctx.Err(), err))
		case <-time.After(pause):
		}
	}
}

// Connect opens one connection to a database of the cluster.
func (c *Cluster) Connect(ctx context.Context, database string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dial)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL(database))
	if err != nil {
		return nil, fmt.Errorf("connect to database %s: %w", database, err)
	}
	return conn, nil
}

// URL is the address of a database, with the password in it.
func (c *Cluster) URL(database string) string { return c.config.URL(database) }

// URL is the address of a database, with the password in it.
func (c Config) URL(database string) string {
	address := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(User, c.Password),
		Host:     net.JoinHostPort(host, strconv.Itoa(c.Port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return address.String()
}

// CreateDatabases makes each named database that does not exist yet.
func (c *Cluster) CreateDatabases(ctx context.Context, names ...string) error {
	conn, err := c.Connect(ctx, "postgres")
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is lost with it
	for _, name := range names {
		var exists bool
		if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&exists); err != nil {
			return fmt.Errorf("look for database %s: %w", name, err)
		}
		if exists {
			continue
		}
		quoted := pgx.Identifier{name}.Sanitize() //nolint:misspell // pgx's own name
		if _, err := conn.Exec(ctx, "create database "+quoted); err != nil {
			return fmt.Errorf("create database %s: %w", name, err)
		}
	}
	return nil
}
