package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

type statusCommand struct{ place }

// Run says for each part whether something answers there. It fails where no stack runs.
func (c *statusCommand) Run(ctx context.Context) error {
	v, err := stack.Look(c.State)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, part := range []struct{ name, address string }{
		{"API", v.Endpoints.API},
		{"Worker", v.Endpoints.Metrics},
		{"Temporal Web UI", v.Endpoints.TemporalUI},
		{"Temporal", v.Endpoints.TemporalAddress},
		{"Mail inbox", v.Endpoints.Mail},
		{"Personas, tokens", v.Endpoints.OIDC},
		{"S3", v.Endpoints.S3},
		{"Database", v.Endpoints.DatabaseURL},
	} {
		fmt.Fprintf(table, "%s\t%s\t%s\n", part.name, state(ctx, v.Running, part.address), part.address)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the status: %w", err)
	}
	if !v.Running {
		return errors.New("no stack runs here")
	}
	return nil
}

// state asks whether somebody listens, which is only this stack while it holds its folder.
func state(ctx context.Context, running bool, address string) string {
	host := address
	if parsed, err := url.Parse(address); err == nil && strings.Contains(address, "://") {
		host = parsed.Host
	}
	dialer := net.Dialer{Timeout: time.Second}
	if !running {
		return "down"
	}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return "down"
	}
	_ = conn.Close()
	return "up"
}

type envCommand struct{ place }

// Run prints lines for a shell's eval.
func (c *envCommand) Run() error {
	v, err := stack.Look(c.State)
	if err != nil {
		return err
	}
	for _, entry := range v.Environment {
		name, value, _ := strings.Cut(entry, "=")
		fmt.Printf("export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	return nil
}

type cleanCommand struct{ place }

// Run removes the state. A folder where there is no stack is left alone without complaint.
func (c *cleanCommand) Run() error {
	err := stack.Forget(c.State)
	if errors.Is(err, stack.ErrNoState) {
		fmt.Println("nothing to forget")
		return nil
	}
	return err
}
