package grading_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/grading"
)

// The linear award has 100 marks after its review: exactly a 5, of which the second paper counts twice.
func TestDistance_IsToTheNextGradeUpAndAboveTheBoundaryDown(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name      string
		component string
		mark      int
		want      grading.Distance
	}{
		{"on the boundary", "M1/01", 40, grading.Distance{Mark: 100, Grade: "5", Next: "9", ToNext: 80, RawToNext: 80, Below: "4"}},
		{
			"raw marks that count twice are halved, up for the rise and down for the fall", "M1/02", 43,
			grading.Distance{Mark: 103, Grade: "5", Next: "9", ToNext: 77, RawToNext: 39, Below: "4", Above: 3, RawAbove: 1},
		},
		{"the highest grade has no next", "M1/01", 130, grading.Distance{Mark: 190, Grade: "9", Below: "5", Above: 10, RawAbove: 10}},
		{"the lowest grade falls to none", "M1/01", -35, grading.Distance{Mark: 25, Grade: "1", Next: "4", ToNext: 55, RawToNext: 55, Below: "U", Above: 5, RawAbove: 5}},
		{"nothing lies below none", "M1/02", -41, grading.Distance{Mark: 19, Grade: "U", Next: "1", ToNext: 1, RawToNext: 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a := linear()
			a.Components[0].After = row.mark
			d, ok := a.Distance(row.component)
			require.True(t, ok)
			require.Equal(t, row.want, d)
		})
	}
}

func TestDistance_IsMeasuredFromTheMarkThatEarnedTheGrade(t *testing.T) {
	t.Parallel()
	a := moderated()
	a.Components[1].After, a.Components[1].ProtectedFall = 34, 6
	d, ok := a.Distance("M1/01")
	require.True(t, ok)
	require.Equal(t, 104, d.Mark, "98 after a protected fall of 6 (domain §8.3, reading 2)")
	require.Equal(t, "5", d.Grade)
}

func TestDistance_AUnitHasItsOwn(t *testing.T) {
	t.Parallel()
	d, ok := unitised().UnitDistance("G2")
	require.True(t, ok)
	require.Equal(t, grading.Distance{Mark: 49, Grade: "U", Next: "B", ToNext: 1, RawToNext: 1}, d)
	d, ok = unitised().Distance("G2")
	require.True(t, ok)
	require.Equal(t, grading.Distance{Mark: 110, Grade: "B", Next: "A", ToNext: 10, RawToNext: 10, Below: "U", Above: 10, RawAbove: 10}, d)
}

func TestDistance_ThereIsNoneWithoutBoundariesOrComponent(t *testing.T) {
	t.Parallel()
	_, ok := linear().Distance("M1/09")
	require.False(t, ok)
	_, ok = grading.Award{Components: linear().Components}.Distance("M1/01")
	require.False(t, ok)
	_, ok = linear().UnitDistance("M1/01")
	require.False(t, ok, "a linear award has no unit grades")
	_, ok = unitised().UnitDistance("G3")
	require.False(t, ok)
	bare := unitised()
	bare.Components[0].Boundaries = nil
	_, ok = bare.UnitDistance("G1")
	require.False(t, ok)
}

func TestDistance_AComponentWithoutWeightMovesNothing(t *testing.T) {
	t.Parallel()
	a := linear()
	a.Components[0].Weight = 0
	d, ok := a.Distance("M1/01")
	require.True(t, ok)
	require.Equal(t, 20, d.ToNext)
	require.Zero(t, d.RawToNext)
	require.Zero(t, d.RawAbove)
}

// The distance says exactly by how many raw marks the grade changes: one fewer does not do it.
func TestDistance_IsExactlyWhatChangesTheGrade(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawReviewed(t)
		i := rapid.IntRange(0, len(a.Components)-1).Draw(t, "component")
		d, ok := a.Distance(a.Components[i].Code)
		require.True(t, ok)
		moved := func(raw int) string {
			b := unprotected(a)
			b.Components[i].After += raw
			return grading.Settle(b).GradeAfter
		}
		require.Equal(t, d.Grade, moved(0))
		if d.Next != "" {
			require.NotEqual(t, d.Grade, moved(d.RawToNext))
			require.Equal(t, d.Grade, moved(d.RawToNext-1))
		}
		if d.Below != "" {
			require.Equal(t, d.Grade, moved(-d.RawAbove))
			require.NotEqual(t, d.Grade, moved(-d.RawAbove-1))
		}
	})
}
