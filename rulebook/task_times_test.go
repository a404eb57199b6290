package rulebook_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// given is a review of marking in somebody's hands from an instant on.
func given(from, ends time.Time, stops ...ruling.Stop) ruling.Assignment {
	return ruling.Assignment{
		Version: cambria, Service: casework.ReviewOfMarking, Kind: casework.TaskReview, GivenAt: from, Stops: stops, OutcomeEnds: ends,
	}
}

func times(t require.TestingT, book interface {
	TaskTimes(ruling.Assignment) (casework.TaskTimes, error)
}, task ruling.Assignment,
) casework.TaskTimes {
	got, err := book.TaskTimes(task)
	require.NoError(t, err)
	return got
}

func london(at time.Time) string { return at.In(calendar.London()).Format("Mon 2006-01-02 15:04") }

// lines writes a plan as people read it.
func lines(plan casework.Plan) (all []string) {
	for _, d := range plan {
		all = append(all, fmt.Sprintf("%s %s %s", d.Clock, d.Act, london(d.At)))
	}
	return all
}

// clock reads an instant as London's clocks show it in 2026.
func clock(tb testing.TB, face string) time.Time {
	tb.Helper()
	at, err := time.ParseInLocation("2006 01-02 15:04", "2026 "+face, calendar.London())
	require.NoError(tb, err)
	return at.UTC()
}

// stop reads a stop from London's clocks; it lasts without an end.
func stop(tb testing.TB, from, until string, outcomeEnds time.Time) ruling.Stop {
	tb.Helper()
	s := ruling.Stop{From: clock(tb, from), OutcomeEnds: outcomeEnds}
	if until != "" {
		s.Until = clock(tb, until)
	}
	return s
}

// A Thursday's task: two working days to begin, five to complete, at five o'clock; the Monday is a bank holiday.
func TestTaskTimes_CountWorkingDaysUntilPeopleGoHome(t *testing.T) {
	t.Parallel()
	task := given(instant(t, "2026-08-27T09:00:00Z"), instant(t, "2026-09-15T23:00:00Z"))
	got := times(t, load(t), task)
	require.Equal(t, "Tue 2026-09-01 17:00", london(got.StartBy))
	require.Equal(t, "Fri 2026-09-04 17:00", london(got.CompleteBy))
	require.Equal(t, []string{
		"start-by remind Mon 2026-08-31 09:00",
		"start-by escalate-lead Tue 2026-09-01 17:00",
		"start-by escalate-chief Wed 2026-09-02 17:00",
		"start-by escalate-operations Thu 2026-09-03 17:00",
		"complete-by remind Thu 2026-09-03 09:00",
		"complete-by escalate-lead Fri 2026-09-04 17:00",
		"complete-by escalate-chief Mon 2026-09-07 17:00",
		"complete-by escalate-operations Tue 2026-09-08 17:00",
	}, lines(got.Plan))
	task.Kind = casework.TaskSecondLook
	require.Equal(t, "Tue 2026-09-01 17:00", london(times(t, load(t), task).CompleteBy), "a second look is shorter")
}

func TestTaskTimes_OfAStartedTaskHaveNoStart(t *testing.T) {
	t.Parallel()
	task := given(instant(t, "2026-08-27T09:00:00Z"), instant(t, "2026-09-15T23:00:00Z"))
	task.Started = true
	got := times(t, load(t), task)
	require.Zero(t, got.StartBy)
	for _, d := range got.Plan {
		require.Equal(t, casework.ClockCompleteBy, d.Clock)
	}
}

// The outcome has to be published in time: a task that is given late is done two days before the promise at the latest.
func TestTaskTimes_NeverLaterThanThePromiseNeeds(t *testing.T) {
	t.Parallel()
	ends := instant(t, "2026-09-15T23:00:00Z") // The last day is the 15th.
	for from, want := range map[string]string{
		"2026-09-10T09:00:00Z": "Sun 2026-09-13 17:00",
		"2026-09-14T09:00:00Z": "Wed 2026-09-16 00:00",
		"2026-09-16T09:00:00Z": "Wed 2026-09-23 17:00",
	} {
		got := times(t, load(t), given(instant(t, from), ends))
		require.Equal(t, want, london(got.CompleteBy), from)
	}
	none := times(t, load(t), given(instant(t, "2026-09-10T09:00:00Z"), time.Time{}))
	require.Equal(t, "Thu 2026-09-17 17:00", london(none.CompleteBy), "a case without a promise")
}

