package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework/docket"
)

// deskFindings is how many findings the page of operations shows.
const deskFindings = 50

type deskCounts struct {
	Open          int64
	Breached      int64
	DueIn24H      int64
	InPool        int64
	Held          int64
	AtCentre      int64
	Questions     int64
	Monitoring    int64
	FindingCount  int64
	DeadWebhooks  int64
	DoubtfulMails int64
	WatchedAt     zeronull.Timestamptz
}

const deskCountsSQL = `
SELECT k.open, k.breached, k.held, k.at_centre,
       (SELECT count(DISTINCT c.reference) FROM counting_clocks c
        WHERE c.kind = 'sla' AND c.breached_at IS NULL AND c.ends > $2 AND c.ends <= $3) AS due_in_24h,
       (SELECT count(*) FROM tasks WHERE state = 'ready') AS in_pool,
       (SELECT count(*) FROM task_questions WHERE answered_at IS NULL) AS questions,
       (SELECT count(*) FROM monitoring WHERE found_at IS NULL) AS monitoring,
       (SELECT count(*) FROM findings WHERE cleared_at IS NULL) AS finding_count,
       (SELECT count(*) FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook AND w.active WHERE d.state = 'dead') AS dead_webhooks,
       (SELECT count(*) FROM mails WHERE state IN ('uncertain', 'refused')) AS doubtful_mails,
       (SELECT max(at) FROM watches) AS watched_at
FROM (SELECT count(*) AS open, count(*) FILTER (WHERE sla_state = 'breached') AS breached, count(*) FILTER (WHERE held_for <> '{}') AS held,
             count(*) FILTER (WHERE waiting_on = 'centre') AS at_centre
      FROM cases
      WHERE stage = ANY ($1)) k`

// Desk counts, at an instant, what operations look at first. Everything is of one state of the register.
func (s *Store) Desk(ctx context.Context, at time.Time) (docket.Desk, error) {
	var counts *[]deskCounts
	var open *[]findingRow
	err := inSnapshot(ctx, s, func(ctx context.Context, u *unit) error {
		counts = each[deskCounts](u, "count for the desk", deskCountsSQL, openStages(), instant(at), instant(at.Add(24*time.Hour)))
		open = each[findingRow](u, "list the open findings", openFindingsSQL, "", deskFindings)
		return u.send(ctx)
	})
	if err != nil {
		return docket.Desk{}, fmt.Errorf("read the desk of operations: %w", err)
	}
	c := (*counts)[0]
	return docket.Desk{
		At: instant(at), Open: c.Open, Breached: c.Breached, DueIn24h: c.DueIn24H, InPool: c.InPool, Held: c.Held, AtCentre: c.AtCentre,
		Questions: c.Questions, Monitoring: c.Monitoring, Findings: findings(*open), FindingCount: c.FindingCount,
		DeadWebhooks: c.DeadWebhooks, DoubtfulMails: c.DoubtfulMails, WatchedAt: timeOf(c.WatchedAt),
	}, nil
}
