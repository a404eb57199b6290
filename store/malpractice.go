package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// An open request about a pending result is held by the system, which lets it go on when the result is not pending any
// more; a hold that a person asked for ends when a person says so.
const malpracticeHoldsSQL = `
SELECT k.reference, pending AS hold,
       (SELECT count(*) FROM holds h WHERE h.reference = k.reference AND h.cause = 'malpractice') + CASE WHEN pending THEN 1 ELSE 0 END AS number
FROM cases k
JOIN component_results r ON r.id = k.result
JOIN award_reviews v ON v.id = k.award_review
JOIN awards a ON a.id = v.award
CROSS JOIN LATERAL (SELECT r.indicator = 'Q' OR a.indicator = 'Q' AS pending) AS now
WHERE CASE
    WHEN pending THEN k.stage IN ('unassigned', 'assigned') AND NOT 'malpractice' = ANY (k.held_for)
    ELSE k.stage IN ('unassigned', 'assigned', 'decided', 'appeal-window') AND EXISTS (
        SELECT FROM holds h WHERE h.reference = k.reference AND h.cause = 'malpractice' AND h.ended_at IS NULL AND h.asked_by = $1)
END
ORDER BY k.reference`

// MalpracticeHolds lists the cases that have to wait because their result or award has become pending (indicator Q), and
// those that the system held for it and whose result and award are not pending any more.
func (s *Store) MalpracticeHolds(ctx context.Context) (hold, resume []docket.Suspicion, err error) {
	type pendingRow struct {
		Reference casework.Reference
		Hold      bool
		Number    int
	}
	rows, err := collect[pendingRow](ctx, s.pool, malpracticeHoldsSQL, casework.System().Subject)
	if err != nil {
		return nil, nil, fmt.Errorf("look for pending results: %w", unavailable(err))
	}
	for _, row := range rows {
		one := docket.Suspicion{Reference: row.Reference, Number: row.Number}
		if row.Hold {
			hold = append(hold, one)
		} else {
			resume = append(resume, one)
		}
	}
	return hold, resume, nil
}
