package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// The roster of the seed leaves two reviewers for the first maths paper of candidate 4001: everybody else marked it,
// checked it or works at the centre.
const first, second, boss = "ex-1005", "ex-1006", "ex-1002"

// besides is a reviewer who may perform any first maths paper, another than the one who is named.
func besides(performer string) string {
	if performer == first {
		return second
	}
	return first
}

// led makes ex-1002 the leader of everybody else who reviews.
func led(t testing.TB) office {
	t.Helper()
	o := setup(t)
	o.sql("UPDATE performers SET leader = $1 WHERE 'reviewer' = ANY (roles) AND id <> $1", boss)
	return o
}

// sql changes the register behind everybody's back.
func (o office) sql(text string, args ...any) {
	o.t.Helper()
	_, err := o.Pool().Exec(o.t.Context(), text, args...)
	require.NoError(o.t, err)
}

// asked is a request of somebody about the first task of a case.
func asked(ref casework.Reference, operation casework.Operation, by casework.Actor, changes ...func(*casework.TaskRequest)) casework.TaskRequest {
	r := casework.TaskRequest{Task: casework.TaskOf(ref, 1), Operation: operation, Actor: by}
	for _, change := range changes {
		change(&r)
	}
	return r
}

func because(why casework.DeclineReason) func(*casework.TaskRequest) {
	return func(r *casework.TaskRequest) { r.Why = why }
}

func to(performer string) func(*casework.TaskRequest) {
	return func(r *casework.TaskRequest) { r.To = performer }
}

func examiner(id string) casework.Actor {
	return casework.Actor{Subject: id, Role: casework.RoleExaminer, Reason: "as agreed"}
}

var operations = casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "the examiner is ill"}

// acting hands a request to the step, as the message of a cause of its own.
func acting(ref casework.Reference, request casework.TaskRequest, at time.Time) casework.TaskInput {
	cause := fmt.Sprint("message-", messages.Add(1))
	return casework.TaskInput{Request: request, Key: casework.StepKey{Reference: ref, Step: casework.StepTask, About: cause, Number: 1, Cause: cause, At: at}}
}

// messages tells causes apart.
var messages atomic.Int64

// soon is when tests act unless they say otherwise.
var soon = storetest.Now.Add(time.Hour)

// act does something with a task and expects that it can be done.
func (o office) act(ref casework.Reference, request casework.TaskRequest) casework.TaskDone {
	o.t.Helper()
	done, err := o.ActOnTask(o.t.Context(), acting(ref, request, soon), o.book)
	require.NoError(o.t, err)
	require.Equal(o.t, ref, done.Reference)
	require.Equal(o.t, request.Task, done.Task)
	return done
}

// refuse asks for something and expects a no that changes nothing.
func (o office) refuse(ref casework.Reference, request casework.TaskRequest, kind casework.FaultKind, code string) *casework.Fault {
	o.t.Helper()
	before, trail, steps := o.page(ref), o.trail(ref), o.count("SELECT count(*) FROM steps")
	_, err := o.ActOnTask(o.t.Context(), acting(ref, request, soon), o.book)
	fault(o.t, err, kind, code)
	require.Equal(o.t, before, o.page(ref))
	require.Equal(o.t, trail, o.trail(ref))
	require.Equal(o.t, steps, o.count("SELECT count(*) FROM steps"))
	var no *casework.Fault
	require.ErrorAs(o.t, err, &no)
	return no
}

// open is how many tasks a performer's counter counts.
func (o office) openTasks(performer string) int {
	o.t.Helper()
	return o.count("SELECT open_tasks FROM performers WHERE id = $1", performer)
}

