package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// careful asks for a second look from five marks on, and monitors every unchanged outcome.
var careful = scrutiny{from: 5, drawn: true}

// decideBy decides by a practice of looking again and expects that the completion is taken.
func (o office) decideBy(practice scrutiny, ref casework.Reference, a casework.Allocated, marks map[string]int) casework.Decided {
	o.t.Helper()
	in := decision(ref, a, marks, later)
	in.Key.Number = o.count("SELECT count(*) FROM tasks WHERE reference = $1", ref)
	decided, err := o.Decide(o.t.Context(), in, o.book, practice)
	require.NoError(o.t, err)
	require.Nil(o.t, decided.Refusal)
	return decided
}

// lookedAt brings a case to where its second performer holds the task, after the first changed Q1 from 10 to 16.
func (o office) lookedAt() (casework.Reference, casework.Allocated) {
	o.t.Helper()
	ref := o.open()
	o.decideBy(careful, ref, o.allocate(ref), map[string]int{"Q1": 16})
	again, err := o.Allocate(o.t.Context(), key(ref, casework.StepAllocate, 2, later), o.book)
	require.NoError(o.t, err)
	require.Equal(o.t, second, again.Assignee, "another performer than the first")
	return ref, again
}

// Domain §8.3, reading 4.
func TestSecondLook_PublishesNothingBeforeAnotherPerformerLooked(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	decided := o.decideBy(careful, ref, given, map[string]int{"Q1": 16})
	require.Equal(t, casework.Decided{Cause: "test", Subject: first, Stage: casework.StageUnassigned, SLAState: decided.SLAState}, decided)

	page := o.page(ref)
	require.Equal(t, casework.StageUnassigned, page.Stage)
	require.Nil(t, page.Outcome)
	require.True(t, clock(t, page, casework.ClockOutcome).MetAt.IsZero(), "the promise is not kept yet")
	require.Zero(t, o.count("SELECT count(*) FROM item_marks WHERE mark <> original_mark"), "the register is as it was")
	require.Zero(t, o.openTasks(first))
	require.Equal(t, 1, o.count("SELECT count(*) FROM task_completions WHERE task = $1 AND performer = $2 AND completion -> 'items' -> 0 ->> 'mark' = '16'", given.Sheet.Task, first))
	require.Equal(t, []string{"opened", "allocated", "task-completed", "second-look-asked"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Len(t, entries, 1, "the centre sees nothing of it")
	o.whole()
}

func TestSecondLook_IsTheSecondPerformersWord(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref, again := o.lookedAt()
	require.Equal(t, casework.TaskOf(ref, 2), again.Sheet.Task)
	require.Equal(t, casework.TaskSecondLook, again.Sheet.Kind)
	require.Equal(t, []casework.ItemMark{{Item: "Q1", Mark: 16, Reason: again.Sheet.Rules.ChangeReasons[0]}}, again.Sheet.Corrected)
	require.Equal(t, 10, again.Sheet.Items[0].Original)

	discarding := decision(ref, again, map[string]int{"Q2": 13}, later)
	discarding.Key.Number = 2
	refused, err := o.Decide(t.Context(), discarding, o.book, careful)
	require.NoError(t, err)
	require.Equal(t, "completion-invalid", refused.Refusal.Code)
	require.Equal(t, casework.FaultCorrectionDiscarded, refused.Refusal.Reasons[0].Code)

	decided := o.decideBy(careful, ref, again, map[string]int{"Q1": 20})
	require.Equal(t, casework.StageAppealWindow, decided.Stage, "a second look is never followed by a third, however large the change")
	outcome := o.page(ref).Outcome
	require.Equal(t, 52, outcome.MarkAfter)
	require.Equal(t, docket.OutcomeItem{Item: "Q1", Max: 20, Before: 10, After: 20, Reason: again.Sheet.Rules.ChangeReasons[0]}, outcome.Items[0])
	require.Equal(t, 1, o.count("SELECT count(*) FROM decisions WHERE performer = $1 AND task = $2", second, again.Sheet.Task))
	require.Equal(t, 2, o.count("SELECT count(*) FROM work_log"))
	require.Zero(t, o.openTasks(second))
	o.whole()
}

// Whoever had the paper and passed it on is no other pair of eyes.
func TestSecondLook_NeverByWhoDelegatedTheFirst(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	o.act(ref, asked(ref, casework.OpDelegate, examiner(first), to(second)))
	given.Assignee = second
	o.decideBy(careful, ref, given, map[string]int{"Q1": 16})
	again, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, later), o.book)
	require.NoError(t, err)
	require.NotEqual(t, first, again.Assignee)
	require.Equal(t, 1, o.count(`SELECT count(*) FROM allocations a, jsonb_array_elements(a.proof -> 'findings') f
		WHERE a.reference = $1 AND f ->> 'performer' = $2 AND f -> 'excluded' ? 'gave-task-back'`, ref, first))
	o.whole()
}

