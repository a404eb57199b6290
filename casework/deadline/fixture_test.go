package deadline_test

import (
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

func instant(t require.TestingT, text string) time.Time {
	at, err := calendar.ParseInstant(text)
	require.NoError(t, err)
	return at
}

func date(t require.TestingT, text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

func working(t require.TestingT, division calendar.Division, closures ...calendar.Closure) calendar.Working {
	w, err := calendar.NewWorking(division, closures...)
	require.NoError(t, err)
	return w
}

// england is the calendar of a body of England and Wales without closures.
func england(t require.TestingT) calendar.Working { return working(t, calendar.EnglandAndWales) }

// rule is what a body owes: the outcome, with a warning three days before it is due, paused by a missing sample or an
// inspection of the consent.
func rule(amount int, unit deadline.Unit) policy.ClockRule {
	return policy.ClockRule{
		ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received,
		Span:       policy.Span{Amount: amount, Unit: unit},
		PausedBy:   []policy.Pause{policy.WaitingForSample, policy.ConsentInspection},
		Warn:       []policy.WarnRule{{DaysBefore: 3, At: calendar.TimeOfDay{Hour: 9}}},
		Provenance: policy.Provenance{Clause: "clause 3.1", Source: "Regulations", Confirmed: true},
	}
}

// hours is a rule that warns four hours before the end.
func hours(amount int) policy.ClockRule {
	r := rule(amount, deadline.Hours)
	r.ID, r.Warn = casework.ClockScript, []policy.WarnRule{{HoursBefore: 4}}
	return r
}

func start(t require.TestingT, r policy.ClockRule, w calendar.Working, at time.Time) deadline.Clock {
	clock, err := deadline.Start(r, w, at)
	require.NoError(t, err)
	return clock
}

func pause(t require.TestingT, c deadline.Clock, at string, cause policy.Pause) deadline.Clock {
	paused, err := c.Pause(instant(t, at), cause, "The centre was told.", "cw-2")
	require.NoError(t, err)
	return paused
}

func resume(t require.TestingT, c deadline.Clock, w calendar.Working, at string, cause policy.Pause) deadline.Clock {
	resumed, err := c.Resume(w, cause, instant(t, at))
	require.NoError(t, err)
	return resumed
}

func sheet(t require.TestingT, c deadline.Clock, w calendar.Working) []deadline.Day {
	days, err := c.Worksheet(w)
	require.NoError(t, err)
	return days
}

// local is the instant as London's clocks show it.
func local(at time.Time) string { return at.In(calendar.London()).Format("2006-01-02T15:04:05") }

// drawRule draws a rule of any unit that ends within the calendar's data when it starts in 2024 to 2026.
func drawRule(t *rapid.T) policy.ClockRule {
	unit := rapid.SampledFrom(policy.Units()).Draw(t, "unit")
	most := map[deadline.Unit]int{deadline.CalendarDays: 120, deadline.WorkingDays: 90, deadline.Weeks: 20, deadline.Months: 7, deadline.Hours: 400}
	r := rule(rapid.IntRange(1, most[unit]).Draw(t, "amount"), unit)
	if unit == deadline.Hours {
		r.Warn = []policy.WarnRule{{HoursBefore: 4}}
		return r
	}
	r.RollForward = rapid.Bool().Draw(t, "roll")
	if rapid.Bool().Draw(t, "cut off") {
		r.Cutoff = &calendar.TimeOfDay{Hour: rapid.IntRange(2, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute")}
	}
	return r
}

// drawInstant draws an instant of 2024 to 2026, to the nanosecond.
func drawInstant(t *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(1_704_067_200, 1_798_761_599).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano")).UTC()
}

func drawWorking(t *rapid.T) calendar.Working {
	return working(t, rapid.SampledFrom(calendar.Divisions()).Draw(t, "division"), drawClosures(t)...)
}

func drawClosures(t *rapid.T) []calendar.Closure {
	var closures []calendar.Closure
	for range rapid.IntRange(0, 4).Draw(t, "closures") {
		from := date(t, "2024-01-01").AddDays(rapid.IntRange(0, 1000).Draw(t, "closed from"))
		to := from.AddDays(rapid.IntRange(0, 12).Draw(t, "closed for"))
		closures = append(closures, calendar.Closure{From: from, To: to, Why: "Cambria Awards is closed: Christmas."})
	}
	return closures
}
