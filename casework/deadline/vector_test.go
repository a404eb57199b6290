package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// vector is a start, a rule and the last London day that follows.
type vector struct {
	name   string
	from   string
	amount int
	unit   deadline.Unit
	last   string
}

func check(t *testing.T, division calendar.Division, vectors []vector) {
	t.Helper()
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			w := working(t, division)
			clock := start(t, rule(v.amount, v.unit), w, instant(t, v.from))
			require.Equal(t, v.last+"T23:59:59", local(clock.Due()), "the last second of the last day")
			require.Equal(t, date(t, v.last).End(), clock.Ends, "the breach instant is midnight after")
			require.Equal(t, clock.Ends, clock.OriginalEnds)
			require.Equal(t, time.UTC, clock.Ends.Location())
			days := sheet(t, clock, w)
			require.Equal(t, v.last, days[len(days)-1].Date.String(), "the worksheet ends where the clock does")
		})
	}
}

// The test vectors of domain §5.5, for England and Wales.
func TestStart_VectorsOfDomain55(t *testing.T) {
	t.Parallel()
	check(t, calendar.EnglandAndWales, []vector{
		{"S2 received on 24 September", "2026-09-24T10:15", 20, deadline.CalendarDays, "2026-10-14"},
		{"S1 ends on a Sunday and does not roll", "2026-09-24T10:15", 10, deadline.CalendarDays, "2026-10-04"},
		{"S3 over the end of summer time", "2026-09-24T10:15", 35, deadline.CalendarDays, "2026-10-29"},
		{"P2 received on 20 August", "2026-08-20T08:00", 15, deadline.CalendarDays, "2026-09-04"},
		{"appeal of 30 days", "2026-10-14T09:00", 30, deadline.CalendarDays, "2026-11-13"},
		{"appeal of 14 days", "2026-10-14T09:00", 14, deadline.CalendarDays, "2026-10-28"},
		{"appeal of 30 working days", "2026-10-14T09:00", 30, deadline.WorkingDays, "2026-11-25"},
		{"claim of 30 November: result", "2026-11-30T12:00", 21, deadline.WorkingDays, "2026-12-31"},
		{"claim of 30 November: certificate", "2026-12-31T12:00", 5, deadline.WorkingDays, "2027-01-08"},
		{"claim of 4 December: result", "2026-12-04T12:00", 21, deadline.WorkingDays, "2027-01-07"},
		{"claim of 4 December: certificate", "2027-01-07T12:00", 5, deadline.WorkingDays, "2027-01-14"},
		{"claim of 22 June", "2026-06-22T12:00", 21, deadline.WorkingDays, "2026-07-21"},
		{"V Cert 2025: 20 working days", "2025-08-21", 20, deadline.WorkingDays, "2025-09-19"},
		{"V Cert 2025: 5 working days", "2025-08-21", 5, deadline.WorkingDays, "2025-08-29"},
		{"V Cert 2025: 30 working days", "2025-08-21", 30, deadline.WorkingDays, "2025-10-03"},
	})
}

// The Battle of the Boyne falls into the claim of 22 June 2026 (domain §5.5), on Monday as its substitute.
func TestStart_CountsOnItsOwnNationsCalendar(t *testing.T) {
	t.Parallel()
	check(t, calendar.NorthernIreland, []vector{
		{"claim of 22 June in Northern Ireland", "2026-06-22T12:00", 21, deadline.WorkingDays, "2026-07-22"},
		{"a sample over St Patrick's Day", "2026-03-13T12:00", 3, deadline.WorkingDays, "2026-03-19"},
	})
	check(t, calendar.Scotland, []vector{
		{"a sample over Scotland's August holiday", "2026-07-30T12:00", 3, deadline.WorkingDays, "2026-08-05"},
		{"a sample over the other nations' August holiday", "2026-08-27T12:00", 3, deadline.WorkingDays, "2026-09-01"},
		{"a sample over St Andrew's Day", "2026-11-27T12:00", 3, deadline.WorkingDays, "2026-12-03"},
		{"a sample over 2 January", "2026-12-31T12:00", 3, deadline.WorkingDays, "2027-01-07"},
	})
}

