package calendar_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
)

func TestWorking_SaysWhyADateCountsOrNot(t *testing.T) {
	t.Parallel()
	closures := []calendar.Closure{
		{From: date(t, "2026-12-29"), To: date(t, "2026-12-31"), Why: "Cambria Awards is closed: Christmas."},
		{From: date(t, "2026-12-24"), To: date(t, "2026-12-30"), Why: "Cambria Awards is closed: the move."},
	}
	for _, row := range []struct {
		division calendar.Division
		date     string
		counts   bool
		why      string
	}{
		{calendar.EnglandAndWales, "2026-08-28", true, "A working day."},
		{calendar.EnglandAndWales, "2026-08-29", false, "Saturday."},
		{calendar.EnglandAndWales, "2026-08-30", false, "Sunday."},
		{calendar.EnglandAndWales, "2026-08-31", false, "Bank holiday in England and Wales: Summer bank holiday."},
		{calendar.NorthernIreland, "2026-08-31", false, "Bank holiday in Northern Ireland: Summer bank holiday."},
		{calendar.Scotland, "2026-08-31", true, "A working day."},
		{calendar.Scotland, "2026-08-03", false, "Bank holiday in Scotland: Summer bank holiday."},
		{calendar.Scotland, "2027-01-04", false, "Bank holiday in Scotland: 2 January (substitute day)."},
		{calendar.NorthernIreland, "2026-07-13", false, "Bank holiday in Northern Ireland: Battle of the Boyne (substitute day)."},
		{calendar.EnglandAndWales, "2026-12-23", true, "A working day."},
		{calendar.EnglandAndWales, "2026-12-24", false, "Cambria Awards is closed: the move."},
		{calendar.EnglandAndWales, "2026-12-25", false, "Bank holiday in England and Wales: Christmas Day."},
		{calendar.EnglandAndWales, "2026-12-26", false, "Saturday."},
		{calendar.EnglandAndWales, "2026-12-31", false, "Cambria Awards is closed: Christmas."},
		{calendar.EnglandAndWales, "2027-01-01", false, "Bank holiday in England and Wales: New Year's Day."},
		{calendar.EnglandAndWales, "2027-01-04", true, "A working day."},
	} {
		working, err := calendar.NewWorking(row.division, closures...)
		require.NoError(t, err)
		require.Equal(t, row.division, working.Division())
		counts, why, err := working.Counts(date(t, row.date))
		require.NoError(t, err)
		require.Equal(t, row.counts, counts, "%s in %s", row.date, row.division)
		require.Equal(t, row.why, why)
		works, err := working.Works(date(t, row.date))
		require.NoError(t, err)
		require.Equal(t, counts, works)
	}
}

func TestWorking_KnowsNothingBeyondItsDataAndSaysSo(t *testing.T) {
	t.Parallel()
	working, err := calendar.NewWorking(calendar.Scotland)
	require.NoError(t, err)
	for _, text := range []string{"2011-12-31", "2029-01-01", "2029-01-06"} {
		_, err := working.Works(date(t, text))
		var outside *calendar.OutsideError
		require.ErrorAs(t, err, &outside)
		require.Equal(t, date(t, text), outside.Date)
		require.EqualError(t, err, "The bank holidays are known from 2012-01-01 to 2028-12-31; whether "+text+" is a working day is not known.")
		_, _, err = working.Counts(date(t, text))
		require.ErrorAs(t, err, &outside)
	}
	var none calendar.Working
	_, err = none.Works(date(t, "2026-08-28"))
	require.ErrorContains(t, err, "no calendar")
	require.Empty(t, none.Division())
}

func TestNewWorking_RefusesWhatNoBodyCanMean(t *testing.T) {
	t.Parallel()
	day := date(t, "2026-12-24")
	for _, row := range []struct {
		division calendar.Division
		closure  calendar.Closure
		want     string
	}{
		{"wales", calendar.Closure{From: day, To: day, Why: "Christmas."}, `"wales" is no division`},
		{"", calendar.Closure{From: day, To: day, Why: "Christmas."}, `"" is no division`},
		{calendar.Scotland, calendar.Closure{From: day, To: day.AddDays(-1), Why: "Christmas."}, "a closure cannot last from 2026-12-24 to 2026-12-23"},
		{calendar.Scotland, calendar.Closure{To: day, Why: "Christmas."}, "a closure cannot last"},
		{calendar.Scotland, calendar.Closure{From: day, To: day, Why: " "}, "gives no reason"},
	} {
		_, err := calendar.NewWorking(row.division, row.closure)
		require.ErrorContains(t, err, row.want)
	}
}

// TestWorking_ADayCountsUnlessSomethingTakesIt: over any closures, a date works if and only if it works without them
// and lies in none.
func TestWorking_ADayCountsUnlessSomethingTakesIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		division := rapid.SampledFrom(calendar.Divisions()).Draw(t, "division")
		day := date(t, "2026-01-01").AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
		var closures []calendar.Closure
		inside := false
		for range rapid.IntRange(0, 6).Draw(t, "closures") {
			from := day.AddDays(rapid.IntRange(-20, 20).Draw(t, "from"))
			to := from.AddDays(rapid.IntRange(0, 15).Draw(t, "length"))
			closures = append(closures, calendar.Closure{From: from, To: to, Why: "The body is closed."})
			inside = inside || !day.Before(from) && !to.Before(day)
		}
		open, err := calendar.NewWorking(division)
		require.NoError(t, err)
		closed, err := calendar.NewWorking(division, closures...)
		require.NoError(t, err)
		before, err := open.Works(day)
		require.NoError(t, err)
		after, err := closed.Works(day)
		require.NoError(t, err)
		require.Equal(t, before && !inside, after)
	})
}

func TestWorking_AfterCountsOnlyWorkingDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		working, err := calendar.NewWorking(rapid.SampledFrom(calendar.Divisions()).Draw(t, "division"))
		require.NoError(t, err)
		from, n := date(t, "2012-01-01").AddDays(rapid.IntRange(0, 6100).Draw(t, "day")), rapid.IntRange(1, 40).Draw(t, "n")
		counted := 0
		day := from
		for counted < n {
			day = day.AddDays(1)
			works, err := working.Works(day)
			if err != nil {
				_, outside := working.After(from, n)
				require.Equal(t, err, outside)
				return
			}
			if works {
				counted++
			}
		}
		after, err := working.After(from, n)
		require.NoError(t, err)
		require.Equal(t, day, after)
	})
	_, err := calendar.Working{}.After(date(t, "2026-09-24"), 1)
	require.ErrorContains(t, err, "no calendar")
}

func TestDivision_HasANameForPeople(t *testing.T) {
	t.Parallel()
	for division, name := range map[calendar.Division]string{
		calendar.EnglandAndWales: "England and Wales", calendar.Scotland: "Scotland", calendar.NorthernIreland: "Northern Ireland", "mercia": "mercia",
	} {
		require.Equal(t, name, division.Name())
	}
}

func BenchmarkWorking_After(b *testing.B) {
	working, err := calendar.NewWorking(calendar.EnglandAndWales)
	require.NoError(b, err)
	day := date(b, "2026-11-30")
	for b.Loop() {
		if _, err := working.After(day, 25); err != nil {
			b.Fatal(err)
		}
	}
}
