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

// Whoever narrows by what they are told finds every case of that, and by what they are never told none.
func TestAudience_KnowsWhichCausesItReadsAsOne(t *testing.T) {
	t.Parallel()
	for _, audience := range []casework.Audience{casework.AudienceBody, casework.AudiencePerformer, casework.AudienceCentre} {
		var all []casework.HoldCause
		for _, told := range audience.Told() {
			all = append(all, audience.Causes(told)...)
		}
		require.ElementsMatch(t, casework.HoldCauses(), all, "each cause is told once, by one word")
	}
	require.Equal(t, casework.HoldCauses(), casework.AudienceBody.Told())
	require.Empty(t, casework.AudienceBody.Causes(casework.HoldPending))
	require.NotContains(t, casework.AudienceCentre.Told(), casework.HoldMalpractice)
	require.Empty(t, casework.AudienceCentre.Causes(casework.HoldMalpractice))
	require.Equal(t, []casework.HoldCause{casework.HoldMalpractice}, casework.AudienceCentre.Causes(casework.HoldPending))
	require.Equal(t, []casework.HoldCause{casework.HoldMalpractice, casework.HoldOther}, casework.AudiencePerformer.Causes(casework.HoldOther))
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
