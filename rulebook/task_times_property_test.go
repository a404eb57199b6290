package rulebook_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// drawTask draws a task that was stopped up to four times, for none of them longer than ten days, while the promise moved on.
func drawTask(t *rapid.T) ruling.Assignment {
	from := time.Unix(rapid.Int64Range(1_767_225_600, 1_782_000_000).Draw(t, "from"), 0).UTC()
	task := ruling.Assignment{
		Version: cambria, Service: casework.ReviewOfMarking, Kind: rapid.SampledFrom(casework.TaskKinds()).Draw(t, "kind"),
		GivenAt: from, Started: rapid.Bool().Draw(t, "started"),
		OutcomeEnds: calendar.DateOf(from).AddDays(rapid.IntRange(-3, 25).Draw(t, "left")).End(),
	}
	after := func(at time.Time, most time.Duration, label string) time.Time {
		return at.Add(time.Duration(rapid.Int64Range(0, int64(most/time.Minute)).Draw(t, label)) * time.Minute)
	}
	at := from
	for range rapid.IntRange(0, 4).Draw(t, "stops") {
		stop := ruling.Stop{From: after(at, 5*24*time.Hour, "stop"), OutcomeEnds: task.OutcomeEnds}
		stop.Until = after(stop.From.Add(time.Minute), 10*24*time.Hour, "go on")
		task.OutcomeEnds = calendar.DateOf(task.OutcomeEnds.Add(-1)).AddDays(rapid.IntRange(0, 10).Draw(t, "promise moves")).End()
		task.Stops, at = append(task.Stops, stop), stop.Until
	}
	return task
}

// until is a task as it was until it was stopped the n-th time.
func until(task ruling.Assignment, n int) ruling.Assignment {
	task.OutcomeEnds, task.Stops = task.Stops[n].OutcomeEnds, task.Stops[:n]
	return task
}

// unpromised is a task of a case without a promise, which nothing but its own time bounds.
func unpromised(task ruling.Assignment) ruling.Assignment {
	task.OutcomeEnds, task.Stops = time.Time{}, slices.Clone(task.Stops)
	for i := range task.Stops {
		task.Stops[i].OutcomeEnds = time.Time{}
	}
	return task
}

func TestTaskTimes_AreInOrderWheneverTheTaskIsGivenAndStopped(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		got := times(t, book, task)
		require.True(t, got.CompleteBy.After(task.GivenAt), "every deadline can be kept")
		if !got.StartBy.IsZero() {
			require.True(t, got.StartBy.After(task.GivenAt))
			require.True(t, got.StartBy.Before(got.CompleteBy))
		}
		for _, d := range got.Plan {
			require.True(t, d.At.After(task.GivenAt))
			require.Equal(t, time.UTC, d.At.Location())
			due := got.CompleteBy
			if d.Clock == casework.ClockStartBy {
				due = got.StartBy
			}
			require.Equal(t, d.Act == casework.ActRemind, d.Fires().Before(due), "a reminder comes before, an escalation after")
			for _, s := range task.Stops {
				require.False(t, s.From.Before(d.At) && d.At.Before(s.Until), "nothing comes while the task is stopped")
			}
		}
	})
}

// The rule said in another way: walk from day to day and count the evenings on which somebody could have worked.
func TestTaskTimes_CountTheEveningsOnWhichTheTaskRan(t *testing.T) {
	t.Parallel()
	book := load(t)
	policy, err := book.Policy(cambria)
	require.NoError(t, err)
	working, err := policy.WorkingIn(policy.Division)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		task = unpromised(task)
		task.Started, task.Kind = false, casework.TaskReview
		var evenings []time.Time
		for day := calendar.DateOf(task.GivenAt).AddDays(1); len(evenings) < 5; day = day.AddDays(1) {
			evening, err := day.At(calendar.TimeOfDay{Hour: 17})
			require.NoError(t, err)
			works, err := working.Works(day)
			require.NoError(t, err)
			if works && !slices.ContainsFunc(task.Stops, func(s ruling.Stop) bool { return s.From.Before(evening) && !s.Until.Before(evening) }) {
				evenings = append(evenings, evening)
			}
		}
		got := times(t, book, task)
		require.Equal(t, []time.Time{evenings[1], evenings[4]}, []time.Time{got.StartBy, got.CompleteBy})
	})
}

