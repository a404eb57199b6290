package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

func instant(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

func days(n int) policy.ClockRule {
	return policy.ClockRule{
		ID: casework.ClockOutcome, Kind: casework.ClockSLA, Amount: n, Unit: policy.CalendarDays,
		Warn:       []policy.WarnRule{{DaysBefore: 3, At: calendar.TimeOfDay{Hour: 9}}},
		Provenance: policy.Provenance{Clause: "clause 3.1", Source: "Regulations", Confirmed: true},
	}
}

func hours(n int) policy.ClockRule {
	return policy.ClockRule{
		ID: casework.ClockScript, Kind: casework.ClockSLA, Amount: n, Unit: policy.Hours,
		Warn: []policy.WarnRule{{HoursBefore: 4}},
	}
}

// The vectors of domain §5.5, and starts at both edges of a London day.
func TestStart_CalendarDays(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		start   string
		amount  int
		lastDay string
		ends    string
	}{
		{"S2 received on 24 September", "2026-09-24T10:15:00Z", 20, "2026-10-14", "2026-10-14T23:00:00Z"},
		{"S1 ends on a Sunday and does not roll", "2026-09-24T10:15:00Z", 10, "2026-10-04", "2026-10-04T23:00:00Z"},
		{"P2 received on 20 August", "2026-08-20T07:00:00Z", 15, "2026-09-04", "2026-09-04T23:00:00Z"},
		{"S3 over the end of summer time", "2026-09-24T10:15:00Z", 35, "2026-10-29", "2026-10-30T00:00:00Z"},
		{"appeal of 14 days", "2026-10-14T09:00:00Z", 14, "2026-10-28", "2026-10-29T00:00:00Z"},
		{"appeal of 30 days", "2026-10-14T09:00:00Z", 30, "2026-11-13", "2026-11-14T00:00:00Z"},
		{"an outcome at 00:30 BST is of its London day", "2026-10-13T23:30:00Z", 14, "2026-10-28", "2026-10-29T00:00:00Z"},
		{"the last instant of the day before", "2026-10-13T22:59:59Z", 14, "2026-10-27", "2026-10-28T00:00:00Z"},
		{"over the start of summer time", "2027-03-20T12:00:00Z", 10, "2027-03-30", "2027-03-30T23:00:00Z"},
		{"over a leap day", "2028-02-20T12:00:00Z", 10, "2028-03-01", "2028-03-02T00:00:00Z"},
		{"over the turn of the year", "2026-12-24T12:00:00Z", 20, "2027-01-13", "2027-01-14T00:00:00Z"},
		{"given in another zone", "2026-09-25T07:15:00+09:00", 10, "2026-10-04", "2026-10-04T23:00:00Z"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			clock := deadline.Start(days(row.amount), instant(t, row.start))
			require.Equal(t, instant(t, row.ends), clock.Ends)
			require.Equal(t, row.lastDay, calendar.DateOf(clock.Due()).String())
			require.Equal(t, "23:59:59", clock.Due().In(calendar.London()).Format("15:04:05"))
			require.Equal(t, time.UTC, clock.StartedAt.Location())
		})
	}
}

func TestStart_HoursAreElapsedTimeAcrossClockChanges(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ start, ends string }{
		{"2026-10-13T23:30:00Z", "2026-10-14T23:30:00Z"},
		{"2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"}, // 13:00 BST to 12:00 GMT
		{"2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"}, // 12:00 GMT to 13:00 BST
	} {
		clock := deadline.Start(hours(24), instant(t, row.start))
		require.Equal(t, instant(t, row.ends), clock.Ends)
		require.Equal(t, []time.Time{instant(t, row.ends).Add(-4 * time.Hour)}, clock.Warn)
	}
}

func TestStart_WarnsThreeDaysBeforeTheDueDayAtNineInLondon(t *testing.T) {
	t.Parallel()
	summer := deadline.Start(days(20), instant(t, "2026-09-24T10:15:00Z"))
	require.Equal(t, []time.Time{instant(t, "2026-10-11T08:00:00Z")}, summer.Warn)
	winter := deadline.Start(days(35), instant(t, "2026-09-24T10:15:00Z"))
	require.Equal(t, []time.Time{instant(t, "2026-10-26T09:00:00Z")}, winter.Warn)
}

func TestStart_AWarnPointThatHasPassedIsLeftOut(t *testing.T) {
	t.Parallel()
	require.Empty(t, deadline.Start(days(2), instant(t, "2026-09-24T10:15:00Z")).Warn)
	require.Empty(t, deadline.Start(hours(4), instant(t, "2026-09-24T10:15:00Z")).Warn, "a warning at the start itself says nothing")
}

func TestStart_CarriesItsRule(t *testing.T) {
	t.Parallel()
	clock := deadline.Start(days(10), instant(t, "2026-09-24T10:15:00Z"))
	require.Equal(t, casework.ClockOutcome, clock.ID)
	require.Equal(t, casework.ClockSLA, clock.Kind)
	require.Equal(t, 10, clock.Amount)
	require.Equal(t, deadline.CalendarDays, clock.Unit)
	require.Equal(t, "clause 3.1", clock.Clause)
	require.Equal(t, "Regulations", clock.Source)
	require.True(t, clock.Confirmed)
}

func TestStart_ARuleThatNoLoaderLetsPassIsAMistakeInTheProgram(t *testing.T) {
	t.Parallel()
	rule := days(10)
	rule.Unit = "fortnights"
	require.Panics(t, func() { deadline.Start(rule, instant(t, "2026-09-24T10:15:00Z")) })
	rule = days(10)
	rule.Warn[0].At = calendar.TimeOfDay{Hour: 1, Minute: 30}
	require.Panics(t, func() { deadline.Start(rule, instant(t, "2026-03-22T10:15:00Z")) }, "the warn point falls into the skipped hour")
}

func TestStart_LaterStartsNeverEndEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		early := drawInstant(t)
		late := early.Add(time.Duration(rapid.Int64Range(0, int64(1000*time.Hour)).Draw(t, "later")))
		first, second := deadline.Start(rule, early), deadline.Start(rule, late)
		require.False(t, second.Ends.Before(first.Ends))
		longer := rule
		longer.Amount++
		require.True(t, deadline.Start(longer, early).Ends.After(first.Ends))
		require.True(t, first.Ends.After(early))
		for _, warn := range first.Warn {
			require.True(t, warn.After(early) && warn.Before(first.Ends))
		}
	})
}

func drawRule(t *rapid.T) policy.ClockRule {
	if rapid.Bool().Draw(t, "hours") {
		return hours(rapid.IntRange(1, 400).Draw(t, "amount"))
	}
	return days(rapid.IntRange(1, 400).Draw(t, "amount"))
}

func drawInstant(t *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(1_767_225_600, 1_893_456_000).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano"))
}

func BenchmarkStart(b *testing.B) {
	rule, at := days(20), time.Date(2026, time.September, 24, 10, 15, 0, 0, time.UTC)
	for b.Loop() {
		deadline.Start(rule, at)
	}
}

func BenchmarkStartWithWorksheet(b *testing.B) {
	rule, at := days(20), time.Date(2026, time.September, 24, 10, 15, 0, 0, time.UTC)
	for b.Loop() {
		deadline.Start(rule, at).Worksheet()
	}
}
