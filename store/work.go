package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const workLogSQL = `
SELECT task, performer, kind, service, component, reserved_at, started_at, completed_at, items, changed
FROM work_log
WHERE ($1 = '' OR performer = $1) AND completed_at >= $2 AND completed_at < $3
  AND ($4::timestamptz IS NULL OR (completed_at, task) > ($4, $5))
ORDER BY completed_at, task
LIMIT $6`

// WorkLog lists the tasks that were completed in a month in London, the oldest first: of one performer or of everybody.
func (s *Store) WorkLog(ctx context.Context, filter docket.WorkFilter) ([]docket.Work, error) {
	type workRow struct {
		Task        casework.TaskID
		Performer   string
		Kind        casework.TaskKind
		Service     casework.Service
		Component   string
		ReservedAt  time.Time
		StartedAt   zeronull.Timestamptz
		CompletedAt time.Time
		Items       int
		Changed     int
	}
	from, until := filter.Month.Start(), filter.Month.AddMonths(1).Start()
	rows, err := collect[workRow](ctx, s.pool, workLogSQL, filter.Performer, from, until,
		zeronull.Timestamptz(filter.AfterCompleted), filter.AfterTask, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the work of %s: %w", filter.Month, unavailable(err))
	}
	work := make([]docket.Work, len(rows))
	for i, r := range rows {
		work[i] = docket.Work{
			Task: r.Task, Performer: r.Performer, Kind: r.Kind, Service: r.Service, Component: r.Component, ReservedAt: r.ReservedAt.UTC(),
			StartedAt: timeOf(r.StartedAt), CompletedAt: r.CompletedAt.UTC(), Items: r.Items, Changed: r.Changed,
		}
	}
	return work, nil
}
