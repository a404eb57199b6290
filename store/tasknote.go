package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const taskNotesSQL = `SELECT id, task, author, at, text, file FROM task_notes WHERE task = $1 ORDER BY id`

// TaskNotes reads what was noted beside a task, the oldest first; an unknown task has none. Whether the reader may know
// of the task the caller has asked.
func (s *Store) TaskNotes(ctx context.Context, task casework.TaskID) ([]docket.TaskNote, error) {
	notes, err := collect[docket.TaskNote](ctx, s.pool, taskNotesSQL, task)
	if err != nil {
		return nil, fmt.Errorf("read the notes of task %s: %w", task, unavailable(err))
	}
	return notes, nil
}

// keptNote is a note with what its author asked for under the key.
type keptNote struct {
	docket.TaskNote

	Digest string
}

const (
	keptNoteSQL = `SELECT id, task, author, at, text, file, digest FROM task_notes WHERE task = $1 AND author = $2 AND key = $3`

	// The task cannot change hands or end while the note is written; other notes may be written at the same moment.
	notedTaskSQL = `
SELECT t.state
FROM tasks t
JOIN performers p ON p.id = t.assignee
WHERE t.id = $1 AND $2 IN (p.id, p.leader)
FOR SHARE OF t`

	// Of two repeats at the same moment the second waits for the first, and then writes nothing.
	addTaskNoteSQL = `
INSERT INTO task_notes (task, author, at, text, file, key, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (task, author, key) DO NOTHING`
)

// AddTaskNote keeps a note of who holds the task or leads who does; for anybody else there is no such task. A key of
// the author is good for one note: the same again is answered with the note that was kept, also after the task has
// ended, and another under it is a fault. digest tells them apart.
func (s *Store) AddTaskNote(ctx context.Context, note docket.TaskNote, key, digest string) (docket.TaskNote, error) {
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.TaskNote, error) {
		kept, err := collectOne[keptNote](ctx, tx, keptNoteSQL, note.Task, note.Author, key)
		if errors.Is(err, pgx.ErrNoRows) {
			if err := addTaskNote(ctx, tx, note, key, digest); err != nil {
				return docket.TaskNote{}, err
			}
			kept, err = collectOne[keptNote](ctx, tx, keptNoteSQL, note.Task, note.Author, key)
		}
		switch {
		case err != nil:
			return docket.TaskNote{}, fmt.Errorf("read the note of task %s: %w", note.Task, err)
		case kept.Digest != digest:
			return docket.TaskNote{}, casework.NewFault(casework.Invalid, casework.FaultKeyReused, "The Idempotency-Key was used for another note.")
		}
		return kept.TaskNote, nil
	})
}

// addTaskNote writes a note if the task takes one, and nothing if a repeat of it was faster.
func addTaskNote(ctx context.Context, tx pgx.Tx, note docket.TaskNote, key, digest string) error {
	var state casework.TaskState
	err := tx.QueryRow(ctx, notedTaskSQL, note.Task, note.Author).Scan(&state)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return unknownTask(note.Task)
	case err != nil:
		return fmt.Errorf("lock task %s: %w", note.Task, err)
	case state == casework.TaskCompleted:
		return casework.AlreadyCompleted(note.Task)
	case state == casework.TaskWithdrawn:
		return casework.TaskIsWithdrawn(note.Task)
	}
	if _, err := tx.Exec(ctx, addTaskNoteSQL, note.Task, note.Author, instant(note.At), note.Text, note.File, key, digest); err != nil {
		return fmt.Errorf("add a note to task %s: %w", note.Task, err)
	}
	return nil
}
