package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// edge is the instant before which what ended is swept, in the rows of these tests.
var edge = storetest.Now.AddDate(0, 0, 90)

// ages are instants about the edge; the first alone is swept.
func ages() map[string]time.Time {
	return map[string]time.Time{"old": edge.Add(-time.Microsecond), "edge": edge, "young": edge.Add(time.Hour)}
}

// sweepAll sweeps until nothing goes any more and counts what went by table.
func (o office) sweepAll() map[string]int {
	o.t.Helper()
	total := map[string]int{}
	for range 100 {
		swept, err := o.Sweep(o.t.Context(), edge)
		require.NoError(o.t, err)
		require.Len(o.t, swept, 4)
		some := 0
		for _, one := range swept {
			require.LessOrEqual(o.t, one.Rows, 500, "few at a time")
			total[one.Table] += one.Rows
			some += one.Rows
		}
		if some == 0 {
			return total
		}
	}
	require.Fail(o.t, "sweeping has no end")
	return nil
}

// left lists what is left of a table by a column of it.
func (o office) left(table, column string) []string {
	o.t.Helper()
	return o.words("SELECT " + column + "::text FROM " + table + " ORDER BY 1")
}

// counts is how many rows every table has.
func (o office) counts() map[string]int {
	o.t.Helper()
	all := map[string]int{}
	for _, table := range o.words("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") {
		all[table] = o.count("SELECT count(*) FROM " + strconv.Quote(table))
	}
	return all
}

func TestSweep_DeliveriesThatWereTakenOrGivenUpLongAgo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	var stays []string
	for age, ended := range ages() {
		for other, at := range ages() {
			for _, state := range []docket.DeliveryState{docket.DeliveryPending, docket.DeliveryDelivered, docket.DeliveryDead} {
				id := fmt.Sprintf("%s %s, planned %s", state, age, other)
				delivered, next := any(nil), ended // A dead one was given up at next_at.
				if state == docket.DeliveryDelivered {
					delivered, next = ended, at
				}
				o.sql(`INSERT INTO webhook_deliveries (id, webhook, event, body, made_at, state, next_at, delivered_at)
				       VALUES ($1, 'wh_1', 'case.held', '{}', $2, $3, $4, $5)`, id, storetest.Now, state, next, delivered)
				if state == docket.DeliveryPending || age != "old" {
					stays = append(stays, id)
				}
			}
		}
	}
	require.Equal(t, 27-len(stays), o.sweepAll()["webhook_deliveries"])
	require.ElementsMatch(t, stays, o.left("webhook_deliveries", "id"))
	require.Len(t, stays, 21)
}

// A lot is what one mail tells of. Its findings go one by one, the first of it last, and none before the mail has gone out.
func TestSweep_FindingsThatWereMendedLongAgo(t *testing.T) {
	t.Parallel()
	// Each lot is a list of findings by when they were mended: old, edge, young or open.
	for name, row := range map[string]struct {
		lot   string
		told  bool
		stays string
	}{
		"never told of":                {lot: ""},
		"told of and mended":           {lot: "old", told: true},
		"all mended":                   {lot: "old old old", told: true},
		"the mail is not out":          {lot: "old old", stays: "old old"},
		"one is open":                  {lot: "old old open", told: true, stays: "old open"},
		"the first is open":            {lot: "open old old", told: true, stays: "open"},
		"one was mended a moment ago":  {lot: "old young old", told: true, stays: "old young"},
		"mended at the edge":           {lot: "edge", told: true, stays: "edge"},
		"open for longer than anybody": {lot: "open", told: true, stays: "open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open()
			if row.lot == "" {
				o.finding(ref, "0", "old")
				o.finding(ref, "1", "young")
				require.Equal(t, 1, o.sweepAll()["findings"])
				require.Equal(t, []string{"young"}, o.left("findings", "detail"))
				return
			}
			for i, when := range strings.Fields(row.lot) {
				o.finding(ref, fmt.Sprint(i), when)
			}
			o.sql("UPDATE findings SET lot = (SELECT min(id) FROM findings)")
			if row.told {
				o.sql("UPDATE findings SET told_at = found_at")
			}
			require.Equal(t, len(strings.Fields(row.lot))-len(strings.Fields(row.stays)), o.sweepAll()["findings"])
			require.ElementsMatch(t, strings.Fields(row.stays), o.left("findings", "detail"))
		})
	}
}

// finding writes a finding that was mended at an age, or is open.
func (o office) finding(ref casework.Reference, about, when string) {
	o.t.Helper()
	var cleared any
	if at, mended := ages()[when]; mended {
		cleared = at
	}
	o.sql("INSERT INTO findings (reference, kind, about, detail, found_at, cleared_at) VALUES ($1, 'no-progress', $2, $3, $4, $5)",
		ref, about, when, storetest.Now, cleared)
}

// A batch goes with the answers of its cases, which stand in their own trails; one that has not ended stays.
func TestSweep_BatchesWhoseCasesHaveAnswered(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	for i := range 12 {
		for when := range ages() {
			o.batchThatEnded(fmt.Sprintf("b_%s%02d", when, i), ref, ages()[when])
		}
	}
	o.batchThatEnded("b_open", ref, time.Time{})
	require.Equal(t, 12, o.sweepAll()["batches"])
	require.Zero(t, o.count("SELECT count(*) FROM batches WHERE id LIKE 'b_old%'"))
	require.Equal(t, 25, o.count("SELECT count(*) FROM batches"))
	require.Equal(t, 25, o.count("SELECT count(*) FROM batch_items"))
}

