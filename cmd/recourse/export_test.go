package main

import (
	"context"
	"io"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Main is the command itself, which the tests run in a process of its own.
var Main = main

// Recalculate is the command of that name, which the tests run with a rulebook of two versions: the shipped one has one.
type Recalculate = recalculateCommand

// Show is the part of the command that shows the difference.
func (c recalculateCommand) Show(ctx context.Context, out io.Writer, register foreseer, reference casework.Reference, at time.Time, rules ruling.Recounter) (casework.Recalculation, error) {
	return c.show(ctx, out, register, reference, at, rules)
}

// Hand is the part of the command that hands the difference to the case.
func (c recalculateCommand) Hand(ctx context.Context, out io.Writer, cases recalculator, shown casework.Recalculation, at time.Time) error {
	return c.apply(ctx, out, cases, shown, at)
}

// Why is who acts and for what reason; Picks are the cases that a command is about, Filters how they are picked.
type (
	Why     = why
	Picks   = picks
	Filters = filters
	Plan    = plan
)

// Sign is the command as an operator's.
func (w why) Sign(command casework.BatchCommand, at time.Time) casework.BatchCommand {
	return w.signed(command, at)
}

// Filtered picks by flags, beside what is named.
func Filtered(f Filters, named ...string) Picks { return Picks{References: named, filters: f} }

// Selection is what the picks are about.
func (p picks) Selection() (docket.BatchSelection, error) { return p.selection() }

// Show is the part of a command that shows what it would do.
func (w why) Show(ctx context.Context, out io.Writer, register batchBook, selection docket.BatchSelection, command casework.BatchCommand) (Plan, error) {
	return w.show(ctx, out, register, selection, command)
}

// Apply is the part of a command that does it.
func (p plan) Apply(ctx context.Context, out io.Writer, register batchBook, cases caseLine) error {
	return p.apply(ctx, out, register, cases)
}

// Digest names what was shown.
func (p plan) Digest() string { return p.digest }

// Present is what the list of examiners says of a person on a day.
var Present = present
