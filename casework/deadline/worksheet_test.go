package deadline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

func TestWorksheet_CountsEveryCalendarDayFromTheDayAfterTheStart(t *testing.T) {
	t.Parallel()
	days := sheet(t, start(t, rule(10, deadline.CalendarDays), england(t), instant(t, "2026-09-24T10:15")), england(t))
	require.Len(t, days, 11)
	require.Equal(t, deadline.Day{Date: date(t, "2026-09-24"), Why: "The clock starts on this date; day 1 is the next."}, days[0])
	require.Equal(t, deadline.Day{Date: date(t, "2026-09-25"), Counts: true, Number: 1, Why: "A calendar day."}, days[1])
	require.Equal(t, deadline.Day{Date: date(t, "2026-10-04"), Counts: true, Number: 10, Why: "A calendar day. The last day: the clock runs to its end at 23:59:59."}, days[10])
}

func TestWorksheet_SaysWhyADayIsNoWorkingDay(t *testing.T) {
	t.Parallel()
	w := working(t, calendar.EnglandAndWales, calendar.Closure{From: date(t, "2026-12-29"), To: date(t, "2026-12-31"), Why: "Cambria Awards is closed: Christmas."})
	days := sheet(t, start(t, rule(3, deadline.WorkingDays), w, instant(t, "2026-12-23T10:15")), w)
	var lines []string
	for _, day := range days {
		number := "-"
		if day.Counts {
			number = string(rune('0' + day.Number))
		}
		lines = append(lines, day.Date.String()+" "+number+" "+day.Why)
	}
	require.Equal(t, []string{
		"2026-12-23 - The clock starts on this date; day 1 is the next working day.",
		"2026-12-24 1 A working day.",
		"2026-12-25 - Bank holiday in England and Wales: Christmas Day.",
		"2026-12-26 - Saturday.",
		"2026-12-27 - Sunday.",
		"2026-12-28 - Bank holiday in England and Wales: Boxing Day (substitute day).",
		"2026-12-29 - Cambria Awards is closed: Christmas.",
		"2026-12-30 - Cambria Awards is closed: Christmas.",
		"2026-12-31 - Cambria Awards is closed: Christmas.",
		"2027-01-01 - Bank holiday in England and Wales: New Year's Day.",
		"2027-01-02 - Saturday.",
		"2027-01-03 - Sunday.",
		"2027-01-04 2 A working day.",
		"2027-01-05 3 A working day. The last day: the clock runs to its end at 23:59:59.",
	}, lines)
}

func TestWorksheet_ShowsWhereTheEndRolledTo(t *testing.T) {
	t.Parallel()
	r := rule(10, deadline.CalendarDays)
	r.RollForward = true
	days := sheet(t, start(t, r, england(t), instant(t, "2026-08-20T10:15")), england(t))
	require.Equal(t, 10, days[10].Number, "Sunday 30 August is the tenth day")
	require.Equal(t, "Bank holiday in England and Wales: Summer bank holiday. The count was complete before, on a day on which the clock could not end.", days[11].Why)
	require.Equal(t, "A working day. The count was complete before, on a day on which the clock could not end. The last day: the clock runs to its end at 23:59:59.", days[12].Why)
	require.Len(t, days, 13)
}

func TestWorksheet_ShowsTheHourThatAClockChangeTakesOrGives(t *testing.T) {
	t.Parallel()
	autumn := sheet(t, start(t, hours(48), england(t), instant(t, "2026-10-24T13:00")), calendar.Working{})
	require.Equal(t, []time.Duration{11 * time.Hour, 25 * time.Hour, 12 * time.Hour}, elapsed(autumn))
	require.Equal(t, "11 hours of the clock ran on this date.", autumn[0].Why)
	require.Equal(t, "12 hours of the clock ran on this date. The clock ends at 12:00:00, after 48 hours.", autumn[2].Why)
	spring := sheet(t, start(t, hours(48), england(t), instant(t, "2026-03-28T12:00")), calendar.Working{})
	require.Equal(t, []time.Duration{12 * time.Hour, 23 * time.Hour, 13 * time.Hour}, elapsed(spring))
}

func elapsed(days []deadline.Day) []time.Duration {
	var sums []time.Duration
	for _, day := range days {
		sums = append(sums, day.Elapsed)
	}
	return sums
}

