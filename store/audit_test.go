package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/store/storetest"
)

func TestVerifyAudit_FindsTampering(t *testing.T) { //nolint:tparallel // the subtests share one register, one after the other
	t.Parallel()
	o := setup(t)
	damages := []struct{ name, sql, says string }{
		{"a changed fact", `UPDATE audit_entries SET facts = '[{"name": "markAfter", "value": "80"}]' WHERE reference = $1 AND number = 4`, "entry 4"},
		{"another actor", `UPDATE audit_entries SET actor = '{"subject": "ghost", "role": "operator"}' WHERE reference = $1 AND number = 1`, "entry 1"},
		{"an instant", "UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE reference = $1 AND number = 3", "entry 3"},
		{"another code", "UPDATE audit_entries SET what = 'closed' WHERE reference = $1 AND number = 2", "entry 2"},
		{"hidden from the centre", "UPDATE audit_entries SET centre = false WHERE reference = $1 AND number = 4", "entry 4"},
		{"a hash", "UPDATE audit_entries SET hash = repeat('0', 64) WHERE reference = $1 AND number = 5", "entry 5"},
		{"a missing entry", "DELETE FROM audit_entries WHERE reference = $1 AND number = 3", "lacks entry 3"},
		{"a missing beginning", "DELETE FROM audit_entries WHERE reference = $1 AND number = 1", "lacks entry 1"},
		{"nothing left", "DELETE FROM audit_entries WHERE reference = $1", "no audit trail"},
		{"two exchanged", `UPDATE audit_entries a SET hash = b.hash, what = b.what, facts = b.facts, actor = b.actor, at = b.at, centre = b.centre
			FROM audit_entries b WHERE a.reference = $1 AND b.reference = $1 AND (a.number, b.number) IN ((2, 3), (3, 2))`, "entry 2"},
	}
	candidates := storetest.Cohort(t, o.Store, len(damages)+1)
	untouched := o.settled(nil, of(candidates[len(damages)], storetest.Maths1))
	for i, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			ref := o.settled(map[string]int{"Q1": 11}, of(candidates[i], storetest.Maths1))
			require.NoError(t, o.VerifyAudit(t.Context(), ref))
			_, err := o.Pool().Exec(t.Context(), damage.sql, ref)
			require.NoError(t, err)
			require.ErrorContains(t, o.VerifyAudit(t.Context(), ref), damage.says)
		})
	}
	require.NoError(t, o.VerifyAudit(t.Context(), untouched), "the chain of another case is whole")
}

func TestAudit_ChainsOfTwoCasesAreApart(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first, second := o.open(), o.open(of("4002", storetest.Maths1))
	require.Equal(t, []string{"opened"}, o.trail(first))
	require.Equal(t, []string{"opened"}, o.trail(second))
	require.Equal(t, 2, o.count("SELECT count(DISTINCT hash) FROM audit_entries"))
}
