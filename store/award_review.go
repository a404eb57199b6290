package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

const openAwardReviewSQL = `SELECT id FROM award_reviews WHERE award = $1 AND state = 'open' FOR UPDATE`

const startAwardReviewSQL = `
INSERT INTO award_reviews (award, number, state, opened_at)
SELECT $1, coalesce(max(number), 0) + 1, 'open', $2
FROM award_reviews
WHERE award = $1
HAVING count(*) FILTER (WHERE state = 'open') = 0`

// joinAwardReview holds the open review of an award until the end of the transaction, or starts the next one; what
// the transaction writes behind it finds the review by its award. If a decision is just settling the review, this
// waits and starts the next one. The queue of requests keeps two openings from starting the same number.
func joinAwardReview(u *unit, award int64, at time.Time) {
	u.write(fmt.Sprintf("hold the review of award %d", award), openAwardReviewSQL, award)
	u.write(fmt.Sprintf("start a review of award %d", award), startAwardReviewSQL, award, at)
}

// linkedCases is an award review with all its cases, locked in the order in which every step locks them.
type linkedCases struct {
	review int64
	award  int64
	cases  []*heldCase
}

const lockAwardReviewSQL = `
SELECT id, award
FROM award_reviews
WHERE id = (SELECT award_review FROM cases WHERE reference = $1)
FOR UPDATE`

const lockLinkedCasesSQL = `
SELECT reference, stage, service, centre, candidate, series, component, reviewed_script, policy, rules, result, award_review,
       held_for, task_plan
FROM cases
WHERE award_review = (SELECT award_review FROM cases WHERE reference = $1)
ORDER BY reference
FOR UPDATE`

// holdLinkedCases queues the locks of the award review of a case and of every case of it.
func holdLinkedCases(u *unit, ref casework.Reference) func() (linkedCases, error) {
	type reviewRow struct{ ID, Award int64 }
	reviews := each[reviewRow](u, "lock the award review", lockAwardReviewSQL, ref)
	rows := each[caseRow](u, "lock the linked cases", lockLinkedCasesSQL, ref)
	return func() (linkedCases, error) {
		if len(*reviews) == 0 {
			return linkedCases{}, unknown("case", "open case "+string(ref))
		}
		linked := linkedCases{review: (*reviews)[0].ID, award: (*reviews)[0].Award}
		for _, row := range *rows {
			linked.cases = append(linked.cases, &heldCase{caseRow: row})
		}
		return linked, nil
	}
}

// of finds one case of the review.
func (l *linkedCases) of(ref casework.Reference) *heldCase {
	for _, c := range l.cases {
		if c.Reference == ref {
			return c
		}
	}
	return nil
}

// others are the cases of the review without one.
func (l *linkedCases) others(own *heldCase) []*heldCase {
	return slices.DeleteFunc(slices.Clone(l.cases), func(c *heldCase) bool { return c == own })
}

// undecided reports whether the outcome of any case of the review is still to be published.
func (l *linkedCases) undecided() bool {
	for _, c := range l.cases {
		if c.Stage == casework.StageUnassigned || c.Stage == casework.StageAssigned {
			return true
		}
	}
	return false
}
