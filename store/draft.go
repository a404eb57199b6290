package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const lockOwnTaskSQL = `SELECT state FROM tasks WHERE id = $1 AND assignee = $2 FOR UPDATE`

// lockOwnTask takes a task that the performer holds; anybody else's does not exist, a finished one is a conflict.
func lockOwnTask(ctx context.Context, tx pgx.Tx, id casework.TaskID, assignee string) error {
	held := taskRow{ID: id}
	err := tx.QueryRow(ctx, lockOwnTaskSQL, id, assignee).Scan(&held.State)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return unknownTask(id)
	case err != nil:
		return fmt.Errorf("lock task %s: %w", id, err)
	}
	if fault := held.notOpen(); fault != nil {
		return fault
	}
	return nil
}

// A first draft has version 1; a later one replaces only the version that it was made from.
const saveDraftSQL = `
INSERT INTO drafts AS d (task, version, saved_at, completion)
SELECT $1, 1, $3, $4 WHERE $2::bigint = 0
   OR EXISTS (SELECT FROM drafts WHERE task = $1)
ON CONFLICT (task) DO UPDATE SET version = d.version + 1, saved_at = excluded.saved_at, completion = excluded.completion
WHERE d.version = $2
RETURNING version`

// SaveDraft keeps a performer's unfinished work. version is that of the draft it was made from, 0 for the first;
// if another one was saved meanwhile, that is a fault of kind conflict and nothing is lost.
func (s *Store) SaveDraft(ctx context.Context, id casework.TaskID, assignee string, version int64, completion casework.Completion, at time.Time) (docket.Draft, error) {
	draft := docket.Draft{SavedAt: instant(at), Completion: completion}
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.Draft, error) {
		if err := lockOwnTask(ctx, tx, id, assignee); err != nil {
			return docket.Draft{}, err
		}
		err := tx.QueryRow(ctx, saveDraftSQL, id, version, draft.SavedAt, completion).Scan(&draft.Version)
		if errors.Is(err, pgx.ErrNoRows) {
			return docket.Draft{}, casework.NewFault(casework.Conflict, "draft-changed", fmt.Sprintf("The draft of task %s was saved by another window meanwhile.", id))
		}
		if err != nil {
			return docket.Draft{}, fmt.Errorf("save the draft of task %s: %w", id, err)
		}
		return draft, nil
	})
}

const registerUploadSQL = `
INSERT INTO uploads (task, assignee, key, sha256, size, registered_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (task, key) DO UPDATE SET size = excluded.size
RETURNING id`

// RegisterUpload notes a file that a performer announced for a task and returns its id; the same key has the
// same id. size is in bytes; the last one that was announced counts, so that a wrong one can be put right.
func (s *Store) RegisterUpload(ctx context.Context, id casework.TaskID, assignee, key, sha256 string, size int64, at time.Time) (int64, error) {
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (int64, error) {
		if err := lockOwnTask(ctx, tx, id, assignee); err != nil {
			return 0, err
		}
		var upload int64
		if err := tx.QueryRow(ctx, registerUploadSQL, id, assignee, key, sha256, size, instant(at)).Scan(&upload); err != nil {
			return 0, fmt.Errorf("register an upload for task %s: %w", id, err)
		}
		return upload, nil
	})
}

const uploadSQL = `SELECT id, key, sha256, size FROM uploads WHERE id = $1 AND task = $2 AND assignee = $3`

// Upload reads what a performer announced for a task; anybody else's announcement does not exist.
func (s *Store) Upload(ctx context.Context, id int64, task casework.TaskID, assignee string) (docket.Upload, error) {
	upload, err := collectOne[docket.Upload](ctx, s.pool, uploadSQL, id, task, assignee)
	return upload, missing(err, "upload", fmt.Sprintf("upload %d for task %s", id, task))
}