func TestSecondLook_BelowTheThresholdNobodyLooksAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	require.Equal(t, casework.StageAppealWindow, o.decideBy(careful, ref, o.allocate(ref), map[string]int{"Q1": 14}).Stage)
	require.Equal(t, "5", o.page(ref).Outcome.GradeAfter, "a crossed boundary alone is no trigger")
	o.whole()
}

func TestSecondLook_RepeatOfTheFirstCompletionAdoptsIt(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := decision(ref, o.allocate(ref), map[string]int{"Q1": 16}, later)
	decided, err := o.Decide(t.Context(), in, o.book, careful)
	require.NoError(t, err)
	_, err = o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, later), o.book)
	require.NoError(t, err)
	again, err := o.Decide(t.Context(), in, o.book, careful)
	require.NoError(t, err)
	require.Equal(t, decided, again)
	require.Equal(t, 2, o.count("SELECT count(*) FROM tasks"))

	late := in
	late.Key.Number = 2 // The first performer hands in again: the task is another's by now.
	refused, err := o.Decide(t.Context(), late, o.book, careful)
	require.NoError(t, err)
	require.Equal(t, casework.FaultNotThePerformer, refused.Refusal.Code)
}

func TestSecondLook_OfALinkedCaseHoldsTheSettlementUp(t *testing.T) {
	t.Parallel()
	o := setup(t)
	one, two := o.open(of("4001", storetest.Maths1)), o.open(of("4001", storetest.Maths2))
	o.decideBy(careful, one, o.allocate(one), map[string]int{"Q1": 16})
	other := o.decideBy(careful, two, o.allocate(two), nil)
	require.False(t, other.Settled, "the first is not decided yet")
	again, err := o.Allocate(t.Context(), key(one, casework.StepAllocate, 2, later), o.book)
	require.NoError(t, err)
	last := o.decideBy(careful, one, again, map[string]int{"Q1": 16})
	require.True(t, last.Settled)
	require.Equal(t, []casework.Reference{two}, last.Members)
	o.whole()
}

func TestDecide_OfACaseThatWaitsIsRefused(t *testing.T) { //nolint:tparallel // the subtests share one register, one after the other
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	for name, row := range map[string]struct{ set, unset string }{
		"a hold":                 {"UPDATE cases SET held_for = '{waiting-for-sample}'", "UPDATE cases SET held_for = '{}'"},
		"a result that waits":    {"UPDATE component_results SET indicator = 'Q' WHERE candidate = '4001'", "UPDATE component_results SET indicator = ''"},
		"an award that waits":    {"UPDATE awards SET indicator = 'Q' WHERE candidate = '4001'", "UPDATE awards SET indicator = ''"},
		"a hold and a Q at once": {"WITH q AS (UPDATE awards SET indicator = 'Q') UPDATE cases SET held_for = '{malpractice}'", "WITH q AS (UPDATE awards SET indicator = '') UPDATE cases SET held_for = '{}'"},
	} {
		t.Run(name, func(t *testing.T) {
			o.sql(row.set)
			decided, err := o.Decide(t.Context(), decision(ref, given, nil, later), o.book, single)
			require.NoError(t, err)
			require.Equal(t, casework.FaultOnHold, decided.Refusal.Code)
			require.Equal(t, casework.Conflict, decided.Refusal.Kind)
			require.NotEmpty(t, decided.Refusal.Reasons[0].Remedy)
			stranger := decision(ref, given, nil, later)
			stranger.Actor.Subject = second
			decided, err = o.Decide(t.Context(), stranger, o.book, single)
			require.NoError(t, err)
			require.Equal(t, casework.FaultNotThePerformer, decided.Refusal.Code, "why it waits is not everybody's to know")
			o.sql(row.unset)
		})
	}
	o.decide(ref, given, nil)
	o.whole()
}