// The key dates of domain §1.6, each from its published or derived formula.
func TestStart_KeyDatesOfDomain16(t *testing.T) {
	t.Parallel()
	check(t, calendar.EnglandAndWales, []vector{
		{"P2 2025", "2025-08-14T08:00", 7, deadline.CalendarDays, "2025-08-21"},
		{"P2 2026", "2026-08-13T08:00", 7, deadline.CalendarDays, "2026-08-20"},
		{"priority script 2025", "2025-08-14T08:00", 14, deadline.CalendarDays, "2025-08-28"},
		{"priority script 2026", "2026-08-13T08:00", 14, deadline.CalendarDays, "2026-08-27"},
		{"S1, S2, S3 2022", "2022-08-25T08:00", 35, deadline.CalendarDays, "2022-09-29"},
		{"S1, S2, S3 2024", "2024-08-22T08:00", 35, deadline.CalendarDays, "2024-09-26"},
		{"S1, S2, S3 2025", "2025-08-21T08:00", 35, deadline.CalendarDays, "2025-09-25"},
		{"S1, S2, S3 2026", "2026-08-20T08:00", 35, deadline.CalendarDays, "2026-09-24"},
		{"S1, S2, S3 2026, in weeks", "2026-08-20T08:00", 5, deadline.Weeks, "2026-09-24"},
		{"non-priority script 2026", "2026-08-20T08:00", 71, deadline.CalendarDays, "2026-10-30"},
		{"script of November 2025", "2026-01-08T08:00", 35, deadline.CalendarDays, "2026-02-12"},
		{"V Cert 2026: 20 working days", "2026-08-20T08:00", 20, deadline.WorkingDays, "2026-09-18"},
		{"V Cert 2026: 5 working days", "2026-08-20T08:00", 5, deadline.WorkingDays, "2026-08-27"},
		{"V Cert 2026: 30 working days", "2026-08-20T08:00", 30, deadline.WorkingDays, "2026-10-02"},
		{"the State Funeral was no working day", "2022-09-16T12:00", 1, deadline.WorkingDays, "2022-09-20"},
	})
}

// The conventions of domain §8.1, and starts at both edges of a London day.
func TestStart_ConventionsOfDomain81(t *testing.T) {
	t.Parallel()
	check(t, calendar.EnglandAndWales, []vector{
		{"an outcome at 00:30 BST is of its London day", "2026-10-13T23:30Z", 14, deadline.CalendarDays, "2026-10-28"},
		{"the last instant of the day before", "2026-10-13T22:59:59Z", 14, deadline.CalendarDays, "2026-10-27"},
		{"given in another zone", "2026-09-25T07:15+09:00", 10, deadline.CalendarDays, "2026-10-04"},
		{"received on a Friday, day 1 is Monday", "2026-09-25T23:59:59", 1, deadline.WorkingDays, "2026-09-28"},
		{"received on a Saturday, day 1 is Monday", "2026-09-26T00:00", 1, deadline.WorkingDays, "2026-09-28"},
		{"received on a Sunday, day 1 is Monday", "2026-09-27T12:00", 1, deadline.WorkingDays, "2026-09-28"},
		{"received on a bank holiday, day 1 is Tuesday", "2026-08-31T12:00", 1, deadline.WorkingDays, "2026-09-01"},
		{"received on Christmas Eve", "2026-12-24T12:00", 1, deadline.WorkingDays, "2026-12-29"},
		{"31 August and 6 months", "2026-08-31T12:00", 6, deadline.Months, "2027-02-28"},
		{"31 August and 6 months to a leap day", "2027-08-31T12:00", 6, deadline.Months, "2028-02-29"},
		{"consent kept 6 months", "2026-10-14T09:00", 6, deadline.Months, "2027-04-14"},
		{"a claim's 3 months end on a bank holiday", "2026-05-31T12:00", 3, deadline.Months, "2026-08-31"},
		{"over the start of summer time", "2027-03-20T12:00", 10, deadline.CalendarDays, "2027-03-30"},
		{"over a leap day", "2028-02-20T12:00", 10, deadline.CalendarDays, "2028-03-01"},
		{"over the turn of the year", "2026-12-24T12:00", 20, deadline.CalendarDays, "2027-01-13"},
		{"2 weeks", "2026-10-14T09:00", 2, deadline.Weeks, "2026-10-28"},
		{"beyond the bank holidays, which calendar days never ask", "2028-12-24T12:00", 20, deadline.CalendarDays, "2029-01-13"},
	})
}

