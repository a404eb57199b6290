package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/pgserver"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestInTx_DeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	var met, wait sync.WaitGroup
	met.Add(2)
	for _, order := range [][2]string{{"ex-1001", "ex-1002"}, {"ex-1002", "ex-1001"}} {
		wait.Go(func() {
			var once sync.Once
			err := o.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
				for i, id := range order {
					if _, err := tx.Exec(ctx, "UPDATE performers SET open_tasks = open_tasks + 1 WHERE id = $1", id); err != nil {
						return err
					}
					if i == 0 {
						once.Do(func() { met.Done(); met.Wait() }) // Both hold one row and want the other's.
					}
				}
				return nil
			})
			if err != nil {
				t.Errorf("transaction: %v", err)
			}
		})
	}
	wait.Wait()
	require.Equal(t, 2, o.count("SELECT count(*) FROM performers WHERE open_tasks = 2"), "each ran once to its end")
}

func TestInTx_SerializationFailureIsRunAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	runs := 0
	err := o.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"); err != nil {
			return err
		}
		var open int
		if err := tx.QueryRow(ctx, "SELECT open_tasks FROM performers WHERE id = 'ex-1001'").Scan(&open); err != nil {
			return err
		}
		if runs++; runs == 1 {
			_, err := o.Pool().Exec(ctx, "UPDATE performers SET open_tasks = 5 WHERE id = 'ex-1001'")
			require.NoError(t, err)
		}
		_, err := tx.Exec(ctx, "UPDATE performers SET open_tasks = $1 WHERE id = 'ex-1001'", open+1)
		return err
	})
	require.NoError(t, err)
	require.Equal(t, 2, runs)
	require.Equal(t, 6, o.count("SELECT open_tasks FROM performers WHERE id = 'ex-1001'"))
}

func TestInTx_CollisionsWithoutEndAreAnError(t *testing.T) {
	t.Parallel()
	o := setup(t)
	runs := 0
	err := o.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		runs++
		_, err := tx.Exec(ctx, "DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40001'; END $$")
		return err
	})
	require.ErrorContains(t, err, "give up after")
	require.Equal(t, 12, runs)
}

func TestInTx_FaultPassesThroughAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	o := setup(t)
	no := casework.NewFault(casework.Refused, "no", "No.")
	err := o.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE performers SET open_tasks = 9")
		require.NoError(t, err)
		return no
	})
	require.Equal(t, no, err)
	require.Zero(t, o.count("SELECT sum(open_tasks) FROM performers"))
}

func TestInTx_OtherFaultsOfTheServerAreErrors(t *testing.T) {
	t.Parallel()
	o := setup(t)
	err := o.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO awarding_bodies (id, name) VALUES ('cambria', 'again')")
		return err
	})
	require.Error(t, err)
	var f *casework.Fault
	require.NotErrorAs(t, err, &f, "a broken promise of the program is nobody's fault")
}

func TestStore_DatabaseAwayIsAFaultOfKindUnavailable(t *testing.T) {
	t.Parallel()
	server, err := pgserver.Start(t.Context())
	require.NoError(t, err)
	url := server.URL("postgres")
	require.NoError(t, store.Migrate(t.Context(), url))
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	require.NoError(t, server.Stop())

	unavailable := func(err error) {
		t.Helper()
		fault(t, err, casework.Unavailable, "register-unavailable")
	}
	ref := reference("any")
	unavailable(s.CloseCase(t.Context(), key(ref, casework.StepClose, 1, later)))
	_, err = s.Case(t.Context(), ref, docket.Scope{})
	unavailable(err)
	_, err = s.Timeline(t.Context(), ref, false)
	unavailable(err)
	_, err = s.Facts(t.Context(), "", "", "", "")
	unavailable(err)
	_, err = s.Tasks(t.Context(), docket.TaskFilter{Assignee: "ex-1001"})
	unavailable(err)
	_, err = s.ClaimMail(t.Context(), 1, later, false)
	unavailable(err)
	_, err = s.ClockOffset(t.Context())
	unavailable(err)
	_, err = store.Open(t.Context(), url)
	unavailable(err)
}

func TestStore_CancelledCallerIsNoOutage(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := o.Timeline(ctx, reference("any"), false)
	require.ErrorIs(t, err, context.Canceled)
	var f *casework.Fault
	require.NotErrorAs(t, err, &f)
}

func TestSteps_KeepCauseInstantAndInput(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil)
	require.Equal(t, 3, o.count("SELECT count(*) FROM steps WHERE reference = $1 AND input_sha256 ~ '^[0-9a-f]{64}$'", ref))
	var cause string
	var at time.Time
	require.NoError(t, o.Pool().QueryRow(t.Context(), "SELECT cause, at FROM steps WHERE reference = $1 AND step = 'decide'", ref).Scan(&cause, &at))
	require.Equal(t, "test", cause)
	require.Equal(t, later, at)
	require.Equal(t, time.UTC, at.Location(), "instants are read in UTC")
	require.Equal(t, 3, o.count("SELECT count(DISTINCT input_sha256) FROM steps"))
}

func TestSteps_AnswerWithWhatTheRegisterKeeps(t *testing.T) {
	t.Parallel()
	// An instant between two microseconds is kept to the microsecond; the first answer says the same as a repeat.
	o := setup(t)
	ref := o.open()
	in := decision(ref, o.allocate(ref), nil, later.Add(123*time.Nanosecond))
	first, err := o.Decide(t.Context(), in, o.book, single)
	require.NoError(t, err)
	again, err := o.Decide(t.Context(), in, o.book, single)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, first.PublishedAt, o.page(ref).Outcome.PublishedAt)
	o.trail(ref)
}

func TestClockOffset_IsZeroUnlessTimeWasMoved(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	offset, err := s.ClockOffset(t.Context())
	require.NoError(t, err)
	require.Zero(t, offset)
	_, err = s.Pool().Exec(t.Context(), "INSERT INTO clock_offset (offset_ms) VALUES (86400000)")
	require.NoError(t, err)
	offset, err = s.ClockOffset(t.Context())
	require.NoError(t, err)
	require.Equal(t, 24*time.Hour, offset)
	_, err = s.Pool().Exec(t.Context(), "INSERT INTO clock_offset (offset_ms) VALUES (1)")
	require.Error(t, err, "there is one clock")
}