func TestWorksheet_ShowsPauses(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(5, deadline.WorkingDays), w, instant(t, "2026-09-24T10:15"))
	clock = pause(t, clock, "2026-09-25T09:00", policy.Hold)
	clock = pause(t, clock, "2026-09-25T16:30", policy.WaitingForSample)
	standing := sheet(t, clock, w)
	require.Len(t, standing, 2)
	require.Equal(t, "The clock stood still as the day ended: waiting for the sample."+
		" From 09:00: on hold, which does not stop this clock. The centre was told."+
		" From 16:30: waiting for the sample, the clock stands still. The centre was told."+
		" The clock stands still with 5 of 5 days left.", standing[1].Why)

	days := sheet(t, resume(t, clock, w, "2026-09-29T08:00", policy.WaitingForSample), w)
	require.Equal(t, "The clock stood still as the day ended: waiting for the sample.", days[4].Why)
	require.False(t, days[4].Counts)
	require.Equal(t, "A working day. Until 08:00: waiting for the sample.", days[5].Why)
	require.Equal(t, 1, days[5].Number)
	require.Equal(t, "2026-10-05", days[len(days)-1].Date.String())
}

func TestWorksheet_OfHoursShowsPauses(t *testing.T) {
	t.Parallel()
	w := calendar.Working{}
	clock := pause(t, start(t, hours(24), w, instant(t, "2026-09-24T10:15")), "2026-09-24T16:00", policy.WaitingForSample)
	standing := sheet(t, clock, w)
	require.Len(t, standing, 1)
	require.Equal(t, "5 hours 45 minutes of the clock ran on this date. From 16:00: waiting for the sample, the clock stands still. The centre was told."+
		" The clock stands still with 18 hours 15 minutes left.", standing[0].Why)

	days := sheet(t, resume(t, clock, w, "2026-09-26T09:00:01", policy.WaitingForSample), w)
	require.Equal(t, []time.Duration{5*time.Hour + 45*time.Minute, 0, 15*time.Hour - time.Second, 3*time.Hour + 15*time.Minute + time.Second}, elapsed(days))
	require.Equal(t, "Nothing of the clock ran on this date.", days[1].Why)
	require.False(t, days[1].Counts)
	require.Equal(t, "14 hours 59 minutes 59 seconds of the clock ran on this date. Until 09:00: waiting for the sample.", days[2].Why)
	require.Equal(t, "3 hours 15 minutes 1 second of the clock ran on this date. The clock ends at 03:15:01, after 24 hours.", days[3].Why)

	atOnce := pause(t, start(t, hours(1), w, instant(t, "2026-09-24T10:15")), "2026-09-24T10:15", policy.WaitingForSample)
	require.Equal(t, "Nothing of the clock ran on this date. From 10:15: waiting for the sample, the clock stands still. The centre was told."+
		" The clock stands still with 1 hour left.", sheet(t, atOnce, w)[0].Why)
}

// A day that was proclaimed a holiday after the clock had started never moves what was promised; the worksheet says so.
func TestWorksheet_KeepsThePromiseWhenTheCalendarHasChanged(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(3, deadline.WorkingDays), england(t), instant(t, "2026-09-24T10:15"))
	changed := working(t, calendar.EnglandAndWales, calendar.Closure{From: date(t, "2026-09-28"), To: date(t, "2026-09-28"), Why: "A day of mourning."})
	days := sheet(t, clock, changed)
	require.Equal(t, "2026-09-29", days[len(days)-1].Date.String())
	require.Equal(t, "A working day. By today's calendar the count is 2 of 3, but the end that was promised when the clock was started stays."+
		" The last day: the clock runs to its end at 23:59:59.", days[len(days)-1].Why)
}

func TestWorksheet_RefusesAnotherCalendar(t *testing.T) {
	t.Parallel()
	clock := start(t, rule(3, deadline.WorkingDays), england(t), instant(t, "2026-09-24T10:15"))
	_, err := clock.Worksheet(working(t, calendar.Scotland))
	require.EqualError(t, err, `explain clock outcome: it counts on the calendar of "england-and-wales", not on that of "scotland"`)
	holidays, err := calendar.ParseHolidays("covers 2026-01-01 2026-09-25")
	require.NoError(t, err)
	short, err := holidays.Working(calendar.EnglandAndWales)
	require.NoError(t, err)
	_, err = clock.Worksheet(short)
	var outside *calendar.OutsideError
	require.ErrorAs(t, err, &outside)
}
