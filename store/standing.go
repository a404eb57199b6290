package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
)

const standingSQL = `
SELECT c.id AS code, c.weight, r.mark, c.assessment = 'moderated' AS centre_marked
FROM components c
JOIN component_results r ON r.component = c.id
WHERE c.qualification = $1 AND r.series = $2 AND r.centre = $3 AND r.candidate = $4
ORDER BY c.id`

// A case is open until its outcome is recorded (domain §8.2, "Linked set").
const linkedOfAwardSQL = `
SELECT k.reference, k.service, k.component, d.reference IS NULL AS open
FROM component_results r
JOIN components c ON c.id = r.component
JOIN cases k ON k.result = r.id
LEFT JOIN decisions d ON d.reference = k.reference
WHERE c.qualification = $1 AND r.series = $2 AND r.centre = $3 AND r.candidate = $4 AND r.component <> $5
  AND k.stage NOT IN ('refused', 'cancelled', 'withdrawn')
ORDER BY k.received_at, k.reference`

type standingRow struct {
	Code         string
	Weight       int
	Mark         int
	CentreMarked bool
}

// Standing adds to the facts about a result what only an answer to a person needs: the marks of the award as they
// stand with its boundaries, and the cases about its other components. Facts about an unknown result stay as they are.
func (s *Store) Standing(ctx context.Context, facts offer.Facts) (offer.Facts, error) {
	if !facts.KnownResult {
		return facts, nil
	}
	award := []any{facts.Qualification, facts.Series, facts.CentreNumber, facts.CandidateNumber}
	components, err := collect[standingRow](ctx, s.pool, standingSQL, award...)
	if err != nil {
		return facts, fmt.Errorf("read the marks of the award: %w", unavailable(err))
	}
	boundaries, err := collect[ladderRow](ctx, s.pool, standingLaddersSQL, award[:2]...)
	if err != nil {
		return facts, fmt.Errorf("read the boundaries of the award: %w", unavailable(err))
	}
	type linkedRow struct {
		Reference casework.Reference
		Service   casework.Service
		Component string
		Open      bool
	}
	linked, err := collect[linkedRow](ctx, s.pool, linkedOfAwardSQL, append(award, facts.Component)...)
	if err != nil {
		return facts, fmt.Errorf("read the linked cases: %w", unavailable(err))
	}
	facts.Award = standing(facts.Unitised, components, boundaries)
	for _, l := range linked {
		facts.Linked = append(facts.Linked, offer.Linked(l))
	}
	return facts, nil
}

func standing(unitised bool, components []standingRow, boundaries []ladderRow) grading.Award {
	award := grading.Award{Unitised: unitised}
	for _, c := range components {
		award.Components = append(award.Components, grading.Component{
			Code: c.Code, Before: c.Mark, After: c.Mark, Weight: c.Weight, CentreMarked: c.CentreMarked,
		})
	}
	climb(&award, boundaries)
	return award
}
