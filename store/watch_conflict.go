package store

import (
	"context"
	"time"
)

// One finding for each holder, whatever number of interests they have. It reads the register of conflicts and, for each of
// them, what its performer holds of its centre: never all of the open tasks.
const findConflictedSQL = `
INSERT INTO findings (reference, kind, about, detail, found_at)
SELECT i.reference, 'holder-conflicted', i.performer,
       i.performer || ' holds task ' || i.task || ' and may not complete it: ' || string_agg(DISTINCT i.code, ', ' ORDER BY i.code) || '.', $1
FROM interests_against i
GROUP BY i.reference, i.performer, i.task
ON CONFLICT (reference, kind, about) WHERE cleared_at IS NULL DO NOTHING
RETURNING id, reference, kind, about, detail, found_at, lot, told_at, cleared_at`

// What names other interests than those that stand now is mended too, so that it is found again as it is.
const clearConflictedSQL = `
UPDATE findings f
SET cleared_at = $1
WHERE f.kind = 'holder-conflicted' AND f.cleared_at IS NULL
  AND NOT EXISTS (SELECT FROM interests_against i
                  WHERE i.reference = f.reference AND i.performer = f.about
                  GROUP BY i.task
                  HAVING f.detail LIKE '%: ' || string_agg(DISTINCT i.code, ', ' ORDER BY i.code) || '.')`

// FindConflicted notes, at an instant, the open tasks whose holders may not complete them because of an interest that was
// declared since they got them, tells the webhooks, and clears those that have another holder, are done, or are stood
// against no more. It returns how many are new. That somebody is away or has no contract any more is none: what they have
// they may finish.
func (s *Store) FindConflicted(ctx context.Context, at time.Time) (news int, err error) {
	return s.look(ctx, "holders with a conflict", clearConflictedSQL, findConflictedSQL, instant(at))
}
