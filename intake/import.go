package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// storing is how many files are put at the same time.
const storing = 8

// Register is where the rows are stored, all in one transaction.
type Register interface {
	// RegisterEmpty reports whether nothing was ever imported.
	RegisterEmpty(ctx context.Context) (bool, error)
	// ImportRegister stores a checked set whose files are stored, and says which dates it left alone. The same set
	// again changes nothing. It returns a *register.TouchedError if a case rests on a result that would change, and
	// then changes nothing. at is the instant of the import, in UTC, which the roster's audit shows.
	ImportRegister(ctx context.Context, set register.Set, dates register.Dates, at time.Time) ([]register.KeptDate, error)
}

// Options vary an import.
type Options struct {
	// At is the instant of the import, in UTC; its London day is the one from which relative dates count.
	At time.Time
	// RuleSets lists the sets of rules that a qualification may name.
	RuleSets []string
	// IfEmpty skips the import if the register has rows already.
	IfEmpty bool
	// Dates says what becomes of the dates of a series on which a case rests.
	Dates register.Dates
	// Progress takes a line for each phase; nil for silence.
	Progress io.Writer
}

// Import reads a folder, stores its files and then all its rows in one transaction. If anything in the folder is
// wrong, the error is Problems and no row is stored. Importing the same folder again on the same day changes nothing.
func Import(ctx context.Context, dir fs.FS, files Files, into Register, options Options) (Summary, error) {
	say := func(format string, args ...any) {
		if options.Progress != nil {
			_, _ = fmt.Fprintf(options.Progress, format+"\n", args...) // Progress is a courtesy.
		}
	}
	if options.IfEmpty {
		empty, err := into.RegisterEmpty(ctx)
		if err != nil {
			return Summary{}, fmt.Errorf("look whether the register is empty: %w", err)
		}
		if !empty {
			return Summary{Skipped: true}, nil
		}
	}
	set, problems := Read(dir, calendar.DateOf(options.At), options.RuleSets)
	if len(problems) > 0 {
		return Summary{}, Problems(problems)
	}
	say("Read and checked %s and %s.", counted(len(set.Results), "result"), counted(len(set.ItemMarks), "item mark"))
	if err := storeFiles(ctx, dir, files, &set); err != nil {
		return Summary{}, err
	}
	say("Stored %s and %s with an anonymised copy each.", counted(len(set.Papers), "paper"), counted(len(set.Scripts), "script"))
	kept, err := into.ImportRegister(ctx, set, options.Dates, options.At)
	if err != nil {
		return Summary{}, refused(dir, set, err)
	}
	summary := summarise(set)
	summary.Kept = kept
	return summary, nil
}

// refused turns a refusal to change results under enquiry into problems of their lines.
func refused(dir fs.FS, set register.Set, err error) error {
	var touched *register.TouchedError
	if !errors.As(err, &touched) {
		return fmt.Errorf("store the register: %w", err)
	}
	rows := make(map[register.ResultKey]int, len(set.Results))
	for i, result := range set.Results {
		rows[result.ResultKey] = i
	}
	var faults []register.Fault
	for _, key := range touched.Results {
		faults = append(faults, register.Fault{
			Noun: register.Results, Index: rows[key], Field: "mark",
			Detail: fmt.Sprintf("a case already rests on the result of %s, and this row, its item marks or its script differ from what is stored: only the case may change it", key),
		})
	}
	return Problems(locate(dir, faults))
}

// storeFiles stores every PDF and fills in where it went. It stops at the first failure of the store, and collects
// what is wrong with scripts.
func storeFiles(ctx context.Context, dir fs.FS, files Files, set *register.Set) error {
	names := make(map[[2]string]register.Candidate, len(set.Candidates))
	for _, candidate := range set.Candidates {
		names[[2]string{candidate.Centre, candidate.Number}] = candidate
	}
	centres := make(map[string]string, len(set.Centres))
	for _, centre := range set.Centres {
		centres[centre.Number] = centre.Name
	}
	if err := inParallel(ctx, len(set.Papers), func(ctx context.Context, i int) error {
		return storePaper(ctx, dir, files, &set.Papers[i])
	}); err != nil {
		return err
	}
	faults := make([]error, len(set.Scripts))
	err := inParallel(ctx, len(set.Scripts), func(ctx context.Context, i int) error {
		script := &set.Scripts[i]
		candidate := names[[2]string{script.Centre, script.Candidate}]
		err := storeScript(ctx, dir, files, script, Secrets{
			Words:   []string{candidate.Name, centres[script.Centre]},
			Numbers: []string{script.Centre, candidate.UCI},
		})
		var own *scriptError
		if errors.As(err, &own) {
			faults[i] = own
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return scriptProblems(dir, faults)
}

func scriptProblems(dir fs.FS, faults []error) error {
	var found []register.Fault
	for i, fault := range faults {
		if fault != nil {
			found = append(found, register.Fault{Noun: register.Scripts, Index: i, Field: "file", Detail: fault.Error()})
		}
	}
	if len(found) == 0 {
		return nil
	}
	return Problems(locate(dir, found))
}

// inParallel runs work for 0 to n-1, several at a time, and returns the first error, which stops the rest.
func inParallel(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	places := make(chan struct{}, storing)
	for i := 0; i < n && ctx.Err() == nil; i++ {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			if err := work(ctx, i); err != nil {
				stop(err)
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
