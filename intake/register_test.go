package intake_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/intake"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestImport_TheDemonstrationIntoPostgreSQL imports into the real register, twice.
func TestImport_TheDemonstrationIntoPostgreSQL(t *testing.T) {
	t.Parallel()
	s, files := storetest.Open(t), &shelf{}
	count := func(query string) (n int) {
		require.NoError(t, s.Pool().QueryRow(t.Context(), query).Scan(&n))
		return n
	}
	for range 2 {
		summary, err := intake.Import(t.Context(), folder(t), files, s, importedAt)
		require.NoError(t, err)
		require.Zero(t, summary.Scriptless)
		require.Equal(t, 146, count("SELECT count(*) FROM scripts"))
		require.Equal(t, 157, count("SELECT count(*) FROM component_results"))
		require.Equal(t, 60, count("SELECT count(*) FROM candidates"))
		require.Equal(t, 18, count("SELECT count(*) FROM component_files"))
		require.Zero(t, count("SELECT count(*) FROM component_results r WHERE mark <> (SELECT sum(mark) FROM item_marks WHERE result = r.id)"))
		require.Equal(t, 11, count("SELECT count(*) FROM component_results r WHERE NOT EXISTS (SELECT FROM item_marks WHERE result = r.id)"), "portfolios")
		require.Equal(t, 1, count("SELECT count(*) FROM moderations WHERE changed AND sample = 'held'"))
		require.Equal(t, 1, count("SELECT count(*) FROM moderations WHERE NOT changed AND checker IS NULL"))
		require.Equal(t, 1, count("SELECT count(*) FROM component_results WHERE indicator = 'Q'"))
		require.Equal(t, 1, count("SELECT count(*) FROM awards WHERE indicator = 'Q'"))
		require.Zero(t, count("SELECT count(*) FROM qualifications WHERE rules <> 'cambria'"))
	}
	require.Equal(t, 74, count("SELECT total FROM awards WHERE centre = '64101' AND candidate = '1001'"))
	facts, err := s.Facts(t.Context(), "64101", "1001", "demo", "GM-1")
	require.NoError(t, err)
	require.True(t, facts.KnownResult)
	require.False(t, facts.Objective)
	options := importedAt
	options.IfEmpty = true
	summary, err := intake.Import(t.Context(), folder(t), files, s, options)
	require.NoError(t, err)
	require.True(t, summary.Skipped)
}
