package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// patience is how long a task in the pool rests after a try before somebody's time alone makes it try again.
const patience = 10 * time.Minute

// waitingForRosterSQL finds the cases whose task in the pool was tried under an older version of the roster, and those
// for whom somebody has become free since. Who that can be the last proof of a search says: whoever was full, absent or without a
// contract and had nothing else against them; every other reason changes with the roster's version only. A person who
// is free again wakes as many tasks as they can take, the most urgent first.
const waitingForRosterSQL = `
WITH pool AS (
    SELECT t.id, t.reference, t.due, t.roster < v.version AS outdated, last.at, last.proof
    FROM tasks t
    JOIN cases k ON k.reference = t.reference
    CROSS JOIN roster_version v
    LEFT JOIN LATERAL (SELECT a.at, a.proof FROM allocations a WHERE a.reference = t.reference AND NOT a.proof ? 'operation' ORDER BY a.number DESC LIMIT 1) last ON true
    WHERE t.state = 'ready' AND k.held_for = '{}'
), hopes AS (
    SELECT pool.reference,
           p.capacity - greatest(p.open_tasks, CASE WHEN p.week >= $2 THEN p.week_tasks ELSE 0 END) AS room,
           row_number() OVER (PARTITION BY p.id ORDER BY pool.due, pool.id) AS place
    FROM pool
    CROSS JOIN LATERAL jsonb_array_elements(pool.proof -> 'findings') AS finding
    JOIN performers p ON p.id = finding ->> 'performer'
    WHERE NOT pool.outdated AND pool.at <= $4
      AND coalesce(finding -> 'excluded', '[]') <@ '["absent", "contract-not-running"]'
      AND p.active
      AND coalesce(p.contract_from <= $3, true) AND coalesce(p.contract_until >= $3, true) AND coalesce(p.trained_until >= $3, true)
      AND NOT EXISTS (SELECT FROM absences a WHERE a.performer = p.id AND $3 BETWEEN a.from_day AND least(a.until_day, a.ended_on - 1))
)
SELECT pool.reference
FROM pool
WHERE pool.outdated OR pool.reference IN (SELECT hopes.reference FROM hopes WHERE hopes.place <= hopes.room)
ORDER BY pool.due, pool.id
LIMIT $1`

// WaitingForRoster lists the cases in the pool for which it may help to allocate again at an instant, the most urgent
// first: each after a change of the roster, and for a person's time alone ten minutes after its last try at the
// earliest. A case that waits for something is not listed.
func (s *Store) WaitingForRoster(ctx context.Context, at time.Time, limit int) ([]casework.Reference, error) {
	found, err := names[casework.Reference](ctx, s.pool, waitingForRosterSQL, limit, dateTo(week(at)), dateTo(calendar.DateOf(at)), instant(at.Add(-patience)))
	if err != nil {
		return nil, fmt.Errorf("look for cases that wait for somebody: %w", unavailable(err))
	}
	return found, nil
}
