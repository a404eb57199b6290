package store_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// trips counts how often a connection waits for the server: once per statement, and once per pipeline however many
// statements travel in it.
type trips struct{ made atomic.Int64 }

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.made.Add(1)
	return ctx
}

func (c *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.made.Add(1)
	return ctx
}

func (c *trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (c *trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// counted is another store on the same database, with one connection whose round trips are counted.
func (o office) counted() (office, *trips) {
	o.t.Helper()
	config, err := pgxpool.ParseConfig(o.Pool().Config().ConnString())
	require.NoError(o.t, err)
	c := new(trips)
	config.AfterConnect, config.ConnConfig.Tracer, config.MaxConns = store.Connected, c, 1
	pool, err := pgxpool.NewWithConfig(o.t.Context(), config)
	require.NoError(o.t, err)
	o.t.Cleanup(pool.Close)
	o.Store = store.New(pool)
	return o, c
}

// TestTrips_StayWithinTheirBudgets counts what each thing costs that a case does, the second time: the first has the
// statements prepared.
func TestTrips_StayWithinTheirBudgets(t *testing.T) {
	t.Parallel()
	plain := setup(t)
	o, made := plain.counted()
	candidates := storetest.Cohort(t, plain.Store, 2)
	costs := map[string]int64{}
	for _, candidate := range candidates {
		cost := func(what string, do func() error) {
			before := made.made.Load()
			require.NoError(t, do(), what)
			costs[what] = made.made.Load() - before
		}
		in := opening(ask(of(candidate, storetest.Maths1)), storetest.Now)
		ref := in.Enquiry.Reference
		var opened casework.Opened
		cost("open", func() (err error) {
			opened, err = o.OpenCase(t.Context(), in, o.book.Assess)
			return err
		})
		var allocated casework.Allocated
		cost("allocate", func() (err error) {
			allocated, err = o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
			return err
		})
		cost("facts", func() error {
			_, err := o.Facts(t.Context(), storetest.Centre, candidate, storetest.Series, storetest.Maths1)
			return err
		})
		cost("case", func() error {
			_, err := o.Case(t.Context(), ref, docket.Scope{})
			return err
		})
		cost("cases", func() error {
			_, err := o.Cases(t.Context(), docket.Filter{})
			return err
		})
		cost("notice", func() error {
			_, err := o.Notice(t.Context(), ref)
			return err
		})
		cost("alert", func() error {
			warn, _ := instants(t, opened)
			_, err := o.RecordAlert(t.Context(), casework.AlertInput{Key: key(ref, casework.StepAlert, 1, later), Deadline: warn})
			return err
		})
		cost("start a task", func() error {
			_, err := o.ActOnTask(t.Context(), acting(ref, asked(ref, casework.OpStart, examiner(allocated.Assignee)), soon), o.book)
			return err
		})
		cost("delegate a task", func() (err error) {
			done, err := o.ActOnTask(t.Context(), acting(ref, asked(ref, casework.OpDelegate, examiner(allocated.Assignee), to(besides(allocated.Assignee))), soon), o.book)
			allocated.Assignee = done.Assignee
			return err
		})
		cost("tasks", func() error {
			_, err := o.Tasks(t.Context(), docket.TaskFilter{Assignee: allocated.Assignee})
			return err
		})
		mail := casework.MailInput{Reference: ref, Kind: casework.MailAcknowledgement, Number: 1, At: later}
		var mails []docket.Mail
		cost("prepare and claim a mail", func() (err error) {
			mails, err = o.PrepareMails(t.Context(), mail, []docket.Recipient{amira}, later)
			return err
		})
		cost("settle a mail", func() error { return o.MarkMailSent(t.Context(), mails[0].ID, "m", later) })
		cost("add a document", func() error {
			return o.AddDocument(t.Context(), ref, docket.OutcomeLetterPDF, casework.FileRef{Key: "k", Version: "v", SHA256: digest("k"), Size: 1}, "application/pdf", later)
		})
		cost("decide", func() error {
			_, err := o.Decide(t.Context(), decision(ref, allocated, map[string]int{"Q1": 16}, later), o.book, single)
			return err
		})
		cost("close", func() error {
			return o.CloseCase(t.Context(), key(ref, casework.StepClose, 1, later.AddDate(0, 1, 0)))
		})
	}
	// Before statements travelled together, the first six took 16, 24, 3, 10, 10 and 12 round trips, a decision 40.
	require.Equal(t, map[string]int64{
		"open": 2, "allocate": 3, "facts": 1, "case": 1, "cases": 2, "notice": 1, "alert": 3, "decide": 3, "close": 2,
		"start a task": 2, "delegate a task": 3, "tasks": 1,
		"prepare and claim a mail": 1, "settle a mail": 2, "add a document": 3,
	}, costs)
}

// Whoever finds behind the lock that somebody else is to be chosen gives it back and tries again: one round trip more.
func TestTrips_OfAnOvertakenAllocation(t *testing.T) {
	t.Parallel()
	plain := setup(t)
	o, made := plain.counted()
	ref := o.open()
	calls := 0
	before := made.made.Load()
	_, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), choosing{o.book, func(task allocation.Task, roster []allocation.Performer) allocation.Proof {
		calls++
		if calls == 1 {
			return allocation.Proof{Chosen: "ex-1006", Queue: []string{"ex-1006"}}
		}
		return allocation.Choose(task, roster)
	}})
	require.NoError(t, err)
	require.Greater(t, calls, 2, "the choice was made again")
	require.LessOrEqual(t, made.made.Load()-before, int64(10), "with the preparation of each statement")
	require.Zero(t, plain.count("SELECT open_tasks FROM performers WHERE id = 'ex-1006'"))
	require.Equal(t, 1, plain.count("SELECT open_tasks FROM performers WHERE id = 'ex-1005'"))
}