func TestMonitoring_UnchangedOutcomesAreDrawnAndLookedAtOnce(t *testing.T) {
	t.Parallel()
	o := led(t)
	changed, unchanged := o.open(of("4002", storetest.Maths1)), o.open()
	o.decideBy(careful, changed, o.allocate(changed), map[string]int{"Q1": 12})
	given := o.allocate(unchanged)
	o.decideBy(careful, unchanged, given, nil)
	require.Contains(t, o.trail(unchanged), "drawn-for-monitoring")
	require.Equal(t, casework.StageAppealWindow, o.page(unchanged).Stage, "the outcome does not wait for it")

	drawn, err := o.Monitoring(t.Context(), boss, true, 0, 50)
	require.NoError(t, err)
	require.Len(t, drawn, 1)
	require.Equal(t, docket.Monitored{
		ID: drawn[0].ID, Task: given.Sheet.Task, DrawnAt: later, Performer: given.Assignee, Component: storetest.Maths1, Service: casework.ReviewOfMarking,
	}, drawn[0])
	all, err := o.Monitoring(t.Context(), "", true, 0, 50)
	require.NoError(t, err)
	require.Equal(t, drawn, all)
	none, err := o.Monitoring(t.Context(), first, true, 0, 50)
	require.NoError(t, err)
	require.Empty(t, none, "nobody monitors but the leader")

	id := drawn[0].ID
	_, err = o.Find(t.Context(), id, given.Assignee, "agreed", "", later)
	fault(t, err, casework.NotFound, "unknown-monitoring")
	_, err = o.Find(t.Context(), id, boss, "fine", "", later)
	fault(t, err, casework.Invalid, casework.FaultUnknownFinding)
	_, err = o.Find(t.Context(), id, boss, "concern", "", later)
	fault(t, err, casework.Invalid, casework.FaultUnknownFinding)
	found, err := o.Find(t.Context(), id, boss, "concern", "Q3 was not read to its end", later.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, boss, found.Monitor)
	require.Equal(t, later.Add(time.Hour), found.FoundAt)
	again, err := o.Find(t.Context(), id, boss, "concern", "Q3 was not read to its end", later.Add(2*time.Hour))
	require.NoError(t, err)
	require.Equal(t, found, again, "a repeat is answered with what was found")
	_, err = o.Find(t.Context(), id, boss, "agreed", "", later)
	fault(t, err, casework.Conflict, casework.FaultFoundAlready)

	open, err := o.Monitoring(t.Context(), boss, true, 0, 50)
	require.NoError(t, err)
	require.Empty(t, open)
	done, err := o.Monitoring(t.Context(), boss, false, 0, 50)
	require.NoError(t, err)
	require.Equal(t, []docket.Monitored{found}, done)
	behind, err := o.Monitoring(t.Context(), boss, false, id, 50)
	require.NoError(t, err)
	require.Empty(t, behind)
	o.whole()
}

func TestMonitoring_OfSomebodyWhomNobodyLeadsIsForTheHighestRank(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	o.decideBy(careful, ref, given, nil)
	none, err := o.Monitoring(t.Context(), boss, true, 0, 50)
	require.NoError(t, err)
	require.Empty(t, none)
	o.sql("UPDATE performers SET rank = 'chief' WHERE id IN ($1, $2)", boss, given.Assignee)
	drawn, err := o.Monitoring(t.Context(), boss, true, 0, 50)
	require.NoError(t, err)
	require.Len(t, drawn, 1)
	own, err := o.Monitoring(t.Context(), given.Assignee, true, 0, 50)
	require.NoError(t, err)
	require.Empty(t, own, "never oneself")
	_, err = o.Find(t.Context(), drawn[0].ID, boss, "agreed", "", later)
	require.NoError(t, err)
}

func TestWorkLog_CountsAMonthInLondon(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref, again := o.lookedAt()
	o.decideBy(careful, ref, again, map[string]int{"Q1": 16, "Q2": 13})
	month := docket.WorkFilter{Month: september}
	work, err := o.WorkLog(t.Context(), month)
	require.NoError(t, err)
	if later.Month() == time.August {
		month.Month.Month = time.August
		work, err = o.WorkLog(t.Context(), month)
		require.NoError(t, err)
	}
	require.Len(t, work, 2)
	require.Equal(t, docket.Work{
		Task: casework.TaskOf(ref, 1), Performer: first, Kind: casework.TaskReview, Service: casework.ReviewOfMarking, Component: storetest.Maths1,
		ReservedAt: storetest.Now.Add(2 * time.Second), CompletedAt: later, Items: 4, Changed: 1,
	}, work[0])
	require.Equal(t, 2, work[1].Changed, "against the marks first given")
	require.Equal(t, casework.TaskSecondLook, work[1].Kind)

	month.Performer = second
	own, err := o.WorkLog(t.Context(), month)
	require.NoError(t, err)
	require.Equal(t, work[1:], own)
	month.Performer, month.Limit = "", 1
	page, err := o.WorkLog(t.Context(), month)
	require.NoError(t, err)
	month.AfterCompleted, month.AfterTask = page[0].CompletedAt, page[0].Task
	rest, err := o.WorkLog(t.Context(), month)
	require.NoError(t, err)
	require.Equal(t, work, append(page, rest...), "pages neither skip nor repeat")

	midnight := time.Date(2026, time.August, 31, 23, 0, 0, 0, time.UTC) // The first of September in London.
	o.sql("UPDATE work_log SET completed_at = $1 WHERE performer = $2", midnight, first)
	o.sql("UPDATE work_log SET completed_at = $1 WHERE performer = $2", midnight.Add(-time.Microsecond), second)
	for month, performer := range map[time.Month]string{time.August: second, time.September: first} {
		listed, err := o.WorkLog(t.Context(), docket.WorkFilter{Month: september.AddMonths(int(month) - int(september.Month))})
		require.NoError(t, err)
		require.Len(t, listed, 1)
		require.Equal(t, performer, listed[0].Performer)
	}
}
