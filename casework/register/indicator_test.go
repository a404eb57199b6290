package register_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// TestCheck_IndicatorsOfAnAwardFollowFromItsResults (domain §1.2): Q and X may stand for reasons of the award's own,
// # only where part of the work is missing, and nothing hides what a result shows.
func TestCheck_IndicatorsOfAnAwardFollowFromItsResults(t *testing.T) {
	t.Parallel()
	const (
		wantQ   = "awards row 1, indicator: a result that the award counts is pending, so the award shows Q"
		wantX   = "awards row 1, indicator: part of the work that the award counts is missing, so the award shows # or X"
		noCause = "awards row 1, indicator: the award shows #, but no result that it counts shows X or #"
	)
	for _, test := range []struct {
		first, second, award register.Indicator
		want                 string
	}{
		{"", "", "", ""},
		{"", "", "Q", ""},
		{"", "", "X", ""},
		{"", "", "#", noCause},
		{"Q", "", "", wantQ},
		{"", "Q", "#", wantQ},
		{"Q", "", "Q", ""},
		{"Q", "", "X", ""},
		{"Q", "#", "#", wantQ},
		{"#", "", "", wantX},
		{"#", "", "#", ""},
		{"", "#", "X", ""},
		{"#", "", "Q", ""},
		{"#", "#", "#", ""},
	} {
		set := sound()
		set.Results[0].Indicator, set.Results[1].Indicator, set.Awards[0].Indicator = test.first, test.second, test.award
		var want []string
		if test.want != "" {
			want = []string{test.want}
		}
		require.Equal(t, want, texts(check(set)), "%q and %q make %q", test.first, test.second, test.award)
	}
}

// absent is the sound register whose candidate gave no work in for M1: there are no marks, and the award counts 0.
func absent() register.Set {
	set := sound()
	set.Results[0].Mark, set.Results[0].Indicator = 0, register.NoResult
	set.ItemMarks, set.Scripts = set.ItemMarks[2:], nil
	set.Awards[0].Total, set.Awards[0].Grade, set.Awards[0].Indicator = 10, "U", register.PartlyAbsent
	return set
}

func TestCheck_WhereThereIsNoResultNothingWasMarked(t *testing.T) {
	t.Parallel()
	require.Empty(t, check(absent()))
	for name, test := range map[string]struct {
		breakIt func(*register.Set)
		want    string
	}{
		"the award hides it": {
			func(s *register.Set) { s.Awards[0].Indicator = register.Settled },
			"awards row 1, indicator: part of the work that the award counts is missing, so the award shows # or X",
		},
		"a mark": {
			func(s *register.Set) { s.Results[0].Mark, s.Awards[0].Total = 2, 12 },
			"results row 1, mark: mark 2 stands beside X, which says that there is no result",
		},
		"an item mark": {
			func(s *register.Set) { s.ItemMarks = append(s.ItemMarks, sound().ItemMarks[0]) },
			"results row 1, indicator: X says that there is no result, but items are marked in itemmarks",
		},
	} {
		set := absent()
		test.breakIt(&set)
		require.Equal(t, []string{test.want}, texts(check(set)), name)
	}
}

// TestCheck_IndicatorsNeverChangeMarks: whatever is shown, totals and grades still follow from the results.
func TestCheck_IndicatorsNeverChangeMarks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawn(t)
		for i := range set.Awards {
			set.Awards[i].Indicator = rapid.SampledFrom([]register.Indicator{"", "X", "Q"}).Draw(t, "indicator")
		}
		require.Empty(t, check(set))
		set.Awards[rapid.IntRange(0, len(set.Awards)-1).Draw(t, "row")].Total++
		require.NotEmpty(t, check(set))
	})
}

func TestKeptDate_SaysWhatStays(t *testing.T) {
	t.Parallel()
	stored, given := calendar.Date{Year: 2026, Month: 11, Day: 12}, calendar.Date{Year: 2026, Month: 11, Day: 19}
	for want, date := range map[string]register.KeptDate{
		"gcseRelease stays 2026-11-12, not 2026-11-19":             {What: "gcseRelease", Stored: stored, Given: given},
		"script-copy stays without a date, not 2026-11-19":         {What: "script-copy", Given: given},
		"script-copy stays 2026-11-12, though the folder has none": {What: "script-copy", Stored: stored},
	} {
		require.Equal(t, want, date.String())
	}
}