func TestActOnTask_StartTakesTheStartByDeadlineAway(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	require.False(t, given.Times.StartBy.IsZero(), "the practice has a deadline for starting")
	done := o.act(ref, asked(ref, casework.OpStart, examiner(given.Assignee)))
	require.Equal(t, casework.TaskInProgress, done.State)
	require.Equal(t, given.Assignee, done.Assignee)
	require.Equal(t, casework.StageAssigned, done.Stage)
	require.True(t, done.Times.StartBy.IsZero())
	require.Equal(t, given.Times.CompleteBy, done.Times.CompleteBy, "starting late is no excuse")
	for _, d := range done.Times.Plan {
		require.Equal(t, casework.ClockCompleteBy, d.Clock)
	}

	task, err := o.Task(t.Context(), given.Sheet.Task, given.Assignee)
	require.NoError(t, err)
	require.Equal(t, soon, task.StartedAt)
	require.True(t, task.StartBy.IsZero())
	require.Equal(t, done.Times.CompleteBy, task.CompleteBy)
	require.Equal(t, []string{"opened", "allocated", "task-started"}, o.trail(ref))
	o.decide(ref, given, nil)
	o.whole()
}

func TestActOnTask_DeclineForAConflictGoesIntoTheRegister(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	given := o.allocate(ref)
	require.Equal(t, first, given.Assignee)
	_, err := o.SaveDraft(t.Context(), given.Sheet.Task, first, 0, completion(given.Sheet, nil), soon)
	require.NoError(t, err)
	version := o.count("SELECT version FROM roster_version")

	done := o.act(ref, asked(ref, casework.OpDecline, examiner(first), because(casework.DeclineConflict)))
	require.Equal(t, casework.TaskDone{Reference: ref, Task: given.Sheet.Task, State: casework.TaskReady, Stage: casework.StageUnassigned}, done)
	require.Equal(t, casework.StageUnassigned, o.page(ref).Stage)
	require.Zero(t, o.openTasks(first))
	require.Zero(t, o.count("SELECT count(*) FROM drafts"), "what they wrote is nobody else's")
	require.Equal(t, 1, o.count("SELECT count(*) FROM conflicts WHERE performer = $1 AND kind = 'other' AND centre = $2 AND candidate = '4001'", first, storetest.Centre))
	require.Equal(t, 1, o.count("SELECT count(*) FROM roster_changes WHERE performer = $1 AND what = 'conflict-declared'", first))
	require.Greater(t, o.count("SELECT version FROM roster_version"), version)

	again, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, soon), o.book)
	require.NoError(t, err)
	require.Equal(t, second, again.Assignee)
	require.Equal(t, given.Sheet, again.Sheet, "it is the same task")
	o.decide(ref, again, nil)
	o.whole()
}

func TestActOnTask_WhoGaveItBackIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	o.act(ref, asked(ref, casework.OpStart, examiner(first)))
	o.act(ref, asked(ref, casework.OpRelease, examiner(first), because(casework.DeclineUnwell)))
	require.Equal(t, 1, o.count("SELECT count(*) FROM task_leavings WHERE performer = $1 AND operation = 'release' AND why = 'unwell' AND reason = 'as agreed'", first))
	require.Zero(t, o.count("SELECT count(*) FROM tasks WHERE started_at IS NOT NULL OR reserved_at IS NOT NULL OR complete_by IS NOT NULL"))

	again, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, soon), o.book)
	require.NoError(t, err)
	require.Equal(t, second, again.Assignee)
	o.act(ref, asked(ref, casework.OpDecline, examiner(second), because(casework.DeclineTime)))
	nobody, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 3, soon), o.book)
	require.NoError(t, err)
	require.Empty(t, nobody.Assignee)
	refused := o.refuse(ref, asked(ref, casework.OpClaim, examiner(first)), casework.Refused, casework.FaultNotEligible)
	require.NotContains(t, refused.Error(), "gave-task-back", "a performer is told no more than that")
	o.whole()
}