func TestStart_ReceivedBeforeMidnightOrTheCutOffIsInTime(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(20, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15"))
	require.True(t, clock.InTime(instant(t, "2026-10-14T23:59:59.999")))
	require.False(t, clock.InTime(instant(t, "2026-10-15T00:00")))

	cut := rule(20, deadline.CalendarDays)
	cut.Cutoff = &calendar.TimeOfDay{Hour: 17}
	clock = start(t, cut, england(t), instant(t, "2026-09-24T10:15"))
	require.Equal(t, "2026-10-14T16:59:59", local(clock.Due()))
	require.True(t, clock.InTime(instant(t, "2026-10-14T16:59:59.999")))
	require.False(t, clock.InTime(instant(t, "2026-10-14T17:00")))
	days := sheet(t, clock, england(t))
	require.Equal(t, "A calendar day. The last day: what is received before 17:00 is in time.", days[20].Why)
}

func TestStart_AnEndRollsForwardOnlyIfTheRuleSaysSo(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		from     string
		amount   int
		unit     deadline.Unit
		division calendar.Division
		last     string
	}{
		{"a Sunday rolls to Monday", "2026-09-24T10:15", 10, deadline.CalendarDays, calendar.EnglandAndWales, "2026-10-05"},
		{"a Wednesday stays", "2026-09-24T10:15", 20, deadline.CalendarDays, calendar.EnglandAndWales, "2026-10-14"},
		{"over the weekend and the bank holiday behind it", "2026-08-19T10:15", 10, deadline.CalendarDays, calendar.EnglandAndWales, "2026-09-01"},
		{"the other nation's bank holiday does not matter", "2026-08-19T10:15", 10, deadline.CalendarDays, calendar.Scotland, "2026-08-31"},
		{"31 August, a bank holiday", "2026-05-31T12:00", 3, deadline.Months, calendar.EnglandAndWales, "2026-09-01"},
		{"weeks end on the weekday that they began on", "2026-09-26T12:00", 1, deadline.Weeks, calendar.EnglandAndWales, "2026-10-05"},
		{"working days end on one anyway", "2026-09-24T10:15", 5, deadline.WorkingDays, calendar.EnglandAndWales, "2026-10-01"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := rule(row.amount, row.unit)
			r.RollForward = true
			clock := start(t, r, working(t, row.division), instant(t, row.from))
			require.Equal(t, row.last+"T23:59:59", local(clock.Due()))
		})
	}
}

// Hours are elapsed time: the end is the very instant, and both changes of the clocks are lived through.
func TestStart_HoursAreElapsedTimeAcrossClockChanges(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		from   string
		amount int
		due    string
	}{
		{"2026-10-14T00:30", 24, "2026-10-15T00:30:00"},
		{"2026-10-24T13:00", 24, "2026-10-25T12:00:00"},
		{"2026-03-28T12:00", 24, "2026-03-29T13:00:00"},
		{"2026-10-24T13:00", 48, "2026-10-26T12:00:00"},
		{"2026-12-24T16:00", 48, "2026-12-26T16:00:00"}, // no calendar, no weekend (domain §5.5)
	} {
		clock := start(t, hours(row.amount), calendar.Working{}, instant(t, row.from))
		require.Equal(t, row.due, local(clock.Due()))
		require.Equal(t, clock.Ends, clock.Due(), "not a second less")
		require.Equal(t, time.Duration(row.amount)*time.Hour, clock.Ends.Sub(clock.StartedAt))
		require.Equal(t, []time.Time{clock.Ends.Add(-4 * time.Hour)}, clock.Warn)
	}
}

