package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/recourse-exams/recourse/deploy/local/engine"
)

// Endpoints are the addresses of one stack.
type Endpoints struct {
	API             string // the REST API
	Docs            string // its documentation
	Metrics         string // the worker's health and metrics
	StarterMetrics  string
	WatcherMetrics  string // the watcher's health and metrics
	TemporalAddress string // host:port for Temporal clients
	TemporalUI      string
	Mail            string // the inbox, the JSON API of mails, and SES
	OIDC            string // the issuer and the page of personas
	Operations      string // the operators' page
	Panel           string // the same behind HTTPS, for the Web UI
	S3              string
	DatabaseURL     string // the register, with the password in it
	EngineURL       string // Temporal's own database, with the password in it
}

func (s settings) endpoints() Endpoints {
	return Endpoints{
		API:             loopbackURL(s.ports.API),
		Docs:            loopbackURL(s.ports.API) + "/docs",
		Metrics:         loopbackURL(s.ports.Metrics),
		StarterMetrics:  loopbackURL(s.ports.Figures),
		WatcherMetrics:  loopbackURL(s.ports.Watch),
		TemporalAddress: loopbackAddress(s.ports.Temporal),
		TemporalUI:      loopbackURL(s.ports.UI),
		Mail:            loopbackURL(s.ports.Mail),
		OIDC:            loopbackURL(s.ports.OIDC),
		Operations:      loopbackURL(s.ports.API) + "/ops",
		Panel:           secureURL(s.ports.Panel) + "/ops",
		S3:              loopbackURL(s.ports.S3),
		DatabaseURL:     s.postgres().URL(productDatabase),
		EngineURL:       s.postgres().URL(engine.MainDatabase),
	}
}

// View is what a state folder tells about its stack, to a process that did not start it.
type View struct {
	Endpoints Endpoints
	// Environment is what the product's processes are given, one NAME=value each.
	Environment []string
	// Running says whether a process holds the folder.
	Running bool
	state   state
}

// ErrNoState means that no stack was ever started in the folder.
var ErrNoState = errors.New("there is no stack here")

// Look reads a state folder without changing it.
func Look(dir string) (*View, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the state folder: %w", err)
	}
	at := state(dir)
	if _, err := os.Stat(at.portsFile()); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoState, dir)
	}
	ports, err := readPorts(at.portsFile())
	if err != nil {
		return nil, err
	}
	known, err := at.readSecrets()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoState, dir) // ports were chosen for it, but it never started
	}
	if err != nil {
		return nil, err
	}
	running, err := holds(at.lockFile())
	if err != nil {
		return nil, err
	}
	s := settings{state: at, ports: ports, secrets: known}
	return &View{Endpoints: s.endpoints(), Environment: s.environment(), Running: running, state: at}, nil
}

// TokenFile is where a persona's ready token lies.
func (v *View) TokenFile(persona string) string { return v.state.path("tokens", persona) }

// Forget removes a state folder and everything in it: cases, files, mails, keys. It refuses while a
// stack runs there, and where the folder is not a stack's.
func Forget(dir string) error {
	v, err := Look(dir)
	if err != nil {
		return err
	}
	if v.Running {
		return fmt.Errorf("%w; stop it first", ErrRunning)
	}
	if err := os.RemoveAll(string(v.state)); err != nil {
		return fmt.Errorf("remove the state folder: %w", err)
	}
	return nil
}