func TestActOnTask_DelegateIsJudgedByTheSameExclusions(t *testing.T) {
	t.Parallel()
	o := led(t)
	ref := o.open()
	o.allocate(ref)
	for performer, why := range map[string]string{"ex-1001": "marked-item", "ex-1003": "works-at-centre", "ex-1004": "second-marked-item", "cl-2001": "wrong-role"} {
		o.refuse(ref, asked(ref, casework.OpDelegate, examiner(first), to(performer)), casework.Refused, casework.FaultNotEligible)
		told := o.refuse(ref, asked(ref, casework.OpReassign, operations, to(performer)), casework.Refused, casework.FaultNotEligible)
		require.Equal(t, why, told.Reasons[0].Code, "operations are told why")
	}
	o.refuse(ref, asked(ref, casework.OpDelegate, examiner(first), to("ex-none")), casework.Refused, "unknown-performer")
	o.refuse(ref, asked(ref, casework.OpDelegate, examiner(second), to("ex-1001")), casework.Forbidden, casework.FaultNotThePerformer)

	o.sql("UPDATE performers SET capacity = 0 WHERE id = $1", second)
	done := o.act(ref, asked(ref, casework.OpDelegate, examiner(first), to(second)))
	require.Equal(t, second, done.Assignee, "only capacity may be exceeded")
	require.Equal(t, casework.TaskReserved, done.State)
	require.Equal(t, casework.StageAssigned, done.Stage)
	require.False(t, done.Times.StartBy.IsZero())
	require.Equal(t, []int{0, 1}, []int{o.openTasks(first), o.openTasks(second)})
	require.Equal(t, 1, o.count("SELECT week_tasks FROM performers WHERE id = $1", second))

	back := o.act(ref, asked(ref, casework.OpDelegate, examiner(boss), to(first)))
	require.Equal(t, first, back.Assignee, "a leader hands it back: who delegates does not give it up for ever")
	require.Equal(t, []string{"opened", "allocated", "task-delegated", "task-delegated"}, o.trail(ref))
	o.sql("UPDATE performers SET capacity = 4")
	o.whole()
}

func TestActOnTask_ForwardAsksForAHigherRank(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	done := o.act(ref, asked(ref, casework.OpForward, examiner(first)))
	require.Equal(t, casework.TaskReady, done.State)
	require.Equal(t, casework.StageUnassigned, done.Stage)
	require.Equal(t, 1, o.count("SELECT count(*) FROM tasks WHERE least_rank = 'principal'"), "the next above senior")

	pool, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, soon), o.book)
	require.NoError(t, err)
	require.Empty(t, pool.Assignee, "nobody has that rank")
	o.sql("UPDATE performers SET rank = 'chief' WHERE id = $1", second)
	up, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 3, soon), o.book)
	require.NoError(t, err)
	require.Equal(t, second, up.Assignee)
	o.refuse(ref, asked(ref, casework.OpForward, examiner(second)), casework.Conflict, casework.FaultNoHigherRank)
	o.whole()
}

func TestActOnTask_SuspendedStandsStillAndGoesOn(t *testing.T) {
	t.Parallel()
	o := led(t)
	ref := o.open()
	given := o.allocate(ref)
	o.act(ref, asked(ref, casework.OpStart, examiner(first)))
	o.refuse(ref, asked(ref, casework.OpSuspend, examiner(second)), casework.Forbidden, casework.FaultNotPermitted)

	done := o.act(ref, asked(ref, casework.OpSuspend, examiner(boss)))
	require.Equal(t, casework.TaskSuspended, done.State)
	require.Equal(t, first, done.Assignee)
	require.Equal(t, casework.TaskTimes{CompleteBy: given.Times.CompleteBy}, done.Times, "the deadline stands still, and nothing of it has passed")
	in := decision(ref, given, nil, later)
	decided, err := o.Decide(t.Context(), in, o.book, single)
	require.NoError(t, err)
	require.Equal(t, casework.FaultTaskSuspended, decided.Refusal.Code)
	require.Equal(t, 1, o.openTasks(first), "they still hold it")
	_, err = o.SaveDraft(t.Context(), given.Sheet.Task, first, 0, in.Completion, soon)
	require.NoError(t, err, "nothing that they wrote is lost")
	o.whole()

	resumed, err := o.ActOnTask(t.Context(), acting(ref, asked(ref, casework.OpResume, operations), soon.Add(72*time.Hour)), o.book)
	require.NoError(t, err)
	require.Equal(t, casework.TaskInProgress, resumed.State)
	require.True(t, resumed.Times.StartBy.IsZero(), "it was started before")
	require.Equal(t, "Mon 7 Sep 17:00", london(resumed.Times.CompleteBy), "the Friday, on which nobody could work, is made up for")
	require.Equal(t, []string{"opened", "allocated", "task-started", "task-suspended", "task-resumed"}, o.trail(ref))
	o.decide(ref, given, nil)
	o.whole()
}

