package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

type monitoredRow struct {
	ID        int64
	Task      casework.TaskID
	DrawnAt   time.Time
	Performer string
	Component string
	Service   casework.Service
	Monitor   zeronull.Text
	FoundAt   zeronull.Timestamptz
	Finding   zeronull.Text
	Note      string
}

func (r monitoredRow) monitored() docket.Monitored {
	return docket.Monitored{
		ID: r.ID, Task: r.Task, DrawnAt: r.DrawnAt.UTC(), Performer: r.Performer, Component: r.Component, Service: r.Service,
		Monitor: string(r.Monitor), FoundAt: timeOf(r.FoundAt), Finding: string(r.Finding), Note: r.Note,
	}
}

// Whoever leads the performer looks at what was drawn; of a performer whom nobody leads, whoever has the highest rank of
// the body, and never the performer.
const monitoringSQL = `
SELECT m.id, m.task, m.drawn_at, m.performer, w.component, w.service, m.monitor, m.found_at, m.finding, m.note
FROM monitoring m
JOIN work_log w ON w.task = m.task
JOIN performers p ON p.id = m.performer
JOIN awarding_bodies b ON b.id = p.body
WHERE m.id > $3 AND ($2 = false OR m.found_at IS NULL)
  AND ($1 = '' OR p.leader = $1
       OR p.leader IS NULL AND p.id <> $1
          AND EXISTS (SELECT FROM performers c WHERE c.id = $1 AND c.body = b.id AND c.rank = b.ranks[cardinality(b.ranks)]))
ORDER BY m.id
LIMIT $4`

// Monitoring lists the unchanged outcomes that were drawn for a lead to look at, or, without a lead, for anybody: the
// oldest first, from behind an id on.
func (s *Store) Monitoring(ctx context.Context, lead string, open bool, after int64, limit int) ([]docket.Monitored, error) {
	rows, err := collect[monitoredRow](ctx, s.pool, monitoringSQL, lead, open, after, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list the monitoring of lead %s: %w", lead, unavailable(err))
	}
	drawn := make([]docket.Monitored, len(rows))
	for i, row := range rows {
		drawn[i] = row.monitored()
	}
	return drawn, nil
}

const lockMonitoringSQL = `
SELECT m.id, m.task, m.drawn_at, m.performer, w.component, w.service, m.monitor, m.found_at, m.finding, m.note
FROM monitoring m
JOIN work_log w ON w.task = m.task
JOIN performers p ON p.id = m.performer
JOIN awarding_bodies b ON b.id = p.body
WHERE m.id = $1
  AND (p.leader = $2
       OR p.leader IS NULL AND p.id <> $2
          AND EXISTS (SELECT FROM performers c WHERE c.id = $2 AND c.body = b.id AND c.rank = b.ranks[cardinality(b.ranks)]))
FOR UPDATE OF m`

const keepFindingSQL = `UPDATE monitoring SET monitor = $2, found_at = $3, finding = $4, note = $5 WHERE id = $1`

// Find records what a lead found of an outcome that was drawn, once: "agreed", or "concern" with a note. The outcome
// stays as it was published. What is not the lead's to look at does not exist for them.
func (s *Store) Find(ctx context.Context, id int64, lead, finding, note string, at time.Time) (docket.Monitored, error) {
	if finding != "agreed" && finding != "concern" {
		return docket.Monitored{}, findingFault("/finding", fmt.Sprintf("%q is no finding.", finding), `Say "agreed" or "concern".`)
	}
	if finding == "concern" && note == "" {
		return docket.Monitored{}, findingFault("/note", "A concern without a note tells nobody what to do.", "Say what concerns you.")
	}
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.Monitored, error) {
		row, err := collectOne[monitoredRow](ctx, tx, lockMonitoringSQL, id, lead)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return docket.Monitored{}, unknown("monitoring", fmt.Sprintf("outcome %d to be monitored", id))
		case err != nil:
			return docket.Monitored{}, fmt.Errorf("lock monitored outcome %d: %w", id, err)
		case string(row.Monitor) == lead && string(row.Finding) == finding && row.Note == note:
			return row.monitored(), nil
		case row.Monitor != "":
			return docket.Monitored{}, casework.NewFault(casework.Conflict, casework.FaultFoundAlready, fmt.Sprintf("%s has looked at this outcome already.", row.Monitor))
		}
		row.Monitor, row.FoundAt, row.Finding, row.Note = zeronull.Text(lead), zeronull.Timestamptz(instant(at)), zeronull.Text(finding), note
		if _, err := tx.Exec(ctx, keepFindingSQL, id, lead, instant(at), finding, note); err != nil {
			return docket.Monitored{}, fmt.Errorf("record the finding about outcome %d: %w", id, err)
		}
		return row.monitored(), nil
	})
}

func findingFault(pointer, detail, remedy string) *casework.Fault {
	return casework.NewFault(casework.Invalid, casework.FaultUnknownFinding, detail,
		casework.Reason{Code: casework.FaultUnknownFinding, Pointer: pointer, Detail: detail, Remedy: remedy})
}
