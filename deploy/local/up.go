package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

type upCommand struct {
	place
	AutoPorts bool   `help:"Take free ports where the usual ones are taken."`
	NoProduct bool   `help:"Start the infrastructure alone."`
	Product   string `help:"The product's program (default: recourse beside this program)." type:"path" placeholder:"FILE"`
	DemoData  string `help:"Folder that is imported into an empty register." type:"path" placeholder:"DIR"`
}

// Run starts the stack and stays until ctx ends or a part of it fails.
func (c *upCommand) Run(ctx context.Context) error {
	product, err := c.product()
	if err != nil {
		return err
	}
	s, err := stack.Start(ctx, stack.Options{
		State: c.State, AutoPorts: c.AutoPorts, Product: product, Demo: c.DemoData,
		Progress: func(step string, elapsed time.Duration) {
			fmt.Fprintf(os.Stderr, "%6.2fs  %s\n", elapsed.Seconds(), step)
		},
	})
	if err != nil {
		return err
	}
	if err := printTables(os.Stdout, s.Endpoints, s.TokenFile, product != ""); err != nil {
		return errors.Join(err, s.Stop())
	}
	fmt.Println("Ctrl-C stops everything; the state stays.")
	select {
	case <-ctx.Done():
		fmt.Fprintln(os.Stderr, "stopping")
		return s.Stop()
	case err := <-s.Failed():
		return errors.Join(fmt.Errorf("%w; stopping the rest", err), s.Stop())
	}
}

// product is the program to run, "" for none.
func (c *upCommand) product() (string, error) {
	if c.NoProduct {
		return "", nil
	}
	if c.Product != "" {
		return c.Product, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	beside := filepath.Join(filepath.Dir(self), "recourse")
	if _, err := os.Stat(beside); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the product is not built: %s is missing (make build), or start with --no-product", beside)
	} else if err != nil {
		return "", fmt.Errorf("find the product: %w", err)
	}
	return beside, nil
}
