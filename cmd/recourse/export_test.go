package main

import (
	"context"
	"io"
	"time"

	"github.com/recourse-exams/recourse/casework"
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
