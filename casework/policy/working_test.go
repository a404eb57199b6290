package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

func day(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

func closedAtChristmas(t *testing.T) policy.Policy {
	t.Helper()
	return policy.Policy{
		Version: "cambria-2026.1", BodyName: "Cambria Awards", Division: calendar.NorthernIreland,
		Closures: []policy.Closure{{From: day(t, "2026-12-29"), To: day(t, "2026-12-31"), Why: "Christmas"}},
	}
}

// Domain §8.1: what the body owes, and every window, counts on the body's calendar; what a centre owes on the
// calendar of the centre's nation, on which the body's closures mean nothing.
func TestPolicy_WorkingIsTheBodysUnlessTheCentreOwes(t *testing.T) {
	t.Parallel()
	p := closedAtChristmas(t)
	for _, kind := range casework.ClockKinds() {
		working, err := p.Working(policy.ClockRule{Kind: kind}, calendar.Scotland)
		require.NoError(t, err)
		counts, why, err := working.Counts(day(t, "2026-12-30"))
		require.NoError(t, err)
		if kind == casework.ClockDuty {
			require.Equal(t, calendar.Scotland, working.Division())
			require.True(t, counts)
			continue
		}
		require.Equal(t, calendar.NorthernIreland, working.Division())
		require.False(t, counts)
		require.Equal(t, "Cambria Awards is closed: Christmas.", why)
	}
}

func TestPolicy_WorkingInKeepsTheBodysClosures(t *testing.T) {
	t.Parallel()
	p := closedAtChristmas(t)
	p.Closures[0].Why = "The office moves."
	working, err := p.WorkingIn(calendar.Scotland)
	require.NoError(t, err)
	require.Equal(t, calendar.Scotland, working.Division())
	_, why, err := working.Counts(day(t, "2026-12-29"))
	require.NoError(t, err)
	require.Equal(t, "Cambria Awards is closed: The office moves.", why)
}

func TestPolicy_WorkingRefusesADivisionThatThereIsNot(t *testing.T) {
	t.Parallel()
	p := closedAtChristmas(t)
	_, err := p.WorkingIn("mercia")
	require.ErrorContains(t, err, `the calendar of cambria-2026.1: "mercia" is no division`)
	_, err = p.Working(policy.ClockRule{Kind: casework.ClockDuty}, "mercia")
	require.ErrorContains(t, err, `the calendar of the centre's nation for cambria-2026.1: "mercia" is no division`)
	p.Closures[0].To = day(t, "2026-12-01")
	_, err = p.Working(policy.ClockRule{Kind: casework.ClockSLA}, calendar.Scotland)
	require.ErrorContains(t, err, "a closure cannot last from 2026-12-29 to 2026-12-01")
}
