package main

import (
	"context"
	"fmt"
	"os"

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
	config, register, err := connect.Open(ctx, store.Open)
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
