package casework_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// That malpractice is suspected the awarding body's own people read, and nobody else: a results sheet prints "Pending" for
// the indicator Q (domain §1.2).
func TestHoldCause_OnlyTheAwardingBodyReadsOfMalpractice(t *testing.T) {
	t.Parallel()
	for audience, want := range map[casework.Audience]casework.HoldCause{
		casework.AudienceBody: casework.HoldMalpractice, casework.AudiencePerformer: casework.HoldOther, casework.AudienceCentre: casework.HoldPending,
		"": casework.HoldPending, "somebody else": casework.HoldPending,
	} {
		require.Equal(t, want, casework.HoldMalpractice.For(audience), audience)
	}
	require.False(t, casework.HoldMalpractice.TellsWhy(), "what is written about a suspicion stays inside")
	require.Equal(t, "the result is pending", casework.HoldPending.Words())
	require.NotContains(t, casework.HoldCauses(), casework.HoldPending, "nothing is ever held for what only a reader reads")
}

func TestHoldCause_EveryOtherCauseIsToldAsItIs(t *testing.T) {
	t.Parallel()
	for _, cause := range casework.HoldCauses() {
		for _, audience := range []casework.Audience{casework.AudienceBody, casework.AudiencePerformer, casework.AudienceCentre} {
			told := cause.For(audience)
			require.Equal(t, told, told.For(audience), "telling again tells the same")
			if audience != casework.AudienceBody {
				require.NotRegexp(t, "(?i)malpractice|suspect", string(told)+told.Words())
			}
			if cause != casework.HoldMalpractice {
				require.Equal(t, cause, told)
				require.True(t, cause.TellsWhy())
			}
		}
		require.NotEmpty(t, strings.TrimSpace(cause.Words()))
	}
}
