package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// Whoever names a file of the bucket names one of this task: any other would give a stranger's script to the centre.
func TestAnnouncedUpload_KnowsTheTasksOwnFilesOnly(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref, other := o.open(), o.open(of("4001", storetest.Maths2))
	own, theirs := o.allocate(ref), o.allocate(other)
	id, err := o.RegisterUpload(t.Context(), own.Sheet.Task, own.Assignee, "uploads/own", digest("own"), 7, later)
	require.NoError(t, err)
	_, err = o.RegisterUpload(t.Context(), theirs.Sheet.Task, theirs.Assignee, "uploads/theirs", digest("theirs"), 8, later)
	require.NoError(t, err)

	found, err := o.AnnouncedUpload(t.Context(), own.Sheet.Task, own.Assignee, "uploads/own")
	require.NoError(t, err)
	require.Equal(t, docket.Upload{ID: id, Key: "uploads/own", SHA256: digest("own"), Size: 7}, found)

	for name, asked := range map[string]struct {
		task          casework.TaskID
		assignee, key string
	}{
		"a file of another task":      {own.Sheet.Task, own.Assignee, "uploads/theirs"},
		"a script of the register":    {own.Sheet.Task, own.Assignee, "scripts/4001"},
		"in another performer's name": {own.Sheet.Task, "ex-none", "uploads/own"},
	} {
		_, err := o.AnnouncedUpload(t.Context(), asked.task, asked.assignee, asked.key)
		require.Error(t, err, name)
		fault(t, err, casework.NotFound, "unknown-upload")
	}
}
