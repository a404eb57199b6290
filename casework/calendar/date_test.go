package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
)

func date(t require.TestingT, text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

func drawDate(t *rapid.T) calendar.Date {
	return calendar.Date{Year: 2000, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 40_000).Draw(t, "day"))
}

func TestParseDate_TakesOneFormOnly(t *testing.T) {
	t.Parallel()
	require.Equal(t, calendar.Date{Year: 2028, Month: time.February, Day: 29}, date(t, "2028-02-29"))
	for _, text := range []string{"", "2026-02-29", "2026-13-01", "2026-9-24", "24/09/2026", "2026-09-24T00:00:00Z", " 2026-09-24", "26-09-24"} {
		d, err := calendar.ParseDate(text)
		require.ErrorContainsf(t, err, "a date is written like 2026-09-24", "%q", text)
		require.True(t, d.IsZero())
	}
}

func TestDate_TextRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t)
		require.Equal(t, d, date(t, d.String()))
		encoded, err := json.Marshal(d)
		require.NoError(t, err)
		var back calendar.Date
		require.NoError(t, json.Unmarshal(encoded, &back))
		require.Equal(t, d, back)
	})
	var none calendar.Date
	encoded, err := json.Marshal(none)
	require.NoError(t, err)
	require.Equal(t, `""`, string(encoded))
	full := date(t, "2026-09-24")
	require.NoError(t, json.Unmarshal(encoded, &full))
	require.True(t, full.IsZero())
	require.Error(t, json.Unmarshal([]byte(`"24 September"`), &full))
}

func TestDate_AddDays(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		from string
		days int
		want string
	}{
		{"2026-09-24", 20, "2026-10-14"}, // domain §5.5: S2
		{"2026-09-24", 10, "2026-10-04"}, // domain §5.5: S1
		{"2026-08-20", 15, "2026-09-04"}, // domain §5.5: P2
		{"2026-08-20", 35, "2026-09-24"}, // domain §1.6: GCSE day + 35
		{"2025-08-21", 35, "2025-09-25"}, // domain §1.6: as published for 2025
		{"2022-08-25", 35, "2022-09-29"}, // domain §1.6: as published for 2022
		{"2027-12-31", 1, "2028-01-01"},
		{"2028-02-28", 1, "2028-02-29"},
		{"2027-02-28", 1, "2027-03-01"},
		{"2026-03-01", -1, "2026-02-28"},
		{"2026-03-28", 2, "2026-03-30"}, // over the start of summer time
	} {
		require.Equalf(t, row.want, date(t, row.from).AddDays(row.days).String(), "%s + %d", row.from, row.days)
	}
}

func TestDate_AddMonthsClampsToTheLastDay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-08-31", 6, "2027-02-28"}, // domain §8.1
		{"2027-08-31", 6, "2028-02-29"},
		{"2026-10-14", 6, "2027-04-14"},
		{"2026-10-31", 1, "2026-11-30"},
		{"2026-12-31", 12, "2027-12-31"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-01-15", -13, "2024-12-15"},
		{"2026-01-31", 0, "2026-01-31"},
	} {
		require.Equal(t, row.want, date(t, row.from).AddMonths(row.months).String(), "%s + %d months", row.from, row.months)
	}
	rapid.Check(t, func(t *rapid.T) {
		d, n := drawDate(t), rapid.IntRange(-60, 60).Draw(t, "months")
		later := d.AddMonths(n)
		require.Equal(t, 12*d.Year+int(d.Month)+n, 12*later.Year+int(later.Month))
		require.LessOrEqual(t, later.Day, d.Day)
		require.True(t, later.Day == d.Day || later.AddDays(1).Day == 1, "%s is neither the same day nor the last", later)
		require.False(t, d.AddDays(1).AddMonths(n).Before(later))
	})
}

func TestDate_ArithmeticHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, n, m := drawDate(t), rapid.IntRange(-900, 900).Draw(t, "n"), rapid.IntRange(-900, 900).Draw(t, "m")
		require.Equal(t, d.AddDays(n+m), d.AddDays(n).AddDays(m))
		require.Equal(t, n > 0, d.Before(d.AddDays(n)))
		require.Equal(t, n < 0, d.AddDays(n).Before(d))
		require.Equal(t, d.Weekday(), d.AddDays(7*n).Weekday())
		require.Equal(t, n, d.AddDays(n).DaysSince(d))
		require.Equal(t, time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC).Weekday(), d.AddDays(n).Weekday())
	})
}

func TestDate_Long(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Thursday 24 September 2026", date(t, "2026-09-24").Long())
	require.Equal(t, "Sunday 4 October 2026", date(t, "2026-10-04").Long())
}

func TestTimeOfDay_TakesOneFormOnly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "9:00", "24:00", "09:60", "09:00:00", "0900", "09.00", "-1:00"} {
		_, err := calendar.ParseTimeOfDay(text)
		require.ErrorContainsf(t, err, "a time of day is written like 09:00", "%q", text)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := calendar.TimeOfDay{Hour: rapid.IntRange(0, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute")}
		encoded, err := at.MarshalText()
		require.NoError(t, err)
		var back calendar.TimeOfDay
		require.NoError(t, back.UnmarshalText(encoded))
		require.Equal(t, at, back)
	})
	var kept calendar.TimeOfDay
	require.Error(t, kept.UnmarshalText([]byte("noon")))
}

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{"2026-09-24", "2028-02-29", "0000-01-01", "9999-12-31", "2026-02-30"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDate(text)
		if err == nil {
			require.Equal(t, text, d.String(), "what is read is written the same")
		}
	})
}
