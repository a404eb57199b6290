package store

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework/grading"
)

// An award review's marks before are today's without what its decisions changed: in whatever order they were
// recorded, which an outage may have turned round.
const awardComponentsSQL = `
SELECT c.id AS code, c.weight, c.assessment = 'moderated' AS centre_marked, r.mark AS after,
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

// askAward queues the questions on which the award's grade depends, before and after the review.
func askAward(u *unit, review, award int64) func() (grading.Award, error) {
	type componentRow struct {
		Code          string
		Weight        int
		CentreMarked  bool
		Before, After int
	}
	unitised := column[bool](u, "read the award", awardKindSQL, award)
	boundaries := each[ladderRow](u, "read the award's boundaries", awardLaddersSQL, award)
	components := each[componentRow](u, "read the award's components", awardComponentsSQL, review, award)
	return func() (grading.Award, error) {
		if len(*unitised) == 0 {
			return grading.Award{}, fmt.Errorf("read award %d: there is no such award", award)
		}
		a := grading.Award{Unitised: (*unitised)[0]}
		for _, row := range *components {
			a.Components = append(a.Components, grading.Component{
				Code: row.Code, Before: row.Before, After: row.After, Weight: row.Weight, CentreMarked: row.CentreMarked,
			})
		}
		climb(&a, *boundaries)
		return a, nil
	}
}
