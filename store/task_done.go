package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
)

const taskDoneSQL = `SELECT result FROM steps WHERE reference = $1 AND step = $2 AND about = $3 ORDER BY number DESC LIMIT 1`

// TaskDone reads what became of an operation on a case's task that came in as an update; ok is false if no step has
// carried it out. It is for the repeat of somebody who has the task no more, and so may not ask the case again.
func (s *Store) TaskDone(ctx context.Context, reference casework.Reference, updateID string) (done casework.TaskDone, ok bool, err error) {
	err = s.pool.QueryRow(ctx, taskDoneSQL, reference, casework.StepTask, updateID).Scan(&done)
	if errors.Is(err, pgx.ErrNoRows) {
		return casework.TaskDone{}, false, nil
	}
	if err != nil {
		return casework.TaskDone{}, false, fmt.Errorf("look for update %s of case %s: %w", updateID, reference, unavailable(err))
	}
	return done, true, nil
}
