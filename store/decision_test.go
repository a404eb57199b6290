package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestDecide_PublishesSettlesAndOpensTheWindow(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	decided := o.decide(ref, allocated, map[string]int{"Q1": 11})

	require.Equal(t, casework.StageAppealWindow, decided.Stage)
	require.True(t, decided.Settled)
	require.Empty(t, decided.Members)
	require.True(t, decided.ScriptOrdered)
	require.Equal(t, later, decided.PublishedAt)
	require.Equal(t, "test", decided.Cause)
	require.Equal(t, allocated.Assignee, decided.Subject)
	require.Equal(t, casework.SLAOnTime, decided.SLAState, "the outcome is met and the script is owed")

	page := o.page(ref)
	require.Equal(t, &docket.Outcome{
		PublishedAt: later, MarkBefore: 42, MarkAfter: 43, ComponentMax: 80, Settled: true, GradeBefore: "4", GradeAfter: "5",
		Items: []docket.OutcomeItem{
			{Item: "Q1", Max: 20, Before: 10, After: 11, Reason: allocated.Sheet.Rules.ChangeReasons[0]},
			{Item: "Q2", Max: 20, Before: 12, After: 12},
			{Item: "Q3", Max: 20, Before: 9, After: 9},
			{Item: "Q4", Max: 20, Before: 11, After: 11},
		},
	}, page.Outcome)
	require.Equal(t, later, clock(t, page, casework.ClockOutcome).MetAt)
	require.Equal(t, later.Add(24*time.Hour), clock(t, page, casework.ClockScript).Ends, "a copy within 24 hours of the outcome (domain §8.2)")
	window := clock(t, page, casework.ClockWindow)
	require.Equal(t, window.Ends, page.AppealUntil)
	require.Equal(t, casework.WaitingCentre, page.WaitingOn)
	require.Contains(t, decided.Plan, casework.Deadline{Clock: casework.ClockWindow, Act: casework.ActExpire, At: window.Ends, Grace: casework.ReceiptGrace})

	for _, line := range page.Fees {
		require.Equal(t, fee.Waived, line.State, "the grade changed (domain §8.2, waiver)")
		require.NotEmpty(t, line.Why)
		require.True(t, line.DueAt.IsZero())
	}
	require.Equal(t, []string{"opened", "allocated", "task-completed", "outcome-published", "award-settled", "appeal-window-opened"}, o.trail(ref))
	require.NoError(t, o.VerifyLedger(t.Context()))
}

func TestDecide_RegisterKeepsWhatWasPublishedFirst(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(map[string]int{"Q1": 11})
	require.Equal(t, 1, o.count("SELECT count(*) FROM component_results WHERE candidate = '4001' AND component = 'M1-01' AND mark = 43 AND original_mark = 42"))
	require.Equal(t, 1, o.count(`SELECT count(*) FROM item_marks i JOIN component_results r ON r.id = i.result
		WHERE r.candidate = '4001' AND r.component = 'M1-01' AND i.mark <> i.original_mark`))
	require.Equal(t, 1, o.count("SELECT count(*) FROM awards WHERE candidate = '4001' AND total = 85 AND grade = '5' AND original_total = 84 AND original_grade = '4'"))
}

func TestDecide_GradeDownWaivesToo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(map[string]int{"Q1": 8}, of("4003", storetest.Maths1))
	page := o.page(ref)
	require.Equal(t, "4", page.Outcome.GradeBefore)
	require.Equal(t, "3", page.Outcome.GradeAfter)
	for _, line := range page.Fees {
		require.Equal(t, fee.Waived, line.State, "fees are waived on a change down as well as up (domain §8.3, reading 1)")
	}
}

func TestDecide_WithoutAGradeChangeTheFeeIsDue(t *testing.T) {
	t.Parallel()
	for name, marks := range map[string]map[string]int{"a mark changes": {"Q1": 12}, "nothing changes": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.settled(marks, of("4002", storetest.Maths1))
			page := o.page(ref)
			require.Equal(t, "5", page.Outcome.GradeBefore)
			require.Equal(t, "5", page.Outcome.GradeAfter)
			require.Equal(t, marks == nil, page.Outcome.Reason != "")
			for _, line := range page.Fees {
				require.Equal(t, fee.Due, line.State)
				require.Equal(t, later, line.DueAt)
			}
		})
	}
}

