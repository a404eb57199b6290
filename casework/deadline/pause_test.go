package deadline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Domain §8.1: a day counts only if the clock runs at its end.
func TestResume_ADayForWhoseEndTheClockStoodDoesNotCount(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name      string
		unit      deadline.Unit
		amount    int
		from, to  string
		moved     int
		wantedDue string
	}{
		{"within one day", deadline.CalendarDays, 20, "2026-09-28T09:00", "2026-09-28T17:00", 0, "2026-10-14"},
		{"over one midnight", deadline.CalendarDays, 20, "2026-09-28T23:59:59", "2026-09-29T00:00:01", 1, "2026-10-15"},
		{"up to midnight exactly", deadline.CalendarDays, 20, "2026-09-28T09:00", "2026-09-29T00:00", 1, "2026-10-15"},
		{"from midnight exactly", deadline.CalendarDays, 20, "2026-09-29T00:00", "2026-09-29T17:00", 0, "2026-10-14"},
		{"a week", deadline.CalendarDays, 20, "2026-09-28T09:00", "2026-10-05T09:00", 7, "2026-10-21"},
		{"the day of the start, which never counts", deadline.CalendarDays, 20, "2026-09-24T12:00", "2026-09-25T12:00", 0, "2026-10-14"},
		{"over the end of summer time", deadline.CalendarDays, 35, "2026-10-24T12:00", "2026-10-26T12:00", 2, "2026-10-31"},
		{"weeks", deadline.Weeks, 2, "2026-09-28T09:00", "2026-09-30T09:00", 2, "2026-10-10"},
		{"a month", deadline.Months, 1, "2026-09-28T09:00", "2026-09-30T09:00", 2, "2026-10-26"},
		{"working days: only those are lost", deadline.WorkingDays, 10, "2026-09-25T12:00", "2026-09-28T12:00", 1, "2026-10-09"},
		{"working days: a weekend costs nothing", deadline.WorkingDays, 10, "2026-09-26T12:00", "2026-09-27T12:00", 0, "2026-10-08"},
		{"working days: the last one is made up after the weekend", deadline.WorkingDays, 12, "2026-10-12T12:00", "2026-10-13T12:00", 1, "2026-10-13"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := england(t)
			running := start(t, rule(row.amount, row.unit), w, instant(t, "2026-09-24T10:15"))
			clock := resume(t, pause(t, running, row.from, policy.WaitingForSample), w, row.to, policy.WaitingForSample)
			require.Equal(t, row.wantedDue+"T23:59:59", local(clock.Due()))
			require.Equal(t, running.Ends, clock.OriginalEnds)
			days := sheet(t, clock, w)
			lost := 0
			for _, day := range days {
				if strings.HasPrefix(day.Why, "The clock stood still as the day ended") {
					lost++
				}
			}
			require.GreaterOrEqual(t, lost, row.moved)
			require.Empty(t, running.Pauses, "the clock itself is plain data and stays")
		})
	}
}

func TestResume_HoursGoOnWithWhatWasLeft(t *testing.T) {
	t.Parallel()
	w := calendar.Working{}
	clock := start(t, hours(24), w, instant(t, "2026-10-24T10:15"))
	clock = resume(t, pause(t, clock, "2026-10-24T16:00", policy.WaitingForSample), w, "2026-10-25T09:30:30", policy.WaitingForSample)
	// 5:45 h had run; 18:15 h were left.
	require.Equal(t, "2026-10-26T03:45:30", local(clock.Due()))
	require.Equal(t, "2026-10-25T09:15:00", local(clock.OriginalEnds), "the night of the clock change has 25 hours")
	require.Equal(t, []time.Time{clock.Ends.Add(-4 * time.Hour)}, clock.Warn)
}

func TestPause_OnlyACauseThatTheRuleNamesStopsTheClock(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	for _, cause := range policy.Pauses() {
		paused := pause(t, clock, "2026-09-28T09:00", cause)
		stops := cause == policy.WaitingForSample || cause == policy.ConsentInspection
		require.Equal(t, stops, paused.Standing(), "%s", cause)
		require.Equal(t, stops, paused.Stops(cause))
		require.Equal(t, []deadline.Pause{{Cause: cause, Why: "The centre was told.", ApprovedBy: "cw-2", From: instant(t, "2026-09-28T09:00")}}, paused.Pauses)
		resumed := resume(t, paused, w, "2026-10-05T09:00", cause)
		require.Equal(t, stops, resumed.Ends.After(clock.Ends), "%s", cause)
		require.False(t, resumed.Pauses[0].Lasts())
	}
}

func TestPause_OfAKeyDateIsRecordedAndMovesNothing(t *testing.T) {
	t.Parallel()
	clock, err := deadline.Fixed(rule(20, deadline.CalendarDays), instant(t, "2026-09-24"), date(t, "2026-10-20"))
	require.NoError(t, err)
	paused := pause(t, clock, "2026-09-28T09:00", policy.WaitingForSample)
	require.False(t, paused.Standing())
	resumed := resume(t, paused, calendar.Working{}, "2026-10-05T09:00", policy.WaitingForSample)
	require.Equal(t, clock.Ends, resumed.Ends)
}

