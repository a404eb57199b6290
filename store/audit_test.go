package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVerifyAudit_FindsTampering(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]struct{ sql, says string }{
		"a changed fact":      {`UPDATE audit_entries SET facts = '[{"name": "markAfter", "value": "80"}]' WHERE what = 'outcome-published'`, "entry 4"},
		"another actor":       {`UPDATE audit_entries SET actor = '{"subject": "ghost", "role": "operator"}' WHERE number = 1`, "entry 1"},
		"an instant":          {"UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE number = 3", "entry 3"},
		"another code":        {"UPDATE audit_entries SET what = 'closed' WHERE number = 2", "entry 2"},
		"hidden from centre":  {"UPDATE audit_entries SET centre = false WHERE number = 4", "entry 4"},
		"a hash":              {"UPDATE audit_entries SET hash = repeat('0', 64) WHERE number = 5", "entry 5"},
		"a missing entry":     {"DELETE FROM audit_entries WHERE number = 3", "lacks entry 3"},
		"a missing beginning": {"DELETE FROM audit_entries WHERE number = 1", "lacks entry 1"},
		"nothing left":        {"DELETE FROM audit_entries", "no audit trail"},
		"two exchanged": {`UPDATE audit_entries a SET hash = b.hash, what = b.what, facts = b.facts, actor = b.actor, at = b.at, centre = b.centre
			FROM audit_entries b WHERE (a.number, b.number) IN ((2, 3), (3, 2))`, "entry 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.settled(map[string]int{"Q1": 11})
			require.NoError(t, o.VerifyAudit(t.Context(), ref))
			_, err := o.Pool().Exec(t.Context(), damage.sql)
			require.NoError(t, err)
			require.ErrorContains(t, o.VerifyAudit(t.Context(), ref), damage.says)
		})
	}
}

func TestAudit_ChainsOfTwoCasesAreApart(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first, second := o.open(), o.open(of("4002", "M1-01"))
	require.Equal(t, []string{"opened"}, o.trail(first))
	require.Equal(t, []string{"opened"}, o.trail(second))
	require.Equal(t, 2, o.count("SELECT count(DISTINCT hash) FROM audit_entries"))
}
