package specimen_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

// TestModerations_ShowACohortOfEachKind: one that may ask for a review at the full fee, and one whose marks were
// accepted and whose five or fewer candidates would pay half (domain §1.1, §8.2).
func TestModerations_ShowACohortOfEachKind(t *testing.T) {
	t.Parallel()
	s := set(t)
	cohorts := map[string]int{}
	for _, result := range s.Results {
		if result.Component == "DM-2" {
			cohorts[result.Centre]++
		}
	}
	require.Equal(t, map[string]int{"64101": 7, "71203": 4}, cohorts)
	require.Len(t, s.Moderations, len(cohorts))
	moderators := map[string]bool{}
	for _, p := range s.Performers {
		moderators[p.ID] = slices.Equal(p.Roles, []casework.PerformerRole{casework.Moderator})
	}
	for _, moderation := range s.Moderations {
		require.Equal(t, register.SampleHeld, moderation.Sample)
		require.Equal(t, moderation.Centre == "64101", moderation.Changed)
		require.True(t, moderators[moderation.Moderator], "moderators are no examiners")
	}
}

// TestResults_OneIsPending, with its award, and no enquiry of the demonstration is about it.
func TestResults_OneIsPending(t *testing.T) {
	t.Parallel()
	s := set(t)
	var pending []string
	for _, result := range s.Results {
		if result.Indicator != register.Settled {
			pending = append(pending, result.String()+" "+string(result.Indicator))
		}
	}
	for _, award := range s.Awards {
		if award.Indicator != register.Settled {
			pending = append(pending, award.Centre+"/"+award.Candidate+" "+award.Qualification+" "+string(award.Indicator))
		}
	}
	require.Equal(t, []string{"64202/2016 in GG-B (demo) Q", "64202/2016 gcse-geography Q"}, pending)
}

// TestSeries_IsOneOfJuneWithItsOwnDates for every service that has a window (domain §8.2).
func TestSeries_IsOneOfJuneWithItsOwnDates(t *testing.T) {
	t.Parallel()
	s := set(t)
	require.Equal(t, 6, s.Series[0].Month, "priority reviews are for June")
	require.Equal(t, s.Series[0].GCSERelease, s.Series[0].ALevelRelease)
	var dated []casework.Service
	for _, date := range s.KeyDates {
		if !slices.Contains(dated, date.Service) {
			dated = append(dated, date.Service)
		}
	}
	require.Equal(t, casework.Services()[:7], dated, "the others have no window of a series")
}
