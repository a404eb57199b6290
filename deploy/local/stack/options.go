// Package stack runs everything that Recourse needs on one machine, without containers: PostgreSQL, the
// Temporal server with its Web UI, an S3 server, an SES endpoint with an inbox, an OpenID Connect issuer,
// and the product itself. Each is a child process, so that a test can kill, freeze and restart any of them.
package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The names of the children, as Kill, Restart and the others take them.
const (
	Postgres = "postgres"
	Temporal = "temporal"
	S3       = "s3"
	Mail     = "mail"
	OIDC     = "oidc"
	Door     = "door"
	Starter  = "starter"
	Worker   = "worker"
	Watcher  = "watcher"
)

// Options say what to start.
type Options struct {
	// State is the folder that keeps databases, files, mails, keys, ports and logs over a restart. It is
	// made if it is missing. Required.
	State string
	// AutoPorts takes the next free port where a wanted one is taken, instead of refusing.
	AutoPorts bool
	// Product is the path of the recourse program; empty starts the infrastructure alone.
	Product string
	// Demo is a folder that is imported into an empty register; empty imports nothing.
	Demo string
	// Environment is added to the product's environment and wins over what the stack sets, one NAME=value each.
	Environment []string
	// Progress is told each step as it ends, with the time since the start, by several goroutines at
	// once. It may be nil.
	Progress func(step string, elapsed time.Duration)
}

// validated fills in what may be left out and makes paths absolute.
func (o Options) validated() (Options, error) {
	if o.State == "" {
		return o, fmt.Errorf("the state folder is not named")
	}
	var err error
	if o.State, err = filepath.Abs(o.State); err != nil {
		return o, fmt.Errorf("find the state folder: %w", err)
	}
	if o.Product != "" {
		if o.Product, err = filepath.Abs(o.Product); err != nil {
			return o, fmt.Errorf("find the product: %w", err)
		}
		if _, err := os.Stat(o.Product); err != nil {
			return o, fmt.Errorf("find the product: %w", err)
		}
	}
	if o.Demo != "" {
		if o.Demo, err = filepath.Abs(o.Demo); err != nil {
			return o, fmt.Errorf("find the demonstration data: %w", err)
		}
	}
	if o.Progress == nil {
		o.Progress = func(string, time.Duration) {}
	}
	return o, nil
}