func TestActOnTask_ReassignTakesItAwayForGood(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	o.refuse(ref, asked(ref, casework.OpReassign, examiner(first)), casework.Forbidden, casework.FaultNotPermitted)

	named := o.act(ref, asked(ref, casework.OpReassign, operations, to(second)))
	require.Equal(t, second, named.Assignee)
	require.Equal(t, casework.StageAssigned, named.Stage)
	o.refuse(ref, asked(ref, casework.OpReassign, operations, to(second)), casework.Conflict, casework.FaultHoldsAlready)
	o.refuse(ref, asked(ref, casework.OpReassign, operations, to(first)), casework.Refused, casework.FaultNotEligible)

	taken := o.act(ref, asked(ref, casework.OpReassign, operations))
	require.Equal(t, casework.TaskReady, taken.State)
	require.Equal(t, casework.StageUnassigned, taken.Stage)
	o.refuse(ref, asked(ref, casework.OpReassign, operations), casework.Conflict, casework.FaultInThePool)
	require.Equal(t, []int{0, 0}, []int{o.openTasks(first), o.openTasks(second)})
	o.whole()
}

func TestActOnTask_ReassignOfASuspendedTaskLeavesItStopped(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	o.act(ref, asked(ref, casework.OpStart, examiner(first)))
	o.act(ref, asked(ref, casework.OpSuspend, operations))
	taken := o.act(ref, asked(ref, casework.OpReassign, operations))
	require.Equal(t, casework.TaskSuspended, taken.State)
	require.Empty(t, taken.Assignee)
	require.Equal(t, casework.StageUnassigned, taken.Stage)
	require.Zero(t, o.openTasks(first))

	named := o.act(ref, asked(ref, casework.OpReassign, operations, to(second)))
	require.Equal(t, casework.TaskSuspended, named.State)
	require.Equal(t, casework.StageAssigned, named.Stage)
	require.Equal(t, 1, o.openTasks(second))
	on := o.act(ref, asked(ref, casework.OpResume, operations))
	require.Equal(t, casework.TaskReserved, on.State, "nobody has started what they were just given")
	require.False(t, on.Times.StartBy.IsZero())
	o.whole()
}

func TestActOnTask_ResumedWithoutAHolderIsBackInThePool(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	o.act(ref, asked(ref, casework.OpSuspend, operations))
	o.act(ref, asked(ref, casework.OpReassign, operations))
	on := o.act(ref, asked(ref, casework.OpResume, operations))
	require.Equal(t, casework.TaskReady, on.State)
	require.Equal(t, casework.StageUnassigned, on.Stage)
	require.Equal(t, casework.TaskTimes{}, on.Times)
	o.whole()
}

func TestActOnTask_RepeatIsAnsweredWithWhatWasStored(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	in := acting(ref, asked(ref, casework.OpDelegate, examiner(first), to(second)), soon)
	done, err := o.ActOnTask(t.Context(), in, o.book)
	require.NoError(t, err)
	o.act(ref, asked(ref, casework.OpStart, examiner(second)))

	in.Request.To = "ex-1001" // The workflow lost the answer, and another word came under the same message.
	again, err := o.ActOnTask(t.Context(), in, o.book)
	require.NoError(t, err)
	require.Equal(t, done, again)
	require.Equal(t, []int{0, 1}, []int{o.openTasks(first), o.openTasks(second)}, "counted once")
}

func TestActOnTask_ACaseWithoutATaskHasNothingToActOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.refuse(ref, asked(ref, casework.OpStart, examiner(first)), casework.Conflict, casework.FaultNotAllocated)
	_, err := o.ActOnTask(t.Context(), acting(reference("none"), asked(reference("none"), casework.OpStart, examiner(first)), soon), o.book)
	fault(t, err, casework.NotFound, "unknown-case")

	o.decide(ref, o.allocate(ref), nil)
	o.refuse(ref, asked(ref, casework.OpStart, examiner(first)), casework.Conflict, casework.FaultAlreadyCompleted)
	o.refuse(ref, asked(ref, casework.OpReassign, operations), casework.Conflict, casework.FaultAlreadyCompleted)
}