// What was missed stays missed, and what was still to come never comes earlier than it would have.
func TestTaskTimes_AStopErasesNoDeadlineAndBringsNoneForward(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		got := times(t, book, task)
		for n, stop := range task.Stops {
			before := times(t, book, until(task, n))
			if missed := !before.CompleteBy.After(stop.From); missed {
				require.Equal(t, before.CompleteBy, got.CompleteBy)
			}
			if missed := !before.StartBy.IsZero() && !before.StartBy.After(stop.From); missed {
				require.Equal(t, before.StartBy, got.StartBy)
			}
			require.False(t, got.CompleteBy.Before(before.CompleteBy))
			require.True(t, got.StartBy.IsZero() || !got.StartBy.Before(before.StartBy))
		}
	})
}

// What came before the task was stopped is in the plan at the same instant or not at all, so that nobody is told twice; and
// who should have been told and was not still is, of what was missed and of what did not move.
func TestTaskTimes_AfterAStopNothingThatCameComesAgain(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		got := times(t, book, task)
		for n, stop := range task.Stops {
			before := times(t, book, until(task, n))
			for _, d := range got.Plan {
				require.True(t, d.At.After(stop.From) || before.Plan.Has(d), "%v is new, and was due before the stop of %s", d, stop.From)
			}
			for _, d := range before.Plan {
				was, is := before.CompleteBy, got.CompleteBy
				if d.Clock == casework.ClockStartBy {
					was, is = before.StartBy, got.StartBy
				}
				still := d.Act != casework.ActRemind || was.Equal(is) && was.After(task.Stops[len(task.Stops)-1].From)
				require.True(t, d.At.After(stop.From) || !still || got.Plan.Has(d), "%v was due before the stop of %s", d, stop.From)
			}
		}
	})
}

func TestTaskTimes_AStopOfNoLengthChangesNothing(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		at := task.GivenAt
		if n := len(task.Stops); n > 0 {
			at = task.Stops[n-1].Until
		}
		at = at.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "at")) * time.Minute)
		stopped := task
		stopped.Stops = append(slices.Clone(task.Stops), ruling.Stop{From: at, Until: at, OutcomeEnds: task.OutcomeEnds})
		require.Equal(t, times(t, book, task), times(t, book, stopped))
	})
}

// Two stops that touch are one: they lose the same days. Only whom the instant between them reminded is not reminded again.
// What the promise does at that instant is its own affair, so there is none.
func TestTaskTimes_TwoStopsThatTouchAreOne(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		if len(task.Stops) == 0 {
			t.Skip("it was never stopped")
		}
		task = unpromised(task)
		whole := task.Stops[0]
		middle := whole.From.Add(time.Duration(rapid.Float64Range(0, 1).Draw(t, "middle") * float64(whole.Until.Sub(whole.From)))).Truncate(time.Second)
		split := task
		first, second := whole, whole
		first.Until, second.From = middle, middle
		split.Stops = append([]ruling.Stop{first, second}, task.Stops[1:]...)
		one, two := times(t, book, task), times(t, book, split)
		escalations := func(plan casework.Plan) casework.Plan {
			return slices.DeleteFunc(slices.Clone(plan), func(d casework.Deadline) bool { return d.Act == casework.ActRemind })
		}
		require.Equal(t, one.StartBy, two.StartBy)
		require.Equal(t, one.CompleteBy, two.CompleteBy)
		require.Equal(t, escalations(one.Plan), escalations(two.Plan))
	})
}

// While it is stopped the deadlines stand where they stood.
func TestTaskTimes_StandStillWhileTheTaskIsStopped(t *testing.T) {
	t.Parallel()
	book := load(t)
	rapid.Check(t, func(t *rapid.T) {
		task := drawTask(t)
		if len(task.Stops) == 0 {
			t.Skip("it was never stopped")
		}
		last := len(task.Stops) - 1
		before := times(t, book, until(task, last))
		task.Stops[last].Until = time.Time{}
		got := times(t, book, task)
		require.Equal(t, before.StartBy, got.StartBy)
		require.Equal(t, before.CompleteBy, got.CompleteBy)
		for _, d := range before.Plan {
			require.Equal(t, !d.Fires().After(task.Stops[last].From), got.Plan.Has(d))
		}
		require.LessOrEqual(t, len(got.Plan), len(before.Plan))
	})
}
