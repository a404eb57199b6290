package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestClock_IsReadBackAsItWasStarted: whatever decides a clock's end is kept, so that a later rule never moves it and
// a pause can be resumed with the same calendar (architecture §3.6).
func TestClock_IsReadBackAsItWasStarted(t *testing.T) {
	t.Parallel()
	o := setup(t)
	received := storetest.Now
	rapid.Check(t, func(r *rapid.T) {
		// A microsecond later each time, because the request's reference comes from its receipt.
		received = received.Add(time.Microsecond)
		started := drawClock(r, received)
		in := opening(ask(), received)
		opened, err := o.OpenCase(t.Context(), in, func(f offer.Facts, a offer.Ask) offer.Verdict {
			verdict := o.book.Assess(f, a)
			verdict.Refusal, verdict.Clocks, verdict.Fees = nil, []deadline.Clock{started}, nil
			return verdict
		})
		require.NoError(r, err)
		require.Nil(r, opened.Refusal)
		require.Equal(r, started, clock(t, o.page(opened.Reference), started.ID).Clock)
		_, err = o.Pool().Exec(t.Context(), "UPDATE cases SET stage = 'cancelled', closed_at = received_at WHERE reference = $1", in.Enquiry.Reference)
		require.NoError(r, err)
	})
}

// drawClock starts a clock of any rule at an instant, and perhaps pauses and resumes it.
func drawClock(t *rapid.T, at time.Time) deadline.Clock {
	rule := policy.ClockRule{
		ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received,
		Span: policy.Span{
			Amount: rapid.IntRange(2, 60).Draw(t, "amount"), Unit: rapid.SampledFrom([]policy.Unit{policy.CalendarDays, policy.WorkingDays, policy.Hours}).Draw(t, "unit"),
		},
		PausedBy:   rapid.SampledFrom([][]policy.Pause{{}, {policy.WaitingForSample}, {policy.Hold, policy.ConsentInspection}}).Draw(t, "paused by"),
		Provenance: policy.Provenance{Clause: "clause 1", Source: "regulations", Confirmed: rapid.Bool().Draw(t, "confirmed")},
	}
	if rule.Unit == policy.Hours {
		rule.Warn = []policy.WarnRule{{HoursBefore: 1}}
	} else {
		rule.Warn = []policy.WarnRule{{DaysBefore: 1, At: calendar.TimeOfDay{Hour: 9}}}
		rule.RollForward = rapid.Bool().Draw(t, "rolls")
		if rapid.Bool().Draw(t, "cut off") {
			rule.Cutoff = &calendar.TimeOfDay{Hour: 17, Minute: 30}
		}
	}
	working, err := calendar.NewWorking(rapid.SampledFrom(calendar.Divisions()).Draw(t, "division"))
	require.NoError(t, err)
	started, err := deadline.Start(rule, working, at)
	require.NoError(t, err)
	if rapid.Bool().Draw(t, "a key date") && rule.Unit != policy.Hours {
		started, err = deadline.Fixed(rule, at, calendar.DateOf(at).AddDays(40))
		require.NoError(t, err)
	}
	if rapid.Bool().Draw(t, "quiet at night") {
		started.Quiet = policy.Quiet{From: calendar.TimeOfDay{Hour: 20}, Until: calendar.TimeOfDay{Hour: 7, Minute: 30}}
	}
	if rapid.Bool().Draw(t, "paused") {
		started, err = started.Pause(at.Add(time.Hour), policy.WaitingForSample, "The sample is on its way.", "cw-2")
		require.NoError(t, err)
		if rapid.Bool().Draw(t, "resumed") {
			started, err = started.Resume(working, policy.WaitingForSample, at.Add(50*time.Hour))
			require.NoError(t, err)
		}
	}
	return started
}

func TestClock_ACutoffIsATimeOfDay(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	for _, wrong := range []string{"24:00", "9:00", "noon", ""} {
		_, err := o.Pool().Exec(t.Context(), "UPDATE clocks SET cutoff = $2 WHERE reference = $1", opened.Reference, wrong)
		require.ErrorContains(t, err, "clocks_cutoff_check", wrong)
	}
}
