package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestSaveDraft_ReplacesOnlyTheVersionItWasMadeFrom(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	id, who := allocated.Sheet.Task, allocated.Assignee
	half := casework.Completion{Task: id, Items: []casework.ItemMark{{Item: "Q1", Mark: 11}}}

	first, err := o.SaveDraft(t.Context(), id, who, 0, half, later)
	require.NoError(t, err)
	require.Equal(t, docket.Draft{Version: 1, SavedAt: later, Completion: half}, first)
	second, err := o.SaveDraft(t.Context(), id, who, 1, completion(allocated.Sheet, nil), later.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, int64(2), second.Version)
	task, err := o.Task(t.Context(), id, who)
	require.NoError(t, err)
	require.Equal(t, &second, task.Draft)

	for _, stale := range []int64{0, 1, 3} {
		_, err = o.SaveDraft(t.Context(), id, who, stale, half, later)
		fault(t, err, casework.Conflict, "draft-changed")
	}
	_, err = o.SaveDraft(t.Context(), id, "ex-1006", 2, half, later)
	fault(t, err, casework.NotFound, "unknown-task")
	require.Equal(t, []string{"opened", "allocated"}, o.trail(casework.Reference(id[:len(id)-2])), "a draft leaves no trace in the case")
}

func TestSaveDraft_VersionOfADraftThatNeverWasIsAConflict(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	_, err := o.SaveDraft(t.Context(), allocated.Sheet.Task, allocated.Assignee, 1, casework.Completion{}, later)
	fault(t, err, casework.Conflict, "draft-changed")
}

func TestSaveDraft_TwoWindowsAtTheSameMomentLoseNothing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	var saved atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := o.SaveDraft(t.Context(), allocated.Sheet.Task, allocated.Assignee, 0, casework.Completion{}, later); err == nil {
				saved.Add(1)
			}
		})
	}
	wait.Wait()
	require.Equal(t, int32(1), saved.Load())
}

func TestDesk_FinishedTaskTakesNoMoreWork(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	o.decide(ref, allocated, nil)
	_, err := o.SaveDraft(t.Context(), allocated.Sheet.Task, allocated.Assignee, 0, casework.Completion{}, later)
	fault(t, err, casework.Conflict, casework.FaultAlreadyCompleted)
	_, err = o.RegisterUpload(t.Context(), allocated.Sheet.Task, allocated.Assignee, "k", digest("k"), 1, later)
	fault(t, err, casework.Conflict, casework.FaultAlreadyCompleted)
}

func TestRegisterUpload_SameKeyHasTheSameID(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	id, who := allocated.Sheet.Task, allocated.Assignee
	first, err := o.RegisterUpload(t.Context(), id, who, "uploads/a.pdf", digest("a"), 1200, later)
	require.NoError(t, err)
	again, err := o.RegisterUpload(t.Context(), id, who, "uploads/a.pdf", digest("a"), 1200, later.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, first, again)
	other, err := o.RegisterUpload(t.Context(), id, who, "uploads/b.pdf", digest("b"), 1300, later)
	require.NoError(t, err)
	require.NotEqual(t, first, other)

	upload, err := o.Upload(t.Context(), first, id, who)
	require.NoError(t, err)
	require.Equal(t, docket.Upload{ID: first, Key: "uploads/a.pdf", SHA256: digest("a"), Size: 1200}, upload)
	_, err = o.Upload(t.Context(), first, id, "ex-1006")
	fault(t, err, casework.NotFound, "unknown-upload")
	_, err = o.Upload(t.Context(), first, "R-other/1", who)
	fault(t, err, casework.NotFound, "unknown-upload")
	_, err = o.RegisterUpload(t.Context(), id, "ex-1006", "uploads/c.pdf", digest("c"), 1, later)
	fault(t, err, casework.NotFound, "unknown-task")
}

// A key is made of the content, so a second announcement of the same file with another size puts the first right;
// otherwise the file could never be handed in.
func TestRegisterUpload_WrongSizeCanBePutRight(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open())
	id, who := allocated.Sheet.Task, allocated.Assignee
	wrong, err := o.RegisterUpload(t.Context(), id, who, "uploads/a.pdf", digest("a"), 12, later)
	require.NoError(t, err)
	right, err := o.RegisterUpload(t.Context(), id, who, "uploads/a.pdf", digest("a"), 1200, later)
	require.NoError(t, err)
	require.Equal(t, wrong, right)
	upload, err := o.Upload(t.Context(), right, id, who)
	require.NoError(t, err)
	require.Equal(t, int64(1200), upload.Size)
}

func TestTasks_OfAClericalCheckHaveNoAnnotation(t *testing.T) {
	t.Parallel()
	o := setup(t)
	allocated := o.allocate(o.open(clerical, of("4002", storetest.Numeracy), withoutScript))
	task, err := o.Task(t.Context(), allocated.Sheet.Task, allocated.Assignee)
	require.NoError(t, err)
	require.Equal(t, casework.FileRef{}, task.Script, "an on-screen test has no script")
	require.Equal(t, casework.ClericalCheck, task.Sheet.Service)
}
