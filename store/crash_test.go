package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// cutter breaks the connection at one statement, counted from 1; at 0 it only counts.
type cutter struct{ at, seen atomic.Int64 }

func (c *cutter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if c.seen.Add(1) != c.at.Load() {
		return ctx
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	return gone
}

func (c *cutter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// breakable is another store on the same database, whose connections the cutter can break.
func (o office) breakable() (*store.Store, *cutter) {
	o.t.Helper()
	config, err := pgxpool.ParseConfig(o.Pool().Config().ConnString())
	require.NoError(o.t, err)
	c := new(cutter)
	config.AfterConnect, config.ConnConfig.Tracer = store.Connected, c
	pool, err := pgxpool.NewWithConfig(o.t.Context(), config)
	require.NoError(o.t, err)
	o.t.Cleanup(pool.Close)
	return store.New(pool), c
}

// TestSteps_BrokenAnywhereAreDoneWhollyOrNotAtAll breaks the connection at each statement of each step in turn: the
// register is then as it was before or as it is after, and the repeat finishes the step once.
func TestSteps_BrokenAnywhereAreDoneWhollyOrNotAtAll(t *testing.T) {
	t.Parallel()
	const statements = 60 // No step needs as many.
	script := casework.FileRef{Key: "k", Version: "v", SHA256: digest("k"), Size: 1}
	for name, step := range map[string]struct {
		// before brings a case to where the step begins; do is the step, with the same input each time.
		before func(o office, candidate string) func(s *store.Store) error
		after  casework.Stage
	}{
		"open": {func(o office, candidate string) func(*store.Store) error {
			in := opening(ask(of(candidate, storetest.Maths1)), storetest.Now)
			return func(s *store.Store) error {
				_, err := s.OpenCase(o.t.Context(), in, o.book.Assess)
				return err
			}
		}, casework.StageUnassigned},
		"allocate": {func(o office, candidate string) func(*store.Store) error {
			ref := o.open(of(candidate, storetest.Maths1))
			return func(s *store.Store) error {
				_, err := s.Allocate(o.t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), allocation.Choose)
				return err
			}
		}, casework.StageAssigned},
		"decide": {func(o office, candidate string) func(*store.Store) error {
			ref := o.open(of(candidate, storetest.Maths1))
			in := decision(ref, o.allocate(ref), map[string]int{"Q1": 16}, later)
			return func(s *store.Store) error {
				_, err := s.Decide(o.t.Context(), in, o.book)
				return err
			}
		}, casework.StageAppealWindow},
		"script": {func(o office, candidate string) func(*store.Store) error {
			ref := o.settled(nil, of(candidate, storetest.Maths1))
			return func(s *store.Store) error {
				_, err := s.ReleaseScript(o.t.Context(), key(ref, casework.StepScript, 1, later), script)
				return err
			}
		}, casework.StageAppealWindow},
		"close": {func(o office, candidate string) func(*store.Store) error {
			ref := o.settled(nil, of(candidate, storetest.Maths1))
			at := o.page(ref).AppealUntil
			return func(s *store.Store) error { return s.CloseCase(o.t.Context(), key(ref, casework.StepClose, 1, at)) }
		}, casework.StageClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET capacity = 1000")
			require.NoError(t, err)
			broken, cut := o.breakable()
			for n, candidate := range storetest.Cohort(t, o.Store, statements) {
				do := step.before(o, candidate)
				before := o.everything(candidate)
				cut.seen.Store(0)
				cut.at.Store(int64(n + 1))
				err := do(broken)
				cut.at.Store(0)
				if err == nil {
					require.Greater(t, n, 4, "the step has several statements")
					o.whole()
					return
				}
				middle := o.everything(candidate)
				require.NoError(t, do(o.Store), "the repeat")
				after := o.everything(candidate)
				require.Contains(t, [][]docket.Case{before, after}, middle, "broken at statement %d", n+1)
				require.Len(t, after, 1)
				require.Equal(t, step.after, after[0].Stage)
			}
			t.Fatalf("the step has more than %d statements", statements)
		})
	}
}

// everything reads the cases of one candidate.
func (o office) everything(candidate string) []docket.Case {
	o.t.Helper()
	cases, err := o.Cases(o.t.Context(), docket.Filter{})
	require.NoError(o.t, err)
	own := []docket.Case{}
	for _, c := range cases {
		if c.Request.CandidateNumber == candidate {
			own = append(own, c)
		}
	}
	return own
}

// TestStore_PageNeverMixesTwoVersions reads a case again and again while it is decided.
func TestStore_PageNeverMixesTwoVersions(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := o.Decide(t.Context(), decision(ref, allocated, nil, later), o.book); err != nil {
			t.Errorf("decide: %v", err)
		}
	}()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		o.readable(ref)
		select {
		case <-done:
			o.readable(ref)
			return
		default:
		}
	}
	t.Fatal("the decision did not end")
}
