package process

import (
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	readyLine = "ready"
	// The first two inherited descriptors after standard error, in the order of openPipes.
	readyDescriptor    = 3
	lifelineDescriptor = 4
)

// Child is the child's end of the pipes that Notify opens.
type Child struct {
	ready    *os.File
	lifeline *os.File
}

// InheritedChild takes over the descriptors that a Spawner passed to this process. It may be called
// once, and only in a process that was started with Notify.
func InheritedChild() *Child {
	return &Child{
		ready:    os.NewFile(readyDescriptor, "ready"),
		lifeline: os.NewFile(lifelineDescriptor, "lifeline"),
	}
}

// Ready tells the parent that the child serves.
func (c *Child) Ready() error {
	defer func() { _ = c.ready.Close() }()
	if _, err := fmt.Fprintln(c.ready, readyLine); err != nil {
		return fmt.Errorf("report readiness: %w", err)
	}
	return nil
}

// Fail tells the parent, in one line, why the child cannot serve. After Ready it does nothing.
func (c *Child) Fail(cause error) {
	defer func() { _ = c.ready.Close() }()
	fmt.Fprintln(c.ready, strings.ReplaceAll(cause.Error(), "\n", " "))
}

// Orphaned is closed when the parent is gone, however it ended.
func (c *Child) Orphaned() <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		// Nothing is ever written: the read returns when the parent's end is closed.
		_, _ = io.Copy(io.Discard, c.lifeline)
	}()
	return gone
}
