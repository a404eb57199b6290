package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework/docket"
)

// One row for each number that is not zero; whoever shows them adds the zeros.
const figuresSQL = `
SELECT 'breaches' AS name, id AS label, count(*)::float8 AS value FROM clocks WHERE breached_at IS NOT NULL GROUP BY id
UNION ALL
SELECT 'due', w.within, count(*)
FROM (VALUES ('24h', $2::timestamptz), ('72h', $3::timestamptz)) w (within, until)
JOIN counting_clocks c ON c.ends > $1::timestamptz AND c.ends <= w.until
WHERE c.kind = 'sla' AND c.breached_at IS NULL
GROUP BY w.within
UNION ALL
SELECT 'findings', kind, count(*) FROM findings WHERE cleared_at IS NULL GROUP BY kind
UNION ALL
SELECT 'unrecorded', '', count(*) FROM findings WHERE cleared_at IS NULL AND kind = 'clock-unrecorded'
UNION ALL
SELECT 'pool', '', count(*) FROM tasks WHERE state = 'ready'
UNION ALL
SELECT 'pool-oldest', '', coalesce(extract(epoch FROM $1 - min(created_at)), 0) FROM tasks WHERE state = 'ready'
UNION ALL
SELECT 'overdue', 'start-by', count(*) FROM tasks WHERE state = 'reserved' AND start_by <= $1
UNION ALL
SELECT 'overdue', 'complete-by', count(*) FROM tasks WHERE state IN ('reserved', 'in-progress') AND complete_by <= $1
UNION ALL
SELECT 'holds', cause, count(*) FROM holds WHERE ended_at IS NULL GROUP BY cause
UNION ALL
SELECT 'webhooks-' || d.state, '', count(*)
FROM webhook_deliveries d
JOIN webhooks w ON w.id = d.webhook AND w.active
WHERE d.state IN ('pending', 'dead')
GROUP BY d.state
UNION ALL
SELECT 'mails-doubtful', '', count(*) FROM mails WHERE state IN ('uncertain', 'refused')
UNION ALL
SELECT 'questions', '', count(*) FROM task_questions WHERE answered_at IS NULL
UNION ALL
SELECT 'rounds', name, extract(epoch FROM $1 - at) FROM watches`

// Figures counts, at an instant, what the metrics show of clocks, tasks, holds, webhooks, mails and the watcher itself:
// of a round, how many seconds ago it last ended well.
func (s *Store) Figures(ctx context.Context, at time.Time) ([]docket.Figure, error) {
	figures, err := collect[docket.Figure](ctx, s.pool, figuresSQL, instant(at), instant(at.Add(24*time.Hour)), instant(at.Add(72*time.Hour)))
	if err != nil {
		return nil, fmt.Errorf("count for the metrics: %w", unavailable(err))
	}
	return figures, nil
}