func TestDecide_UnitGradeWaivesInAUnitisedQualification(t *testing.T) {
	t.Parallel()
	o := setup(t)
	changed, unchanged := o.open(of("4001", storetest.Geography1)), o.open(of("4001", storetest.Geography2))
	first := o.allocate(changed)
	o.decide(changed, first, map[string]int{"A": 13})
	o.decide(unchanged, o.allocate(unchanged), nil)

	page := o.page(changed)
	require.Equal(t, "C", page.Outcome.UnitGradeBefore)
	require.Equal(t, "B", page.Outcome.UnitGradeAfter)
	require.Equal(t, page.Outcome.GradeBefore, page.Outcome.GradeAfter, "the award stays C")
	require.Equal(t, fee.Waived, page.Fees[0].State)
	require.Equal(t, fee.Due, o.page(unchanged).Fees[0].State, "the other unit's grade did not move")
	require.NoError(t, o.VerifyLedger(t.Context()))
}

func TestDecide_RepeatAdoptsTheFirstCompletion(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	first := o.decide(ref, allocated, map[string]int{"Q1": 11})

	// The workflow lost the first attempt's answer; somebody else's marks come under the same number.
	other := decision(ref, allocated, map[string]int{"Q2": 20}, later.Add(time.Hour))
	other.Key.Cause, other.Actor = "another-update", casework.Actor{Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: allocated.Assignee, Reason: "by telephone"}
	again, err := o.Decide(t.Context(), other, o.book, single)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, "test", again.Cause, "the answer says whose completion was recorded")
	require.Equal(t, 43, o.page(ref).Outcome.MarkAfter)
	require.Equal(t, 0, o.count("SELECT open_tasks FROM performers WHERE id = $1", allocated.Assignee), "counted down once")
}

func TestDecide_RefusalChangesNothingAndLeavesTheNumberFree(t *testing.T) { //nolint:tparallel // the subtests share one register, one after the other
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	before, trail := o.page(ref), o.trail(ref)
	for name, refused := range map[string]struct {
		spoil func(*casework.DecideInput)
		kind  casework.FaultKind
		code  string
	}{
		"another performer":          {func(in *casework.DecideInput) { in.Actor.Subject = "ex-1006" }, casework.Forbidden, "not-the-performer"},
		"on behalf without a reason": {func(in *casework.DecideInput) { in.Actor.OnBehalfOf, in.Actor.Subject = in.Actor.Subject, "op-1" }, casework.Invalid, "reason-missing"},
		"on behalf without a name": {func(in *casework.DecideInput) {
			in.Actor.OnBehalfOf, in.Actor.Subject, in.Actor.Reason = in.Actor.Subject, "", "ill"
		}, casework.Invalid, "actor-missing"},
		"on behalf of oneself": {func(in *casework.DecideInput) {
			in.Actor.OnBehalfOf, in.Actor.Reason = in.Actor.Subject, "no second factor at hand"
		}, casework.Forbidden, "actor-is-performer"},
		"on behalf of somebody else":   {func(in *casework.DecideInput) { in.Actor.OnBehalfOf, in.Actor.Reason = "ex-1006", "ill" }, casework.Forbidden, "not-the-performer"},
		"another task":                 {func(in *casework.DecideInput) { in.Completion.Task = "R-none/1" }, casework.Invalid, "completion-invalid"},
		"a mark above the maximum":     {func(in *casework.DecideInput) { in.Completion.Items[0].Mark = 21 }, casework.Invalid, "completion-invalid"},
		"a change without a reason":    {func(in *casework.DecideInput) { in.Completion.Items[0].Reason = "" }, casework.Invalid, "completion-invalid"},
		"without the annotated script": {func(in *casework.DecideInput) { in.Completion.Annotated = nil }, casework.Invalid, "completion-invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			in := decision(ref, allocated, map[string]int{"Q1": 11}, later)
			refused.spoil(&in)
			decided, err := o.Decide(t.Context(), in, o.book, single)
			require.NoError(t, err)
			require.NotNil(t, decided.Refusal)
			require.Equal(t, refused.kind, decided.Refusal.Kind)
			require.Equal(t, refused.code, decided.Refusal.Code)
			require.Equal(t, casework.StageAssigned, decided.Stage)
			require.Equal(t, before, o.page(ref))
			require.Equal(t, trail, o.trail(ref))
		})
	}
	o.decide(ref, allocated, map[string]int{"Q1": 11})
}

func TestDecide_OperatorOnBehalfIsNamedInTheTrail(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	in := decision(ref, allocated, nil, later)
	in.Actor = casework.Actor{Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: allocated.Assignee, Reason: "examiner is ill"}
	decided, err := o.Decide(t.Context(), in, o.book, single)
	require.NoError(t, err)
	require.Nil(t, decided.Refusal)
	entries, err := o.Timeline(t.Context(), ref, false)
	require.NoError(t, err)
	require.Equal(t, in.Actor, entries[2].Actor)
	require.Equal(t, "task-completed", entries[2].What)
	require.False(t, entries[2].Centre)
}

