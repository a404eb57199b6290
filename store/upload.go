package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const announcedUploadSQL = `SELECT id, key, sha256, size FROM uploads WHERE task = $1 AND assignee = $2 AND key = $3`

// AnnouncedUpload reads what a performer announced for a task under a key of the bucket. A key that was announced
// for another task, by somebody else or not at all is a fault of kind not found.
func (s *Store) AnnouncedUpload(ctx context.Context, task casework.TaskID, assignee, key string) (docket.Upload, error) {
	upload, err := collectOne[docket.Upload](ctx, s.pool, announcedUploadSQL, task, assignee, key)
	return upload, missing(err, "upload", fmt.Sprintf("upload %s that %s announced for task %s", key, assignee, task))
}
