package store_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// cutter breaks the connection at one statement, counted from 1 as they leave for the server; at 0 it only counts.
// Either the server does not get the statement any more, nor anything behind it, or it gets and does everything and
// its answer is lost.
type cutter struct {
	at, seen atomic.Int64
	deaf     bool
}

// wire is a connection that the cutter can break.
type wire struct {
	net.Conn
	cut  *cutter
	gone atomic.Bool
}

var errCut = errors.New("the connection is broken")

// Write looks at the messages of the frontend (PostgreSQL documentation, §55.7): an Execute or a simple Query does a
// statement. The first message of a connection has no type and begins with a zero.
func (w *wire) Write(messages []byte) (int, error) {
	for at := 0; at < len(messages) && messages[at] != 0; {
		if kind := messages[at]; kind == 'E' || kind == 'Q' {
			if w.cut.seen.Add(1) == w.cut.at.Load() {
				return w.breakAt(messages, at)
			}
		}
		at += 1 + int(binary.BigEndian.Uint32(messages[at+1:]))
	}
	return w.Conn.Write(messages)
}

func (w *wire) breakAt(messages []byte, at int) (int, error) {
	if w.cut.deaf {
		w.gone.Store(true)
		return w.Conn.Write(messages)
	}
	if _, err := w.Conn.Write(messages[:at]); err != nil {
		return 0, err
	}
	return at, errors.Join(errCut, w.Close())
}

// Read loses the answer once the connection is broken: it waits for it, so that the server has done its work.
func (w *wire) Read(answer []byte) (int, error) {
	n, err := w.Conn.Read(answer)
	if w.gone.Load() {
		return 0, errors.Join(errCut, w.Close())
	}
	return n, err
}

// breakable is another store on the same database, whose connections the cutter can break.
func (o office) breakable(deaf bool) (*store.Store, *cutter) {
	o.t.Helper()
	config, err := pgxpool.ParseConfig(o.Pool().Config().ConnString())
	require.NoError(o.t, err)
	c := &cutter{deaf: deaf}
	config.AfterConnect = store.Connected
	// A ping would count as a statement.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &wire{Conn: conn, cut: c}, nil
	}
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
				_, err := s.Allocate(o.t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
				return err
			}
		}, casework.StageAssigned},
		"decide": {func(o office, candidate string) func(*store.Store) error {
			ref := o.open(of(candidate, storetest.Maths1))
			in := decision(ref, o.allocate(ref), map[string]int{"Q1": 16}, later)
			return func(s *store.Store) error {
				_, err := s.Decide(o.t.Context(), in, o.book, single)
				return err
			}
		}, casework.StageAppealWindow},
		"delegate": {func(o office, candidate string) func(*store.Store) error {
			ref := o.open(of(candidate, storetest.Maths1))
			holder := o.allocate(ref).Assignee
			in := acting(ref, asked(ref, casework.OpDelegate, examiner(holder), to(besides(holder))), soon)
			return func(s *store.Store) error {
				_, err := s.ActOnTask(o.t.Context(), in, o.book)
				return err
			}
		}, casework.StageAssigned},
		"decline for a conflict": {func(o office, candidate string) func(*store.Store) error {
			ref := o.open(of(candidate, storetest.Maths1))
			in := acting(ref, asked(ref, casework.OpDecline, examiner(o.allocate(ref).Assignee), because(casework.DeclineConflict)), soon)
			return func(s *store.Store) error {
				_, err := s.ActOnTask(o.t.Context(), in, o.book)
				return err
			}
		}, casework.StageUnassigned},
		"ask for a second look": {func(o office, candidate string) func(*store.Store) error {
			ref := o.open(of(candidate, storetest.Maths1))
			in := decision(ref, o.allocate(ref), map[string]int{"Q1": 16}, later)
			return func(s *store.Store) error {
				_, err := s.Decide(o.t.Context(), in, o.book, careful)
				return err
			}
		}, casework.StageUnassigned},
		"script": {func(o office, candidate string) func(*store.Store) error {
			ref := o.settled(nil, of(candidate, storetest.Maths1))
			return func(s *store.Store) error {
				_, err := s.ReleaseScript(o.t.Context(), key(ref, casework.StepScript, 1, later), script)
				return err
			}
		}, casework.StageAppealWindow},
		"recalculate": {func(o office, candidate string) func(*store.Store) error {
			o = o.revised(25)
			in := o.recalculation(o.open(of(candidate, storetest.Maths1)), later)
			return func(s *store.Store) error {
				_, err := s.Recalculate(o.t.Context(), in, o.book)
				return err
			}
		}, casework.StageUnassigned},
		"close": {func(o office, candidate string) func(*store.Store) error {
			ref := o.settled(nil, of(candidate, storetest.Maths1))
			at := o.page(ref).AppealUntil
			return func(s *store.Store) error { return s.CloseCase(o.t.Context(), key(ref, casework.StepClose, 1, at)) }
		}, casework.StageClosed},
	} {
		for _, deaf := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, answer lost %t", name, deaf), func(t *testing.T) {
				t.Parallel()
				o := setup(t)
				_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET capacity = 1000")
				require.NoError(t, err)
				broken, cut := o.breakable(deaf)
				done := 0
				for n, candidate := range storetest.Cohort(t, o.Store, statements) {
					do := step.before(o, candidate)
					before := o.everything(candidate)
					cut.seen.Store(0)
					cut.at.Store(int64(n + 1))
					err := do(broken)
					cut.at.Store(0)
					if err == nil {
						require.Greater(t, n, 8, "the step has several statements")
						require.Equal(t, deaf, done > 0, "only where the answer alone was lost, the step was done")
						o.whole()
						return
					}
					middle := o.everything(candidate)
					require.NoError(t, do(o.Store), "the repeat")
					after := o.everything(candidate)
					require.Contains(t, [][]docket.Case{before, after}, middle, "broken at statement %d", n+1)
					require.Len(t, after, 1)
					require.Equal(t, step.after, after[0].Stage)
					if slices.EqualFunc(after, middle, func(a, b docket.Case) bool { return a.Version == b.Version }) {
						done++
					}
				}
				t.Fatalf("the step has more than %d statements", statements)
			})
		}
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
		if _, err := o.Decide(t.Context(), decision(ref, allocated, nil, later), o.book, single); err != nil {
			t.Errorf("decide: %v", err)
		}
	}()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		o.agrees(o.page(ref))
		select {
		case <-done:
			o.readable(ref)
			return
		default:
		}
	}
	t.Fatal("the decision did not end")
}
