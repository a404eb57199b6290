package specimen_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// TestSheets_EverySheetSumsToItsResult adds each candidate's items up by hand: all items of the paper, in range, and
// each by a marker who may not be missing.
func TestSheets_EverySheetSumsToItsResult(t *testing.T) {
	t.Parallel()
	s := set(t)
	maxima := map[[2]string]int{}
	papers := map[string]int{}
	for _, item := range s.Items {
		maxima[[2]string{item.Component, item.Item}] = item.Max
		papers[item.Component]++
	}
	sums, items := map[register.ResultKey]int{}, map[register.ResultKey]int{}
	for _, mark := range s.ItemMarks {
		highest, known := maxima[[2]string{mark.Component, mark.Item}]
		require.True(t, known, "%s has no item %s", mark.Component, mark.Item)
		require.GreaterOrEqual(t, mark.Mark, 0)
		require.LessOrEqual(t, mark.Mark, highest, "%s item %s", mark.ResultKey, mark.Item)
		require.NotEmpty(t, mark.Marker)
		require.NotContains(t, []string{mark.SecondMarker, mark.Checker}, mark.Marker, "nobody checks their own marking")
		sums[mark.ResultKey] += mark.Mark
		items[mark.ResultKey]++
	}
	for _, result := range s.Results {
		if result.Component == "DM-2" {
			require.Zero(t, items[result.ResultKey], "a portfolio is marked as a whole")
			continue
		}
		require.Equal(t, result.Mark, sums[result.ResultKey], result.ResultKey)
		require.Equal(t, papers[result.Component], items[result.ResultKey], result.ResultKey)
	}
}

// TestAwards_FollowFromTheLadders works totals and grades out by plain arithmetic, without the product's rules.
func TestAwards_FollowFromTheLadders(t *testing.T) {
	t.Parallel()
	s := set(t)
	qualification, weight := map[string]string{}, map[string]int{}
	for _, component := range s.Components {
		qualification[component.ID], weight[component.ID] = component.Qualification, component.Weight
	}
	totals := map[register.Entry]int{}
	for _, result := range s.Results {
		totals[register.Entry{Centre: result.Centre, Candidate: result.Candidate, Series: result.Series, Qualification: qualification[result.Component]}] += result.Mark * weight[result.Component]
	}
	require.Len(t, s.Awards, len(totals))
	require.Len(t, s.Entries, len(totals))
	for _, award := range s.Awards {
		grade := "U"
		for _, b := range s.Boundaries {
			if b.Qualification == award.Qualification && totals[award.Entry] >= b.Mark {
				grade = b.Grade
				break // Ladders begin with the highest grade.
			}
		}
		require.Equal(t, totals[award.Entry], award.Total, award.Entry)
		require.Equal(t, grade, award.Grade, award.Entry)
	}
}

// TestPeople_AreToldApart: no two candidates of a centre, performers or contacts could be taken for one another.
func TestPeople_AreToldApart(t *testing.T) {
	t.Parallel()
	s := set(t)
	seen := map[string]string{}
	once := func(what, name string) {
		require.Empty(t, seen[what+name], "%s %s", what, name)
		seen[what+name] = name
	}
	centres := map[string]int{}
	for _, c := range s.Candidates {
		once("candidate ", c.Name)
		once("identifier ", c.UCI)
		require.True(t, strings.HasPrefix(c.UCI, c.Centre), "an identifier begins with the centre that gave it")
		require.Contains(t, c.Name, " ", "the anonymiser needs a whole name")
		centres[c.Centre]++
	}
	require.Len(t, centres, 4)
	for centre, candidates := range centres {
		require.GreaterOrEqual(t, candidates, 5, centre)
	}
	for _, p := range s.Performers {
		once("person ", p.Name)
		once("address ", p.Email)
		require.True(t, strings.HasSuffix(p.Email, ".example"), "no mail of a demonstration can reach anybody")
	}
	for _, c := range s.Contacts {
		once("person ", c.Name)
		once("address ", c.Email)
		require.True(t, strings.HasSuffix(c.Email, ".example"))
	}
}

// TestMarking_SeveralPeopleMarkOneScript, as on a screen, and reviewers are among them: without that no exclusion of
// an examiner could be shown.
func TestMarking_SeveralPeopleMarkOneScript(t *testing.T) {
	t.Parallel()
	s := set(t)
	performers, markers := map[string]bool{}, map[register.ResultKey]map[string]bool{}
	for _, p := range s.Performers {
		performers[p.ID] = true
	}
	second, read, checked, excluded := 0, 0, 0, map[string]bool{}
	for _, mark := range s.ItemMarks {
		if markers[mark.ResultKey] == nil {
			markers[mark.ResultKey] = map[string]bool{}
		}
		markers[mark.ResultKey][mark.Marker] = true
		if mark.SecondMarker != "" {
			second++
		}
		if mark.BackReader != "" {
			read++
		}
		if mark.Checker != "" {
			checked++
		}
		for _, person := range []string{mark.Marker, mark.SecondMarker, mark.BackReader, mark.Checker} {
			if performers[person] {
				excluded[person] = true
			}
		}
	}
	several := 0
	for _, who := range markers {
		if len(who) > 1 {
			several++
		}
	}
	require.Greater(t, several, len(markers)/2)
	require.Positive(t, second)
	require.Positive(t, read)
	require.Positive(t, checked)
	require.GreaterOrEqual(t, len(excluded), 4, "%v", excluded)
}

// TestFiles_OfAnyDayHaveTheirWindowsOpen imports the folder around a year's end and both clock changes.
func TestFiles_OfAnyDayHaveTheirWindowsOpen(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-12-31", "2027-01-01", "2028-02-29", "2026-10-25", "2027-03-28", "2026-08-20", "2026-08-21"} {
		day, err := calendar.ParseDate(text)
		require.NoError(t, err)
		s := setOn(t, day)
		require.True(t, calendar.DateOf(s.Series[0].CandidateRelease).Before(day), text)
		require.True(t, s.Series[0].CentreRelease.Before(s.Series[0].CandidateRelease), text)
		for _, date := range s.KeyDates {
			require.True(t, day.Before(date.LastDay), "%s: %s", text, date.Service)
			if date.Service == casework.ClericalCheck || date.Service == casework.ReviewOfMarking || date.Service == casework.ReviewOfModeration {
				require.True(t, day.AddDays(70).Before(date.LastDay), "%s: twelve weeks, or nearly", text)
			}
		}
	}
}