func TestTaskTimes_OfUnknownRulesIsAnError(t *testing.T) {
	t.Parallel()
	from := instant(t, "2026-09-10T09:00:00Z")
	for want, spoil := range map[string]func(*ruling.Assignment){
		`no policy "egg"`:     func(task *ruling.Assignment) { task.Version = "egg" },
		"no task of kind egg": func(task *ruling.Assignment) { task.Kind = "egg" },
	} {
		task := given(from, time.Time{})
		spoil(&task)
		_, err := load(t).TaskTimes(task)
		require.ErrorContains(t, err, want)
	}
	for name, task := range map[string]ruling.Assignment{
		"given":                given(instant(t, "2090-01-01T00:00:00Z"), time.Time{}),
		"stopped for too long": given(from, time.Time{}, ruling.Stop{From: from, Until: instant(t, "2090-01-01T00:00:00Z")}),
	} {
		_, err := load(t).TaskTimes(task)
		var outside *calendar.OutsideError
		require.ErrorAs(t, err, &outside, name)
	}
}

// A day for whose end, five o'clock, the task was stopped does not count; what was missed before stays missed, with its
// rungs of escalation counted on from there.
func TestTaskTimes_ADayForWhoseEndTheTaskWasStoppedDoesNotCount(t *testing.T) {
	t.Parallel()
	ends := instant(t, "2026-09-29T23:00:00Z")
	for _, row := range []struct {
		name          string
		stops         [][2]string
		start, finish string
		plan          []string
	}{
		{
			name: "before anything is due", stops: [][2]string{{"08-28 10:00", "09-02 09:00"}}, start: "Thu 2026-09-03 17:00", finish: "Tue 2026-09-08 17:00",
			plan: []string{
				"start-by remind Wed 2026-09-02 09:00", "start-by escalate-lead Thu 2026-09-03 17:00",
				"start-by escalate-chief Fri 2026-09-04 17:00", "start-by escalate-operations Mon 2026-09-07 17:00",
				"complete-by remind Mon 2026-09-07 09:00", "complete-by escalate-lead Tue 2026-09-08 17:00",
				"complete-by escalate-chief Wed 2026-09-09 17:00", "complete-by escalate-operations Thu 2026-09-10 17:00",
			},
		},
		{
			name: "after the start was missed and the lead was told", stops: [][2]string{{"09-02 10:00", "09-04 10:00"}},
			start: "Tue 2026-09-01 17:00", finish: "Tue 2026-09-08 17:00",
			plan: []string{
				"start-by escalate-lead Tue 2026-09-01 17:00", "start-by escalate-chief Fri 2026-09-04 17:00",
				"start-by escalate-operations Mon 2026-09-07 17:00",
				"complete-by remind Mon 2026-09-07 09:00", "complete-by escalate-lead Tue 2026-09-08 17:00",
				"complete-by escalate-chief Wed 2026-09-09 17:00", "complete-by escalate-operations Thu 2026-09-10 17:00",
			},
		},
		{
			name: "as the start is missed", stops: [][2]string{{"09-01 17:00", "09-02 10:00"}},
			start: "Tue 2026-09-01 17:00", finish: "Fri 2026-09-04 17:00",
			plan: []string{
				"start-by escalate-lead Tue 2026-09-01 17:00", "start-by escalate-chief Wed 2026-09-02 17:00",
				"start-by escalate-operations Thu 2026-09-03 17:00",
				"complete-by remind Thu 2026-09-03 09:00", "complete-by escalate-lead Fri 2026-09-04 17:00",
				"complete-by escalate-chief Mon 2026-09-07 17:00", "complete-by escalate-operations Tue 2026-09-08 17:00",
			},
		},
		{
			name: "twice, once over a night and once over a reminder", stops: [][2]string{{"08-31 18:00", "09-01 09:00"}, {"09-03 08:00", "09-03 12:00"}},
			start: "Tue 2026-09-01 17:00", finish: "Fri 2026-09-04 17:00",
			plan: []string{
				"start-by escalate-lead Tue 2026-09-01 17:00", "start-by escalate-chief Wed 2026-09-02 17:00",
				"start-by escalate-operations Thu 2026-09-03 17:00",
				"complete-by remind Thu 2026-09-03 12:00", "complete-by escalate-lead Fri 2026-09-04 17:00",
				"complete-by escalate-chief Mon 2026-09-07 17:00", "complete-by escalate-operations Tue 2026-09-08 17:00",
			},
		},
		{
			name: "on the last day, when everybody was reminded", stops: [][2]string{{"09-04 10:00", "09-04 18:00"}},
			start: "Tue 2026-09-01 17:00", finish: "Mon 2026-09-07 17:00",
			plan: []string{
				"start-by escalate-lead Tue 2026-09-01 17:00", "start-by escalate-chief Wed 2026-09-02 17:00",
				"start-by escalate-operations Thu 2026-09-03 17:00",
				"complete-by remind Sun 2026-09-06 09:00", "complete-by escalate-lead Mon 2026-09-07 17:00",
				"complete-by escalate-chief Tue 2026-09-08 17:00", "complete-by escalate-operations Wed 2026-09-09 17:00",
			},
		},
		{
			name: "for good: it stands still, and what had passed is told", stops: [][2]string{{"09-02 17:00", ""}},
			start: "Tue 2026-09-01 17:00", finish: "Fri 2026-09-04 17:00",
			plan: []string{
				"start-by remind Mon 2026-08-31 09:00", "start-by escalate-lead Tue 2026-09-01 17:00", "start-by escalate-chief Wed 2026-09-02 17:00",
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			task := given(clock(t, "08-27 10:00"), ends)
			for _, s := range row.stops {
				task.Stops = append(task.Stops, stop(t, s[0], s[1], ends))
			}
			got := times(t, load(t), task)
			require.Equal(t, row.start, london(got.StartBy))
			require.Equal(t, row.finish, london(got.CompleteBy))
			require.Equal(t, row.plan, lines(got.Plan))
		})
	}
}

