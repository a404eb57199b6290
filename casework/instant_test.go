package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// The end of a day in London is an hour before UTC's in summer, and both stand side by side over both changes.
func TestShown_NamesBothClocks(t *testing.T) {
	t.Parallel()
	for instant, want := range map[string]string{
		"2026-10-14T23:00:00Z":           "2026-10-14 23:00:00 UTC (Thu 15 Oct 00:00 BST in London)",
		"2026-12-01T00:00:00Z":           "2026-12-01 00:00:00 UTC (Tue 1 Dec 00:00 GMT in London)",
		"2026-10-25T00:59:59Z":           "2026-10-25 00:59:59 UTC (Sun 25 Oct 01:59 BST in London)",
		"2026-10-25T01:00:00Z":           "2026-10-25 01:00:00 UTC (Sun 25 Oct 01:00 GMT in London)",
		"2027-03-28T01:00:00Z":           "2027-03-28 01:00:00 UTC (Sun 28 Mar 02:00 BST in London)",
		"2026-07-01T12:00:00.999+02:00":  "2026-07-01 10:00:00 UTC (Wed 1 Jul 11:00 BST in London)",
		"2026-01-01T00:00:00.999-05:00":  "2026-01-01 05:00:00 UTC (Thu 1 Jan 05:00 GMT in London)",
		"2026-06-30T23:30:00.000001000Z": "2026-06-30 23:30:00 UTC (Wed 1 Jul 00:30 BST in London)",
	} {
		at, err := time.Parse(time.RFC3339Nano, instant)
		require.NoError(t, err)
		require.Equal(t, want, casework.Shown(at), instant)
	}
}
