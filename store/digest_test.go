package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// digests are a day's digests by reader and id.
func (o office) digests(at time.Time) map[string]docket.Digest {
	o.t.Helper()
	all, err := o.Digests(o.t.Context(), at)
	require.NoError(o.t, err)
	found := map[string]docket.Digest{}
	for _, d := range all {
		require.NotEmpty(o.t, append(append(d.Overdue, d.Today...), d.Soon...), "nothing to say, no digest")
		require.Equal(o.t, calendar.DateOf(at), d.Day)
		for _, l := range d.Overdue {
			require.False(o.t, l.Due.After(at))
		}
		for _, l := range d.Today {
			require.True(o.t, l.Due.After(at) && !l.Due.After(d.Day.End()))
		}
		for _, l := range d.Soon {
			require.True(o.t, l.Due.After(d.Day.End()) && !l.Due.After(d.Day.AddDays(3).End()))
		}
		found[string(d.Reader)+"/"+d.ID] = d
	}
	return found
}

// morning is seven o'clock in London on a day.
func morning(t *testing.T, day calendar.Date) time.Time {
	t.Helper()
	at, err := day.At(calendar.TimeOfDay{Hour: 7})
	require.NoError(t, err)
	return at
}

func clocksOf(lines []docket.DigestLine) []casework.ClockID {
	var ids []casework.ClockID
	for _, l := range lines {
		ids = append(ids, l.Clock)
	}
	return ids
}

func TestDigests_NothingDueIsNoDigest(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Empty(t, o.digests(storetest.Now))
	opened := o.try(ask())
	_, breach := instants(t, opened)
	require.Empty(t, o.digests(morning(t, calendar.DateOf(breach.At).AddDays(-6))))
}

// What the body owes is in operations' digest with its holder, and in the centre's without.
func TestDigests_AClockMovesFromSoonToTodayToOverdue(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	allocated := o.allocate(opened.Reference)
	_, breach := instants(t, opened)
	last := calendar.DateOf(breach.At.Add(-time.Nanosecond)) // The last day that the exclusive end includes.
	centre, operations := "centre/"+storetest.Centre, "operations/"

	at := morning(t, last.AddDays(-3))
	digests := o.digests(at)
	require.Contains(t, clocksOf(digests[centre].Soon), casework.ClockOutcome)
	require.Equal(t, []docket.Recipient{{Name: "Amira Holt", Address: "amira.holt@ashdown.example"}}, digests[centre].To, "the exams officer alone")
	require.Equal(t, "Ashdown School", digests[centre].Title[:14])

	digests = o.digests(morning(t, last))
	require.Contains(t, clocksOf(digests[centre].Today), casework.ClockOutcome)
	require.Contains(t, clocksOf(digests[operations].Today), casework.ClockOutcome)
	require.Empty(t, digests[operations].To, "the caller knows operations' address")

	o.alert(opened.Reference, 1, breach, breach.At)
	digests = o.digests(morning(t, last.AddDays(5)))
	require.Contains(t, clocksOf(digests[centre].Overdue), casework.ClockOutcome, "breached and still owed")
	for _, l := range digests[operations].Overdue {
		require.Equal(t, opened.Reference, l.Reference)
		if l.Clock == casework.ClockOutcome {
			require.Equal(t, casework.ClockSLA, l.Kind)
			require.Equal(t, o.nameOf(allocated.Assignee), l.Assignee)
		}
	}
	for _, l := range digests[centre].Overdue {
		require.Empty(t, l.Assignee, "a centre never learns who reviews")
		require.NotEmpty(t, l.Kind, "a task is no concern of the centre's")
	}
	require.NotContains(t, digests, "centre/"+storetest.OtherCentre)

	o.decide(opened.Reference, allocated, nil)
	for _, d := range o.digests(morning(t, last.AddDays(5))) {
		require.NotContains(t, clocksOf(d.Overdue), casework.ClockOutcome, "it was met")
	}
}

func (o office) nameOf(performer string) (name string) {
	o.t.Helper()
	require.NoError(o.t, o.Pool().QueryRow(o.t.Context(), "SELECT name FROM performers WHERE id = $1", performer).Scan(&name))
	return name
}

// A lead sees the tasks of those whom they lead, by the tasks' own deadlines.
func TestDigests_ALeadSeesTheTeamsTasks(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	require.False(t, allocated.Times.CompleteBy.IsZero(), "the practice has a deadline")
	day := calendar.DateOf(allocated.Times.CompleteBy.Add(-time.Nanosecond))
	at := morning(t, day)
	for id := range o.digests(at) {
		require.NotContains(t, id, "lead/", "nobody leads the holder")
	}
	lead := "ex-1001"
	if allocated.Assignee == lead {
		lead = "ex-1002"
	}
	o.leading(lead, allocated.Assignee)
	digest := o.digests(at)["lead/"+lead]
	require.Equal(t, o.nameOf(lead), digest.Title)
	require.Equal(t, []docket.Recipient{{Name: o.nameOf(lead), Address: lead + "@cambria.example"}}, digest.To)
	var due []casework.ClockID
	for _, l := range append(digest.Overdue, digest.Today...) {
		require.Equal(t, o.nameOf(allocated.Assignee), l.Assignee)
		require.Empty(t, l.Kind)
		due = append(due, l.Clock)
	}
	require.Contains(t, due, casework.ClockCompleteBy)

	o.sql("UPDATE tasks SET state = 'in-progress', started_at = $1 WHERE reference = $2", storetest.Now, ref)
	for _, l := range o.digests(at)["lead/"+lead].Overdue {
		require.NotEqual(t, casework.ClockStartBy, l.Clock, "it was started")
	}
}

// A window that ends is the centre's to know; one that has ended is nobody's.
func TestDigests_AWindowIsAnnouncedAndExpiresSilently(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, withoutScript)
	window := clock(t, o.page(ref), casework.ClockWindow)
	day := calendar.DateOf(window.Ends.Add(-time.Nanosecond))
	digests := o.digests(morning(t, day))
	require.Equal(t, []casework.ClockID{casework.ClockWindow}, clocksOf(digests["centre/"+storetest.Centre].Today))
	require.NotContains(t, digests, "operations/")
	require.Empty(t, o.digests(morning(t, day.AddDays(1))))
}

func TestDigestsDay_IsKeptOnceTheyAreOut(t *testing.T) {
	t.Parallel()
	o := setup(t)
	day, err := o.DigestsDay(t.Context())
	require.NoError(t, err)
	require.True(t, day.IsZero())
	monday := calendar.Date{Year: 2026, Month: time.November, Day: 23}
	require.NoError(t, o.MarkDigests(t.Context(), monday, storetest.Now))
	require.NoError(t, o.MarkDigests(t.Context(), monday.AddDays(-1), storetest.Now), "a watcher that hung since yesterday")
	require.NoError(t, o.Watched(t.Context(), "digests", storetest.Now))
	day, err = o.DigestsDay(t.Context())
	require.NoError(t, err)
	require.Equal(t, monday, day)
}