func TestPause_SeveralCausesCountOnce(t *testing.T) {
	t.Parallel()
	w := england(t)
	running := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	clock := pause(t, running, "2026-09-28T09:00", policy.WaitingForSample)
	clock = pause(t, clock, "2026-09-30T09:00", policy.ConsentInspection)
	clock = resume(t, clock, w, "2026-10-02T09:00", policy.WaitingForSample)
	require.True(t, clock.Standing(), "the other cause lasts")
	require.Equal(t, running.Ends, clock.Ends, "nothing is computed until it runs again")
	clock = resume(t, clock, w, "2026-10-03T09:00", policy.ConsentInspection)
	require.False(t, clock.Standing())
	require.Equal(t, "2026-10-19T23:59:59", local(clock.Due()), "28 September to 2 October are lost, once")

	hourly := start(t, hours(240), w, instant(t, "2026-09-24T10:00"))
	hourly = pause(t, hourly, "2026-09-28T09:00", policy.WaitingForSample)
	hourly = pause(t, hourly, "2026-09-28T10:00", policy.ConsentInspection)
	hourly = resume(t, hourly, w, "2026-09-28T11:00", policy.ConsentInspection)
	hourly = resume(t, hourly, w, "2026-09-28T12:00", policy.WaitingForSample)
	require.Equal(t, 3*time.Hour, hourly.Ends.Sub(hourly.OriginalEnds))
}

func TestPause_WhileTheClockStandsNothingIsLate(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	paused := pause(t, clock, "2026-10-14T12:00", policy.WaitingForSample)
	after := instant(t, "2026-10-20T12:00")
	require.True(t, clock.Breached(after))
	require.False(t, paused.Breached(after))
	met, err := paused.Meet(after)
	require.NoError(t, err)
	require.False(t, met.Breached(after.Add(time.Hour)))
	require.False(t, resume(t, met, w, "2026-10-21", policy.WaitingForSample).Standing(), "its record is closed")
	resumed := resume(t, paused, w, "2026-10-20T12:00", policy.WaitingForSample)
	require.Equal(t, "2026-10-20T23:59:59", local(resumed.Due()), "the last day is still to come")
	require.True(t, resumed.Breached(instant(t, "2026-10-21T00:00")))
}

// Where a rule cuts its days off, a day ends there: what it stood still for afterwards, or only before, costs nothing.
func TestResume_ADayWithACutOffEndsThere(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, from, to string
		unit           deadline.Unit
		amount         int
		wantedDue      string
	}{
		{"over the cut-off of a day in the middle", "2026-09-28T16:00", "2026-09-28T18:00", deadline.CalendarDays, 20, "2026-10-15"},
		{"over a night", "2026-09-28T18:00", "2026-09-29T09:00", deadline.CalendarDays, 20, "2026-10-14"},
		{"up to the cut-off exactly", "2026-09-28T09:00", "2026-09-28T17:00", deadline.CalendarDays, 20, "2026-10-15"},
		{"from the cut-off exactly", "2026-09-28T17:00", "2026-09-29T16:59:59", deadline.CalendarDays, 20, "2026-10-14"},
		{"on the last day", "2026-10-14T16:00", "2026-10-14T18:00", deadline.CalendarDays, 20, "2026-10-15"},
		{"working days: a weekend costs nothing", "2026-09-25T18:00", "2026-09-28T09:00", deadline.WorkingDays, 10, "2026-10-08"},
		{"working days: the last one is made up after the weekend", "2026-10-09T09:00", "2026-10-09T18:00", deadline.WorkingDays, 11, "2026-10-12"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w, cut := england(t), rule(row.amount, row.unit)
			cut.Cutoff = &calendar.TimeOfDay{Hour: 17}
			running := start(t, cut, w, instant(t, "2026-09-24T10:15"))
			clock := resume(t, pause(t, running, row.from, policy.WaitingForSample), w, row.to, policy.WaitingForSample)
			require.Equal(t, row.wantedDue+"T16:59:59", local(clock.Due()))
			days := sheet(t, clock, w)
			require.Equal(t, row.amount, days[len(days)-1].Number, "the worksheet counts as the clock does")
		})
	}
}

// A clock whose end rolls forward never ends while it stands.
func TestResume_TheEndComesWhenTheClockRuns(t *testing.T) {
	t.Parallel()
	w := england(t)
	roll := rule(10, deadline.CalendarDays)
	roll.RollForward = true
	clock := start(t, roll, w, instant(t, "2026-09-24T10:15"))
	require.Equal(t, "2026-10-05T23:59:59", local(clock.Due()))
	clock = resume(t, pause(t, clock, "2026-10-05T16:00", policy.WaitingForSample), w, "2026-10-06T10:00", policy.WaitingForSample)
	require.Equal(t, "2026-10-06T23:59:59", local(clock.Due()))
	days := sheet(t, clock, w)
	require.False(t, days[11].Counts)
	require.Contains(t, days[11].Why, "The clock stood still as the day ended: waiting for the sample. The count was complete before, on a day on which the clock could not end.")
}

