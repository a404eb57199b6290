package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework/grading"
)

// An award review's marks before are today's without what its decisions changed: in whatever order they were
// recorded, which an outage may have turned round.
const awardComponentsSQL = `
SELECT c.id AS code, c.weight, r.mark AS after,
       r.mark - coalesce((SELECT sum(d.mark_after - d.mark_before)
                          FROM decisions d
                          JOIN cases k ON k.reference = d.reference
                          WHERE k.award_review = $1 AND k.result = r.id), 0) AS before
FROM awards a
JOIN components c ON c.qualification = a.qualification
JOIN component_results r ON r.centre = a.centre AND r.candidate = a.candidate AND r.series = a.series AND r.component = c.id
WHERE a.id = $2
ORDER BY c.id`

const awardKindSQL = `SELECT q.unitised FROM awards a JOIN qualifications q ON q.id = a.qualification WHERE a.id = $1`

const awardBoundariesSQL = `
SELECT b.grade, b.mark
FROM awards a
JOIN award_boundaries b ON b.qualification = a.qualification AND b.series = a.series
WHERE a.id = $1
ORDER BY b.mark DESC`

const componentBoundariesSQL = `
SELECT b.component, b.grade, b.mark
FROM awards a
JOIN components c ON c.qualification = a.qualification
JOIN component_boundaries b ON b.component = c.id AND b.series = a.series
WHERE a.id = $1
ORDER BY b.component, b.mark DESC`

// readAward gathers what the award's grade depends on, before and after the review.
func readAward(ctx context.Context, tx pgx.Tx, review, award int64) (grading.Award, error) {
	var a grading.Award
	if err := tx.QueryRow(ctx, awardKindSQL, award).Scan(&a.Unitised); err != nil {
		return a, fmt.Errorf("read award %d: %w", award, err)
	}
	var err error
	if a.Boundaries, err = collect[grading.Boundary](ctx, tx, awardBoundariesSQL, award); err != nil {
		return a, fmt.Errorf("read the boundaries of award %d: %w", award, err)
	}
	type componentRow struct {
		Code          string
		Weight        int
		Before, After int
	}
	components, err := collect[componentRow](ctx, tx, awardComponentsSQL, review, award)
	if err != nil {
		return a, fmt.Errorf("read the components of award %d: %w", award, err)
	}
	for _, c := range components {
		a.Components = append(a.Components, grading.Component{Code: c.Code, Before: c.Before, After: c.After, Weight: c.Weight})
	}
	if !a.Unitised {
		return a, nil
	}
	return a, readUnitBoundaries(ctx, tx, award, a.Components)
}

func readUnitBoundaries(ctx context.Context, tx pgx.Tx, award int64, components []grading.Component) error {
	type boundaryRow struct {
		Component string
		Grade     string
		Mark      int
	}
	rows, err := collect[boundaryRow](ctx, tx, componentBoundariesSQL, award)
	if err != nil {
		return fmt.Errorf("read the unit boundaries of award %d: %w", award, err)
	}
	for i := range components {
		for _, row := range rows {
			if row.Component == components[i].Code {
				components[i].Boundaries = append(components[i].Boundaries, grading.Boundary{Grade: row.Grade, Mark: row.Mark})
			}
		}
	}
	return nil
}