// Nobody is reminded twice of what moved by less than they were reminded ahead of it.
func TestTaskTimes_AReminderThatCameAtItsEarlierPlaceDoesNotComeAgain(t *testing.T) {
	t.Parallel()
	task := given(clock(t, "09-10 10:00"), time.Time{}, stop(t, "09-17 10:00", "09-17 18:00", time.Time{}))
	got := times(t, load(t), task)
	require.Equal(t, "Fri 2026-09-18 17:00", london(got.CompleteBy))
	require.NotContains(t, lines(got.Plan), "complete-by remind Thu 2026-09-17 09:00", "the reminder of Wednesday was for Thursday")
	task.Stops = append(task.Stops, stop(t, "09-18 08:00", "09-18 08:30", time.Time{}))
	require.NotContains(t, lines(times(t, load(t), task).Plan), "complete-by remind Thu 2026-09-17 09:00", "nor after another stop")
}

// The promise moves by its own rule: it bounds the task's time as it is now, and what was missed by it then stays missed.
func TestTaskTimes_ThePromiseBoundsAStoppedTaskAsItIsNow(t *testing.T) {
	t.Parallel()
	promised := instant(t, "2026-09-15T23:00:00Z") // The last day is Tuesday the 15th.
	for _, row := range []struct {
		name, given, from, until string
		days                     int // by which the promise moved meanwhile
		want                     string
	}{
		{"missed before", "09-10 10:00", "09-14 10:00", "09-18 10:00", 4, "Sun 2026-09-13 17:00"},
		{"still to come, with the promise", "09-10 10:00", "09-11 10:00", "09-15 10:00", 4, "Thu 2026-09-17 17:00"},
		{"passed while it was stopped: the promise is left", "09-10 10:00", "09-11 10:00", "09-14 10:00", 0, "Wed 2026-09-16 00:00"},
		{"the promise passed too: its own time", "09-10 10:00", "09-11 10:00", "09-17 10:00", 0, "Wed 2026-09-23 17:00"},
		{"never earlier than it was", "09-13 18:00", "09-13 23:00", "09-14 00:30", 1, "Wed 2026-09-16 00:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			moved := calendar.DateOf(promised.Add(-time.Second)).AddDays(row.days).End()
			got := times(t, load(t), given(clock(t, row.given), moved, stop(t, row.from, row.until, promised)))
			require.Equal(t, row.want, london(got.CompleteBy))
		})
	}
}
