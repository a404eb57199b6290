package grading_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/grading"
)

// moderated is a GCSE of a paper and coursework, at 104 of 200: four marks above the boundary of grade 5.
func moderated() grading.Award {
	return grading.Award{Boundaries: gcse(), Components: []grading.Component{
		{Code: "M1/01", Before: 32, After: 32, Weight: 2},
		{Code: "M1/03", Before: 40, After: 40, Weight: 1, CentreMarked: true},
	}}
}

// Domain §8.3, reading 2, case by case: moderation is what the review of moderation did to the coursework, marking
// what the review of marking did to the paper.
func TestSettle_AReviewOfModerationNeverLowersThePublishedGrade(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name                string
		moderation, marking int
		total               int
		grade               string
		protected           bool
	}{
		{"a fall by moderation alone keeps the grade", -5, 0, 99, "5", true},
		{"a fall that costs no grade needs no protection", -4, 0, 100, "5", false},
		{"a rise by moderation counts", +76, 0, 180, "9", false},
		{"a fall by marking alone costs the grade", 0, -3, 98, "4", false},
		{"both fall, and marking alone would have cost the grade", -5, -3, 93, "4", false},
		{"both fall, and marking alone would have kept the grade", -5, -2, 95, "5", true},
		{"both fall so far that the total would lose two grades", -20, -3, 78, "4", true},
		{"marking lifts by more than moderation takes", -10, +43, 180, "9", false},
		{"marking lifts to the next grade, which moderation would take back", -6, +38, 174, "9", true},
		{"moderation lifts over what marking takes", +3, -3, 101, "5", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a := moderated()
			a.Components[0].After += row.marking
			a.Components[1].After += row.moderation
			a.Components[1].ProtectedFall = max(-row.moderation, 0)
			s := grading.Settle(a)
			require.Equal(t, row.total, s.TotalAfter, "the marks keep the fall")
			require.Equal(t, row.grade, s.GradeAfter)
			require.Equal(t, row.protected, s.Protected)
		})
	}
}

func TestComponent_CarriesItsFallForwardOnlyIfTheRulesSaySo(t *testing.T) {
	t.Parallel()
	c := grading.Component{Before: 40, After: 35, ProtectedFall: 5}
	require.Equal(t, 35, c.CarriedForward(true), "domain §1.1: a lowered mark may carry forward")
	require.Equal(t, 40, c.CarriedForward(false))
	risen := grading.Component{Before: 40, After: 43}
	require.Equal(t, 43, risen.CarriedForward(true))
	require.Equal(t, 43, risen.CarriedForward(false))
}

// tLevel is a core of two external tests and one moderated project, each part with an overall grade of its own.
func tLevel() grading.Award {
	part := []grading.Boundary{{Grade: "A", Mark: 80}, {Grade: "B", Mark: 60}, {Grade: "C", Mark: 40}}
	return grading.Award{
		Boundaries: []grading.Boundary{{Grade: "A", Mark: 120}, {Grade: "B", Mark: 90}}, External: part, Moderated: part,
		Components: []grading.Component{
			{Code: "T1/1", Before: 30, After: 30, Weight: 1},
			{Code: "T1/2", Before: 29, After: 29, Weight: 1},
			{Code: "T1/3", Before: 41, After: 41, Weight: 1, CentreMarked: true},
		},
	}
}

// Domain §1.4: NCFE waives by the overall external assessment grade, of a review of moderation by the moderated one.
func TestSettle_TheOverallGradesAreThoseOfTheirOwnComponents(t *testing.T) {
	t.Parallel()
	s := grading.Settle(tLevel())
	require.Equal(t, grading.Change{Before: "C", After: "C"}, s.External)
	require.Equal(t, grading.Change{Before: "C", After: "C"}, s.Moderated)

	a := tLevel()
	a.Components[1].After = 30
	s = grading.Settle(a)
	require.Equal(t, grading.Change{Before: "C", After: "B"}, s.External)
	require.False(t, s.Moderated.Changed())
	require.False(t, s.Changed(), "the award's own grade stands")

	a = tLevel()
	a.Components[2].After, a.Components[2].ProtectedFall = 39, 2
	s = grading.Settle(a)
	require.False(t, s.External.Changed())
	require.Equal(t, grading.Change{Before: "C", After: "U"}, s.Moderated, "protection is the subject grade's alone")
}

func TestSettle_WithoutItsBoundariesThereIsNoOverallGrade(t *testing.T) {
	t.Parallel()
	s := grading.Settle(linear())
	require.False(t, s.External.Known())
	require.False(t, s.Moderated.Known())
	require.True(t, grading.Settle(tLevel()).External.Known())
}

// drawReviewed draws an award with protected falls that its marks contain.
func drawReviewed(t *rapid.T) grading.Award {
	a := drawAward(t)
	for i := range a.Components {
		a.Components[i].CentreMarked = rapid.Bool().Draw(t, "centre-marked")
		if a.Components[i].CentreMarked {
			fall := rapid.IntRange(0, 30).Draw(t, "protected fall")
			a.Components[i].After -= fall
			a.Components[i].ProtectedFall = fall
		}
	}
	return a
}

// unprotected is the award without the falls of its reviews of moderation.
func unprotected(a grading.Award) grading.Award {
	b := a
	b.Components = nil
	for _, c := range a.Components {
		c.After, c.ProtectedFall = c.After+c.ProtectedFall, 0
		b.Components = append(b.Components, c)
	}
	return b
}

// exposed is the award as if nothing were protected.
func exposed(a grading.Award) grading.Award {
	b := a
	b.Components = nil
	for _, c := range a.Components {
		c.ProtectedFall = 0
		b.Components = append(b.Components, c)
	}
	return b
}

func TestSettle_TheProtectedGradeIsTheBetterOfBothAndMarksKeepTheFall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawReviewed(t)
		s, all, without := grading.Settle(a), grading.Settle(exposed(a)), grading.Settle(unprotected(a))
		better := max(lowest(a.Boundaries, all.GradeAfter), lowest(a.Boundaries, without.GradeAfter))
		require.Equal(t, better, lowest(a.Boundaries, s.GradeAfter))
		require.Equal(t, s.GradeAfter != all.GradeAfter, s.Protected)
		require.Equal(t, all.TotalAfter, s.TotalAfter)
		require.Equal(t, all.Units, s.Units, "a unit's grade falls with its mark")
	})
}

func TestSettle_FallsByModerationAloneNeverCostTheGrade(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawReviewed(t)
		for i := range a.Components {
			a.Components[i].After = a.Components[i].Before - a.Components[i].ProtectedFall
		}
		require.Equal(t, grading.Settle(a).GradeBefore, grading.Settle(a).GradeAfter)
	})
}

// The marks are what all reviews left, so neither their order nor that of the components can matter.
func TestSettle_TheOrderOfReviewsAndComponentsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawReviewed(t)
		a.Unitised = false
		b := a
		b.Components = rapid.Permutation(a.Components).Draw(t, "order")
		require.Equal(t, grading.Settle(a), grading.Settle(b))
	})
}