func TestDecide_WrongStageIsARefusal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	early := casework.DecideInput{Key: key(ref, casework.StepDecide, 1, later), Actor: casework.Actor{Subject: "ex-1005", Role: casework.RoleExaminer}}
	decided, err := o.Decide(t.Context(), early, o.book, single)
	require.NoError(t, err)
	require.Equal(t, casework.FaultNotAllocated, decided.Refusal.Code)

	allocated := o.allocate(ref)
	o.decide(ref, allocated, nil)
	second := decision(ref, allocated, nil, later)
	second.Key.Number = 2
	decided, err = o.Decide(t.Context(), second, o.book, single)
	require.NoError(t, err)
	require.Equal(t, casework.Conflict, decided.Refusal.Kind)
	require.Equal(t, casework.FaultAlreadyCompleted, decided.Refusal.Code)

	_, err = o.Decide(t.Context(), decision(reference("none"), allocated, nil, later), o.book, single)
	fault(t, err, casework.NotFound, "unknown-case")
}

func TestDecide_LinkedCaseWaitsForTheOther(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first, second := o.open(of("4001", storetest.Maths1)), o.open(of("4001", storetest.Maths2))
	decided := o.decide(first, o.allocate(first), map[string]int{"Q1": 11})
	require.False(t, decided.Settled)
	require.Equal(t, casework.StageDecided, decided.Stage)
	page := o.page(first)
	require.Equal(t, casework.WaitingLinkedCase, page.WaitingOn)
	require.Equal(t, 43, page.Outcome.MarkAfter, "a component's outcome is published as soon as it is ready")
	require.False(t, page.Outcome.Settled)
	require.Empty(t, page.Outcome.GradeAfter)
	require.Equal(t, fee.Quoted, page.Fees[0].State, "waivers wait for the whole award (domain §1.8)")
	_, err := o.SettleMember(t.Context(), key(first, casework.StepSettle, 1, later), o.book)
	fault(t, err, casework.Conflict, "award-not-settled")

	last := o.decide(second, o.allocate(second), nil)
	require.True(t, last.Settled)
	require.Equal(t, []casework.Reference{first}, last.Members)
	for _, ref := range []casework.Reference{first, second} {
		page := o.page(ref)
		require.Equal(t, "5", page.Outcome.GradeAfter)
		for _, line := range page.Fees {
			require.Equal(t, fee.Waived, line.State, "whichever component caused the change (domain §8.2)")
		}
	}

	told := key(first, casework.StepSettle, 1, later.Add(time.Minute))
	settled, err := o.SettleMember(t.Context(), told, o.book)
	require.NoError(t, err)
	require.Equal(t, casework.StageAppealWindow, settled.Stage)
	require.Len(t, settled.Plan, 1)
	require.Equal(t, o.page(second).AppealUntil, o.page(first).AppealUntil, "both windows count from the settlement")
	again, err := o.SettleMember(t.Context(), told, o.book)
	require.NoError(t, err)
	require.Equal(t, settled, again)
	told.Number = 2
	_, err = o.SettleMember(t.Context(), told, o.book)
	fault(t, err, casework.Conflict, "wrong-stage")
	require.Equal(t, []string{"opened", "allocated", "task-completed", "outcome-published", "award-settled", "appeal-window-opened"}, o.trail(first))
}

func TestDecide_LinkedCasesAtTheSameMomentSettleOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, candidate := range storetest.Cohort(t, o.Store, 8) {
		refs := []casework.Reference{o.open(of(candidate, storetest.Maths1)), o.open(of(candidate, storetest.Maths2))}
		answers := make([]casework.Decided, len(refs))
		tasks := []casework.Allocated{o.allocate(refs[0]), o.allocate(refs[1])}
		var wait sync.WaitGroup
		for i, ref := range refs {
			wait.Go(func() {
				var err error
				if answers[i], err = o.Decide(t.Context(), decision(ref, tasks[i], map[string]int{"Q1": 13}, later), o.book, single); err != nil {
					t.Errorf("decide: %v", err)
				}
			})
		}
		wait.Wait()
		require.NotEqual(t, answers[0].Settled, answers[1].Settled, "exactly one is the last")
		for i, answer := range answers {
			if answer.Settled {
				require.Equal(t, []casework.Reference{refs[1-i]}, answer.Members)
			}
			page := o.page(refs[i])
			require.Equal(t, "5", page.Outcome.GradeAfter, "80 + 3 + 3 reaches 85")
			require.Equal(t, fee.Waived, page.Fees[0].State)
			o.trail(refs[i])
		}
	}
	require.NoError(t, o.VerifyLedger(t.Context()))
	require.Zero(t, o.count("SELECT sum(open_tasks) FROM performers"))
}