// What was promised stays promised, also when a closure has been struck from the calendar since.
func TestResume_NeverBringsTheEndForward(t *testing.T) {
	t.Parallel()
	closed := working(t, calendar.EnglandAndWales, calendar.Closure{From: date(t, "2026-09-28"), To: date(t, "2026-09-29"), Why: "The office moves."})
	clock := start(t, rule(5, deadline.WorkingDays), closed, instant(t, "2026-09-24T10:15"))
	resumed := resume(t, pause(t, clock, "2026-09-25T10:00", policy.WaitingForSample), england(t), "2026-09-25T11:00", policy.WaitingForSample)
	require.Equal(t, "2026-10-05T23:59:59", local(resumed.Due()))
	require.Equal(t, clock.Ends, resumed.Ends)
}

func TestResume_WarnPointsMoveWithTheEnd(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	for _, row := range []struct {
		name, from, to string
		want           []string
	}{
		{"before it", "2026-10-01T12:00", "2026-10-05T12:00", []string{"2026-10-15T09:00:00"}},
		{"into which it falls: due when the clock runs again", "2026-10-11T08:00", "2026-10-15T10:00", []string{"2026-10-15T10:00:00"}},
		{"after it: it was given", "2026-10-12T10:00", "2026-10-13T10:00", nil},
		{"after it, within one day: it stays as it was", "2026-10-12T10:00", "2026-10-12T11:00", []string{"2026-10-11T09:00:00"}},
		{"after it, and long: it comes a second time", "2026-10-12T10:00", "2026-10-22T10:00", []string{"2026-10-22T10:00:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			resumed := resume(t, pause(t, clock, row.from, policy.WaitingForSample), w, row.to, policy.WaitingForSample)
			var warn []string
			for _, at := range resumed.Warn {
				warn = append(warn, local(at))
			}
			require.Equal(t, row.want, warn)
		})
	}
}

func TestPause_RefusesWhatCannotBeByName(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.CalendarDays), w, instant(t, "2026-09-24T10:15"))
	paused := pause(t, clock, "2026-09-28T09:00", policy.WaitingForSample)
	met, err := clock.Meet(instant(t, "2026-09-28T09:00"))
	require.NoError(t, err)
	for _, row := range []struct {
		name  string
		clock deadline.Clock
		at    string
		cause policy.Pause
		want  string
	}{
		{"an unknown cause", clock, "2026-09-28T09:00", "holidays", `pause clock outcome: nobody knows the cause "holidays"`},
		{"a clock that was met", met, "2026-09-29T09:00", policy.Hold, "pause clock outcome: it was met at 2026-09-28T08:00:00Z"},
		{"a cause that lasts", paused, "2026-09-29T09:00", policy.WaitingForSample, "pause clock outcome: it is paused already, waiting for the sample"},
		{"before the start", clock, "2026-09-24T10:14", policy.Hold, "something was recorded at 2026-09-24T09:15:00Z already"},
		{"before what was recorded", paused, "2026-09-28T08:59", policy.Hold, "something was recorded at 2026-09-28T08:00:00Z already"},
		{"a clock that has ended", clock, "2026-10-15T00:00", policy.Hold, "pause clock outcome at 2026-10-14T23:00:00Z: it ended at 2026-10-14T23:00:00Z"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			same, err := row.clock.Pause(instant(t, row.at).UTC(), row.cause, "", "")
			require.ErrorContains(t, err, row.want)
			require.Equal(t, row.clock, same)
		})
	}
}

func TestResume_RefusesWhatCannotBeByName(t *testing.T) {
	t.Parallel()
	w := england(t)
	clock := start(t, rule(20, deadline.WorkingDays), w, instant(t, "2026-09-24T10:15"))
	paused := pause(t, clock, "2026-09-28T09:00", policy.WaitingForSample)
	for _, row := range []struct {
		name    string
		working calendar.Working
		at      string
		cause   policy.Pause
		want    string
	}{
		{"another cause", w, "2026-09-29T09:00", policy.Hold, "resume clock outcome: it is not paused, on hold"},
		{"before the pause", w, "2026-09-28T08:59", policy.WaitingForSample, "something was recorded at 2026-09-28T08:00:00Z already"},
		{"another nation's calendar", working(t, calendar.Scotland), "2026-09-29T09:00", policy.WaitingForSample, `it counts on the calendar of "england-and-wales", not on that of "scotland"`},
		{"beyond the calendar", w, "2028-12-20T09:00", policy.WaitingForSample, "resume clock outcome: The bank holidays are known"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			same, err := paused.Resume(row.working, row.cause, instant(t, row.at))
			require.ErrorContains(t, err, row.want)
			require.Equal(t, paused, same)
		})
	}
}
