package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
)

func instant(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

// summerTime is the rule itself, written a second time: from the last Sunday of March to the last Sunday of
// October, both at 01:00 UTC.
func summerTime(at time.Time) bool {
	lastSunday := func(month time.Month) time.Time {
		last := time.Date(at.Year(), month, 31, 1, 0, 0, 0, time.UTC)
		return last.AddDate(0, 0, -int(last.Weekday()))
	}
	return !at.Before(lastSunday(time.March)) && at.Before(lastSunday(time.October))
}

func TestLondon_FollowsTheRuleOfSummerTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(946_684_800, 4_102_444_800).Draw(t, "second"), 0).UTC()
		name, offset := at.In(calendar.London()).Zone()
		if summerTime(at) {
			require.Equal(t, "BST", name)
			require.Equal(t, 3600, offset)
		} else {
			require.Equal(t, "GMT", name)
			require.Zero(t, offset)
		}
	})
	require.Equal(t, "Europe/London", calendar.London().String())
	first, second := calendar.London(), calendar.London()
	require.Same(t, first, second, "the zone is loaded once")
}

func TestDateOf_IsLondonsDateNotUTCs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ at, want string }{
		{"2026-10-13T23:30:00Z", "2026-10-14"}, // 00:30 BST on 14 October (domain §8.1)
		{"2026-10-13T22:59:59Z", "2026-10-13"},
		{"2026-10-13T23:00:00Z", "2026-10-14"},
		{"2026-12-31T23:59:59Z", "2026-12-31"},
		{"2027-01-01T00:00:00Z", "2027-01-01"},
		{"2026-10-14T00:30:00+01:00", "2026-10-14"},
		{"2026-10-14T08:30:00+09:00", "2026-10-14"},
		{"2026-10-25T00:30:00Z", "2026-10-25"}, // the repeated hour
	} {
		require.Equalf(t, row.want, calendar.DateOf(instant(t, row.at)).String(), "%s", row.at)
	}
}

func TestDate_StartsAndEndsAtLondonsMidnights(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ date, start, end string }{
		{"2026-09-24", "2026-09-23T23:00:00Z", "2026-09-24T23:00:00Z"},
		{"2026-12-24", "2026-12-24T00:00:00Z", "2026-12-25T00:00:00Z"},
		{"2026-03-29", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"}, // 23 hours
		{"2026-10-25", "2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z"}, // 25 hours
	} {
		d := date(t, row.date)
		require.Equal(t, instant(t, row.start), d.Start())
		require.Equal(t, instant(t, row.end), d.End())
		require.Equal(t, time.UTC, d.Start().Location())
	}
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t)
		require.Equal(t, d, calendar.DateOf(d.Start()))
		require.Equal(t, d.AddDays(-1), calendar.DateOf(d.Start().Add(-1)))
		require.Equal(t, d, calendar.DateOf(d.End().Add(-1)))
	})
}

func TestAt_IsTheInstantOfALondonTime(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ date, clock, want string }{
		{"2026-08-20", "08:00", "2026-08-20T07:00:00Z"}, // candidates' release in summer
		{"2027-01-14", "08:00", "2027-01-14T08:00:00Z"},
		{"2026-03-29", "00:59", "2026-03-29T00:59:00Z"},
		{"2026-03-29", "02:00", "2026-03-29T01:00:00Z"},
		{"2026-10-25", "00:59", "2026-10-24T23:59:00Z"},
		{"2026-10-25", "02:00", "2026-10-25T02:00:00Z"},
	} {
		at, err := calendar.At(date(t, row.date), row.clock)
		require.NoErrorf(t, err, "%s %s", row.date, row.clock)
		require.Equal(t, instant(t, row.want), at)
	}
}

func TestAt_RefusesWhatNobodyCouldMean(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ date, clock, want string }{
		{"2026-03-29", "01:00", "London's clocks skip 01:00 on 2026-03-29"},
		{"2026-03-29", "01:59", "London's clocks skip 01:59 on 2026-03-29"},
		{"2026-10-25", "01:00", "London's clocks show 01:00 twice on 2026-10-25"},
		{"2026-10-25", "01:59", "London's clocks show 01:59 twice on 2026-10-25"},
		{"2026-10-25", "25:00", "a time of day is written like 09:00"},
	} {
		_, err := calendar.At(date(t, row.date), row.clock)
		require.ErrorContains(t, err, row.want)
	}
	_, err := calendar.At(calendar.Date{}, "08:00")
	require.ErrorContains(t, err, "no date")
}

func TestAt_ReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t)
		clock := calendar.TimeOfDay{Hour: rapid.IntRange(0, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute")}
		at, err := d.At(clock)
		if err != nil {
			require.Equal(t, 1, clock.Hour, "only the hour of a clock change is refused")
			require.Equal(t, time.Sunday, d.Weekday())
			return
		}
		local := at.In(calendar.London())
		require.Equal(t, clock.String(), local.Format("15:04"))
		require.Equal(t, d, calendar.DateOf(at))
	})
}

func BenchmarkDateOf(b *testing.B) {
	at := time.Date(2026, time.October, 13, 23, 30, 0, 0, time.UTC)
	for b.Loop() {
		calendar.DateOf(at)
	}
}
