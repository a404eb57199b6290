package main

import (
	"context"
	"fmt"
	"os"

	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/intake"
	"github.com/recourse-exams/recourse/rulebook"
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
	Dir       string `arg:"" help:"Folder of CSV and PDF files; docs/import.md describes them." type:"existingdir"`
	IfEmpty   bool   `help:"Do nothing if the register holds a centre already."`
	MoveDates bool   `help:"Take the folder's dates also for a series on which a case rests; without it, such a series keeps its dates."`
}

// Run imports the folder, or reports every fault and imports nothing.
func (c importCommand) Run(ctx context.Context) error {
	rules, err := rulebook.Load()
	if err != nil {
		return fmt.Errorf("load the rulebook: %w", err)
	}
	config, rows, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer rows.Close()
	aws, err := connect.AWS(ctx)
	if err != nil {
		return err
	}
	bucket := files.New(files.NewClient(aws, config.PathStyle), config.Bucket)
	clock := connect.NewClock(rows, config.MovableClock)
	options := intake.Options{At: clock.Now(), RuleSets: rules.Sets(), IfEmpty: c.IfEmpty, Progress: os.Stdout}
	if c.MoveDates {
		options.Dates = register.MoveDates
	}
	summary, err := intake.Import(ctx, os.DirFS(c.Dir), bucket, rows, options)
	if err != nil {
		return err
	}
	_, err = fmt.Println(summary)
	return err
}
