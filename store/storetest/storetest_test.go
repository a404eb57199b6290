package storetest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/store/storetest"
)

func TestOpen_EachTestHasARegisterOfItsOwn(t *testing.T) {
	t.Parallel()
	one, other := storetest.Seeded(t), storetest.Open(t)
	require.NoError(t, one.SchemaCurrent(t.Context()))

	var centres int
	require.NoError(t, one.Pool().QueryRow(t.Context(), "SELECT count(*) FROM centres").Scan(&centres))
	require.Equal(t, 2, centres)
	require.NoError(t, other.Pool().QueryRow(t.Context(), "SELECT count(*) FROM centres").Scan(&centres))
	require.Zero(t, centres)
}

func TestSeed_AgreesWithItself(t *testing.T) {
	t.Parallel()
	s := storetest.Seeded(t)
	storetest.Cohort(t, s, 3)
	for name, sql := range map[string]string{
		"items sum to the component's mark": `
			SELECT count(*) FROM component_results r
			WHERE r.mark <> (SELECT sum(mark) FROM item_marks i WHERE i.result = r.id)`,
		"items' maxima sum to the component's": `
			SELECT count(*) FROM component_results r JOIN components c ON c.id = r.component
			WHERE c.max_mark <> (SELECT sum(max) FROM item_marks i WHERE i.result = r.id)`,
		"components sum to the award's total": `
			SELECT count(*) FROM awards a
			WHERE a.total <> (SELECT sum(r.mark * c.weight) FROM component_results r JOIN components c ON c.id = r.component
			                  WHERE r.centre = a.centre AND r.candidate = a.candidate AND c.qualification = a.qualification)`,
		"the award's grade is the highest that its total reaches": `
			SELECT count(*) FROM awards a
			WHERE a.grade <> (SELECT b.grade FROM award_boundaries b
			                  WHERE b.qualification = a.qualification AND b.series = a.series AND b.mark <= a.total
			                  ORDER BY b.mark DESC LIMIT 1)`,
	} {
		var wrong int
		require.NoError(t, s.Pool().QueryRow(t.Context(), sql).Scan(&wrong), name)
		require.Zero(t, wrong, name)
	}
}

func TestDatabase_IsEmpty(t *testing.T) {
	t.Parallel()
	require.Contains(t, storetest.Database(t), "test_")
}
