package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestAllocate_ReservesTheTaskAndKeepsTheProof(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	// ex-1001 and ex-1002 marked the script, ex-1004 second-marked it, ex-1003 works at the centre.
	require.Equal(t, "ex-1005", allocated.Assignee)
	require.Equal(t, casework.StageAssigned, allocated.Stage)
	require.Equal(t, casework.TaskID(ref)+"/1", allocated.Sheet.Task)
	require.Equal(t, []casework.SheetItem{
		{Item: "Q1", Max: 20, Original: 10}, {Item: "Q2", Max: 20, Original: 12}, {Item: "Q3", Max: 20, Original: 9}, {Item: "Q4", Max: 20, Original: 11},
	}, allocated.Sheet.Items)
	require.NotEmpty(t, allocated.Sheet.Rules.ChangeReasons)
	require.True(t, allocated.Sheet.Rules.AnnotatedScript)

	page := o.page(ref)
	require.Equal(t, casework.StageAssigned, page.Stage)
	require.Equal(t, casework.WaitingReviewer, page.WaitingOn)
	require.Equal(t, int64(2), page.Version)
	require.Equal(t, []string{"opened", "allocated"}, o.trail(ref))

	var proof allocation.Proof
	require.NoError(t, o.Pool().QueryRow(t.Context(), "SELECT proof FROM allocations WHERE reference = $1", ref).Scan(&proof))
	require.Equal(t, "ex-1005", proof.Chosen)
	require.Len(t, proof.Findings, 8, "everybody of the component has a finding, those of another role too")
	require.Equal(t, 1, o.count("SELECT open_tasks FROM performers WHERE id = 'ex-1005'"))
}

func TestAllocate_ClericalCheckGoesToClericalStaff(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open(clerical, withoutScript))
	require.Equal(t, "cl-2001", allocated.Assignee, "a clerical check is not an examiner's review (domain §8.3, reading 3)")
	require.False(t, allocated.Sheet.Rules.AnnotatedScript)
}

func TestAllocate_CentreDoesNotSeeWho(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	o.decide(ref, allocated, nil)
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	require.NotContains(t, fmt.Sprint(entries), allocated.Assignee)
	require.NotContains(t, fmt.Sprintf("%+v", o.page(ref)), allocated.Assignee)
}

func TestAllocate_RepeatTakesNobodyTwice(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	first := o.allocate(ref)
	require.Equal(t, first, o.allocate(ref))
	require.Equal(t, 1, o.count("SELECT sum(open_tasks) FROM performers"))
	require.Equal(t, 1, o.count("SELECT count(*) FROM allocations"))
}

func TestAllocate_NobodyEligibleLeavesTheTaskInThePool(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET active = false WHERE id IN ('ex-1005', 'ex-1006')")
	require.NoError(t, err)
	ref := o.open()
	allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
	require.NoError(t, err)
	require.Equal(t, casework.StageUnassigned, allocated.Stage)
	require.Empty(t, allocated.Assignee)
	require.Equal(t, []string{"opened", "no-performer"}, o.trail(ref))
	require.Equal(t, 1, o.count("SELECT count(*) FROM tasks WHERE state = 'ready' AND assignee IS NULL"))

	_, err = o.Pool().Exec(t.Context(), "UPDATE performers SET active = true")
	require.NoError(t, err)
	allocated, err = o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, storetest.Now), o.book)
	require.NoError(t, err)
	require.Equal(t, "ex-1005", allocated.Assignee)
	require.Equal(t, 1, o.count("SELECT count(*) FROM tasks"), "a later round is about the same task")
	require.Equal(t, 2, o.count("SELECT count(*) FROM allocations"), "each round keeps its proof")
}

func TestAllocate_AssignedCaseIsAConflict(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	_, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, storetest.Now), o.book)
	fault(t, err, casework.Conflict, "wrong-stage")
	_, err = o.Allocate(t.Context(), key(reference("none"), casework.StepAllocate, 1, storetest.Now), o.book)
	fault(t, err, casework.NotFound, "unknown-case")
}

func TestAllocate_WhoDecidedAnEarlierCaseTakesNoPart(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET roles = '{reviewer}' WHERE id = 'cl-2001'")
	require.NoError(t, err)
	_, err = o.Pool().Exec(t.Context(), "UPDATE performers SET active = false WHERE id NOT IN ('cl-2001', 'cl-2002')")
	require.NoError(t, err)
	first := o.settled(nil)
	// The person who reviewed the marking becomes a clerk; the clerical check of the same paper is not theirs.
	_, err = o.Pool().Exec(t.Context(), "UPDATE performers SET roles = '{clerical}', open_tasks = 0")
	require.NoError(t, err)
	_, err = o.Pool().Exec(t.Context(), "UPDATE cases SET stage = 'cancelled' WHERE reference = $1", first)
	require.NoError(t, err)
	require.Equal(t, "cl-2002", o.allocate(o.open(clerical, withoutScript)).Assignee)
}

