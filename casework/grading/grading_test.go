package grading_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/grading"
)

func gcse() []grading.Boundary {
	return []grading.Boundary{{Grade: "9", Mark: 180}, {Grade: "5", Mark: 100}, {Grade: "4", Mark: 80}, {Grade: "1", Mark: 20}}
}

func TestGrade_IsTheHighestBoundaryReached(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		mark int
		want string
	}{{0, "U"}, {19, "U"}, {20, "1"}, {79, "1"}, {80, "4"}, {99, "4"}, {100, "5"}, {179, "5"}, {180, "9"}, {240, "9"}} {
		require.Equalf(t, row.want, grading.Grade(gcse(), row.mark), "mark %d", row.mark)
	}
	require.Equal(t, "P", grading.Grade([]grading.Boundary{{Grade: "P", Mark: 0}}, 0), "a boundary of 0 is reached by 0")
	require.Empty(t, grading.Grade(nil, 50), "without boundaries there is no grade")
}

func drawBoundaries(t *rapid.T) []grading.Boundary {
	grades := []string{"9", "8", "7", "6", "5", "4", "3", "2", "1"}
	marks := rapid.SliceOfNDistinct(rapid.IntRange(0, 200), 1, len(grades), rapid.ID[int]).Draw(t, "boundaries")
	var boundaries []grading.Boundary
	for i, mark := range marks {
		boundaries = append(boundaries, grading.Boundary{Grade: grades[i], Mark: mark})
	}
	return boundaries
}

// lowest is the mark that the grade stands for.
func lowest(boundaries []grading.Boundary, grade string) int {
	for _, b := range boundaries {
		if b.Grade == grade {
			return b.Mark
		}
	}
	return -1
}

func TestGrade_MoreMarksNeverGiveALowerGrade(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		boundaries := drawBoundaries(t)
		mark, more := rapid.IntRange(0, 200).Draw(t, "mark"), rapid.IntRange(0, 50).Draw(t, "more")
		before, after := grading.Grade(boundaries, mark), grading.Grade(boundaries, mark+more)
		require.LessOrEqual(t, lowest(boundaries, before), lowest(boundaries, after))
		require.LessOrEqual(t, lowest(boundaries, before), mark)
	})
}

func TestGrade_TheOrderOfTheBoundariesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		boundaries := drawBoundaries(t)
		mark := rapid.IntRange(0, 250).Draw(t, "mark")
		require.Equal(t, grading.Grade(boundaries, mark), grading.Grade(rapid.Permutation(boundaries).Draw(t, "shuffled"), mark))
	})
}

func linear() grading.Award {
	return grading.Award{Boundaries: gcse(), Components: []grading.Component{
		{Code: "M1/01", Before: 40, After: 40, Weight: 1},
		{Code: "M1/02", Before: 29, After: 30, Weight: 2},
	}}
}

func TestSettle_ALinearAwardIsGradedByItsWeightedTotal(t *testing.T) {
	t.Parallel()
	s := grading.Settle(linear())
	require.Equal(t, grading.Settlement{TotalBefore: 98, TotalAfter: 100, GradeBefore: "4", GradeAfter: "5"}, s)
	require.True(t, s.Changed())
	_, ok := s.Unit("M1/01")
	require.False(t, ok, "a linear award has no unit grades")
}

func TestSettle_AMarkMayChangeWithoutTheGrade(t *testing.T) {
	t.Parallel()
	a := linear()
	a.Components[1].After = 28
	s := grading.Settle(a)
	require.Equal(t, 96, s.TotalAfter)
	require.False(t, s.Changed())
}

func TestSettle_GradesFallToo(t *testing.T) {
	t.Parallel()
	a := linear()
	a.Components[0].After = 19
	s := grading.Settle(a)
	require.Equal(t, "1", s.GradeAfter)
	require.True(t, s.Changed(), "there is no protection in a review of marking (domain §5.2)")
}

func unitised() grading.Award {
	units := []grading.Boundary{{Grade: "A", Mark: 60}, {Grade: "B", Mark: 50}}
	return grading.Award{
		Unitised: true, Boundaries: []grading.Boundary{{Grade: "A", Mark: 120}, {Grade: "B", Mark: 100}},
		Components: []grading.Component{
			{Code: "G1", Before: 59, After: 61, Weight: 1, Boundaries: units},
			{Code: "G2", Before: 49, After: 49, Weight: 1, Boundaries: units},
		},
	}
}

func TestSettle_AUnitisedAwardHasUnitGradesAndATotal(t *testing.T) {
	t.Parallel()
	s := grading.Settle(unitised())
	require.Equal(t, []grading.UnitGrade{{Component: "G1", Before: "B", After: "A"}, {Component: "G2", Before: "U", After: "U"}}, s.Units)
	require.Equal(t, "B", s.GradeBefore)
	require.False(t, s.Changed(), "108 and 110 are both a B")
	changed, ok := s.Unit("G1")
	require.True(t, ok)
	require.True(t, changed.Changed())
	same, ok := s.Unit("G2")
	require.True(t, ok)
	require.False(t, same.Changed())
	_, ok = s.Unit("G3")
	require.False(t, ok)
}

func TestSettle_WithoutAChangedMarkNothingChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawAward(t)
		for i := range a.Components {
			a.Components[i].After = a.Components[i].Before
		}
		s := grading.Settle(a)
		require.Equal(t, s.TotalBefore, s.TotalAfter)
		require.False(t, s.Changed())
		for _, u := range s.Units {
			require.False(t, u.Changed())
		}
	})
}

func TestSettle_OnlyRisingMarksNeverLowerAGrade(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawAward(t)
		for i := range a.Components {
			a.Components[i].After = max(a.Components[i].After, a.Components[i].Before)
		}
		s := grading.Settle(a)
		require.GreaterOrEqual(t, s.TotalAfter, s.TotalBefore)
		require.GreaterOrEqual(t, lowest(a.Boundaries, s.GradeAfter), lowest(a.Boundaries, s.GradeBefore))
	})
}

func TestSettle_SwappingBeforeAndAfterSwapsTheSettlement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawAward(t)
		forth := grading.Settle(a)
		for i, c := range a.Components {
			a.Components[i].Before, a.Components[i].After = c.After, c.Before
		}
		back := grading.Settle(a)
		require.Equal(t, forth.TotalBefore, back.TotalAfter)
		require.Equal(t, forth.GradeBefore, back.GradeAfter)
		require.Equal(t, forth.Changed(), back.Changed(), "up and down are alike")
		require.Len(t, back.Units, len(forth.Units))
	})
}

func drawAward(t *rapid.T) grading.Award {
	a := grading.Award{Unitised: rapid.Bool().Draw(t, "unitised"), Boundaries: drawBoundaries(t)}
	for i := range rapid.IntRange(1, 4).Draw(t, "components") {
		c := grading.Component{
			Code: string(rune('A' + i)), Weight: rapid.IntRange(1, 3).Draw(t, "weight"),
			Before: rapid.IntRange(0, 80).Draw(t, "before"), After: rapid.IntRange(0, 80).Draw(t, "after"),
		}
		if a.Unitised {
			c.Boundaries = drawBoundaries(t)
		}
		a.Components = append(a.Components, c)
	}
	return a
}
