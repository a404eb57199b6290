package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// A case that waits is counted by another version through the time for which it waited, and goes on waiting.
func TestRecalculate_KeepsWhatTheCaseWaitsFor(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(25)
	ref := o.open()
	promised := clock(t, o.page(ref), casework.ClockOutcome)
	o.hold(ref, casework.HoldConsent, days(2))

	done := o.recalculate(o.recalculation(ref, days(3)))
	require.Equal(t, casework.SLAPaused, done.SLAState)
	page := o.page(ref)
	outcome := clock(t, page, casework.ClockOutcome)
	require.True(t, outcome.Standing())
	require.Equal(t, "cw-approver", outcome.Pauses[0].ApprovedBy)
	require.Equal(t, promised.Quiet, outcome.Quiet)
	require.True(t, page.Holds[0].EndedAt.IsZero())
	require.Equal(t, casework.WaitingCentre, page.WaitingOn)

	o.resume(ref, casework.HoldConsent, days(6), true)
	require.Equal(t, promised.Ends.AddDate(0, 0, 5+4), clock(t, o.page(ref), casework.ClockOutcome).Ends, "five days more by the rules, four for the wait")
	o.whole()
}

func TestRecalculate_LeavesWhatWasCancelledAlone(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(25)
	ref := o.open()
	o.hold(ref, casework.HoldConsent, days(2))
	o.resume(ref, casework.HoldConsent, days(3), false)
	before := clock(t, o.page(ref), casework.ClockConsentInspection)
	done := o.recalculate(o.recalculation(ref, days(4)))
	for _, change := range done.Recalculation.Changes {
		if change.Clock == casework.ClockConsentInspection {
			require.Equal(t, casework.KeptEnded, change.Kept)
		}
	}
	require.Equal(t, before, clock(t, o.page(ref), casework.ClockConsentInspection))
	o.whole()
}
