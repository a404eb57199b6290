package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
)

const openAwardReviewSQL = `SELECT id FROM award_reviews WHERE award = $1 AND state = 'open' FOR UPDATE`

const startAwardReviewSQL = `
INSERT INTO award_reviews (award, number, state, opened_at)
SELECT $1, coalesce(max(number), 0) + 1, 'open', $2
FROM award_reviews
WHERE award = $1
RETURNING id`

// joinAwardReview finds the open review of an award or starts the next one, and holds it until the end of the
// transaction. If a decision is just settling the review, this waits and starts the next one. The queue of
// requests keeps two openings from starting the same number.
func joinAwardReview(ctx context.Context, tx pgx.Tx, award int64, at time.Time) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, openAwardReviewSQL, award).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, startAwardReviewSQL, award, at).Scan(&id)
	}
	if err != nil {
		return 0, fmt.Errorf("join the review of award %d: %w", award, err)
	}
	return id, nil
}

// linkedCases is an award review with all its cases, locked in the order in which every step locks them.
type linkedCases struct {
	review int64
	award  int64
	cases  []caseRow
}

const lockAwardReviewSQL = `
SELECT id, award
FROM award_reviews
WHERE id = (SELECT award_review FROM cases WHERE reference = $1)
FOR UPDATE`

const lockLinkedCasesSQL = `
SELECT reference, stage, service, centre, candidate, series, component, reviewed_script, policy, rules, result, award_review
FROM cases
WHERE award_review = $1
ORDER BY reference
FOR UPDATE`

// lockLinkedCases takes the award review of a case and every case of it.
func lockLinkedCases(ctx context.Context, tx pgx.Tx, ref casework.Reference) (linkedCases, error) {
	var linked linkedCases
	if err := tx.QueryRow(ctx, lockAwardReviewSQL, ref).Scan(&linked.review, &linked.award); err != nil {
		return linked, missing(err, "case", "open case "+string(ref))
	}
	var err error
	if linked.cases, err = collect[caseRow](ctx, tx, lockLinkedCasesSQL, linked.review); err != nil {
		return linked, fmt.Errorf("lock the cases of award review %d: %w", linked.review, err)
	}
	return linked, nil
}

// of finds one case of the review.
func (l *linkedCases) of(ref casework.Reference) *caseRow {
	for i := range l.cases {
		if l.cases[i].Reference == ref {
			return &l.cases[i]
		}
	}
	return nil
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
