package main

import (
	"context"
	"fmt"
	"os"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/intake"
	"github.com/recourse-exams/recourse/store"
)

type migrateCommand struct{}

// Run migrates the database.
func (migrateCommand) Run(ctx context.Context) error {
	config, err := connect.Load(ctx)
	if err != nil {
		return err
	}
	return store.Migrate(ctx, config.DatabaseURL)
}

type importCommand struct {
	Dir     string `arg:"" help:"Folder of CSV and PDF files; docs/import.md describes them." type:"existingdir"`
	IfEmpty bool   `help:"Do nothing if the register holds a centre already."`
}

// Run imports the folder, or reports every fault and imports nothing.
func (c importCommand) Run(ctx context.Context) error {
	config, err := connect.Load(ctx)
	if err != nil {
		return err
	}
	register, err := store.Open(ctx, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer register.Close()
	aws, err := connect.AWS(ctx)
	if err != nil {
		return err
	}
	bucket := files.New(files.NewClient(aws, config.PathStyle), config.Bucket)
	clock := connect.NewClock(register, config.MovableClock)
	summary, err := intake.Import(ctx, os.DirFS(c.Dir), bucket, register, intake.Options{
		At: clock.Now(), IfEmpty: c.IfEmpty, Progress: os.Stdout,
	})
	if err != nil {
		return err
	}
	_, err = fmt.Println(summary)
	return err
}

type verifyCommand struct {
	Reference string `arg:"" optional:"" help:"One case; without it, every case."`
}

// Run recomputes audit chains.
func (c verifyCommand) Run(ctx context.Context) error {
	config, err := connect.Load(ctx)
	if err != nil {
		return err
	}
	register, err := store.Open(ctx, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer register.Close()
	references, err := c.references(ctx, register)
	if err != nil {
		return err
	}
	for _, reference := range references {
		if err := register.VerifyAudit(ctx, reference); err != nil {
			return err
		}
	}
	_, err = fmt.Printf("%d audit chains are whole\n", len(references))
	return err
}

func (c verifyCommand) references(ctx context.Context, register *store.Store) ([]casework.Reference, error) {
	if c.Reference == "" {
		return register.References(ctx)
	}
	reference, err := casework.ParseReference(c.Reference)
	return []casework.Reference{reference}, err
}
