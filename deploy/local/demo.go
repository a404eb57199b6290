package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/recourse-exams/recourse/deploy/local/demo"
)

type demoCommand struct {
	State     string `help:"Folder of the demonstration's own stack; what is in it is forgotten first." default:".local/demo" type:"path" placeholder:"DIR"`
	Product   string `help:"The product's program (default: recourse beside this program)." type:"path" placeholder:"FILE"`
	DemoData  string `help:"Folder that is imported." default:"deploy/demo/cambria" type:"path" placeholder:"DIR"`
	Enquiries string `help:"File of the requests that are sent." default:"deploy/demo/enquiries.csv" type:"path" placeholder:"FILE"`
	Keep      bool   `help:"Leave the stack up until Ctrl-C, so that the links can be opened."`
}

// Run plays the demonstration and fails if anything differs from what it should be.
func (c *demoCommand) Run(ctx context.Context) error {
	product, err := (&upCommand{Product: c.Product}).product()
	if err != nil {
		return err
	}
	for _, path := range []string{c.DemoData, c.Enquiries} {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is missing: start from the repository's root, or name --demo-data and --enquiries", path)
		}
	}
	return demo.Run(ctx, demo.Options{
		State: c.State, Product: product, Data: c.DemoData, Enquiries: c.Enquiries, Keep: c.Keep,
		Out: os.Stdout, Progress: os.Stderr, Colour: terminal(os.Stdout),
	})
}

// terminal reports whether a person reads the file, and wants colours (NO_COLOR says no).
func terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