func TestDecide_TwiceAtTheSameMomentIsOneDecision(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	answers := make([]casework.Decided, 6)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			var err error
			if answers[i], err = o.Decide(t.Context(), decision(ref, allocated, map[string]int{"Q1": 11 + i}, later), o.book, single); err != nil {
				t.Errorf("decide: %v", err)
			}
		})
	}
	wait.Wait()
	for _, answer := range answers {
		require.Equal(t, answers[0], answer)
	}
	require.Equal(t, 1, o.count("SELECT count(*) FROM decisions"))
}

func TestDecide_CorrectionOfALinkedCheckOfTheSamePaperStands(t *testing.T) {
	t.Parallel()
	o := setup(t)
	check, review := o.open(clerical, withoutScript), o.open()
	checkTask, reviewTask := o.allocate(check), o.allocate(review)
	// The check corrects Q3 after the reviewer got a sheet with the old mark, which the reviewer leaves alone.
	o.decide(check, checkTask, map[string]int{"Q3": 10})
	decided := o.decide(review, reviewTask, map[string]int{"Q1": 11})
	require.True(t, decided.Settled)

	require.Equal(t, 43, o.page(check).Outcome.MarkAfter)
	outcome := o.page(review).Outcome
	require.Equal(t, 43, outcome.MarkBefore)
	require.Equal(t, 44, outcome.MarkAfter)
	require.Equal(t, docket.OutcomeItem{Item: "Q3", Max: 20, Before: 10, After: 10}, outcome.Items[2])
	require.Equal(t, 1, o.count("SELECT count(*) FROM award_reviews WHERE total_before = 84 AND total_after = 86"),
		"the award review counts from before its first decision")
}

func TestDecide_SheetOfALaterRoundShowsTodaysMarks(t *testing.T) {
	t.Parallel()
	o := setup(t)
	check, review := o.open(clerical, withoutScript), o.open()
	_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET active = false WHERE roles = '{reviewer}'")
	require.NoError(t, err)
	pool, err := o.Allocate(t.Context(), key(review, casework.StepAllocate, 1, storetest.Now), o.book)
	require.NoError(t, err)
	require.Equal(t, 9, pool.Sheet.Items[2].Original)
	o.decide(check, o.allocate(check), map[string]int{"Q3": 10})
	_, err = o.Pool().Exec(t.Context(), "UPDATE performers SET active = true")
	require.NoError(t, err)
	reserved, err := o.Allocate(t.Context(), key(review, casework.StepAllocate, 2, later), o.book)
	require.NoError(t, err)
	require.Equal(t, 10, reserved.Sheet.Items[2].Original)
	task, err := o.Task(t.Context(), reserved.Sheet.Task, reserved.Assignee)
	require.NoError(t, err)
	require.Equal(t, reserved.Sheet, task.Sheet)
}

func TestDecide_DraftEndsWithTheTask(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	_, err := o.SaveDraft(t.Context(), allocated.Sheet.Task, allocated.Assignee, 0, casework.Completion{Task: allocated.Sheet.Task}, later)
	require.NoError(t, err)
	o.decide(ref, allocated, nil)
	task, err := o.Task(t.Context(), allocated.Sheet.Task, allocated.Assignee)
	require.NoError(t, err)
	require.Nil(t, task.Draft, "a draft is never a fact of the case")
	require.Equal(t, casework.TaskCompleted, task.State)
	require.Equal(t, later, task.CompletedAt)
}

// Two decisions about one paper may be recorded in another order than they were taken in: an outage held the first
// one up. The award's marks before the review are the same in any order, and so is who pays.
func TestDecide_OvertakenDecisionDoesNotMoveWhereTheReviewBegan(t *testing.T) {
	t.Parallel()
	o := setup(t)
	check, review := o.open(clerical), o.open()
	checker, reviewer := o.allocate(check), o.allocate(review)
	o.take(decision(check, checker, map[string]int{"Q1": 11}, later))
	settled := o.take(decision(review, reviewer, nil, later.Add(-time.Minute)))
	require.True(t, settled.Settled)
	page := o.page(review)
	require.Equal(t, "4", page.Outcome.GradeBefore, "84 marks, as published")
	require.Equal(t, "5", page.Outcome.GradeAfter, "85 marks")
	for _, line := range append(page.Fees, o.page(check).Fees...) {
		require.Equal(t, fee.Waived, line.State, "the grade changed (domain §8.2)")
	}
}

// take records a decision that must be taken.
func (o office) take(in casework.DecideInput) casework.Decided {
	o.t.Helper()
	decided, err := o.Decide(o.t.Context(), in, o.book, single)
	require.NoError(o.t, err)
	require.Nil(o.t, decided.Refusal)
	return decided
}
