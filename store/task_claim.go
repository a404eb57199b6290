package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// The claim of a task that has been given away stays where it is until the task is back in the pool: whoever asked a
// moment too late still finds it.
const takeClaimSQL = `
INSERT INTO task_claims AS c (task, performer, key, until)
SELECT task, performer, $3, $5 FROM claimable($6) WHERE task = $1 AND performer = $2
ON CONFLICT (task) DO UPDATE SET performer = excluded.performer, key = excluded.key, until = excluded.until
WHERE c.until <= $4 OR c.performer = excluded.performer`

const claimedTaskSQL = `
SELECT t.state, coalesce(t.assignee = $2, false) AS theirs, EXISTS (SELECT FROM claimable($3) v WHERE v.task = t.id AND v.performer = $2) AS shown
FROM tasks t
WHERE t.id = $1`

// TakeClaim reserves for a performer the right to ask a case for a task of the pool, until an instant: of many who try
// at once one gets it, without the case being asked. A task that is not in the pool, theirs or another's, or that somebody
// else is just claiming, is a fault of kind conflict; one that the performer's pool does not show on that London day is
// refused.
func (s *Store) TakeClaim(ctx context.Context, task casework.TaskID, performer, key string, at, until time.Time) error {
	today := dateTo(calendar.DateOf(at))
	tag, err := s.pool.Exec(ctx, takeClaimSQL, task, performer, key, instant(at), instant(until), today)
	if err != nil {
		return fmt.Errorf("claim task %s: %w", task, unavailable(err))
	}
	if tag.RowsAffected() == 1 {
		return nil
	}
	type claimed struct {
		State  casework.TaskState
		Theirs bool
		Shown  bool
	}
	found, err := collect[claimed](ctx, s.pool, claimedTaskSQL, task, performer, today)
	switch {
	case err != nil:
		return fmt.Errorf("read task %s: %w", task, unavailable(err))
	case len(found) == 0:
		return unknownTask(task)
	case found[0].State == casework.TaskReady && !found[0].Shown:
		return casework.NotEligible(task, performer, casework.Actor{Subject: performer}, nil)
	case found[0].Theirs && !found[0].State.Final():
		return casework.YoursAlready(task)
	default:
		return casework.TaskTaken(task)
	}
}
