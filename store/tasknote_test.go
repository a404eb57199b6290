package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// leading makes somebody the leader of a performer.
func (o office) leading(leader, performer string) {
	o.t.Helper()
	_, err := o.Pool().Exec(o.t.Context(), "UPDATE performers SET leader = $1 WHERE id = $2", leader, performer)
	require.NoError(o.t, err)
}

func taskNote(task casework.TaskID, author, text string) docket.TaskNote {
	return docket.TaskNote{Task: task, Author: author, At: later, Text: text}
}

func TestAddTaskNote_KeepsWhatTheHolderAndTheirLeaderWrite(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	id, holder := allocated.Sheet.Task, allocated.Assignee
	o.leading("ex-1006", holder)
	notes, err := o.TaskNotes(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, notes)

	plain := taskNote(id, holder, "Question 4 is on the back.")
	filed := taskNote(id, "ex-1006", "See the example.")
	filed.File = &casework.FileRef{Key: "uploads/x.pdf", Version: "v1", SHA256: digest("x"), Size: 9}
	first, err := o.AddTaskNote(t.Context(), plain, "k", "d1")
	require.NoError(t, err)
	second, err := o.AddTaskNote(t.Context(), filed, "k", "d2")
	require.NoError(t, err, "a key is its author's own")
	plain.ID, filed.ID = first.ID, second.ID
	require.Equal(t, []docket.TaskNote{plain, filed}, []docket.TaskNote{first, second})
	notes, err = o.TaskNotes(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, []docket.TaskNote{plain, filed}, notes, "the oldest first")
	require.Equal(t, []string{"opened", "allocated"}, o.trail(id.Reference()), "a note leaves no trace in the case")

	for name, author := range map[string]string{"a colleague": "ex-1004", "nobody": "ex-none", "the centre": "eo-64101"} {
		_, err = o.AddTaskNote(t.Context(), taskNote(id, author, "Mine."), "k", "d")
		require.Error(t, err, name)
		fault(t, err, casework.NotFound, "unknown-task")
	}
	_, err = o.AddTaskNote(t.Context(), taskNote("R-none/1", holder, "Mine."), "k", "d")
	fault(t, err, casework.NotFound, "unknown-task")
}

// A key is good for one note: the same request has the same answer, also later and by another clock, and a different
// one under it is told so.
func TestAddTaskNote_IsKeptOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	note := taskNote(allocated.Sheet.Task, allocated.Assignee, "Once.")
	first, err := o.AddTaskNote(t.Context(), note, "k", "d")
	require.NoError(t, err)
	var wait sync.WaitGroup
	repeats := make([]docket.TaskNote, 8)
	failed := make([]error, 8)
	for i := range repeats {
		wait.Go(func() {
			repeat := note
			repeat.At = later.Add(time.Duration(i) * time.Minute)
			repeats[i], failed[i] = o.AddTaskNote(t.Context(), repeat, "k", "d")
		})
	}
	wait.Wait()
	for i := range repeats {
		require.NoError(t, failed[i])
		require.Equal(t, first, repeats[i])
	}
	_, err = o.AddTaskNote(t.Context(), note, "k", "another")
	fault(t, err, casework.Invalid, casework.FaultKeyReused)

	o.decide(ref, allocated, nil)
	again, err := o.AddTaskNote(t.Context(), note, "k", "d")
	require.NoError(t, err, "what was kept is answered for ever")
	require.Equal(t, first, again)
	_, err = o.AddTaskNote(t.Context(), note, "k2", "d")
	fault(t, err, casework.Conflict, casework.FaultAlreadyCompleted)
}

// Of many who write the same at the same moment, without one having been first, one note is kept.
func TestAddTaskNote_AtTheSameMomentIsKeptOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	const many = 8
	var wait sync.WaitGroup
	kept := make([]docket.TaskNote, many)
	failed := make([]error, many)
	for i := range many {
		wait.Go(func() {
			kept[i], failed[i] = o.AddTaskNote(t.Context(), taskNote(allocated.Sheet.Task, allocated.Assignee, "At once."), "k", "d")
		})
	}
	wait.Wait()
	for i := range many {
		require.NoError(t, failed[i])
		require.Equal(t, kept[0], kept[i])
	}
	notes, err := o.TaskNotes(t.Context(), allocated.Sheet.Task)
	require.NoError(t, err)
	require.Len(t, notes, 1)
}

// Whatever is written, by whom and how often: there is one note for each author and key, with the text of the first.
func TestAddTaskNote_OneForEachAuthorAndKey(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	id, holder := allocated.Sheet.Task, allocated.Assignee
	o.leading("ex-1006", holder)
	model := map[string]string{}
	rapid.Check(t, func(rt *rapid.T) {
		author := rapid.SampledFrom([]string{holder, "ex-1006"}).Draw(rt, "author")
		key := rapid.StringMatching(`[a-c]{1,2}`).Draw(rt, "key")
		text := rapid.SampledFrom([]string{"one", "two", "drei\n", "четыре"}).Draw(rt, "text")
		kept, err := o.AddTaskNote(t.Context(), taskNote(id, author, text), key, digest(text))
		name := fmt.Sprintf("%s %s", author, key)
		before, known := model[name]
		switch {
		case known && before != text:
			fault(t, err, casework.Invalid, casework.FaultKeyReused)
		default:
			require.NoError(t, err)
			require.Equal(t, text, kept.Text)
			model[name] = text
		}
		notes, err := o.TaskNotes(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, notes, len(model))
	})
}

// TestTaskDone_IsTheAnswerOfTheStepAndOfNoOther: a repeat by who has the task no more is told what was done.
func TestTaskDone_IsTheAnswerOfTheStepAndOfNoOther(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	_, ok, err := o.TaskDone(t.Context(), ref, "u1")
	require.NoError(t, err)
	require.False(t, ok)
	asked := key(ref, casework.StepTask, 1, later)
	asked.About, asked.Cause = "u1", "u1"
	want, err := o.ActOnTask(t.Context(), casework.TaskInput{Key: asked, Request: casework.TaskRequest{
		Task: allocated.Sheet.Task, Operation: casework.OpDecline, Why: casework.DeclineTime, ReceivedAt: later,
		Actor: casework.Actor{Subject: allocated.Assignee, Role: casework.RoleExaminer},
	}}, o.book)
	require.NoError(t, err)
	done, ok, err := o.TaskDone(t.Context(), ref, "u1")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, want, done)
	for _, other := range []struct {
		ref casework.Reference
		id  string
	}{{ref, "u2"}, {ref, ""}, {o.open(of("4002", "M1-01")), "u1"}} {
		_, ok, err = o.TaskDone(t.Context(), other.ref, other.id)
		require.NoError(t, err)
		require.False(t, ok, "%s %s", other.ref, other.id)
	}
}
