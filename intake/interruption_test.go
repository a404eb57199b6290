package intake_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/intake"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// cut is a shelf on which something happens at the n-th file.
type cut struct {
	shelf

	count atomic.Int64
	at    int64
	then  func() error
}

func (c *cut) Put(ctx context.Context, key, mediaType string, body []byte) (casework.FileRef, error) {
	if c.count.Add(1) == c.at {
		if err := c.then(); err != nil {
			return casework.FileRef{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return casework.FileRef{}, err
	}
	return c.shelf.Put(ctx, key, mediaType, body)
}

// TestImport_InterruptedAtAnyFileStoresNoRow: the first and the last paper, the first script, its copy, the last copy.
func TestImport_InterruptedAtAnyFileStoresNoRow(t *testing.T) {
	t.Parallel()
	away := errors.New("the bucket is away")
	for _, at := range []int64{1, 8, 18, 19, 20, 22, 26} {
		t.Run(fmt.Sprint("failed at file ", at), func(t *testing.T) {
			t.Parallel()
			rows, files := &ledger{}, &cut{at: at, then: func() error { return away }}
			_, err := intake.Import(t.Context(), brief(t), files, rows, importedAt)
			require.ErrorIs(t, err, away)
			require.Empty(t, rows.sets)
			require.LessOrEqual(t, files.count.Load(), at+8, "the first failure stops the rest")

			_, err = intake.Import(t.Context(), brief(t), files, rows, importedAt)
			require.NoError(t, err, "and the import can be done again")
			require.Len(t, rows.sets, 1)
			require.Len(t, files.bodies, 18+2*4)
		})
		t.Run(fmt.Sprint("stopped at file ", at), func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			rows, files := &ledger{}, &cut{at: at, then: func() error { stop(); return nil }}
			_, err := intake.Import(ctx, brief(t), files, rows, importedAt)
			require.ErrorIs(t, err, context.Canceled)
			require.Empty(t, rows.sets)
		})
	}
}

// TestImport_InterruptedAtAnyTableStoresNoRow lets PostgreSQL refuse the import at one table after another: whatever
// was written before is not there, and the folder can be imported once the cause is gone.
func TestImport_InterruptedAtAnyTableStoresNoRow(t *testing.T) {
	t.Parallel()
	s, prepared := storetest.Open(t), &ledger{}
	_, err := intake.Import(t.Context(), brief(t), &shelf{}, prepared, importedAt)
	require.NoError(t, err)
	exec := func(sql string) {
		_, err := s.Pool().Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	tables := []string{
		"awarding_bodies", "centres", "contacts", "qualifications", "components", "series", "key_dates", "award_boundaries",
		"component_boundaries", "candidates", "entries", "component_results", "item_marks", "item_checks", "awards",
		"performers", "performer_components", "conflicts", "absences", "approvers", "roster_changes", "component_files", "scripts", "moderations",
	}
	rows := func() (total int) {
		for _, table := range tables {
			var n int
			require.NoError(t, s.Pool().QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
			total += n
		}
		return total
	}
	exec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END $$`)
	for _, table := range tables {
		exec("CREATE TRIGGER refuse BEFORE INSERT ON " + table + " FOR EACH STATEMENT EXECUTE FUNCTION refuse()")
		require.ErrorContains(t, importSet(t, s, prepared.sets[0]), "the disk is full", table)
		require.Zero(t, rows(), "after a failure at %s", table)
		empty, err := s.RegisterEmpty(t.Context())
		require.NoError(t, err)
		require.True(t, empty, "so that --if-empty imports the next time")
		exec("DROP TRIGGER refuse ON " + table)
	}
	require.NoError(t, importSet(t, s, prepared.sets[0]))
	require.Positive(t, rows())
}

func importSet(t *testing.T, s *store.Store, set register.Set) error {
	t.Helper()
	_, err := s.ImportRegister(t.Context(), set, register.KeepDates, importedAt.At)
	return err
}

// TestImport_TwoAtOnceAreOne: two people press the button in the same moment.
func TestImport_TwoAtOnceAreOne(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	failures := make(chan error, 3)
	for range cap(failures) {
		dir := brief(t)
		go func() {
			_, err := intake.Import(t.Context(), dir, &shelf{}, s, importedAt)
			failures <- err
		}()
	}
	for range cap(failures) {
		require.NoError(t, <-failures)
	}
	var candidates int
	require.NoError(t, s.Pool().QueryRow(t.Context(), "SELECT count(*) FROM candidates").Scan(&candidates))
	require.Equal(t, 60, candidates)
}

// enquired is a register in which cases rest on two results that the folder changes.
type enquired struct{ ledger }

func (enquired) ImportRegister(context.Context, register.Set, register.Dates, time.Time) ([]register.KeptDate, error) {
	return nil, &register.TouchedError{Results: []register.ResultKey{
		{Centre: "64101", Candidate: "1003", Series: "demo", Component: "GM-2"},
		{Centre: "64101", Candidate: "1001", Series: "demo", Component: "GM-1"},
	}}
}

// TestImport_ListsResultsUnderEnquiryInTheOrderOfTheFile, each at its own mark.
func TestImport_ListsResultsUnderEnquiryInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	_, err := intake.Import(t.Context(), brief(t), &shelf{}, &enquired{}, importedAt)
	var problems intake.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 2)
	require.Equal(t, []int{2, 7}, []int{problems[0].Line, problems[1].Line})
	require.Contains(t, problems[0].Detail, "64101/1001 in GM-1")
	require.Contains(t, problems[1].Detail, "64101/1003 in GM-2")
}