// A series' key date stands in place of the formula (domain §8.2): 19 September 2025 was published for the V Certs'
// reviews of moderation, while 25 working days would give 26 September.
func TestFixed_AKeyDateStandsInPlaceOfTheFormula(t *testing.T) {
	t.Parallel()
	from := instant(t, "2025-08-21T08:00")
	formula := start(t, rule(25, deadline.WorkingDays), england(t), from)
	require.Equal(t, "2025-09-26T23:59:59", local(formula.Due()))
	clock, err := deadline.Fixed(rule(25, deadline.WorkingDays), from, date(t, "2025-09-19"))
	require.NoError(t, err)
	require.Equal(t, "2025-09-19T23:59:59", local(clock.Due()))
	require.Equal(t, clock.Ends, clock.OriginalEnds)
	require.Equal(t, "2025-09-16T09:00:00", local(clock.Warn[0]))

	days := sheet(t, clock, calendar.Working{})
	require.Len(t, days, 30)
	for _, day := range days[:29] {
		require.False(t, day.Counts)
		require.Equal(t, "Not counted: the series' key date stands in place of the formula, 25 working days.", day.Why)
	}
	require.Equal(t, "The series' key date, which stands in place of the formula, 25 working days. The last day: the clock runs to its end at 23:59:59.", days[29].Why)

	cut := rule(24, deadline.CalendarDays)
	cut.Cutoff = &calendar.TimeOfDay{Hour: 12}
	clock, err = deadline.Fixed(cut, from, date(t, "2025-09-20"))
	require.NoError(t, err)
	require.Equal(t, "2025-09-20T11:59:59", local(clock.Due()), "also on a Saturday")

	clock, err = deadline.Fixed(hours(24), from, date(t, "2025-08-21"))
	require.NoError(t, err)
	require.Equal(t, "2025-08-21T23:59:59", local(clock.Due()), "a key date is a day, whatever the formula counts")
	noFormula := rule(0, "")
	noFormula.Cutoff = &calendar.TimeOfDay{Hour: 17}
	clock, err = deadline.Fixed(noFormula, from, date(t, "2025-08-22"))
	require.NoError(t, err)
	require.Equal(t, "2025-08-22T16:59:59", local(clock.Due()), "only the series' own row says the last day")
	days = sheet(t, clock, calendar.Working{})
	require.Equal(t, "Not counted: only the series' key date says the last day.", days[0].Why)
	require.Equal(t, "The series' key date. The last day: what is received before 17:00 is in time.", days[1].Why)
	noFormula.Cutoff.Hour = 1
	_, err = deadline.Fixed(noFormula, from, date(t, "2025-08-22"))
	require.ErrorContains(t, err, "cut off at another time")
	_, err = deadline.Start(rule(0, ""), england(t), from)
	require.ErrorContains(t, err, `nothing is counted in ""`)
	_, err = deadline.Fixed(cut, from, date(t, "2025-08-20"))
	require.EqualError(t, err, "start clock outcome: its key date 2025-08-20 ends before it starts, on 2025-08-21")
	_, err = deadline.Fixed(cut, from, calendar.Date{})
	require.ErrorContains(t, err, "start clock outcome")
}

func TestStart_ARuleThatNoLoaderLetsPassIsRefusedByName(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		spoil func(*policy.ClockRule)
		want  string
	}{
		{"unit", func(r *policy.ClockRule) { r.Unit = "fortnights" }, `the clock outcome: nothing is counted in "fortnights"`},
		{"amount", func(r *policy.ClockRule) { r.Amount = 0 }, "the clock outcome: the amount is 1 to 5000; 0 is not"},
		{"warn point", func(r *policy.ClockRule) { r.Warn[0].At.Hour = 1 }, "warn at another time than 01:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := rule(10, deadline.CalendarDays)
			row.spoil(&r)
			_, err := deadline.Start(r, england(t), instant(t, "2026-09-24"))
			require.ErrorContains(t, err, row.want)
			_, err = deadline.Fixed(r, instant(t, "2026-09-24"), date(t, "2026-10-24"))
			require.ErrorContains(t, err, row.want)
		})
	}
	_, err := deadline.Start(rule(10, deadline.CalendarDays), england(t), time.Time{})
	require.EqualError(t, err, "start clock outcome: no instant starts it")
}

// A date past the end of the calendar is an error by name, never "no holidays".
func TestStart_BeyondTheCalendarIsAnError(t *testing.T) {
	t.Parallel()
	rolling := rule(20, deadline.CalendarDays)
	rolling.RollForward = true
	for _, r := range []policy.ClockRule{rule(20, deadline.WorkingDays), rolling} {
		_, err := deadline.Start(r, england(t), instant(t, "2028-12-15T12:00"))
		var outside *calendar.OutsideError
		require.ErrorAs(t, err, &outside)
		require.ErrorContains(t, err, "start clock outcome: The bank holidays are known from 2012-01-01 to 2028-12-31")
		_, err = deadline.Start(r, calendar.Working{}, instant(t, "2026-09-24"))
		require.ErrorContains(t, err, "no calendar")
	}
}