func TestAllocate_ConflictDeclaredMeanwhileIsSeenAfterTheLock(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	declared := false
	allocated, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), choosing{o.book, func(task allocation.Task, roster []allocation.Performer) allocation.Proof {
		proof := allocation.Choose(task, roster)
		if !declared {
			declared = true
			_, err := o.Pool().Exec(t.Context(), "INSERT INTO conflicts (performer, kind, centre) VALUES ($1, 'worked-at', $2)", proof.Chosen, storetest.Centre)
			require.NoError(t, err)
		}
		return proof
	}})
	require.NoError(t, err)
	require.Equal(t, "ex-1006", allocated.Assignee, "ex-1005 was chosen first and declared a conflict before the lock")
	require.Zero(t, o.count("SELECT open_tasks FROM performers WHERE id = 'ex-1005'"))
}

func TestAllocate_HundredAtOnceNeverExceedCapacity(t *testing.T) {
	t.Parallel()
	o := setup(t)
	const many = 100
	candidates := storetest.Cohort(t, o.Store, many)
	var wait sync.WaitGroup
	slots := make(chan struct{}, 16)
	assignees := make([]string, many)
	for i, candidate := range candidates {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			opened, err := o.OpenCase(t.Context(), opening(ask(of(candidate, storetest.Maths1)), storetest.Now), o.book.Assess)
			if err != nil || opened.Refusal != nil {
				t.Errorf("open: %v %v", err, opened.Refusal)
				return
			}
			allocated, err := o.Allocate(t.Context(), key(opened.Reference, casework.StepAllocate, 1, storetest.Now.Add(time.Duration(i))), o.book)
			if err != nil {
				t.Errorf("allocate: %v", err)
			}
			assignees[i] = allocated.Assignee
		})
	}
	wait.Wait()
	taken := map[string]int{}
	for _, assignee := range assignees {
		if assignee != "" {
			taken[assignee]++
		}
	}
	// Everybody but ex-1003, who works at the centre, is filled to the brim, and nobody beyond it.
	require.Equal(t, map[string]int{"ex-1001": 4, "ex-1002": 4, "ex-1004": 4, "ex-1005": 4, "ex-1006": 4}, taken)
	require.Zero(t, o.count("SELECT count(*) FROM performers WHERE open_tasks > capacity"))
	require.Zero(t, o.count("SELECT count(*) FROM performers p WHERE p.open_tasks <> (SELECT count(*) FROM tasks t WHERE t.assignee = p.id)"))
	require.Equal(t, many-20, o.count("SELECT count(*) FROM cases WHERE stage = 'unassigned'"))
}

func TestTasks_AreTheirPerformersAlone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	id := allocated.Sheet.Task

	task, err := o.Task(t.Context(), id, allocated.Assignee)
	require.NoError(t, err)
	require.Equal(t, ref, task.Reference)
	require.Equal(t, casework.TaskReserved, task.State)
	require.Equal(t, "Mathematics Paper 1", task.Title)
	require.Equal(t, allocated.Sheet, task.Sheet)
	require.Equal(t, o.page(ref).Clocks[0].Due(), task.Due)
	require.Contains(t, task.Script.Key, "anonymous/")
	require.Contains(t, task.Scheme.Key, "scheme")
	require.Contains(t, task.Paper.Key, "paper")
	require.Nil(t, task.Draft)

	_, err = o.Task(t.Context(), id, "ex-1006")
	fault(t, err, casework.NotFound, "unknown-task")
	_, err = o.Task(t.Context(), casework.TaskID(reference("none"))+"/1", allocated.Assignee)
	fault(t, err, casework.NotFound, "unknown-task")
	other, err := o.Tasks(t.Context(), docket.TaskFilter{Assignee: "ex-1006"})
	require.NoError(t, err)
	require.Empty(t, other)

	// Nothing of the request reaches the desk (domain §8.3, reading 9).
	for _, secret := range []string{storetest.Centre, "4001", "Fenwick", "Ashdown", string(casework.ReasonNearBoundary)} {
		require.NotContains(t, fmt.Sprintf("%+v", task), secret)
	}
}

func TestTasks_PagesNeitherSkipNorRepeat(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET capacity = 50 WHERE id = 'ex-1005'")
	require.NoError(t, err)
	_, err = o.Pool().Exec(t.Context(), "UPDATE performers SET active = false WHERE id <> 'ex-1005'")
	require.NoError(t, err)
	want := map[casework.TaskID]bool{}
	for i, candidate := range storetest.Cohort(t, o.Store, 7) {
		opened, err := o.OpenCase(t.Context(), opening(ask(of(candidate, storetest.Maths1)), storetest.Now.Add(time.Duration(i/3)*24*time.Hour)), o.book.Assess)
		require.NoError(t, err)
		want[o.allocate(opened.Reference).Sheet.Task] = true
	}
	filter := docket.TaskFilter{Assignee: "ex-1005", State: casework.TaskReserved, Limit: 2}
	var due time.Time
	for {
		page, err := o.Tasks(t.Context(), filter)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, task := range page {
			require.True(t, want[task.ID], "task %s comes once", task.ID)
			delete(want, task.ID)
			require.False(t, task.Due.Before(due), "the most urgent comes first")
			due = task.Due
		}
		filter.AfterDue, filter.AfterID = page[len(page)-1].Due, page[len(page)-1].ID
	}
	require.Empty(t, want)
}
