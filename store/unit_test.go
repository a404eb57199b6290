package store_test

import (
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// Statements travel together, so the error must say which of them the server refused; nothing of the others stays.
func TestUnit_ErrorNamesTheStatementThatFailed(t *testing.T) {
	t.Parallel()
	for says, spoil := range map[string]string{
		`add "opened" to the audit trail`: "ALTER TABLE audit_entries ADD CHECK (what <> 'opened')",
		"insert the case":                 "ALTER TABLE cases ADD CHECK (stage <> 'unassigned')",
		"start clock outcome":             "ALTER TABLE clocks ADD CHECK (id <> 'outcome')",
		"record the step":                 "ALTER TABLE steps ADD CHECK (step <> 'open')",
		"quote fee":                       "ALTER TABLE fee_lines ADD CHECK (pence < 0)",
		"start a review of award":         "ALTER TABLE award_reviews ADD CHECK (number > 9)",
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			_, err := o.Pool().Exec(t.Context(), spoil)
			require.NoError(t, err)
			_, err = o.OpenCase(t.Context(), opening(ask(), storetest.Now), o.book.Assess)
			require.ErrorContains(t, err, says)
			var server *pgconn.PgError
			require.ErrorAs(t, err, &server)
			require.Equal(t, "23514", server.Code)
			require.Zero(t, o.count("SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM steps) + (SELECT count(*) FROM award_reviews)"))
		})
	}
}

// A statement that cannot even be prepared, say because a newer schema lacks its column, is named too.
func TestUnit_ErrorNamesTheStatementThatCannotBePrepared(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), "ALTER TABLE clocks RENAME COLUMN warn TO warned_at")
	require.NoError(t, err)
	_, err = o.Case(t.Context(), reference("any"), docket.Scope{})
	require.ErrorContains(t, err, "read the clocks: ")
	_, err = o.OpenCase(t.Context(), opening(ask(), storetest.Now), o.book.Assess)
	require.ErrorContains(t, err, "start clock outcome")
}

// What fails when it is committed, or is refused by a rule, leaves a connection that works.
func TestUnit_ConnectionWorksOnAfterEveryEnd(t *testing.T) {
	t.Parallel()
	plain := setup(t)
	o, _ := plain.counted()
	ref := plain.open()
	for range 3 {
		_, err := o.Allocate(t.Context(), key(reference("none"), casework.StepAllocate, 1, later), o.book)
		fault(t, err, casework.NotFound, "unknown-case")
		fault(t, o.CloseCase(t.Context(), key(ref, casework.StepClose, 1, later)), casework.Conflict, "wrong-stage")
		_, err = o.Case(t.Context(), reference("none"), docket.Scope{})
		fault(t, err, casework.NotFound, "unknown-case")
	}
	require.Equal(t, int64(1), o.Pool().Stat().NewConnsCount(), "no connection was thrown away")
	require.Equal(t, "ex-1005", o.allocate(ref).Assignee)
}

// A refusal of the deferred kind comes with the commit, behind every statement; the step was then not done.
func TestUnit_CommitThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), `
		CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not today''; END';
		CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`)
	require.NoError(t, err)
	_, err = o.OpenCase(t.Context(), opening(ask(), storetest.Now), o.book.Assess)
	require.ErrorContains(t, err, "commit: ")
	require.ErrorContains(t, err, "not today")
	require.Zero(t, o.count("SELECT count(*) FROM cases"))
}

// The same step from many sides at the same moment is done once, and everybody gets the same answer.
func TestUnit_SameStepFromManySidesIsDoneOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	in := opening(ask(), storetest.Now)
	answers := make([]casework.Opened, 12)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			var err error
			if answers[i], err = o.OpenCase(t.Context(), in, o.book.Assess); err != nil {
				t.Errorf("open: %v", err)
			}
		})
	}
	wait.Wait()
	for _, answer := range answers {
		require.Equal(t, answers[0], answer)
	}
	require.Equal(t, []string{"opened"}, o.trail(in.Enquiry.Reference))
}
