package store

import "github.com/recourse-exams/recourse/casework/grading"

// ladders reads every boundary of an award, which the statement before it names "a", highest first.
const ladders = `
SELECT 'award' AS part, '' AS component, b.grade, b.mark
FROM a JOIN award_boundaries b USING (qualification, series)
UNION ALL
SELECT b.part, '', b.grade, b.mark
FROM a JOIN part_boundaries b USING (qualification, series)
UNION ALL
SELECT 'unit', b.component, b.grade, b.mark
FROM a JOIN components c USING (qualification) JOIN component_boundaries b ON b.component = c.id AND b.series = a.series
ORDER BY part, component, mark DESC`

const (
	awardLaddersSQL    = `WITH a AS (SELECT qualification, series FROM awards WHERE id = $1)` + ladders
	standingLaddersSQL = `WITH a AS (SELECT $1::text AS qualification, $2::text AS series)` + ladders
)

// ladderRow is one boundary: of the award, of its external or moderated part, or of a unit.
type ladderRow struct {
	Part      string
	Component string
	Grade     string
	Mark      int
}

// climb gives an award, and the units of a unitised one, the boundaries that grade them.
func climb(a *grading.Award, rows []ladderRow) {
	units := map[string][]grading.Boundary{}
	for _, row := range rows {
		boundary := grading.Boundary{Grade: row.Grade, Mark: row.Mark}
		switch row.Part {
		case "award":
			a.Boundaries = append(a.Boundaries, boundary)
		case "external":
			a.External = append(a.External, boundary)
		case "moderated":
			a.Moderated = append(a.Moderated, boundary)
		default:
			units[row.Component] = append(units[row.Component], boundary)
		}
	}
	if !a.Unitised {
		return
	}
	for i, c := range a.Components {
		a.Components[i].Boundaries = units[c.Code]
	}
}
