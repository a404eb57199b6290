package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

type statusCommand struct{ place }

// Run says for each part whether something answers there, by which process and at which port, and where the tokens
// of the personas lie. It fails where no stack runs.
func (c *statusCommand) Run(ctx context.Context) error {
	v, err := stack.Look(c.State)
	if err != nil {
		return err
	}
	personas, err := issuer.Personas()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PART\tSTATE\tPID\tPORT\tADDRESS")
	for _, part := range parts(v.Endpoints) {
		pid, err := v.PID(part.process)
		if err != nil {
			return err
		}
		host := hostOf(part.address)
		_, port, _ := strings.Cut(host, ":")
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", part.name, state(ctx, v.Running, host), number(pid), port, part.address)
	}
	fmt.Fprintln(table)
	listPersonas(table, personas, v.TokenFile)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the status: %w", err)
	}
	if !v.Running {
		return errors.New("no stack runs here")
	}
	return nil
}

// part is something that answers at an address, and the process that should.
type part struct{ name, process, address string }

func parts(at stack.Endpoints) []part {
	return []part{
		{"API", stack.Starter, at.API},
		{"Operations", stack.Starter, at.Operations},
		{"Operations, HTTPS", stack.Door, at.Panel},
		{"API metrics", stack.Starter, at.StarterMetrics},
		{"Worker", stack.Worker, at.Metrics},
		{"Watcher", stack.Watcher, at.WatcherMetrics},
		{"Temporal Web UI", stack.Temporal, at.TemporalUI},
		{"Temporal", stack.Temporal, at.TemporalAddress},
		{"Mail inbox", stack.Mail, at.Mail},
		{"Personas, tokens", stack.OIDC, at.OIDC},
		{"S3", stack.S3, at.S3},
		{"Database", stack.Postgres, at.DatabaseURL},
	}
}

// number writes a process's number, or a dash for none.
func number(pid int) string {
	if pid == 0 {
		return "-"
	}
	return strconv.Itoa(pid)
}

// hostOf is the host and port of an address that may be a URL.
func hostOf(address string) string {
	if parsed, err := url.Parse(address); err == nil && strings.Contains(address, "://") {
		return parsed.Host
	}
	return address
}

// state asks whether somebody listens, which is only this stack while it holds its folder.
func state(ctx context.Context, running bool, host string) string {
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