func (o office) batchThatEnded(id string, ref casework.Reference, at time.Time) {
	o.t.Helper()
	_, err := o.MakeBatch(o.t.Context(), batchAbout(id, casework.BatchTarget{Reference: ref}))
	require.NoError(o.t, err)
	if at.IsZero() {
		return
	}
	require.NoError(o.t, o.SettleBatchItem(o.t.Context(), id, 1, "", at))
	_, err = o.EndBatch(o.t.Context(), id, at)
	require.NoError(o.t, err)
}

func TestSweep_ManyRowsGoFewAtATime(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	o.sql(`INSERT INTO webhook_deliveries (id, webhook, event, body, made_at, state, next_at)
	       SELECT 'msg_' || n, 'wh_1', 'case.held', '{}', $1, 'dead', $1::timestamptz + make_interval(secs => n) FROM generate_series(1, 1200) n`, storetest.Now)
	swept, err := o.Sweep(t.Context(), edge)
	require.NoError(t, err)
	require.Equal(t, docket.Swept{Table: "webhook_deliveries", Rows: 500}, swept[0])
	require.Zero(t, o.count("SELECT count(*) FROM webhook_deliveries WHERE next_at <= $1", storetest.Now.Add(500*time.Second)), "the oldest first")
	var group sync.WaitGroup // Several watchers at once, none of which waits for another.
	for range 4 {
		group.Go(func() {
			_, err := o.Sweep(t.Context(), edge)
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Equal(t, 0, o.sweepAll()["webhook_deliveries"]+o.count("SELECT count(*) FROM webhook_deliveries"))
}

// What is made due again while it is being swept stays: a person asked for it.
func TestSweep_WhatIsSentAgainMeanwhileStays(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	o.sql(`INSERT INTO webhook_deliveries (id, webhook, event, body, made_at, state, next_at)
	       SELECT 'msg_' || n, 'wh_1', 'case.held', '{}', $1, 'dead', $1 FROM generate_series(1, 40) n`, storetest.Now)
	var group sync.WaitGroup
	replayed := make([]bool, 40)
	group.Go(func() { o.sweepAll() })
	for i := range replayed {
		group.Go(func() {
			_, err := o.Replay(t.Context(), fmt.Sprintf("msg_%d", i+1), edge)
			replayed[i] = err == nil
		})
	}
	group.Wait()
	for i, again := range replayed {
		require.Equal(t, again, o.count("SELECT count(*) FROM webhook_deliveries WHERE id = $1 AND state = 'pending'", fmt.Sprintf("msg_%d", i+1)) == 1)
	}
}

// A case that went the whole way loses nothing of its record, and what comes late is answered as before: no event is queued
// a second time, nobody gets a task twice, and what was found once may be found again.
func TestSweep_TouchesNoRecordAndForgetsNothingThatIsAskedFor(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	ref := o.untaken()
	require.NoError(t, o.gate(ref, first, soon))
	o.act(ref, asked(ref, casework.OpClaim, examiner(first)))
	warned := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: clock(t, o.page(ref), casework.ClockOutcome).Warn[0]}
	o.alert(ref, 1, warned, warned.At)
	held := holdInput(ref, casework.HoldOther, days(20))
	_, err := o.HoldCase(t.Context(), held, o.book)
	require.NoError(t, err)
	o.found(ref, "SendMails", storetest.Now)
	require.NoError(t, o.ClearFinding(t.Context(), ref, docket.FindingActivity, "SendMails", storetest.Now))
	for _, delivery := range o.queued("wh_1") {
		require.NoError(t, o.MarkDelivered(t.Context(), delivery.ID, 204, storetest.Now))
	}
	o.batchThatEnded("b_1", ref, storetest.Now)
	before := o.counts()

	require.Equal(t, map[string]int{"webhook_deliveries": before["webhook_deliveries"], "findings": 1, "batches": 1, "task_claims": 1}, o.sweepAll())
	require.GreaterOrEqual(t, before["webhook_deliveries"], 3)
	after := o.counts()
	for _, table := range []string{"webhook_deliveries", "findings", "batches", "batch_items", "task_claims"} {
		require.Zero(t, after[table], table)
		delete(before, table)
		delete(after, table)
	}
	require.Equal(t, before, after, "no record of a case is touched")

	again, err := o.HoldCase(t.Context(), held, o.book)
	require.NoError(t, err, "a step that is repeated is answered from its own record")
	require.Equal(t, casework.HoldOther, again.Causes[0])
	o.alert(ref, 1, warned, warned.At)
	o.alert(ref, 2, warned, warned.At.Add(time.Hour))
	require.Empty(t, o.queued("wh_1"), "and tells nobody twice")
	fault(t, o.gate(ref, second, edge), casework.Conflict, casework.FaultTaskTaken)
	o.found(ref, "SendMails", edge)
	require.Len(t, o.queued("wh_1"), 1, "the same trouble in another season is news")
}

func TestSweptDay_IsRemembered(t *testing.T) {
	t.Parallel()
	o := setup(t)
	none, err := o.SweptDay(t.Context())
	require.NoError(t, err)
	require.Zero(t, none)
	day := calendar.DateOf(storetest.Now)
	require.NoError(t, o.MarkSwept(t.Context(), day, storetest.Now))
	require.NoError(t, o.MarkDigests(t.Context(), day.AddDays(3), storetest.Now))
	require.NoError(t, o.MarkSwept(t.Context(), day.AddDays(-1), storetest.Now), "a watcher that is late puts nothing back")
	last, err := o.SweptDay(t.Context())
	require.NoError(t, err)
	require.Equal(t, day, last)
}
