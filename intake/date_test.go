package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/intake"
)

func on(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

// TestParseDay_AroundYearsEndsAndLeapDays counts by hand where months, years and leap years begin.
func TestParseDay_AroundYearsEndsAndLeapDays(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ day, text, want string }{
		{"2026-12-31", "day+1", "2027-01-01"},
		{"2027-01-01", "day-1", "2026-12-31"},
		{"2027-01-01", "thursday-1", "2026-12-31"}, // 1 January 2027 is a Friday.
		{"2026-12-31", "thursday-1", "2026-12-24"},
		{"2026-12-31", "thursday+1", "2027-01-07"},
		{"2028-02-28", "day+1", "2028-02-29"},
		{"2028-03-01", "day-1", "2028-02-29"},
		{"2027-03-01", "day-1", "2027-02-28"},
		{"2028-02-29", "day+366", "2029-03-01"},
		{"2028-03-02", "monday-1 +1d", "2028-02-29"},
		{"2026-10-25", "sunday-1", "2026-10-18"}, // The clocks go back on the 25th,
		{"2026-10-26", "sunday-1", "2026-10-25"},
		{"2026-10-24", "day+2", "2026-10-26"},
		{"2027-03-27", "day+2", "2027-03-29"}, // and forward on the 28th of March.
		{"2027-03-28", "sunday+1 -7d", "2027-03-28"},
	} {
		got, err := intake.ParseDay(row.text, on(t, row.day))
		require.NoError(t, err)
		require.Equal(t, row.want, got.String(), "%s on %s", row.text, row.day)
	}
}

// TestParseDay_EveryWeekdayOfEveryDay: the last such day before a day, the first after it, and whole weeks on.
func TestParseDay_EveryWeekdayOfEveryDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := calendar.Date{Year: 2024, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
		weekday := time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
		read := func(text string) calendar.Date {
			got, err := intake.ParseDay(strings.ToLower(weekday.String())+text, day)
			require.NoError(t, err)
			require.Equal(t, weekday, got.Weekday())
			return got
		}
		last, next := read("-1"), read("+1")
		require.True(t, last.Before(day) && day.Before(next))
		if day.Weekday() == weekday {
			require.Equal(t, next, last.AddDays(14), "the day itself is passed over")
		} else {
			require.Equal(t, next, last.AddDays(7), "there is none in between")
		}
		require.Equal(t, last.AddDays(-21), read("-4"))
		require.Equal(t, next.AddDays(21), read("+4"))
		require.Equal(t, last.AddDays(7), read("-1 +7d"))
	})
}

// TestRead_ReleasesOnDaysOfClockChanges: 00:01 and 08:00 are London's, before and after the hour that is missing or
// comes twice.
func TestRead_ReleasesOnDaysOfClockChanges(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ centre, candidate, centreAt, candidateAt string }{
		{"2026-03-28", "2026-03-29", "2026-03-28T00:01:00Z", "2026-03-29T07:00:00Z"},
		{"2026-03-29", "2026-03-30", "2026-03-29T00:01:00Z", "2026-03-30T07:00:00Z"},
		{"2026-03-30", "2026-03-30", "2026-03-29T23:01:00Z", "2026-03-30T07:00:00Z"},
		{"2026-10-24", "2026-10-25", "2026-10-23T23:01:00Z", "2026-10-25T08:00:00Z"},
		{"2026-10-25", "2026-10-26", "2026-10-24T23:01:00Z", "2026-10-26T08:00:00Z"},
		{"2026-12-31", "2027-01-01", "2026-12-31T00:01:00Z", "2027-01-01T08:00:00Z"},
		{"2028-02-29", "2028-02-29", "2028-02-29T00:01:00Z", "2028-02-29T08:00:00Z"},
	} {
		dir := folder(t)
		edit(t, dir, "series.csv", "thursday-1 -1d,thursday-1,thursday-1,thursday-1", row.centre+","+row.candidate+","+row.candidate+",")
		write(dir, "keydates.csv", "series,service,priority,lastDay\ndemo,clerical-check,no,"+row.candidate+"\n")
		series := read(t, dir).Series[0]
		require.Equal(t, row.centreAt, series.CentreRelease.UTC().Format(time.RFC3339))
		require.Equal(t, row.candidateAt, series.CandidateRelease.UTC().Format(time.RFC3339))
	}
}

// TestRead_DatesThatContradictEachOther stand at the field that is wrong.
func TestRead_DatesThatContradictEachOther(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	edit(t, dir, "series.csv", "thursday-1 -1d,thursday-1,thursday-1,thursday-1", "2026-08-21,2026-08-20,2026-08-20,2026-08-21")
	write(dir, "keydates.csv", "lastDay,series,priority,service\n2026-08-20,demo,no,clerical-check\n2026-08-19,demo,no,review-of-marking\n")
	require.Equal(t, []string{
		"series.csv:2:37: centres would see their results after the candidates",
		"series.csv:2:70: the A level results day 2026-08-21 is after the GCSE results day 2026-08-20",
		"keydates.csv:3:1: the last day 2026-08-19 is before the candidates' results day 2026-08-20",
	}, problemsOf(dir))
}

// TestImport_CountsFromTheLondonDay: half past midnight in London is the evening before in UTC in summer.
func TestImport_CountsFromTheLondonDay(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]string{
		time.Date(2026, 8, 20, 22, 59, 59, 0, time.UTC):  "2026-08-13", // Thursday the 20th still: the last one is the 13th.
		time.Date(2026, 8, 20, 23, 0, 0, 0, time.UTC):    "2026-08-20",
		time.Date(2026, 11, 19, 23, 59, 59, 0, time.UTC): "2026-11-12",
		time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC):    "2026-11-19",
	} {
		rows := &ledger{}
		_, err := intake.Import(t.Context(), brief(t), &shelf{}, rows, intake.Options{At: at, RuleSets: ruleSets})
		require.NoError(t, err)
		require.Equal(t, want, rows.sets[0].Series[0].GCSERelease.String(), "%s", at)
	}
}
