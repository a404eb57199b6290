package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/store/storetest"
)

func (o office) standing(candidate, component string) offer.Facts {
	o.t.Helper()
	facts, err := o.Facts(o.t.Context(), storetest.Centre, candidate, storetest.Series, component)
	require.NoError(o.t, err)
	facts, err = o.Standing(o.t.Context(), facts)
	require.NoError(o.t, err)
	return facts
}

func TestStanding_HoldsTheAwardsMarksAndBoundaries(t *testing.T) {
	t.Parallel()
	o := setup(t)
	linear := o.standing("4001", storetest.Maths1).Award
	require.Equal(t, grading.Award{
		Boundaries: []grading.Boundary{{Grade: "9", Mark: 140}, {Grade: "7", Mark: 110}, {Grade: "5", Mark: 85}, {Grade: "4", Mark: 70}, {Grade: "3", Mark: 50}},
		Components: []grading.Component{
			{Code: storetest.Maths1, Before: 42, After: 42, Weight: 1}, {Code: storetest.Maths2, Before: 42, After: 42, Weight: 1},
		},
	}, linear)
	units := o.standing("4001", storetest.Geography1).Award
	require.True(t, units.Unitised)
	require.Equal(t, []grading.Boundary{{Grade: "A", Mark: 32}, {Grade: "B", Mark: 26}, {Grade: "C", Mark: 20}, {Grade: "D", Mark: 14}}, units.Components[0].Boundaries)
	distance, ok := units.UnitDistance(storetest.Geography1)
	require.True(t, ok)
	require.Equal(t, 1, distance.ToNext, "25 marks, one below a B")
}

// TestStanding_KnowsTheLaddersOfTheParts: the body-marked components have one of their own (domain §6, row 6,
// overall external grade), and so have the moderated ones.
func TestStanding_KnowsTheLaddersOfTheParts(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), `
INSERT INTO part_boundaries (qualification, series, part, grade, mark)
SELECT c.qualification, $2, p.part, p.grade, p.mark
FROM components c, (VALUES ('external', 'C', 30), ('external', 'A', 60), ('moderated', 'P', 20)) AS p (part, grade, mark)
WHERE c.id = $1`, storetest.Maths1, storetest.Series)
	require.NoError(t, err)
	_, err = o.Pool().Exec(t.Context(), "UPDATE components SET assessment = 'moderated' WHERE id = $1", storetest.Maths2)
	require.NoError(t, err)
	award := o.standing("4001", storetest.Maths1).Award
	require.Equal(t, []grading.Boundary{{Grade: "A", Mark: 60}, {Grade: "C", Mark: 30}}, award.External)
	require.Equal(t, []grading.Boundary{{Grade: "P", Mark: 20}}, award.Moderated)
	require.False(t, award.Components[0].CentreMarked)
	require.True(t, award.Components[1].CentreMarked)
}

func TestStanding_NamesTheOtherCasesOfTheAwardAndWhetherTheyAreOpen(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Empty(t, o.standing("4001", storetest.Maths2).Linked)
	first := o.open()
	linked := o.standing("4001", storetest.Maths2).Linked
	require.Equal(t, []offer.Linked{{Reference: first, Service: casework.ReviewOfMarking, Component: storetest.Maths1, Open: true}}, linked)
	require.Empty(t, o.standing("4001", storetest.Maths1).Linked, "a case about the result itself is no linked one")
	require.Empty(t, o.standing("4001", storetest.Geography1).Linked, "another award")
	require.Empty(t, o.standing("4002", storetest.Maths2).Linked, "another candidate")
	o.decide(first, o.allocate(first), map[string]int{"Q1": 11})
	facts := o.standing("4001", storetest.Maths2)
	require.False(t, facts.Linked[0].Open, "a case in its appeal window is not open any more (domain §8.2)")
	require.Equal(t, 43, facts.Award.Components[0].After, "the marks as they stand")
}

// TestStanding_OfWhatNobodyKnowsNothingIsAdded: an unknown candidate, and a known one without a result.
func TestStanding_OfWhatNobodyKnowsNothingIsAdded(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, candidate := range []string{"9999", "4004"} {
		facts := o.standing(candidate, storetest.Maths1)
		require.Empty(t, facts.Award.Components)
		require.Empty(t, facts.Linked)
	}
}
